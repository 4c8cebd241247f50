import type { MinerDetail } from "../../../server/contract/api.ts";
import type { Hashboard } from "../../../server/contract/sample.ts";
import { formatNumber } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { REASON_SENTENCES } from "../../format/status.ts";
import { badChipCount } from "./boardFault.ts";

/** What is wrong, with the figures that say so where the sample has them. States what was measured, never a guess at its cause. */
export function statusSentence(detail: MinerDetail): string {
  return measured(detail) ?? REASON_SENTENCES[detail.reason];
}

function measured({ reason, sample, lastFailure }: MinerDetail): string | null {
  const boards = sample?.hashboards ?? [];
  switch (reason) {
    case "boardMissing":
      return namedBoards(
        boards.filter((board) => !board.present),
        "missing from the reply",
      );
    case "boardDead":
      return namedBoards(
        boards.filter((board) => board.present && board.hashrateHs === 0),
        "without hashrate",
      );
    case "chipsBad":
      return chipsSentence(boards);
    case "fanStopped":
      return fansSentence(sample?.fansRpm ?? []);
    case "lowHashrate":
      return rateSentence(sample?.hashrateMeanHs ?? null, sample?.ratedHashrateHs ?? null);
    case "timeout":
    case "refused":
    case "noRoute":
    case "apiDown":
    case "undecodable":
      return lastFailure === null ? null : `${withoutStop(REASON_SENTENCES[reason])}: ${withoutStop(plainText(lastFailure.detail))}.`;
    default:
      return null;
  }
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

function namedBoards(boards: readonly Hashboard[], what: string): string | null {
  if (boards.length === 0) return null;
  const chains = boards.map((board) => board.chain).join(" and ");
  return `${boards.length === 1 ? "Hashboard" : "Hashboards"} ${chains} ${what}.`;
}

function chipsSentence(boards: readonly Hashboard[]): string | null {
  const parts = boards.filter((board) => badChipCount(board) > 0).map((board) => `${badChipCount(board)} on hashboard ${board.chain}`);
  return parts.length === 0 ? null : `Chips bad: ${parts.join(", ")}.`;
}

function fansSentence(fansRpm: readonly number[]): string | null {
  const stopped = fansRpm.flatMap((rpm, index) => (rpm === 0 ? [index + 1] : []));
  return stopped.length === 0 ? null : `${stopped.length === 1 ? "Fan" : "Fans"} ${stopped.join(" and ")} at 0 rpm.`;
}

function rateSentence(meanHs: number | null, ratedHs: number | null): string | null {
  if (meanHs === null || ratedHs === null || ratedHs === 0) return null;
  return `Hashrate is well under rated; since its start it reached ${formatNumber((100 * meanHs) / ratedHs)} %.`;
}

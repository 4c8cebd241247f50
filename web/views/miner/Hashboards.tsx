import type { ReactElement } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import type { Hashboard } from "../../../server/contract/sample.ts";
import { FigureText } from "../../components/FigureText.tsx";
import { RatedBar } from "../../components/RatedBar.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { ABSENT, figure, formatNumber, formatShare, textOf } from "../../format/number.ts";
import { shownTemperature, temperatureUnit } from "../../format/temperature.ts";
import { boardFault } from "./boardFault.ts";
import { ChipMap } from "./ChipMap.tsx";
import { useErrorRates } from "./useErrorRates.ts";

/** The boards side by side, so that the one that differs is seen. */
export function Hashboards({ detail, stale }: { detail: MinerDetail; stale: boolean }): ReactElement {
  const boards = detail.sample?.hashboards ?? [];
  const errorRates = useErrorRates(detail);
  if (boards.length === 0) return <section className="panel blank soft">No hashboard was reported yet.</section>;
  return (
    <section className={`panel boards ${stale ? "stale" : ""}`} aria-label="Hashboards">
      {boards.map((board) => (
        <Board
          key={board.chain}
          board={board}
          algorithm={detail.algorithm}
          errorsPerHour={stale ? null : (errorRates.get(board.chain) ?? null)}
          stale={stale}
        />
      ))}
    </section>
  );
}

interface BoardProps {
  readonly board: Hashboard;
  readonly algorithm: string;
  readonly errorsPerHour: number | null;
  readonly stale: boolean;
}

function Board({ board, algorithm, errorsPerHour, stale }: BoardProps): ReactElement {
  const fault = boardFault(board);
  const share = board.hashrateHs !== null && board.ratedHashrateHs ? board.hashrateHs / board.ratedHashrateHs : null;
  return (
    <article className={`board ${fault === null ? "" : "bad"}`} aria-label={`Hashboard ${board.chain}`}>
      <div className="title">
        <h2>Hashboard {board.chain}</h2>
        {fault !== null && (
          <span className="micro soft">
            <StatusMark status={fault.status} size={14} /> {fault.text}
          </span>
        )}
        <span className="rate">
          <FigureText figure={hashrateFigure(board.hashrateHs, algorithm)} />
        </span>
      </div>
      <RatedBar share={share} stale={stale} />
      {board.present ? <ChipMap chipMap={board.chipMap} /> : <p className="nochips muted">The model has this board; the reply does not.</p>}
      <BoardFacts board={board} share={share} errorsPerHour={errorsPerHour} />
    </article>
  );
}

function BoardFacts({
  board,
  share,
  errorsPerHour,
}: Pick<BoardProps, "board" | "errorsPerHour"> & { readonly share: number | null }): ReactElement {
  const chips = board.chipOkCount ?? board.chipCount;
  const facts: [string | ReactElement, string][] = [
    ["of rated", formatShare(share)],
    ["chips", `${formatNumber(chips)} / ${formatNumber(board.expectedChipCount ?? board.chipCount)}`],
    [`chip ${temperatureUnit()}`, span(board.chipTempsC)],
    [`board ${temperatureUnit()}`, span(board.boardTempsC)],
    ["frequency", textOf(figure(board.freqMhz, "MHz"))],
    ["voltage", textOf(figure(board.voltageV, "V", 2))],
    ["HW errors", errorText(board, errorsPerHour)],
    [<SinceStart key="errors" />, formatNumber(board.hwErrorCount)],
  ];
  return (
    <dl>
      {facts.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function SinceStart(): ReactElement {
  return (
    <>
      <span className="unseen">HW errors </span>since start
    </>
  );
}

/** Errors per hour over the last hour; words where nobody can tell. */
function errorText({ present, hwErrorCount }: Hashboard, perHour: number | null): string {
  if (perHour !== null) return `${formatNumber(perHour, perHour > 0 && perHour < 10 ? 1 : 0)} /h`;
  if (!present) return ABSENT;
  return hwErrorCount === null ? "not reported" : "not known yet";
}

/** Readings of several sensors: the coolest and the hottest. */
function span(tempsC: readonly number[]): string {
  if (tempsC.length === 0) return formatNumber(null);
  const least = formatNumber(shownTemperature(Math.min(...tempsC)));
  const most = formatNumber(shownTemperature(Math.max(...tempsC)));
  return least === most ? most : `${least} to ${most}`;
}

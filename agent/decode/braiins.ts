import type { AgentSample, Hashboard } from "../../server/contract/sample.ts";
import type { RawObject } from "../cgminer/framing.ts";
import { rowsOf } from "../cgminer/replies.ts";
import { countOrNull, numberOrNull, positiveOrNull, rateHs, sumOf } from "./fields.ts";
import { turningAndStopped } from "./fans.ts";
import { absentBoard, missingChains } from "./hashboards.ts";
import { fillPower, ratedHashrateHs } from "./ratings.ts";
import { summaryRow, type DecodeInput } from "./replies.ts";
import { decodeShares } from "./shares.ts";
import { decodeStock, uptimeMs } from "./stock.ts";
import { hottestOf, realTemperatures } from "./temperatures.ts";

const MEGA = 1e6;

/**
 * Braiins OS, and cgminer as its reference has it: no readings in `stats`; rates in MH/s from `summary` and one `devs` row a board, whose ID is
 * the chain; `temps` by the same ID (0.0: no sensor); `fans` by position (0 rpm: unused).
 */
export function decodeBraiins(input: DecodeInput): AgentSample {
  const { replies, machine } = input;
  const { model } = machine;
  const summary = summaryRow(replies);
  const hashboards = boardsOf(input);
  const ratedHs = ratedHashrateHs(machine, sumOf(hashboards.map((board) => (board.present ? board.ratedHashrateHs : null))));
  const shares = decodeShares(input, summary);
  const fans = rowsOf(replies.fans, "FANS").map((row) => numberOrNull(row.RPM));
  const sample: AgentSample = {
    ...decodeStock({ ...input, replies: {} }),
    uptimeMs: uptimeMs(summary, summary),
    hashrateHs: rateHs(summary["MHS 5s"], MEGA) ?? rateHs(summary["GHS 5s"], 1e9),
    hashrateMeanHs: rateHs(summary["MHS av"], MEGA) ?? rateHs(summary["GHS av"], 1e9),
    hashrate30mHs: rateHs(summary["MHS 30m"], MEGA) ?? rateHs(summary["GHS 30m"], 1e9),
    ratedHashrateHs: ratedHs,
    chipTempCMax: hottestOf(hashboards.map((board) => board.chipTempsC)),
    boardTempCMax: hottestOf(hashboards.map((board) => board.boardTempsC)),
    fansRpm: turningAndStopped(fans, model === null ? null : { ...model, firstFan: 1 }),
    hwErrorCount: countOrNull(summary["Hardware Errors"]) ?? sumOf(hashboards.map((board) => board.hwErrorCount)),
    acceptedCount: shares.acceptedCount,
    rejectedCount: shares.rejectedCount,
    staleCount: shares.staleCount,
    hashboards,
  };
  return fillPower(sample, null, machine);
}

function boardsOf({ replies, machine: { model } }: DecodeInput): Hashboard[] {
  const devs = rowsOf(replies.devs, "DEVS").filter((dev) => countOrNull(dev.ID) !== null);
  if (devs.length === 0) return [];
  const temps = new Map(rowsOf(replies.temps, "TEMPS").map((row) => [countOrNull(row.ID), row]));
  const boards = devs.map((dev) => decodeDev(dev, temps.get(countOrNull(dev.ID)), model?.chipsPerChain ?? null));
  const missing = missingChains(
    boards.map((board) => board.chain),
    model,
  );
  return [...boards, ...missing.map((chain) => absentBoard(chain, { model, ratedBoardHs: null }))]
    .sort((a, b) => a.chain - b.chain)
    .slice(0, 32);
}

function decodeDev(dev: RawObject, temps: RawObject | undefined, expectedChipCount: number | null): Hashboard {
  return {
    ...absentBoard(countOrNull(dev.ID) ?? 0, { model: null, ratedBoardHs: null }),
    present: true,
    hashrateHs: rateHs(dev["MHS 5s"], MEGA) ?? rateHs(dev["GHS 5s"], 1e9),
    ratedHashrateHs: positiveOrNull(rateHs(dev["Nominal MHS"], MEGA)),
    expectedChipCount,
    chipTempsC: realTemperatures([numberOrNull(temps?.Chip)]),
    boardTempsC: realTemperatures([numberOrNull(temps?.Board ?? dev.Temperature)]),
    hwErrorCount: countOrNull(dev["Hardware Errors"]),
  };
}

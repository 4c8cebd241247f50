import type { Sample } from "../contract/sample.ts";
import { columnMeaning, columnsOfShape, type RowShape } from "./columns.ts";

/** The newest row of a miner as stored, in the order of `columnsOfShape(shape)`. */
export interface NewestRow {
  atMs: number;
  shape: RowShape;
  values: Float64Array;
}

/** The last known sample: the detail that was saved last, with the newest stored row laid over it when that is newer. */
export function lastSampleOf(minerKey: number, detail: Sample | null, newest: NewestRow | null): Sample | null {
  if (newest === null || (detail !== null && detail.polledAtMs >= newest.atMs)) return detail;
  const sample = detail === null ? emptySample(minerKey) : structuredClone(detail);
  sample.agentAtMs += newest.atMs - sample.polledAtMs;
  sample.polledAtMs = newest.atMs;
  columnsOfShape(newest.shape).forEach((column, index) => {
    const value = newest.values[index] ?? NaN;
    layOver(sample, column, Number.isNaN(value) ? null : value);
  });
  sample.fansRpm.length = newest.shape.fanCount;
  return sample;
}

function layOver(sample: Sample, column: number, value: number | null): void {
  const meaning = columnMeaning(column);
  if (meaning?.kind === "fan" && value !== null) sample.fansRpm[meaning.fan] = value;
  if (meaning?.kind === "scalar") {
    if (meaning.metric !== "durationMs") sample[meaning.metric] = value;
    else if (value !== null) sample.durationMs = value;
  }
  if (meaning?.kind !== "hashboard") return;
  const board = sample.hashboards.find((known) => known.chain === meaning.chain);
  if (board === undefined || meaning.metric === "chipTempCMax" || meaning.metric === "boardTempCMax") return;
  board[meaning.metric] = value;
}

/** Without a saved detail only the stored numbers are known; the rest stays "not reported". */
function emptySample(minerKey: number): Sample {
  return {
    minerId: `m${minerKey}`,
    polledAtMs: 0,
    agentAtMs: 0,
    durationMs: 0,
    uptimeMs: null,
    algorithm: "unknown",
    mode: null,
    hashrateHs: null,
    hashrateMeanHs: null,
    hashrate30mHs: null,
    ratedHashrateHs: null,
    powerW: null,
    powerSource: null,
    efficiencyJPerTh: null,
    chipTempCMax: null,
    boardTempCMax: null,
    inletTempC: null,
    outletTempC: null,
    fansRpm: [],
    expectedFanCount: null,
    hwErrorCount: null,
    acceptedCount: null,
    rejectedCount: null,
    staleCount: null,
    expectedHashboardCount: null,
    hashboards: [],
    pools: [],
  };
}

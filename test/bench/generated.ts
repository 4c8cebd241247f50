import type { AgentSample, Hashboard } from "../../server/contract/sample.ts";
import { HASHBOARD_METRICS, SCALAR_METRICS } from "../../server/store/store.ts";
import { NM } from "./samples.mjs";

/** Where the 20 metrics of samples.mjs stand in a sample of it. Rates are in 0.01 TH/s. */
const RATE = 0;
const BOARD_RATE = 1;
const CHIP_TEMP = 4;
const BOARD_TEMP = 7;
const FAN = 10;
const POWER = 14;
const HW_ERRORS = 15;
const ACCEPTED = 18;
const REJECTED = 19;
const HS_PER_UNIT = 1e10;
const CHAINS = [1, 2, 3];
const FANS = 4;
const RATED_HS = 200e12;

/** What a row of the store looks like with these: three hashboards and four fans. */
export const SHAPE = { chains: CHAINS, fanCount: FANS };
const WIDTH = SCALAR_METRICS.length + CHAINS.length * HASHBOARD_METRICS.length + FANS;

const HASHRATE = SCALAR_METRICS.indexOf("hashrateHs");
const POWER_COLUMN = SCALAR_METRICS.indexOf("powerW");
const ACCEPTED_COLUMN = SCALAR_METRICS.indexOf("acceptedCount");
const REJECTED_COLUMN = SCALAR_METRICS.indexOf("rejectedCount");
const BOARD_COLUMNS = {
  hashrateHs: HASHBOARD_METRICS.indexOf("hashrateHs"),
  chipTempCMax: HASHBOARD_METRICS.indexOf("chipTempCMax"),
  boardTempCMax: HASHBOARD_METRICS.indexOf("boardTempCMax"),
  hwErrorCount: HASHBOARD_METRICS.indexOf("hwErrorCount"),
};

/** Room for the values of one row, all "not reported". */
export function emptyRow(): Float64Array {
  return new Float64Array(WIDTH).fill(NaN);
}

/** Writes the 20 metrics of miner `index` into the columns of the store that they are. */
export function fillRow(row: Float64Array, values: Int32Array, index: number): void {
  const at = index * NM;
  row[HASHRATE] = values[at + RATE] * HS_PER_UNIT;
  row[POWER_COLUMN] = values[at + POWER];
  row[ACCEPTED_COLUMN] = values[at + ACCEPTED];
  row[REJECTED_COLUMN] = values[at + REJECTED];
  for (let board = 0; board < CHAINS.length; board++) {
    const first = SCALAR_METRICS.length + board * HASHBOARD_METRICS.length;
    row[first + BOARD_COLUMNS.hashrateHs] = values[at + BOARD_RATE + board] * HS_PER_UNIT;
    row[first + BOARD_COLUMNS.chipTempCMax] = values[at + CHIP_TEMP + board];
    row[first + BOARD_COLUMNS.boardTempCMax] = values[at + BOARD_TEMP + board];
    row[first + BOARD_COLUMNS.hwErrorCount] = values[at + HW_ERRORS + board];
  }
  for (let fan = 0; fan < FANS; fan++) row[WIDTH - FANS + fan] = values[at + FAN + fan];
}

/** Adds what a server's own samples hold besides, so that site rows have something to say. */
export function fillTotals(row: Float64Array, values: Int32Array, index: number): void {
  row[SCALAR_METRICS.indexOf("ratedHashrateHs")] = RATED_HS;
  row[SCALAR_METRICS.indexOf("chipTempCMax")] = hottest(values, index, CHIP_TEMP);
  row[SCALAR_METRICS.indexOf("boardTempCMax")] = hottest(values, index, BOARD_TEMP);
}

/** The same as an agent sends it. */
export function sampleOf(values: Int32Array, index: number, atMs: number): AgentSample {
  const at = index * NM;
  const get = (metric: number): number => values[at + metric] ?? 0;
  const hashrateHs = get(RATE) * HS_PER_UNIT;
  const [acceptedCount, rejectedCount] = [get(ACCEPTED), get(REJECTED)];
  return {
    ...{ agentAtMs: atMs, durationMs: 40 + (index % 25), uptimeMs: atMs % (30 * 86_400_000), algorithm: "sha256d", mode: null },
    ...{ hashrateHs, hashrateMeanHs: hashrateHs * 0.998, hashrate30mHs: null, ratedHashrateHs: RATED_HS },
    ...{ powerW: get(POWER), powerSource: "reported", efficiencyJPerTh: get(POWER) / (hashrateHs / 1e12) },
    ...{ chipTempCMax: hottest(values, index, CHIP_TEMP), boardTempCMax: hottest(values, index, BOARD_TEMP) },
    ...{ inletTempC: null, outletTempC: null, fansRpm: [0, 1, 2, 3].map((fan) => get(FAN + fan)), expectedFanCount: FANS },
    ...{ hwErrorCount: get(HW_ERRORS) + get(HW_ERRORS + 1) + get(HW_ERRORS + 2), acceptedCount, rejectedCount, staleCount: 0 },
    expectedHashboardCount: CHAINS.length,
    hashboards: CHAINS.map((chain, board) =>
      boardOf(
        chain,
        [BOARD_RATE, CHIP_TEMP, BOARD_TEMP, HW_ERRORS].map((metric) => get(metric + board)),
      ),
    ),
    pools: [
      {
        ...{ index: 0, url: "stratum+tcp://pool.example:3333", worker: `site.${index}`, status: "alive", priority: 0, active: true },
        ...{ acceptedCount, rejectedCount, staleCount: 0 },
      },
    ],
  };
}

function boardOf(chain: number, [rate = 0, chipTempC = 0, boardTempC = 0, hwErrorCount = 0]: number[]): Hashboard {
  return {
    ...{ chain, present: true, hashrateHs: rate * HS_PER_UNIT, ratedHashrateHs: RATED_HS / CHAINS.length },
    ...{
      chipCount: 108,
      expectedChipCount: 108,
      chipOkCount: 108,
      chipBadCount: 0,
      chipMap: "o".repeat(108),
      freqMhz: 490,
      voltageV: 13.7,
    },
    ...{
      chipTempsC: [chipTempC - 6, chipTempC - 3, chipTempC - 4, chipTempC],
      boardTempsC: [boardTempC - 5, boardTempC - 2, boardTempC, boardTempC - 4],
    },
    hwErrorCount,
  };
}

function hottest(values: Int32Array, index: number, metric: number): number {
  const at = index * NM + metric;
  return Math.max(values[at] ?? 0, values[at + 1] ?? 0, values[at + 2] ?? 0);
}

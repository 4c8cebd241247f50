import { STATUSES, STATUS_CODES } from "../contract/status.ts";
import { scalarColumn } from "./columns.ts";

/**
 * What the history of a site or the fleet keeps of each minute: the metrics' columns have the numbers of the miners' scalars; others follow.
 * On disk: append only.
 */
export const FLEET_KEY = 0;
export const HASHRATE = scalarColumn("hashrateHs");
export const RATED = scalarColumn("ratedHashrateHs");
export const POWER = scalarColumn("powerW");
export const EFFICIENCY = scalarColumn("efficiencyJPerTh");
export const CHIP_TEMP = scalarColumn("chipTempCMax");
const CHIP_TEMP_P50 = 64;
const CHIP_TEMP_P95 = 65;
export const STATUS_BASE = 80;

/** Column and statistic of `hashrateHs`, `chipTempCMax:p95`, `status:hashing` …; null for what is not kept of sites. */
export function siteColumnOf(name: string): { column: number; statistic: "min" | "mean" | "max" } | null {
  const [base = "", suffix] = name.split(":");
  if (base === "status") {
    const status = STATUSES.findIndex((known) => known === suffix);
    return status < 0 ? null : { column: STATUS_BASE + status, statistic: "mean" };
  }
  if (base === "chipTempCMax" && suffix === "p50") return { column: CHIP_TEMP_P50, statistic: "mean" };
  if (base === "chipTempCMax" && suffix === "p95") return { column: CHIP_TEMP_P95, statistic: "mean" };
  const columns = new Map(
    Object.entries({
      hashrateHs: HASHRATE,
      ratedHashrateHs: RATED,
      powerW: POWER,
      efficiencyJPerTh: EFFICIENCY,
      chipTempCMax: CHIP_TEMP,
    }),
  );
  const column = columns.get(base);
  if (column === undefined || ![undefined, "min", "mean", "max"].includes(suffix)) return null;
  return { column, statistic: suffix === "min" || suffix === "max" ? suffix : "mean" };
}

/** Means of one miner over one minute; NaN for not reported. */
export interface MinerMinute {
  hashrateHs: number;
  ratedHashrateHs: number;
  powerW: number;
  chipTempC: number; // hottest
}

/**
 * Sums over the miners' means; the efficiency is that of the miners whose power and hashrate are known. Of the hottest chips: the hottest, median and 95th
 * percentile (nearest rank). Values that no miner reports are left out.
 */
export function minuteOf(miners: readonly MinerMinute[]): Map<number, number> {
  const values = new Map<number, number>();
  const put = (column: number, value: number) => {
    if (Number.isFinite(value)) values.set(column, value);
  };
  put(HASHRATE, sumOf(miners.map((miner) => miner.hashrateHs)));
  put(RATED, sumOf(miners.map((miner) => miner.ratedHashrateHs)));
  put(POWER, sumOf(miners.map((miner) => miner.powerW)));
  const both = miners.filter((miner) => miner.powerW >= 0 && miner.hashrateHs >= 0);
  put(EFFICIENCY, sumOf(both.map((miner) => miner.powerW)) / (sumOf(both.map((miner) => miner.hashrateHs)) / 1e12));
  const temps = Float64Array.from(miners, (miner) => miner.chipTempC)
    .filter((temp) => !Number.isNaN(temp))
    .sort();
  if (temps.length === 0) return values;
  put(CHIP_TEMP, temps.at(-1) ?? NaN);
  put(CHIP_TEMP_P50, nearestRank(temps, 0.5));
  put(CHIP_TEMP_P95, nearestRank(temps, 0.95));
  return values;
}

/** Miners in each status, from the codes of a frame's rows. */
export function statusCounts(codes: Iterable<number>): Map<number, number> {
  const counts = new Map(STATUSES.map((_, index) => [STATUS_BASE + index, 0]));
  for (const code of codes) {
    const pair = STATUS_CODES.at(code);
    if (pair === undefined) continue;
    const column = STATUS_BASE + STATUSES.indexOf(pair.status);
    counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  return counts;
}

/** Sum of what is reported; NaN when nothing is. */
function sumOf(values: readonly number[]): number {
  let sum = NaN;
  for (const value of values) if (!Number.isNaN(value)) sum = Number.isNaN(sum) ? value : sum + value;
  return sum;
}

function nearestRank(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

import { STATUSES, STATUS_CODES } from "../contract/status.ts";
import { scalarColumn } from "./columns.ts";
import type { Learnt } from "./frame.ts";
import type { MinuteState } from "./store.ts";

/**
 * What the history of a site or the fleet keeps of each minute: the metrics' columns have the numbers of the miners' scalars; others follow.
 * On disk: append only.
 */
export const FLEET_KEY = 0;
export const HASHRATE = scalarColumn("hashrateHs");
export const RATED = scalarColumn("ratedHashrateHs");
export const POWER = scalarColumn("powerW");
const EFFICIENCY = scalarColumn("efficiencyJPerTh");
export const CHIP_TEMP = scalarColumn("chipTempCMax");
const CHIP_TEMP_P50 = 64;
const CHIP_TEMP_P95 = 65;
export const STATUS_BASE = 80;
/** Rating of all miners that should hash in the minute, reached or not, where the state of the fleet was known. */
export const EXPECTED = STATUS_BASE + 15;

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

/**
 * Totals of one minute: sums over the miners' means; the efficiency is that of the miners whose power and hashrate are known. Of the hottest chips:
 * the hottest, median and 95th percentile (nearest rank). Values that no miner reports are left out.
 */
export class MinuteTotals {
  readonly #sums = new Float64Array(5);
  readonly #counts = new Float64Array(5);
  readonly #temps: number[] = [];

  /** Means of one miner over the minute, and its hottest chip; NaN for not reported. */
  add(hashrateHs: number, ratedHashrateHs: number, powerW: number, chipTempC: number): void {
    this.#sum(0, hashrateHs);
    this.#sum(1, ratedHashrateHs);
    this.#sum(2, powerW);
    if (powerW >= 0 && hashrateHs >= 0) {
      this.#sum(3, powerW);
      this.#sum(4, hashrateHs);
    }
    if (!Number.isNaN(chipTempC)) this.#temps.push(chipTempC);
  }

  /** Of several sites together. */
  static sumOf(sites: readonly MinuteTotals[]): MinuteTotals {
    const all = new MinuteTotals();
    for (const site of sites) {
      site.#sums.forEach((sum, index) => (all.#sums[index] += sum));
      site.#counts.forEach((count, index) => (all.#counts[index] += count));
      for (const temp of site.#temps) all.#temps.push(temp);
    }
    return all;
  }

  /** By column. */
  values(): Map<number, number> {
    const [hashrate, rated, power, knownPower, knownHashrate] = this.#sums;
    const efficiency = knownPower / (knownHashrate / 1e12);
    const temps = Float64Array.from(this.#temps).sort();
    const values = new Map<number, number>();
    if (this.#counts[0] > 0) values.set(HASHRATE, hashrate);
    if (this.#counts[1] > 0) values.set(RATED, rated);
    if (this.#counts[2] > 0) values.set(POWER, power);
    if (Number.isFinite(efficiency)) values.set(EFFICIENCY, efficiency);
    if (temps.length === 0) return values;
    values.set(CHIP_TEMP, temps[temps.length - 1]);
    values.set(CHIP_TEMP_P50, nearestRank(temps, 0.5));
    values.set(CHIP_TEMP_P95, nearestRank(temps, 0.95));
    return values;
  }

  #sum(index: number, value: number): void {
    if (Number.isNaN(value)) return;
    this.#sums[index] += value;
    this.#counts[index]++;
  }
}

/** What the state of the fleet says of a site's minute, from the rows of its frame that are the site's: miners in each status, and their rating. */
export function stateValues({ frame, ratedHashrateHs }: MinuteState, rows: readonly number[]): Map<number, number> {
  const values = new Map(STATUSES.map((_, index) => [STATUS_BASE + index, 0]));
  for (const row of rows) {
    const pair = STATUS_CODES.at(frame.statusCodes[row] ?? 0);
    if (pair !== undefined) addTo(values, STATUS_BASE + STATUSES.indexOf(pair.status), 1);
    if (!Number.isNaN(ratedHashrateHs[row])) addTo(values, EXPECTED, ratedHashrateHs[row]);
  }
  return values;
}

/** How the state of each site, and of the fleet, changes where statuses are known only now: what is to be added, by site and column. */
export function stateChanges(learnt: readonly Learnt[]): Map<number, Map<number, number>> {
  const changes = new Map<number, Map<number, number>>();
  for (const { sample, before, after } of learnt) {
    for (const site of [sample.siteKey, FLEET_KEY]) {
      const values = changes.get(site) ?? new Map<number, number>();
      changes.set(site, values);
      addTo(values, statusColumn(before), -1);
      addTo(values, statusColumn(after), 1);
      if (!Number.isNaN(sample.ratedHashrateHs)) addTo(values, EXPECTED, sample.ratedHashrateHs); // unknown miners were not expected to hash
    }
  }
  return changes;
}

function statusColumn(code: number): number {
  return STATUS_BASE + STATUSES.indexOf(STATUS_CODES[code].status);
}

function addTo(values: Map<number, number>, column: number, value: number): void {
  values.set(column, (values.get(column) ?? 0) + value);
}

function nearestRank(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

import type { AlgorithmTotals, FleetTotals } from "../contract/api.ts";
import type { LiveTotals } from "../contract/live.ts";
import { STATUSES, type Status } from "../contract/status.ts";

/** The algorithm that the totals are about; the others stand apart. */
const MAIN_ALGORITHM = "sha256d";

/** What one miner adds to the sums. */
export interface Contribution {
  readonly siteKey: number;
  readonly algorithm: string;
  readonly status: Status;
  readonly reporting: boolean; // its sample is not older than 2 intervals
  readonly hashrateHs: number | null;
  readonly ratedHashrateHs: number | null;
  readonly powerW: number | null;
}

interface Sums {
  minerCount: number;
  reportingCount: number;
  hashrateHs: number;
  ratedHashrateHs: number;
  ratedCount: number;
  powerW: number;
  powerCount: number;
  /** Hashrate and power of those that report both, for the efficiency. */
  pairedHashrateHs: number;
  pairedPowerW: number;
  pairedCount: number;
}
interface SiteSums {
  minerCount: number;
  reportingCount: number;
  statusCounts: Record<Status, number>;
  algorithms: Map<string, Sums>;
}

/** Instants and extremes that sums cannot give back when one leaves; found by a pass over the columns. */
export interface Extremes {
  readonly chipTempCMax: number | null;
  readonly oldestSampleAtMs: number | null;
  readonly oldestAgentAtMs: number | null;
}

/** Sums per site, kept up to date by difference: a miner's old contribution goes out when the new one comes in. */
export class TotalsKeeper {
  readonly #sites = new Map<number, SiteSums>();
  readonly #rows: (Contribution | null)[] = [];

  /** `null` when the miner leaves. */
  set(row: number, next: Contribution | null): void {
    const last = this.#rows[row] ?? null;
    if (last !== null && next !== null && isEqual(last, next)) return;
    if (last !== null) this.#add(last, -1);
    if (next !== null) this.#add(next, 1);
    this.#rows[row] = next;
  }

  isReporting(row: number): boolean {
    return this.#rows[row]?.reporting ?? false;
  }

  /** Sums anew: differences of floating-point numbers leave a residue that would grow with the days. */
  rebuild(): void {
    this.#sites.clear();
    for (const row of this.#rows) if (row !== null) this.#add(row, 1);
  }

  /** siteKeys null: the whole fleet. */
  live(siteKeys: readonly number[] | null, extremes: Extremes): LiveTotals {
    const { site, algorithms } = this.#sumOf(siteKeys);
    const main = algorithms.get(MAIN_ALGORITHM) ?? emptySums();
    return {
      minerCount: site.minerCount,
      reportingCount: site.reportingCount,
      statusCounts: site.statusCounts,
      hashrateHs: main.hashrateHs,
      ratedHashrateHs: main.ratedHashrateHs,
      powerW: main.powerCount === 0 ? null : main.powerW,
      efficiencyJPerTh: main.pairedHashrateHs > 0 ? main.pairedPowerW / (main.pairedHashrateHs / 1e12) : null,
      ...extremes,
    };
  }

  fleet(siteKeys: readonly number[] | null, extremes: Extremes, nowMs: number): FleetTotals {
    const { oldestSampleAtMs, oldestAgentAtMs, ...totals } = this.live(siteKeys, extremes);
    const age = (atMs: number | null): number | null => (atMs === null ? null : Math.max(0, nowMs - atMs));
    const others = [...this.#sumOf(siteKeys).algorithms].filter(([algorithm]) => algorithm !== MAIN_ALGORITHM);
    return {
      atMs: nowMs,
      ...totals,
      oldestSampleAgeMs: age(oldestSampleAtMs),
      oldestAgentAgeMs: age(oldestAgentAtMs),
      byAlgorithm: others.map(([algorithm, sums]) => algorithmTotals(algorithm, sums)),
    };
  }

  #sumOf(siteKeys: readonly number[] | null): { site: SiteSums; algorithms: Map<string, Sums> } {
    const site = emptySite();
    for (const key of siteKeys ?? this.#sites.keys()) {
      const one = this.#sites.get(key);
      if (one) addSite(site, one);
    }
    return { site, algorithms: site.algorithms };
  }

  #add(contribution: Contribution, sign: 1 | -1): void {
    let site = this.#sites.get(contribution.siteKey);
    if (!site) this.#sites.set(contribution.siteKey, (site = emptySite()));
    site.minerCount += sign;
    site.statusCounts[contribution.status] += sign;
    if (contribution.reporting) site.reportingCount += sign;
    let sums = site.algorithms.get(contribution.algorithm);
    if (!sums) site.algorithms.set(contribution.algorithm, (sums = emptySums()));
    addContribution(sums, contribution, sign);
    if (sums.minerCount === 0) site.algorithms.delete(contribution.algorithm);
  }
}

function isEqual(a: Contribution, b: Contribution): boolean {
  return (
    a.siteKey === b.siteKey &&
    a.algorithm === b.algorithm &&
    a.status === b.status &&
    a.reporting === b.reporting &&
    a.hashrateHs === b.hashrateHs &&
    a.ratedHashrateHs === b.ratedHashrateHs &&
    a.powerW === b.powerW
  );
}

function addContribution(sums: Sums, contribution: Contribution, sign: 1 | -1): void {
  const { status, reporting, hashrateHs, ratedHashrateHs, powerW } = contribution;
  sums.minerCount += sign;
  if (ratedHashrateHs !== null && status !== "unknown" && status !== "paused") {
    sums.ratedHashrateHs += sign * ratedHashrateHs;
    sums.ratedCount += sign;
  }
  if (sums.ratedCount === 0) sums.ratedHashrateHs = 0; // not what rounding left
  if (!reporting) return;
  sums.reportingCount += sign;
  sums.hashrateHs += sign * (hashrateHs ?? 0);
  if (powerW !== null) {
    sums.powerW += sign * powerW;
    sums.powerCount += sign;
  }
  if (powerW !== null && hashrateHs !== null) {
    sums.pairedPowerW += sign * powerW;
    sums.pairedHashrateHs += sign * hashrateHs;
    sums.pairedCount += sign;
  }
  dropResidue(sums);
}

/** A sum of nothing is 0, not what rounding left of it. */
function dropResidue(sums: Sums): void {
  if (sums.reportingCount === 0) sums.hashrateHs = 0;
  if (sums.powerCount === 0) sums.powerW = 0;
  if (sums.pairedCount === 0) sums.pairedPowerW = sums.pairedHashrateHs = 0;
}

function addSite(into: SiteSums, site: SiteSums): void {
  into.minerCount += site.minerCount;
  into.reportingCount += site.reportingCount;
  for (const status of STATUSES) into.statusCounts[status] += site.statusCounts[status];
  for (const [algorithm, sums] of site.algorithms) {
    const have = into.algorithms.get(algorithm) ?? emptySums();
    for (const name of Object.keys(have) as (keyof Sums)[]) have[name] += sums[name];
    into.algorithms.set(algorithm, have);
  }
}

function algorithmTotals(algorithm: string, sums: Sums): AlgorithmTotals {
  const { minerCount, reportingCount, hashrateHs, ratedHashrateHs } = sums;
  return { algorithm, minerCount, reportingCount, hashrateHs, ratedHashrateHs, powerW: sums.powerCount === 0 ? null : sums.powerW };
}

const emptySite = (): SiteSums => ({
  minerCount: 0,
  reportingCount: 0,
  statusCounts: { hashing: 0, degraded: 0, notHashing: 0, unreachable: 0, paused: 0, unknown: 0 },
  algorithms: new Map(),
});
const emptySums = (): Sums => ({
  minerCount: 0,
  reportingCount: 0,
  hashrateHs: 0,
  ratedHashrateHs: 0,
  ratedCount: 0,
  powerW: 0,
  powerCount: 0,
  pairedHashrateHs: 0,
  pairedPowerW: 0,
  pairedCount: 0,
});

import type { AlgorithmTotals, FleetTotals, StatusCounts } from "../contract/api.ts";
import { STATUSES } from "../contract/status.ts";

/** Totals of several sites as one, for who may see some sites but not all. Needs at least one. */
export function mergeTotals([first, ...rest]: readonly [FleetTotals, ...FleetTotals[]]): FleetTotals {
  return rest.reduce(addTotals, first);
}

function addTotals(a: FleetTotals, b: FleetTotals): FleetTotals {
  return {
    atMs: a.atMs,
    minerCount: a.minerCount + b.minerCount,
    reportingCount: a.reportingCount + b.reportingCount,
    statusCounts: Object.fromEntries(STATUSES.map((status) => [status, a.statusCounts[status] + b.statusCounts[status]])) as StatusCounts,
    hashrateHs: a.hashrateHs + b.hashrateHs,
    ratedHashrateHs: a.ratedHashrateHs + b.ratedHashrateHs,
    powerW: sum(a.powerW, b.powerW),
    efficiencyJPerTh: efficiencyOf(a, b),
    chipTempCMax: larger(a.chipTempCMax, b.chipTempCMax),
    oldestSampleAgeMs: larger(a.oldestSampleAgeMs, b.oldestSampleAgeMs),
    oldestAgentAgeMs: larger(a.oldestAgentAgeMs, b.oldestAgentAgeMs),
    byAlgorithm: addAlgorithms(a.byAlgorithm, b.byAlgorithm),
  };
}

/** Power over the hashrate it makes. That hashrate is power / efficiency of each side: miners whose power is unknown are left out of both. */
function efficiencyOf(a: FleetTotals, b: FleetTotals): number | null {
  const known = [a, b].flatMap(({ powerW, efficiencyJPerTh }) =>
    powerW === null || efficiencyJPerTh === null || efficiencyJPerTh === 0 ? [] : [{ powerW, ths: powerW / efficiencyJPerTh }],
  );
  const ths = known.reduce((total, each) => total + each.ths, 0);
  return ths === 0 ? null : known.reduce((total, each) => total + each.powerW, 0) / ths;
}

function addAlgorithms(a: readonly AlgorithmTotals[], b: readonly AlgorithmTotals[]): AlgorithmTotals[] {
  const merged = new Map(a.map((totals) => [totals.algorithm, totals]));
  for (const totals of b) {
    const other = merged.get(totals.algorithm);
    merged.set(totals.algorithm, other === undefined ? totals : addAlgorithm(other, totals));
  }
  return [...merged.values()];
}

function addAlgorithm(a: AlgorithmTotals, b: AlgorithmTotals): AlgorithmTotals {
  return {
    algorithm: a.algorithm,
    minerCount: a.minerCount + b.minerCount,
    reportingCount: a.reportingCount + b.reportingCount,
    hashrateHs: a.hashrateHs + b.hashrateHs,
    ratedHashrateHs: a.ratedHashrateHs + b.ratedHashrateHs,
    powerW: sum(a.powerW, b.powerW),
  };
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

import type { LiveTotals } from "../../../server/contract/live.ts";
import type { FleetBreakdown } from "./breakdown.ts";

/** What the charts of the fleet show, in the names of GET /fleet/series. */
export const FLEET_METRICS = [
  "hashrateHs",
  "ratedHashrateHs",
  "powerW",
  "efficiencyJPerTh",
  "chipTempCMax:max",
  "chipTempCMax:p95",
  "chipTempCMax:p50",
  "status:degraded",
  "status:notHashing",
  "status:unreachable",
  "status:paused",
  "status:unknown",
] as const;
export type FleetMetric = (typeof FLEET_METRICS)[number];
export type FleetValues = Readonly<Record<FleetMetric, number | null>>;

/** The same values as they are now. Without a miner that reports, nothing is measured; statuses are known all the same. */
export function valuesNow(totals: LiveTotals, { chipTempCP50, chipTempCP95 }: FleetBreakdown): FleetValues {
  const { statusCounts, reportingCount } = totals;
  const reading = (value: number | null): number | null => (reportingCount === 0 || Number.isNaN(value) ? null : value);
  return {
    hashrateHs: reading(totals.hashrateHs),
    ratedHashrateHs: reading(totals.ratedHashrateHs),
    powerW: reading(totals.powerW),
    efficiencyJPerTh: reading(totals.efficiencyJPerTh),
    "chipTempCMax:max": reading(totals.chipTempCMax),
    "chipTempCMax:p95": reading(chipTempCP95),
    "chipTempCMax:p50": reading(chipTempCP50),
    "status:degraded": statusCounts.degraded,
    "status:notHashing": statusCounts.notHashing,
    "status:unreachable": statusCounts.unreachable,
    "status:paused": statusCounts.paused,
    "status:unknown": statusCounts.unknown,
  };
}

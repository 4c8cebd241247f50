import type { Fleet } from "./fleet.ts";

/** Values of a row that follow from its columns and its identity. One definition for the table, the sort and the cards. */

/** Rated hashrate of a row in H/s, NaN when not known. */
export function ratedHashrateOf(fleet: Fleet, row: number): number {
  return fleet.identity.columns.ratedHashrateHs[fleet.identityOfRow()[row] ?? -1] ?? Number.NaN;
}

/** Time since an instant of the row, in ms by the server's clock; NaN where there is none. */
export function ageOf(fleet: Fleet, column: "polledAtMs" | "statusSinceMs" | "lastSeenAtMs", row: number): number {
  return fleet.clock.nowMs() - fleet.value(column, row);
}

/** Older than two of its poll intervals, or never sampled: to be shown grey. */
export function isStale(fleet: Fleet, row: number, nowMs: number): boolean {
  const intervalMs = fleet.identity.columns.pollIntervalMs[fleet.identityOfRow()[row] ?? -1] ?? 10_000;
  return !(nowMs - fleet.value("polledAtMs", row) <= 2 * intervalMs);
}

/** Hashrate as a share of rated; NaN where either is not known. */
export function ratedShareOf(fleet: Fleet, row: number): number {
  const rated = ratedHashrateOf(fleet, row);
  return rated > 0 ? fleet.value("hashrateHs", row) / rated : Number.NaN;
}

/** Rated less measured, never below 0, in H/s. An unreachable miner loses all of it; of an unknown or paused one nothing can be said. */
export function lostHashrateOf(fleet: Fleet, row: number): number {
  const { status } = fleet.statusOf(row);
  const rated = ratedHashrateOf(fleet, row);
  if (status === "unknown" || status === "paused") return Number.NaN;
  if (status === "unreachable") return rated;
  return Math.max(0, rated - fleet.value("hashrateHs", row));
}

/** J/TH of the last sample, NaN while nothing is hashed. */
export function efficiencyOf(fleet: Fleet, row: number): number {
  const hashrateHs = fleet.value("hashrateHs", row);
  return hashrateHs > 0 ? fleet.value("powerW", row) / (hashrateHs / 1e12) : Number.NaN;
}

/** What a miner is called: its name, else its address, else its id. */
export function nameOf(fleet: Fleet, row: number): string {
  const index = fleet.identityOfRow()[row] ?? -1;
  const { name, address } = fleet.identity.columns;
  return name[index] || address[index] || fleet.idOf(row);
}

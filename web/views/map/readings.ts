import type { FleetFrame } from "../../../server/contract/api.ts";
import type { Reason, Status } from "../../../server/contract/status.ts";
import { efficiencyOf, isStale, ratedShareOf } from "../../live/derived.ts";
import type { Fleet } from "../../live/fleet.ts";

/** What is known of one miner at the instant that the map shows. NaN: not reported. */
export interface Reading {
  /** null: there was no such miner at that instant. */
  readonly status: Status | null;
  /** null: there was no such miner. */
  readonly reason: Reason | null;
  /** What was measured is too old to stand for that instant. */
  readonly isOld: boolean;
  readonly hashrateHs: number;
  readonly ratedShare: number;
  readonly chipTempC: number;
  readonly efficiencyJPerTh: number;
  readonly ageMs: number;
}

/** The reading of a row of the fleet. */
export type Readings = (row: number) => Reading;

const NOTHING = { hashrateHs: Number.NaN, ratedShare: Number.NaN, chipTempC: Number.NaN, efficiencyJPerTh: Number.NaN, ageMs: Number.NaN };
const NOBODY: Reading = { status: null, reason: null, isOld: false, ...NOTHING };

export function liveReadings(fleet: Fleet, nowMs: number): Readings {
  return (row) => {
    const { status, reason } = fleet.statusOf(row);
    return {
      status,
      reason,
      isOld: isStale(fleet, row, nowMs),
      hashrateHs: fleet.value("hashrateHs", row),
      ratedShare: ratedShareOf(fleet, row),
      chipTempC: fleet.value("chipTempCMax", row),
      efficiencyJPerTh: isSha256d(fleet, row) ? efficiencyOf(fleet, row) : Number.NaN,
      ageMs: nowMs - fleet.value("polledAtMs", row),
    };
  };
}

/** J/TH of another algorithm is a figure of another size: it has no place on one ramp. */
function isSha256d(fleet: Fleet, row: number): boolean {
  return fleet.identity.columns.algorithm[fleet.identityOfRow()[row] ?? -1] === "sha256d";
}

/** The readings of a past minute, which keeps status, hashrate and hottest chip; null for a minute without data. */
export function pastReadings(fleet: Fleet, frame: FleetFrame | null): Readings {
  if (frame === null) return () => NOBODY;
  const indexOfId = new Map(frame.minerIds.map((id, index) => [id, index]));
  return (row) => {
    const index = indexOfId.get(fleet.idOf(row));
    if (index === undefined) return NOBODY;
    const status = frame.status[index];
    const hashrateHs = frame.hashrateHs[index] ?? Number.NaN;
    const ratedHs = fleet.identity.columns.ratedHashrateHs[fleet.identityOfRow()[row]] ?? Number.NaN;
    return {
      ...NOTHING,
      status,
      reason: frame.reason[index],
      isOld: status === "unknown" || status === "unreachable",
      hashrateHs,
      ratedShare: ratedHs > 0 ? hashrateHs / ratedHs : Number.NaN,
      chipTempC: frame.chipTempCMax[index] ?? Number.NaN,
    };
  };
}

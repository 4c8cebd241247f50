import type { Reason, Status } from "../../../server/contract/status.ts";
import { ABSENT } from "../../format/number.ts";
import { efficiencyOf, isStale, lostHashrateOf, nameOf, ratedShareOf } from "../../live/derived.ts";
import type { Fleet } from "../../live/fleet.ts";

/** All that one row of the table or one card shows, read from the fleet at one instant. Numbers are NaN where nothing is reported. */
export interface RowFacts {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly model: string;
  readonly algorithm: string;
  readonly pool: string;
  readonly worker: string;
  readonly status: Status;
  readonly reason: Reason;
  readonly stale: boolean;
  /** Class of a value that is shown as it was last seen. */
  readonly tone: "stale" | "";
  readonly hot: boolean;
  readonly hashrateHs: number;
  readonly ratedShare: number;
  readonly lostHashrateHs: number;
  readonly chipTempC: number;
  readonly fanRpmMin: number;
  readonly powerW: number;
  readonly efficiencyJPerTh: number;
  readonly rejectRatio: number;
  readonly ageMs: number;
}

export function rowFacts(fleet: Fleet, row: number, nowMs: number): RowFacts {
  const index = fleet.identityOfRow()[row];
  const identity = fleet.identity.columns;
  const text = (value: string | null | undefined): string => (value === null || value === undefined || value === "" ? ABSENT : value);
  const { status, reason } = fleet.statusOf(row);
  const stale = isStale(fleet, row, nowMs);
  return {
    id: fleet.idOf(row),
    name: nameOf(fleet, row),
    address: text(identity.address[index]),
    model: text(identity.model[index] ?? identity.modelReported[index]),
    algorithm: identity.algorithm[index] ?? "sha256d",
    pool: text(identity.pool[index]),
    worker: text(identity.worker[index]),
    status,
    reason,
    stale,
    tone: stale ? "stale" : "",
    hot: !stale && (reason === "overTemperature" || reason === "overTemperatureStop"),
    hashrateHs: fleet.value("hashrateHs", row),
    ratedShare: ratedShareOf(fleet, row),
    lostHashrateHs: lostHashrateOf(fleet, row),
    chipTempC: fleet.value("chipTempCMax", row),
    fanRpmMin: fleet.value("fanRpmMin", row),
    powerW: fleet.value("powerW", row),
    efficiencyJPerTh: efficiencyOf(fleet, row),
    rejectRatio: fleet.value("rejectRatio", row),
    ageMs: nowMs - fleet.value("polledAtMs", row),
  };
}

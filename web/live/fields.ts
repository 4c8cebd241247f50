import type { LiveExtraColumn } from "../../server/contract/live.ts";
import { ageOf, efficiencyOf, isStale, lostHashrateOf, nameOf, ratedHashrateOf, ratedShareOf } from "./derived.ts";
import type { Fleet } from "./fleet.ts";
import type { Places } from "./places.ts";

/** What rows are read from: the fleet, and the names of the places in it. */
export interface RowSource {
  readonly fleet: Fleet;
  readonly places: Places;
}

/** Numbers of a row: names of the API's fields where there is one. Ages count from now, in ms. */
export const NUMBER_FIELDS = [
  "lostHashrateHs",
  "hashrateHs",
  "hashrateMeanHs",
  "hashrate30mHs",
  "ratedHashrateHs",
  "ratedShare",
  "chipTempCMax",
  "boardTempCMax",
  "inletTempC",
  "outletTempC",
  "fanRpmMin",
  "fansRpm",
  "powerW",
  "efficiencyJPerTh",
  "rejectRatio",
  "hwErrorCount",
  "acceptedCount",
  "rejectedCount",
  "staleCount",
  "uptimeMs",
  "statusAgeMs",
  "lastSeenAgeMs",
  "sampleAgeMs",
] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];

export const TEXT_FIELDS = [
  "name",
  "model",
  "address",
  "pool",
  "worker",
  "mac",
  "serial",
  "site",
  "rack",
  "agent",
  "firmware",
  "controlBoard",
  "algorithm",
  "tags",
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

/** What the table can show and be sorted by. */
export const FIELDS = ["status", ...TEXT_FIELDS, ...NUMBER_FIELDS] as const;
export type Field = (typeof FIELDS)[number];

export const FAN_COLUMNS = ["fanRpm1", "fanRpm2", "fanRpm3", "fanRpm4"] as const satisfies readonly LiveExtraColumn[];

const EXTRA_COLUMNS: Partial<Record<Field, readonly LiveExtraColumn[]>> = {
  hashrateMeanHs: ["hashrateMeanHs"],
  hashrate30mHs: ["hashrate30mHs"],
  inletTempC: ["inletTempC"],
  outletTempC: ["outletTempC"],
  fansRpm: FAN_COLUMNS,
  hwErrorCount: ["hwErrorCount"],
  acceptedCount: ["acceptedCount"],
  rejectedCount: ["rejectedCount"],
  staleCount: ["staleCount"],
  uptimeMs: ["uptimeMs"],
  statusAgeMs: ["statusSinceMs"],
  lastSeenAgeMs: ["lastSeenAtMs"],
};

/** The live columns that these fields need beyond those that everybody gets. */
export function extraColumnsOf(fields: Iterable<Field>): LiveExtraColumn[] {
  return [...new Set([...fields].flatMap((field) => EXTRA_COLUMNS[field] ?? []))].sort();
}

/** A number of a row as it was last known, NaN where it is not. */
export function numberOf(fleet: Fleet, field: NumberField, row: number): number {
  switch (field) {
    case "lostHashrateHs":
      return lostHashrateOf(fleet, row);
    case "ratedHashrateHs":
      return ratedHashrateOf(fleet, row);
    case "ratedShare":
      return ratedShareOf(fleet, row);
    case "efficiencyJPerTh":
      return efficiencyOf(fleet, row);
    case "fansRpm":
      return slowestOf(fansOf(fleet, row));
    case "statusAgeMs":
      return ageOf(fleet, "statusSinceMs", row);
    case "lastSeenAgeMs":
      return ageOf(fleet, "lastSeenAtMs", row);
    case "sampleAgeMs":
      return ageOf(fleet, "polledAtMs", row);
    default:
      return fleet.value(field, row);
  }
}

/** These tell about now, or about the machine, and not about its last sample. */
const NOT_SAMPLED: ReadonlySet<NumberField> = new Set([
  "lostHashrateHs",
  "ratedHashrateHs",
  "statusAgeMs",
  "lastSeenAgeMs",
  "sampleAgeMs",
] as const);

/** Whether a field tells what the last sample said, which grows old with it. */
export function isSampled(field: Field): boolean {
  return field !== "status" && !isTextField(field) && !NOT_SAMPLED.has(field);
}

export function isTextField(field: Field): field is TextField {
  return (TEXT_FIELDS as readonly string[]).includes(field);
}

/** A number of a row as far as it is known now: NaN where the sample is old, but for an unreachable miner, which reaches 0 of its rating. */
export function currentNumberOf(fleet: Fleet, field: NumberField, row: number): number {
  if (field === "ratedShare" && fleet.statusOf(row).status === "unreachable") return 0;
  if (!NOT_SAMPLED.has(field) && isStale(fleet, row, fleet.clock.nowMs())) return Number.NaN;
  return numberOf(fleet, field, row);
}

/** Speed of each fan that is reported. */
export function fansOf(fleet: Fleet, row: number): number[] {
  return FAN_COLUMNS.map((column) => fleet.value(column, row)).filter((rpm) => !Number.isNaN(rpm));
}

function slowestOf(fansRpm: readonly number[]): number {
  return fansRpm.length === 0 ? Number.NaN : Math.min(...fansRpm);
}

/** A text of a row, null where it is not known. Texts come from miners and may hold anything. */
export function textOf({ fleet, places }: RowSource, field: TextField, row: number): string | null {
  if (field === "name") return nameOf(fleet, row);
  const index = fleet.identityOfRow()[row] ?? -1;
  if (index === -1) return null;
  const { columns } = fleet.identity;
  switch (field) {
    case "model":
      return columns.model[index] ?? columns.modelReported[index];
    case "site":
      return places.nameOf("site", columns.siteId[index]);
    case "agent":
      return named(places, "agent", columns.agentId[index]);
    case "rack":
      return rackText(named(places, "rack", columns.rackId[index]), columns.slot[index]);
    case "firmware":
      return [columns.firmwareFamily[index], columns.firmwareVersion[index]].filter(Boolean).join(" ");
    case "tags":
      return columns.tags[index].join(", ") || null;
    default:
      return columns[field][index];
  }
}

function named(places: Places, kind: "rack" | "agent", id: string | null): string | null {
  return id === null ? null : places.nameOf(kind, id);
}

function rackText(rack: string | null, slot: number | null): string | null {
  if (rack === null) return null;
  return slot === null ? rack : `${rack} · ${slot}`;
}

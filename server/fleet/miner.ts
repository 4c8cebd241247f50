import { z } from "zod";
import type { MinerDetail, MinerRow } from "../contract/api.ts";
import { ControlBoard, Evidence, Firmware, type ReportedIdentity } from "../contract/identity.ts";
import type { FailedPoll, Pool, Sample } from "../contract/sample.ts";
import type { StatusReason } from "../contract/status.ts";

export const SeenEvidence = Evidence.extend({ firstSeenAtMs: z.number().int() });
export type SeenEvidence = z.infer<typeof SeenEvidence>;

/** What the store keeps of a miner, kind "miner", by its id. */
export const MinerDocument = z.object({
  siteId: z.string(),
  agentId: z.string().nullable(),
  address: z.string(),
  port: z.number().int(),
  name: z.string(),
  tags: z.array(z.string()),
  note: z.string(),
  rackId: z.string().nullable(),
  slot: z.number().int().nullable(),
  make: z.string().nullable(),
  model: z.string().nullable(),
  modelReported: z.string().nullable(),
  firmware: Firmware,
  controlBoard: ControlBoard.nullable(),
  mac: z.string().nullable(),
  serial: z.string().nullable(),
  hostname: z.string().nullable(),
  algorithm: z.string(),
  evidence: z.array(SeenEvidence),
  createdAtMs: z.number().int(),
});
export type MinerDocument = z.infer<typeof MinerDocument>;

/** One miner in memory: what is kept, and the last that was heard of it. Hot values stand in the table, at `row`. */
export interface Miner extends MinerDocument {
  readonly key: number;
  readonly id: string;
  readonly row: number;
  readonly siteKey: number;
  sample: Sample | null;
  lastFailure: FailedPoll | null;
  /** false: another machine answers at its address now. */
  atEndpoint: boolean;
  searchText: string;
  detailsSavedAtMs: number;
}

export const UNKNOWN_IDENTITY: Omit<ReportedIdentity, "evidence"> = {
  make: null,
  model: null,
  modelReported: null,
  firmware: { family: "unknown", version: null },
  controlBoard: null,
  mac: null,
  serial: null,
  hostname: null,
  algorithm: "unknown",
};

export const minerId = (key: number): string => `m${key}`;

/** The number in an id such as `m17` or `s1`; null where it is none. */
export function keyOfId(id: string, letter: "m" | "s"): number | null {
  const digits = id.startsWith(letter) ? id.slice(1) : "";
  return /^[1-9]\d{0,9}$/.test(digits) ? Number(digits) : null;
}

/** The document of a miner: what is heard every few seconds stays out. */
export function documentOf(miner: Miner): MinerDocument {
  return MinerDocument.parse(miner);
}

export function activePool(sample: Sample | null): Pool | null {
  return sample?.pools.find((pool) => pool.active) ?? null;
}

/** What `q` is looked for in. */
export function searchTextOf(miner: Miner): string {
  const worker = activePool(miner.sample)?.worker ?? null;
  return [miner.name, `${miner.address}:${miner.port}`, miner.mac, miner.serial, miner.hostname, miner.model ?? miner.modelReported, worker]
    .filter((text) => text !== null)
    .join("\n")
    .toLowerCase();
}

export interface MinerState extends StatusReason {
  readonly statusSinceMs: number;
  readonly lastSeenAtMs: number | null;
}

type MinerBase = Omit<MinerDetail, "sample" | "lastFailure" | "evidence" | "events">;

/** The fields of a row that are not the sample's. One flat literal: spreading a row together costs ten times as much, and lists have thousands. */
export function baseOf(miner: Miner, state: MinerState, nowMs: number): MinerBase {
  return {
    id: miner.id,
    siteId: miner.siteId,
    rackId: miner.rackId,
    slot: miner.slot,
    agentId: miner.agentId,
    name: miner.name,
    tags: miner.tags,
    note: miner.note,
    address: miner.address,
    port: miner.port,
    mac: miner.mac,
    serial: miner.serial,
    hostname: miner.hostname,
    make: miner.make,
    model: miner.model,
    modelReported: miner.modelReported,
    firmware: miner.firmware,
    controlBoard: miner.controlBoard,
    algorithm: miner.sample?.algorithm ?? miner.algorithm,
    status: state.status,
    reason: state.reason,
    statusSinceMs: state.statusSinceMs,
    lastSeenAtMs: state.lastSeenAtMs,
    sampleAgeMs: miner.sample === null ? null : Math.max(0, nowMs - miner.sample.polledAtMs),
  };
}

/** A row of GET /miners. */
export function rowOf(miner: Miner, state: MinerState, nowMs: number): MinerRow {
  const row = baseOf(miner, state, nowMs) as MinerRow;
  for (const field of SAMPLE_SCALARS) setField(row, field, miner.sample?.[field] ?? null);
  return row;
}

function setField<K extends keyof MinerRow>(row: MinerRow, field: K, value: MinerRow[K]): void {
  row[field] = value;
}

/** What of a sample stands in a row. */
export const SAMPLE_SCALARS = [
  "polledAtMs",
  "durationMs",
  "uptimeMs",
  "hashrateHs",
  "hashrateMeanHs",
  "hashrate30mHs",
  "ratedHashrateHs",
  "powerW",
  "powerSource",
  "efficiencyJPerTh",
  "chipTempCMax",
  "boardTempCMax",
  "inletTempC",
  "outletTempC",
  "fansRpm",
  "expectedFanCount",
  "hwErrorCount",
  "acceptedCount",
  "rejectedCount",
  "staleCount",
  "expectedHashboardCount",
] as const satisfies (keyof Sample & keyof MinerRow)[];

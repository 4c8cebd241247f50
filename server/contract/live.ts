import { z } from "zod";
import type { Agent, MinerDetail, Scan, StatusCounts } from "./api.ts";

/**
 * The live stream, socket.io namespace `/live`.
 *
 * Client → `subscribe` (LiveSubscribe, with acknowledgement `{ok}` or `{ok: false, problem}`), `watch` and `unwatch` (LiveWatch), `followAgents` and
 * `unfollowAgents` (no message; the first with acknowledgement).
 * Server → `snapshot` (one ArrayBuffer, see packed.ts), `delta` (one ArrayBuffer), `identity` (LiveIdentity), and `miner` (LiveMiner) for the scope
 * {minerId} and for every miner that this client watches, at either pace and whatever its scope. One subscription per connection: a new one takes the place of the last.
 * Also `backfill` (LiveBackfill) when the history of a site has changed, without a subscription;
 * and `incident` (LiveIncident, see incidents.ts) to whoever may see its site, without a subscription, whenever one opens, changes or closes.
 * To who follows the agents: `agents` (LiveAgents), first whole, then what changed.
 * A delta whose `version` is not the last plus one is a gap: the client subscribes again. The packed encoding lives in packed.ts.
 */

/** Columns of every subscription. status is a code of STATUS_CODES; polledAtMs the time of the last sample; absent values are NaN after decoding. */
export const LIVE_BASE_COLUMNS = [
  "status",
  "hashrateHs",
  "powerW",
  "chipTempCMax",
  "boardTempCMax",
  "fanRpmMin",
  "rejectRatio",
  "polledAtMs",
] as const;
/** Columns sent only while they are shown, sorted or filtered by. */
export const LIVE_EXTRA_COLUMNS = [
  "statusSinceMs",
  "lastSeenAtMs",
  "hashrateMeanHs",
  "hashrate30mHs",
  "efficiencyJPerTh",
  "inletTempC",
  "outletTempC",
  "uptimeMs",
  "hwErrorCount",
  "acceptedCount",
  "rejectedCount",
  "staleCount",
  "fanRpm1",
  "fanRpm2",
  "fanRpm3",
  "fanRpm4",
] as const;
export const LIVE_COLUMNS = [...LIVE_BASE_COLUMNS, ...LIVE_EXTRA_COLUMNS] as const;
export type LiveColumn = (typeof LIVE_COLUMNS)[number];
export type LiveExtraColumn = (typeof LIVE_EXTRA_COLUMNS)[number];

export const LiveScope = z.union([
  z.strictObject({ siteId: z.string().max(60) }),
  z.strictObject({ rackId: z.string().max(60) }),
  z.strictObject({ minerId: z.string().max(60) }),
  z.strictObject({}),
]);
export type LiveScope = z.infer<typeof LiveScope>;

export const LiveSubscribe = z.strictObject({
  scope: LiveScope,
  columns: z.array(z.enum(LIVE_EXTRA_COLUMNS)).max(LIVE_EXTRA_COLUMNS.length).default([]),
});
export type LiveSubscribe = z.infer<typeof LiveSubscribe>;
export const WATCH_PACES = ["fast", "usual"] as const;
export type WatchPace = (typeof WATCH_PACES)[number];
/** `fast` asks the miner's agent for about 2 s polling, `usual` leaves it at its interval. */
export const LiveWatch = z.strictObject({ minerId: z.string().max(60), pace: z.enum(WATCH_PACES).default("fast") });
export type LiveWatch = z.infer<typeof LiveWatch>;

/** Event `miner`: everything about one miner but its events, which come over HTTP. */
export type LiveMiner = Omit<MinerDetail, "events">;

/**
 * Event `agents`: agents and scans of the sites that the client may see. Whole after `followAgents`; later those that changed, at most four times a
 * second. That only a sign of life came is no change: instants move with the agent's statistics, every 2.5 s.
 */
export interface LiveAgents {
  readonly whole: boolean;
  readonly agents: readonly Agent[];
  readonly removedIds: readonly string[];
  /** Oldest first. */
  readonly scans: readonly LiveScan[];
}
/** A scan whose `items` begin at number `itemsFrom`; those before it came earlier. */
export interface LiveScan extends Scan {
  readonly itemsFrom: number;
}

/**
 * Event `backfill`: samples that came late can be read now, those of single miners (`samples`), or the minutes of sites and the fleet with their
 * frames (`minutes`). To whoever may see the site, at most every five seconds each.
 */
export interface LiveBackfill {
  readonly siteId: string;
  readonly what: "samples" | "minutes";
  readonly fromMs: number;
  readonly toMs: number;
}

/** Values of one column after decoding: one number per row, NaN for not reported. Row i belongs to the miner with id `m${keys[i]}`. */
export type LiveValues = Partial<Record<LiveColumn, Float64Array>>;

/** Fleet totals as they travel in each batch; `null` fields as in FleetTotals. */
export interface LiveTotals {
  readonly minerCount: number;
  readonly reportingCount: number;
  readonly statusCounts: StatusCounts;
  readonly hashrateHs: number;
  readonly ratedHashrateHs: number;
  readonly powerW: number | null;
  readonly efficiencyJPerTh: number | null;
  readonly chipTempCMax: number | null;
  /** Epoch ms, so that ages go on without messages. */
  readonly oldestSampleAtMs: number | null;
  readonly oldestAgentAtMs: number | null;
}

export interface LiveSnapshot {
  readonly version: number;
  readonly atMs: number; // server clock
  readonly keys: Uint32Array; // one per row: the numeric part of the miner's id
  readonly values: LiveValues;
  readonly totals: LiveTotals;
}

export interface LiveDelta {
  readonly version: number;
  readonly atMs: number;
  /** New miners, appended behind the last row. Miners that left come as a fresh snapshot. */
  readonly addedKeys: Uint32Array;
  readonly changes: readonly { readonly column: LiveColumn; readonly rows: Uint32Array; readonly values: Float64Array }[];
  /** The two instants of the totals move with every poll and so come with every delta. */
  readonly oldestSampleAtMs: number | null;
  readonly oldestAgentAtMs: number | null;
  /** null: as before, but for the two instants. */
  readonly totals: LiveTotals | null;
}

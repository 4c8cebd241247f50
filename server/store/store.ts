import type { Span } from "./rollup.ts";
import type { AuditEntry, FleetFrame, MinerEvent, Settings, StorageForecast } from "../contract/api.ts";
import type { Sample } from "../contract/sample.ts";
import type { StatusReason } from "../contract/status.ts";

/**
 * The asynchronous seam between the server and whatever keeps its history. Few, whole operations; nothing here blocks the event loop.
 * Miners are numbers here (`minerKey`, 1 to 2^20 - 1): the numeric part of their public id `m<key>`. Sites likewise (`siteKey`, from 1).
 */
export interface Store {
  /** Appends what one tick of ingest took in, in one transaction. Resolves when it is on disk; rejects (StoreError) with nothing kept. */
  append(batch: AppendBatch): Promise<AppendResult>;
  /** Series of one miner, a site or the fleet; picks the tier. At most 2,000 points. */
  readSeries(query: SeriesQuery): Promise<SeriesColumns>;
  /** The fleet at the stored minute at or before atMs (1 min for 24 h, 5 min for 30 d); null where there is none within 10 min. */
  readFrame(atMs: number): Promise<StoredFrame | null>;
  /** Writes the state of the whole fleet at one minute: the frame, and status counts for the site and fleet tiers. */
  appendMinute(minute: MinuteState): Promise<void>;

  /** Last known samples, for a restart: the newest detail of each miner with the newest stored scalars laid over it. */
  readLastSamples(): Promise<LastSample[]>;
  /** What the store holds of some miners in a span of at most an hour or so, each in order of time; none that it does not know. For the windows of a live state. */
  readRecent(query: { minerKeys: number[]; fromMs: number; toMs: number }): Promise<RecentSample[][]>;
  /** Details (hashboards, pools, …) to be kept for the next start; the caller spreads miners over time, about once a minute each. */
  saveDetails(details: { minerKey: number; sample: Sample }[]): Promise<void>;

  /** Last acknowledged sequence number of an agent's outbox, -1 for none. */
  lastSeq(agentId: string, outboxId: string): Promise<number>;

  appendEvents(events: StoredEvent[]): Promise<void>;
  readEvents(query: { minerKey: number; fromMs: number; toMs: number; limit: number }): Promise<MinerEvent[]>;

  /** The bytes of replies that could not be read, kept 7 days. */
  saveMalformed(replies: { minerKey: number; atMs: number; command: string; failure: string; bytes: Uint8Array }[]): Promise<void>;
  readMalformed(minerKey: number): Promise<{ atMs: number; command: string; failure: string; bytes: Uint8Array }[]>;

  appendAudit(entries: Omit<AuditEntry, "id">[]): Promise<void>;
  /** Newest first, `beforeId` exclusive. */
  readAudit(query: {
    beforeId: number | null;
    limit: number;
    actor?: string;
    action?: string;
  }): Promise<{ items: AuditEntry[]; totalCount: number }>;

  readonly records: RecordStore;
  readonly alerts: AlertStore;

  /** Seals what is due, rolls up, joins chunks: one small step each call, driven by node-cron. `nowMs` is injected. */
  seal(nowMs: number): Promise<void>;
  /** Returns the spans of which minutes, and frames where samples of them came late, hold all that is known by now. */
  rollUp(nowMs: number): Promise<Span[]>;
  /** Deletes what is older than its tier's retention, in small steps. */
  retain(nowMs: number, retention: Settings["retention"]): Promise<void>;
  forecast(): Promise<StorageForecast>;
  /** Forgets a miner's state; its history stays until retention. */
  forgetMiner(minerKey: number): Promise<void>;
  /** Flushes and closes. Idempotent. */
  close(): Promise<void>;
}

/** Alerts and incidents. Documents and events are JSON that only their owner reads. */
export interface AlertStore {
  /** One transaction: all of it is on disk when this resolves, or none. */
  commit(commit: AlertCommit): Promise<void>;
  /** What a start goes on from. */
  load(): Promise<StoredAlerts>;
  readNews(query: { afterSeq: number; limit: number }): Promise<StoredNews[]>;
  /** A closed incident as a whole; null where it is not kept. */
  readClosed(number: number): Promise<unknown>;
  /** Numbers of the closed incidents in which a machine was a member, newest first; of very many the oldest are forgotten. */
  readClosedOf(minerId: string): Promise<number[]>;
}
export interface AlertCommit {
  nowMs: number;
  alerts: StoredAlert[]; // document null: forgotten
  /** What happened, appended to the log. */
  events: unknown[];
  /** The state after these events, so that a start need not read the log from its beginning; null: not now. */
  snapshot: unknown;
  closed: { number: number; closedAtMs: number; summary: unknown; whole: unknown; minerIds: string[] }[]; // minerIds: the machines among the members
  news: StoredNews[];
}
export interface StoredAlert {
  ruleId: string;
  subjectId: string;
  document: unknown;
}
export interface StoredNews {
  seq: number;
  atMs: number;
  incidentId: string;
  kind: string;
  document: unknown;
}
export interface StoredAlerts {
  alerts: StoredAlert[];
  snapshot: unknown;
  events: unknown[]; // since the snapshot
  closed: unknown[]; // summaries, newest first
  lastSeq: number; // of news, 0 for none
  writtenAtMs: number; // of the last commit that said something, 0 for none
}

export interface AppendBatch {
  /** Highest sequence number per outbox that is whole with this batch; stored in the same transaction. */
  acks: { agentId: string; outboxId: string; seq: number }[];
  samples: { minerKey: number; siteKey: number; sample: Sample }[];
}
export interface AppendResult {
  storedCount: number;
  duplicateCount: number; // (miner, polledAtMs) that were there already
  droppedCount?: number; // older than the retention of raw samples
}

export interface SeriesQuery {
  target: { minerKey: number } | { siteKey: number } | { fleet: true };
  /** Names as in SCALAR_METRICS, `hashboard.<chain>.<name>`, `fan.<n>.rpm`; with `:min`, `:max`, for sites and fleet also `:p50`, `:p95`; `status:<status>` for sites and fleet. */
  metrics: string[];
  fromMs: number;
  toMs: number;
  stepMs: number | null; // null: the store picks
}
export interface SeriesColumns {
  stepMs: number;
  timesMs: number[];
  series: Record<string, (number | null)[]>;
  coverage: number[];
}

export interface StoredFrame {
  atMs: number;
  minerKeys: Uint32Array;
  statusCodes: Uint8Array;
  hashrateHs: Float64Array; // NaN: not reported
  chipTempCMax: Float64Array;
}
export interface MinuteState {
  /** Start of the minute that has just ended. */
  atMs: number;
  frame: StoredFrame;
  /** siteKey of each row of the frame. The store sums by site and for the fleet. */
  siteKeys: Uint32Array;
  /** Rating of each row that should hash, reached or not; NaN of the others. */
  ratedHashrateHs: Float64Array;
}

export interface LastSample {
  minerKey: number;
  sample: Sample;
}
/** The part of a stored sample that sliding windows are made of. */
export type RecentSample = Pick<
  Sample,
  "polledAtMs" | "uptimeMs" | "hashrateHs" | "hashrateMeanHs" | "acceptedCount" | "rejectedCount" | "hwErrorCount"
>;
export interface StoredEvent extends MinerEvent {
  minerKey: number;
  from?: StatusReason;
}
export type { FleetFrame };

/** Small records as JSON documents, one kind per table of the domain: loaded whole at start, written through on change. */
export const RECORD_KINDS = [
  "site",
  "rack",
  "range",
  "agent",
  "user",
  "token",
  "session",
  "wallLink",
  "setting",
  "view",
  "node",
  "miner",
  "backfill",
  "meta",
  "alertRule",
  "poolHabit",
  "silence",
  "channel",
  "route",
  "delivery",
  "told",
  "budget",
  "notifyState",
  "notifySetting",
] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];
export interface RecordStore {
  /** Every document of a kind, unvalidated: the caller's schema reads them. */
  load(kind: RecordKind): Promise<{ id: string; document: unknown }[]>;
  get(kind: RecordKind, id: string): Promise<unknown>;
  /** One transaction. `document: null` removes. */
  apply(changes: { kind: RecordKind; id: string; document: unknown }[]): Promise<void>;
  /** Calls back within 250 ms after another process (the command line) changed records. Returns what ends it. */
  onForeignChange(listener: () => void): () => void;
}

/** Per-sample scalars that the history keeps, in SI units or as counted. Positions are column numbers on disk: append only. */
export const SCALAR_METRICS = [
  "hashrateHs",
  "hashrateMeanHs",
  "hashrate30mHs",
  "ratedHashrateHs",
  "powerW",
  "efficiencyJPerTh",
  "chipTempCMax",
  "boardTempCMax",
  "inletTempC",
  "outletTempC",
  "uptimeMs",
  "durationMs",
  "hwErrorCount",
  "acceptedCount",
  "rejectedCount",
  "staleCount",
] as const;
/** Per-hashboard values that the history keeps, as `hashboard.<chain>.<name>`; temperatures are the hottest of the board. Append only. */
export const HASHBOARD_METRICS = ["hashrateHs", "chipTempCMax", "boardTempCMax", "freqMhz", "chipOkCount", "hwErrorCount"] as const;

import type {
  Agent,
  FleetIdentity,
  FleetTotals,
  MinerDetail,
  MinerPatch,
  MinerRow,
  Page,
  Rack,
  Range,
  Replies,
  Scan,
  Settings,
  Site,
  Threshold,
} from "../contract/api.ts";
import type { LiveColumn, LiveTotals } from "../contract/live.ts";
import type { StatusReason } from "../contract/status.ts";
import type { StoredEvent } from "../store/store.ts";
import type { AgentHealth } from "./agentHealth.ts";
import type { Miner } from "./miner.ts";

/** The seams between the parts of the server: who may ask whom for what. Implementations are passed in by main.ts; tests pass something smaller. */

/** Sites, racks, ranges, agents and settings: in memory, written through to the store's records before a change is visible. */
export interface DirectoryPort {
  sites(): readonly Site[];
  site(siteId: string): Site | null;
  /** The store's number of a site, stable, from 1; it is the numeric part of the id `s<key>`. */
  racks(siteId?: string): readonly Rack[];
  ranges(agentId?: string): readonly Range[];
  agents(): readonly AgentRecord[];
  agent(agentId: string): AgentRecord | null;
  settings(): Settings;
  /** The thresholds that hold for a model at a site: the site's row for the model, the site's default, the model's row, the default. */
  threshold(model: string | null, siteId: string): Threshold;
  /** Uses up a one-time code. null: unknown, used or expired. The key is returned once and stored hashed. */
  enrol(code: string, facts: { hostname: string; program: string }): Promise<{ agentId: string; key: string } | null>;
  /** True when the key belongs to the agent and the agent is not revoked. */
  checkAgentKey(agentId: string, key: string): Promise<boolean>;
  /** What an agent says of itself when it connects; written where it is news. */
  noteAgent(agentId: string, facts: { hostname: string; program: string }): Promise<void>;
  onChange(listener: (change: DirectoryChange) => void): () => void;
}
export type DirectoryChange =
  { kind: "site" | "rack" | "agent"; id: string; removed: boolean } | { kind: "range"; agentId: string } | { kind: "settings" };
export interface AgentRecord {
  id: string;
  siteId: string;
  name: string;
  embedded: boolean;
  revoked: boolean;
  enrolledAtMs: number | null;
  codeExpiresAtMs: number | null;
  hostname: string | null;
  program: string | null;
}

/** State of every miner in memory. Nothing here asks the store. */
export interface FleetPort {
  /** sites: one id or several; left out, the whole fleet. */
  totals(nowMs: number, sites?: string | readonly string[]): FleetTotals;
  liveTotals(nowMs: number, sites?: string | readonly string[]): LiveTotals;
  list(query: MinerQuery, nowMs: number): Page<MinerRow>;
  detail(minerId: string, nowMs: number): Omit<MinerDetail, "events"> | null;
  /** `etag` changes exactly when the content does; siteIds null = all. */
  identity(siteIds: readonly string[] | null): { etag: string; identity: FleetIdentity };
  /** null: no such miner. Persists before it resolves. */
  patch(minerId: string, patch: MinerPatch): Promise<MinerRow | null>;
  forget(minerId: string): Promise<boolean>;
  /** Forgets every miner of a site; their history stays until retention. */
  forgetSite(siteId: string): Promise<void>;
  /** Rows by key for the live stream; see live/. */
  readonly columns: FleetColumnsPort;
}
export interface MinerQuery {
  site?: string[];
  rack?: string[];
  status?: string[];
  reason?: string[];
  model?: string[];
  firmware?: string[];
  controlBoard?: string[];
  agent?: string[];
  tag?: string[];
  q?: string;
  /** Field of a row, `-` in front for descending. */
  sort?: string;
  limit: number;
  cursor?: string;
  /** Sites the caller may see; null = all. */
  allowedSites: readonly string[] | null;
}
/** What the alerts look at: every miner by row, whole and in columns, and what changes. */
export interface FleetWatchPort {
  readonly rowCount: number;
  /** By row; NaN: not reported, or not known yet. The arrays are replaced when the fleet grows. */
  readonly values: Readonly<Record<LiveColumn | "staleRatio" | "hwErrorRatio" | "hashrate5mHs" | "lastPollAtMs", Float64Array>>;
  minerAt(row: number): Readonly<Miner> | null;
  miner(minerId: string): Readonly<Miner> | null;
  statusOf(row: number): StatusReason;
  /** What the polls agree on, under a maintenance window too; null: nothing yet. */
  agreedOf(row: number): StatusReason | null;
  agentFacts(agentId: string): Readonly<AgentHealth>;
  /** Miners that are worked on: they show as paused. */
  setMaintenance(covers: (miner: Readonly<Miner>) => boolean): void;
  onRowChange: FleetColumnsPort["onRowChange"];
  /** Restarts, changes of identity and status as they are told. */
  onEvent(listener: (event: StoredEvent) => void): () => void;
}
/** What the live stream reads: typed columns by row, and which rows changed. */
export interface FleetColumnsPort {
  readonly rowCount: number;
  /** Numeric miner key by row; 0 for a row that was forgotten. */
  key(row: number): number;
  siteId(row: number): string;
  rackId(row: number): string | null;
  rowOf(minerId: string): number | null;
  value(row: number, column: LiveColumn): number; // NaN: not reported
  statusOf(row: number): StatusReason;
  /** Called with each row whose live values or identity changed; at most once per row between two drains of the listener. */
  onRowChange(listener: (row: number, what: "values" | "identity" | "added" | "removed") => void): () => void;
}

/** What the rest of the server may ask of connected agents. */
export interface AgentLinkPort {
  /** Connection state and statistics for GET /agents. */
  describe(agent: AgentRecord, nowMs: number): Agent;
  startScan(agentId: string, ranges: string[] | null): Promise<Scan | null>; // null: the agent is not connected
  /** The scan as it is then, stopped unless it had ended before; null for one that is not known. */
  stopScan(scanId: string): Scan | null;
  scan(scanId: string): Scan | null;
  scans(): readonly Scan[];
  /** null: the agent is not connected or did not answer in 10 s. */
  fetchReplies(minerId: string): Promise<Replies | null>;
  /** About 2 s polling of one miner for as long as somebody watches; returns what ends it. */
  watch(minerId: string): () => void;
  /** Ends the connection of an agent whose key was revoked. */
  disconnect(agentId: string): void;
}

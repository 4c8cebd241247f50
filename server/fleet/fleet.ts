import type { Logger } from "pino";
import { systemClock, type Timers } from "../clock.ts";
import type { FleetIdentity, FleetTotals, MinerDetail, MinerPatch, MinerRow, Page } from "../contract/api.ts";
import type { FrameEntry } from "../contract/agentLink.ts";
import type { LiveColumn, LiveTotals } from "../contract/live.ts";
import type { Sample } from "../contract/sample.ts";
import { statusCode, type StatusReason } from "../contract/status.ts";
import type { AppendBatch, MinuteState, Store, StoredEvent } from "../store/store.ts";
import { AgentHealths } from "./agentHealth.ts";
import { extremesOf, scanExtremes } from "./extremes.ts";
import { identityColumns } from "./identityColumns.ts";
import { baseOf, keyOfId, MinerDocument, rowOf, searchTextOf, activePool, type Miner, type MinerState } from "./miner.ts";
import { MinerTable } from "./minerTable.ts";
import { Outbound } from "./outbound.ts";
import type { DirectoryPort, FleetColumnsPort, FleetPort, FleetWatchPort, MinerQuery } from "./ports.ts";
import { listMiners } from "./query.ts";
import { MinerRegistry, type Endpoint, type Place } from "./registry.ts";
import { hasStartedAnew } from "./restart.ts";
import { agreedStatus, statusOf, unknownReason, verdictOf, verdictOfFailure, type StatusInput } from "./status.ts";
import { TotalsKeeper, type Extremes } from "./totals.ts";
import { WindowRefill } from "./windowRefill.ts";
import { WindowRings } from "./windows.ts";

export interface FleetParts {
  readonly store: Store;
  readonly directory: DirectoryPort;
  readonly clock: () => number; // epoch ms
  readonly timers?: Timers; // the system's where nothing else is said
  readonly log: Logger;
}

type SampleEntry = Extract<FrameEntry, { kind: "sample" }>;
type FailureEntry = Extract<FrameEntry, { kind: "failure" }>;
type IdentityEntry = Extract<FrameEntry, { kind: "identity" }>;
/** Who sent an entry, and when: `atMs` is the entry's instant on the server's clock. */
export interface Origin {
  readonly agentId: string;
  readonly siteId: string;
  readonly atMs: number;
}
type RowChange = Parameters<Parameters<FleetColumnsPort["onRowChange"]>[0]>[1];

const SWEEP_MS = 1000;
const REBUILD_MS = 60_000;
const DETAILS_EVERY_MS = 60_000;
const DETAILS_MAX = 1000;
const UNKNOWN_CODES = { agentDown: code("agentDown"), stale: code("stale"), neverPolled: code("neverPolled") };
function code(reason: "agentDown" | "stale" | "neverPolled"): number {
  return statusCode({ status: "unknown", reason });
}

/** Loads every miner and its last sample from the store, so that a restart shows what was known, with its age. */
export async function createFleet(parts: FleetParts): Promise<Fleet> {
  const fleet = new Fleet(parts);
  await fleet.load();
  return fleet;
}

/** State of every miner in memory: fed by ingest entry by entry, read by everyone else. `start` runs the sweep once a second; `close` writes what is pending. */
export class Fleet implements FleetPort {
  readonly #parts: FleetParts;
  readonly #table = new MinerTable();
  readonly #windows = new WindowRings();
  readonly #refill = new WindowRefill(this.#windows);
  readonly #totals = new TotalsKeeper();
  readonly #agents = new AgentHealths();
  readonly #registry = new MinerRegistry((key, place) => this.#addRow(key, place));
  readonly #rows: (Miner | null)[] = [];
  readonly #listeners = new Set<(row: number, what: RowChange) => void>();
  readonly #eventListeners = new Set<(event: StoredEvent) => void>();
  readonly #outbound: Outbound;
  readonly #bootedAtMs: number;
  readonly #siteRevisions = new Map<string, number>();
  readonly columns: FleetColumnsPort;
  readonly watched: FleetWatchPort;
  #inMaintenance: (miner: Miner) => boolean = () => false;
  #extremesAt: { nowMs: number; bySite: Map<number, Extremes> } | null = null;
  #rebuiltAtMs = 0;
  #endSweeps: (() => void) | null = null;
  #unlisten: () => void = () => undefined;

  constructor(parts: FleetParts) {
    this.#parts = parts;
    this.#bootedAtMs = parts.clock();
    this.#outbound = new Outbound(parts.store, parts.log);
    this.columns = this.#columnsPort();
    this.watched = this.#watchPort();
  }

  async load(): Promise<void> {
    const { store, clock, directory } = this.#parts;
    const [documents, samples, meta] = await Promise.all([
      store.records.load("miner"),
      store.readLastSamples(),
      store.records.get("meta", "minerKeys"),
    ]);
    for (const { id, document } of documents) this.#restore(id, document);
    if (typeof meta === "object" && meta !== null && "next" in meta && typeof meta.next === "number") this.#registry.reserveKeys(meta.next);
    for (const { minerKey, sample } of samples) this.#restoreSample(minerKey, sample);
    for (const miner of this.#registry.miners()) this.#refresh(miner, clock());
    this.#unlisten = directory.onChange((change) => {
      if (change.kind === "rack" && change.removed) this.#emptyRack(change.id);
    });
  }

  #restore(id: string, document: unknown): void {
    const key = keyOfId(id, "m");
    const read = MinerDocument.safeParse(document);
    const siteKey = read.success ? keyOfId(read.data.siteId, "s") : null;
    if (key !== null && read.success && siteKey !== null)
      this.#rows[this.#registry.restore(key, read.data, siteKey).row] = this.#registry.byKey(key);
    else this.#parts.log.error({ minerId: id }, "miner record cannot be read and is left alone");
  }

  #restoreSample(minerKey: number, sample: Sample): void {
    const miner = this.#registry.byKey(minerKey);
    if (miner === null) return;
    miner.sample = { ...sample, minerId: miner.id };
    miner.searchText = searchTextOf(miner);
    this.#table.setSample(miner.row, miner.sample, null);
    this.#table.columns.lastSeenAtMs[miner.row] = sample.polledAtMs;
    this.#table.columns.lastPollAtMs[miner.row] = sample.polledAtMs;
    const agent = this.#agents.of(miner.agentId);
    agent.newestSampleAtMs = Math.max(agent.newestSampleAtMs ?? 0, sample.polledAtMs);
  }

  start(): void {
    void this.fillWindows().catch((err: unknown) =>
      this.#parts.log.error({ err }, "recent samples cannot be read; means and ratios start anew"),
    );
    const { clock, timers = systemClock } = this.#parts;
    this.#endSweeps ??= timers.every(SWEEP_MS, () => {
      this.sweep(clock());
      void this.flush().catch(() => undefined); // logged where it failed, kept for the next round
    });
  }

  /** Brings the sliding windows back from the store, in the background; a miner that was polled meanwhile is judged again with them. */
  async fillWindows(): Promise<void> {
    const { store, clock } = this.#parts;
    await this.#refill.run(this.#registry.miners(), { store, nowMs: clock(), onFilled: (miner) => this.#judgeAgain(miner) });
  }

  /** The last poll's verdict, with windows that were not there when it came. */
  #judgeAgain(miner: Miner): void {
    const { row, sample } = miner;
    const { columns } = this.#table;
    if (sample === null || columns.lastPollAtMs[row] !== sample.polledAtMs) return;
    const windows = this.#windows.read(row, sample.polledAtMs);
    const verdict = verdictOf(sample, windows, this.#parts.directory.threshold(miner.model, miner.siteId));
    this.#table.setSample(row, sample, windows);
    this.#table.setVerdict("lastVerdict", row, verdict);
    const beforeLast = this.#table.verdictAt("verdictBefore", row);
    const before = beforeLast === null ? null : this.#table.verdictAt("agreed", row); // without one before it, the verdict stood alone
    this.#table.setVerdict("agreed", row, agreedStatus({ last: verdict, beforeLast, before }));
    this.#refresh(miner, this.#parts.clock());
    this.#notify(row, "values");
  }

  async close(): Promise<void> {
    this.#endSweeps?.();
    this.#endSweeps = null;
    this.#unlisten();
    await this.flush();
  }

  /** Writes miners and events that changed. Ingest waits for it before it stores samples, so that no sample has a number that a restart could give to another miner. */
  flush(): Promise<void> {
    return this.#outbound.flush(this.#registry);
  }

  /* From ingest */

  /** A sign of life of an agent, at the server's time. */
  agentAlive(agentId: string, nowMs: number, pollIntervalMs?: number): void {
    const agent = this.#agents.of(agentId);
    agent.lastFrameAtMs = nowMs;
    if (pollIntervalMs !== undefined && pollIntervalMs !== agent.pollIntervalMs) {
      agent.pollIntervalMs = pollIntervalMs;
      for (const miner of this.#registry.miners()) if (miner.agentId === agentId) this.#identityChanged(miner);
    }
  }

  agentFacts(agentId: string): { newestSampleAtMs: number | null; minerCount: number; lastFrameAtMs: number | null } {
    return this.#agents.of(agentId);
  }

  /** Takes in a sample, whose object becomes the fleet's own; returns what the store is to keep. One that is not newer than the miner's last changes nothing live. */
  takeSample(entry: SampleEntry, { agentId, siteId, atMs }: Origin): AppendBatch["samples"][number] {
    const miner = this.#minerAt(entry, { agentId, siteId });
    const previous = miner.sample;
    const sample: Sample = Object.assign(entry.sample, { minerId: miner.id, polledAtMs: atMs });
    const stored = { minerKey: miner.key, siteKey: miner.siteKey, sample };
    if (previous !== null && previous.polledAtMs >= atMs) return stored;
    if (!this.#refill.holds(miner, sample))
      this.#windows.add(miner.row, sample, {
        polledAtMs: atMs,
        previous: previous && { sample: previous, polledAtMs: previous.polledAtMs },
      });
    const windows = this.#windows.read(miner.row, atMs);
    miner.sample = sample;
    this.#table.setSample(miner.row, sample, windows);
    this.#table.columns.lastSeenAtMs[miner.row] = atMs;
    const agent = this.#agents.of(agentId);
    agent.newestSampleAtMs = Math.max(agent.newestSampleAtMs ?? 0, atMs);
    this.#tellSampleNews(miner, previous);
    const threshold = this.#parts.directory.threshold(miner.model, siteId);
    this.#takeVerdict(miner, verdictOf(sample, windows, threshold), { atMs, spacingMs: entry.spacingMs });
    return stored;
  }

  takeFailure(entry: FailureEntry, { agentId, siteId, atMs }: Origin): void {
    const miner = this.#minerAt(entry, { agentId, siteId });
    const { columns } = this.#table;
    if (columns.lastPollAtMs[miner.row] >= atMs) return;
    const { durationMs, failure, detail, apiDown } = entry;
    miner.lastFailure = { minerId: miner.id, polledAtMs: atMs, durationMs, failure, detail, apiDown };
    if (entry.answered) columns.lastSeenAtMs[miner.row] = atMs;
    this.#takeVerdict(miner, verdictOfFailure(entry), { atMs, spacingMs: entry.spacingMs });
  }

  takeIdentity(entry: IdentityEntry, { agentId, siteId, atMs }: Origin): void {
    const place = this.#place(entry, { agentId, siteId });
    const { miner, changed, events, absorbed } = this.#registry.identify(place, entry.identity, this.#parts.clock());
    this.#rows[miner.row] = miner;
    this.#table.columns.agentIndex[miner.row] = this.#agents.of(miner.agentId).index;
    if (absorbed) this.#drop(absorbed);
    for (const { miner: about, text } of events)
      this.#event({ minerKey: about.key, atMs, kind: "identity", text, status: null, reason: null });
    for (const about of new Set([...events.map((event) => event.miner), ...(changed ? [miner] : [])])) {
      this.#identityChanged(about);
      this.#refresh(about, this.#parts.clock());
    }
  }

  /** The number of the miner at a place, for what is stored about it. */
  minerKeyAt(endpoint: Endpoint, agent: { agentId: string; siteId: string }): number {
    return this.#minerAt(endpoint, agent).key;
  }

  /** Where a miner answers and which agent asks it; null where there is none, or another machine answers there now. */
  whereIs(minerId: string): { agentId: string; address: string; port: number } | null {
    const miner = this.#byId(minerId);
    if (miner?.agentId == null || !miner.atEndpoint) return null;
    return { agentId: miner.agentId, address: miner.address, port: miner.port };
  }

  #takeVerdict(miner: Miner, verdict: StatusReason, { atMs, spacingMs }: { atMs: number; spacingMs: number }): void {
    const { columns } = this.#table;
    const { row } = miner;
    const tooLongAgo = !(atMs - columns.lastPollAtMs[row] <= 3 * Math.max(spacingMs, columns.spacingMs[row] || 0));
    const beforeLast = tooLongAgo ? null : this.#table.verdictAt("lastVerdict", row);
    const before = tooLongAgo ? null : this.#table.verdictAt("agreed", row);
    this.#table.setVerdict("verdictBefore", row, beforeLast);
    this.#table.setVerdict("lastVerdict", row, verdict);
    this.#table.setVerdict("agreed", row, agreedStatus({ last: verdict, beforeLast, before }));
    columns.lastPollAtMs[row] = atMs;
    columns.spacingMs[row] = spacingMs;
    this.#refresh(miner, this.#parts.clock());
    this.#notify(row, "values");
  }

  #tellSampleNews(miner: Miner, previous: Sample | null): void {
    const sample = miner.sample;
    if (sample === null) return;
    if (previous !== null && hasStartedAnew(previous, sample)) {
      const text = sample.uptimeMs === null ? "Restarted" : `Restarted ${Math.round(sample.uptimeMs / 1000)} s ago`;
      this.#event({ minerKey: miner.key, atMs: sample.polledAtMs, kind: "restart", text, status: null, reason: null });
    }
    if (previous === null || identityOfSample(previous) !== identityOfSample(sample)) this.#identityChanged(miner);
  }

  #minerAt(endpoint: Endpoint, agent: { agentId: string; siteId: string }): Miner {
    const known = this.#registry.at(agent.siteId, endpoint);
    if (known === null) {
      const miner = this.#registry.create(this.#place(endpoint, agent), this.#parts.clock());
      this.#rows[miner.row] = miner;
      this.#refresh(miner, this.#parts.clock());
      this.#identityChanged(miner, "added");
      return miner;
    }
    if (known.agentId !== agent.agentId) this.#handOver(known, agent.agentId);
    return known;
  }

  /** Another agent polls it now. */
  #handOver(miner: Miner, agentId: string): void {
    this.#agents.of(miner.agentId).minerCount--;
    miner.agentId = agentId;
    const agent = this.#agents.of(agentId);
    agent.minerCount++;
    this.#table.columns.agentIndex[miner.row] = agent.index;
    this.#identityChanged(miner);
  }

  #place({ address, port }: Endpoint, { agentId, siteId }: { agentId: string; siteId: string }): Place {
    const siteKey = keyOfId(siteId, "s");
    if (siteKey === null) throw new RangeError(`Agent ${agentId} belongs to the site ${siteId}, whose id is not s and a number`);
    return { address, port, agentId, siteId, siteKey };
  }

  #addRow(key: number, { siteKey, agentId }: Place): number {
    const agent = this.#agents.of(agentId === "" ? null : agentId);
    agent.minerCount++;
    const row = this.#table.addRow(key, siteKey, agent.index);
    this.#table.columns.status[row] = UNKNOWN_CODES.agentDown;
    this.#table.columns.statusSinceMs[row] = this.#parts.clock();
    return row;
  }

  /* Time */

  /** What changes without a poll: miners that become stale, agents that fall silent, samples that are too old to be summed. One pass over typed arrays. */
  sweep(nowMs: number): void {
    const { rowCount, columns } = this.#table;
    for (let row = 0; row < rowCount; row++) {
      if (columns.key[row] === 0) continue;
      const agent = this.#agents.at(columns.agentIndex[row]);
      const lastPollAtMs = columns.lastPollAtMs[row];
      const reason = unknownReason(
        {
          agent,
          lastPollAtMs: Number.isNaN(lastPollAtMs) ? null : lastPollAtMs,
          spacingMs: columns.spacingMs[row] || agent.pollIntervalMs,
        },
        nowMs,
      );
      const isKnown = columns.status[row] < UNKNOWN_CODES.agentDown;
      const changes = reason === null ? !isKnown : columns.status[row] !== UNKNOWN_CODES[reason];
      const miner = this.#rows[row];
      if (miner && (changes || this.#isReporting(row, nowMs) !== this.#totals.isReporting(row))) this.#refresh(miner, nowMs);
    }
    if (nowMs - this.#rebuiltAtMs < REBUILD_MS) return;
    this.#totals.rebuild();
    this.#rebuiltAtMs = nowMs;
  }

  #isReporting(row: number, nowMs: number): boolean {
    const { columns } = this.#table;
    return nowMs - columns.polledAtMs[row] <= 2 * this.#agents.at(columns.agentIndex[row]).pollIntervalMs;
  }

  /** Brings status, totals and events of one miner up to date. */
  #refresh(miner: Miner, nowMs: number): void {
    const { row } = miner;
    const { columns } = this.#table;
    const next = statusOf(this.#statusInput(miner), nowMs);
    const nextCode = statusCode(next);
    if (nextCode !== columns.status[row]) {
      const from = this.#table.statusAt(row);
      columns.status[row] = nextCode;
      columns.statusSinceMs[row] = nowMs;
      const text = `${from.status} (${from.reason}) → ${next.status} (${next.reason})`;
      this.#event({ minerKey: miner.key, atMs: nowMs, kind: "status", text, ...next, from });
      this.#notify(row, "values");
    }
    this.#totals.set(row, {
      siteKey: miner.siteKey,
      algorithm: algorithmOf(miner),
      status: next.status,
      reporting: this.#isReporting(row, nowMs),
      hashrateHs: miner.sample?.hashrateHs ?? null,
      ratedHashrateHs: miner.sample?.ratedHashrateHs ?? null,
      powerW: miner.sample?.powerW ?? null,
    });
    this.#extremesAt = null;
  }

  #statusInput(miner: Miner): StatusInput {
    const { row, sample } = miner;
    const { columns } = this.#table;
    const agent = this.#agents.at(columns.agentIndex[row]);
    const lastPollAtMs = columns.lastPollAtMs[row];
    return {
      agent,
      lastPollAtMs: Number.isNaN(lastPollAtMs) ? null : lastPollAtMs,
      spacingMs: columns.spacingMs[row] || agent.pollIntervalMs,
      hasSample: sample !== null,
      maintenance: this.#inMaintenance(miner),
      curtailed: false,
      last: this.#table.verdictAt("lastVerdict", row),
      beforeLast: this.#table.verdictAt("verdictBefore", row),
      before: this.#table.verdictAt("agreed", row),
    };
  }

  /** The state of the fleet for the minute tables; values of miners that do not report are NaN. */
  minute(atMs: number): MinuteState {
    const nowMs = this.#parts.clock();
    const { columns } = this.#table;
    const rows = [...this.#registry.miners()].map((miner) => miner.row);
    const reading = (column: Float64Array): Float64Array =>
      Float64Array.from(rows, (row) => (this.#isReporting(row, nowMs) ? column[row] : NaN));
    return {
      atMs,
      frame: {
        atMs,
        minerKeys: Uint32Array.from(rows, (row) => columns.key[row]),
        statusCodes: Uint8Array.from(rows, (row) => columns.status[row]),
        hashrateHs: reading(columns.hashrateHs),
        chipTempCMax: reading(columns.chipTempCMax),
      },
      siteKeys: Uint32Array.from(rows, (row) => columns.siteKey[row]),
      ratedHashrateHs: Float64Array.from(rows, (row) => this.#expectedHs(row)),
    };
  }

  /** What a miner is rated at, reached or not; NaN where nobody expects it to hash, or knows. */
  #expectedHs(row: number): number {
    const { status } = this.#table.statusAt(row);
    return status === "unknown" || status === "paused" ? NaN : (this.#rows[row]?.sample?.ratedHashrateHs ?? NaN);
  }

  /** Details to be saved for the next start: each miner about once a minute, spread by its number. Counted as saved when given out. */
  detailsDue(nowMs: number): { minerKey: number; sample: Sample }[] {
    const due: { minerKey: number; sample: Sample }[] = [];
    for (const miner of this.#registry.miners()) {
      if (miner.sample === null || nowMs - miner.detailsSavedAtMs < DETAILS_EVERY_MS || miner.sample.polledAtMs <= miner.detailsSavedAtMs)
        continue;
      miner.detailsSavedAtMs = miner.detailsSavedAtMs === 0 ? nowMs - ((miner.key * 7919) % DETAILS_EVERY_MS) : nowMs;
      due.push({ minerKey: miner.key, sample: miner.sample });
      if (due.length === DETAILS_MAX) break;
    }
    return due;
  }

  /* FleetPort */

  totals(nowMs: number, sites?: string | readonly string[]): FleetTotals {
    const siteKeys = siteKeysOf(sites);
    return this.#totals.fleet(siteKeys, this.#extremes(siteKeys, nowMs), nowMs);
  }

  liveTotals(nowMs: number, sites?: string | readonly string[]): LiveTotals {
    const siteKeys = siteKeysOf(sites);
    return this.#totals.live(siteKeys, this.#extremes(siteKeys, nowMs));
  }

  list(query: MinerQuery, nowMs: number): Page<MinerRow> {
    return listMiners({ miners: this.#registry.miners(), stateOf: (miner) => this.#stateOf(miner) }, query, nowMs);
  }

  detail(id: string, nowMs: number): Omit<MinerDetail, "events"> | null {
    const miner = this.#byId(id);
    if (miner === null) return null;
    const { sample, lastFailure, evidence } = miner;
    return { ...baseOf(miner, this.#stateOf(miner), nowMs), sample, lastFailure, evidence };
  }

  identity(siteIds: readonly string[] | null): { etag: string; identity: FleetIdentity } {
    const allowed = siteIds && new Set(siteIds);
    const miners = [...this.#registry.miners()].filter((miner) => allowed?.has(miner.siteId) ?? true);
    const revision = [...this.#siteRevisions].reduce((sum, [siteId, count]) => ((allowed?.has(siteId) ?? true) ? sum + count : sum), 0);
    const sites = siteIds === null ? "all" : [...siteIds].sort().join("+");
    return { etag: `"${this.#bootedAtMs.toString(36)}-${sites}-${revision}"`, identity: this.#identityColumns(miners) };
  }

  identityOfRows(rows: readonly number[]): FleetIdentity {
    return this.#identityColumns(rows.map((row) => this.#rows[row]).filter((miner) => miner !== null));
  }

  async patch(id: string, patch: MinerPatch): Promise<MinerRow | null> {
    const miner = this.#byId(id);
    if (miner === null) return null;
    if (patch.rackId != null && !this.#parts.directory.racks(miner.siteId).some((rack) => rack.id === patch.rackId))
      throw new RangeError(`Rack ${patch.rackId} is not at the site of ${id}`);
    const before = { name: miner.name, tags: miner.tags, note: miner.note, rackId: miner.rackId, slot: miner.slot };
    Object.assign(miner, patch);
    this.#outbound.minerChanged(miner.key);
    try {
      await this.flush();
    } catch (error) {
      Object.assign(miner, before);
      throw error;
    }
    miner.searchText = searchTextOf(miner);
    this.#identityChanged(miner);
    return rowOf(miner, this.#stateOf(miner), this.#parts.clock());
  }

  async forget(id: string): Promise<boolean> {
    const miner = this.#byId(id);
    if (miner === null) return false;
    this.#remove(miner);
    await this.flush();
    await this.#parts.store.forgetMiner(miner.key);
    return true;
  }

  async forgetSite(siteId: string): Promise<void> {
    const miners = [...this.#registry.miners()].filter((miner) => miner.siteId === siteId);
    for (const miner of miners) this.#remove(miner);
    await this.flush();
    void this.#forgetStored(miners.map(({ key }) => key));
  }

  /** Nobody can see these any more: what the store holds of their state may go one by one. */
  async #forgetStored(keys: readonly number[]): Promise<void> {
    try {
      for (const key of keys) await this.#parts.store.forgetMiner(key);
    } catch (err) {
      this.#parts.log.error({ err, minerCount: keys.length }, "the state of forgotten miners could not be deleted");
    }
  }

  #remove(miner: Miner): void {
    this.#outbound.minerChanged(miner.key);
    this.#registry.remove(miner);
    this.#drop(miner);
  }

  #drop(miner: Miner): void {
    this.#agents.of(miner.agentId).minerCount--;
    this.#outbound.minerChanged(miner.key);
    this.#totals.set(miner.row, null);
    this.#refill.forget(miner);
    this.#windows.clear(miner.row);
    this.#rows[miner.row] = null;
    this.#extremesAt = null;
    this.#countRevision(miner.siteId);
    this.#notify(miner.row, "removed");
    this.#table.columns.key[miner.row] = 0;
  }

  #emptyRack(rackId: string): void {
    for (const miner of this.#registry.miners()) {
      if (miner.rackId !== rackId) continue;
      Object.assign(miner, { rackId: null, slot: null });
      this.#identityChanged(miner);
    }
  }

  #byId(id: string): Miner | null {
    const key = keyOfId(id, "m");
    return key === null ? null : this.#registry.byKey(key);
  }

  #stateOf({ row }: Miner): MinerState {
    const { statusSinceMs, lastSeenAtMs } = this.#table.columns;
    const seen = lastSeenAtMs[row];
    return { ...this.#table.statusAt(row), statusSinceMs: statusSinceMs[row], lastSeenAtMs: Number.isNaN(seen) ? null : seen };
  }

  #identityColumns(miners: readonly Miner[]): FleetIdentity {
    return identityColumns(miners, (miner) => this.#agents.of(miner.agentId).pollIntervalMs);
  }

  #identityChanged(miner: Miner, what: "identity" | "added" = "identity"): void {
    miner.searchText = searchTextOf(miner);
    this.#outbound.minerChanged(miner.key);
    this.#countRevision(miner.siteId);
    this.#notify(miner.row, what);
  }

  #event(event: StoredEvent): void {
    this.#outbound.event(event);
    for (const listener of this.#eventListeners) listener(event);
  }

  #countRevision(siteId: string): void {
    this.#siteRevisions.set(siteId, (this.#siteRevisions.get(siteId) ?? 0) + 1);
  }

  #notify(row: number, what: RowChange): void {
    for (const listener of this.#listeners) listener(row, what);
  }

  #columnsPort(): FleetColumnsPort {
    const table = this.#table;
    const minerAt = (row: number): Miner | null => this.#rows[row] ?? null;
    return {
      get rowCount() {
        return table.rowCount;
      },
      key: (row) => table.columns.key[row],
      siteId: (row) => minerAt(row)?.siteId ?? "",
      rackId: (row) => minerAt(row)?.rackId ?? null,
      rowOf: (id) => this.#byId(id)?.row ?? null,
      value: (row, column: LiveColumn) => table.columns[column][row],
      statusOf: (row) => table.statusAt(row),
      onRowChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  #watchPort(): FleetWatchPort {
    const table = this.#table;
    return {
      get rowCount() {
        return table.rowCount;
      },
      get values() {
        return table.columns;
      },
      minerAt: (row) => this.#rows[row] ?? null,
      miner: (id) => this.#byId(id),
      statusOf: (row) => table.statusAt(row),
      agreedOf: (row) => table.verdictAt("agreed", row),
      agentFacts: (agentId) => this.#agents.of(agentId),
      setMaintenance: (covers) => this.#setMaintenance(covers),
      onRowChange: (listener) => this.columns.onRowChange(listener),
      onEvent: (listener) => {
        this.#eventListeners.add(listener);
        return () => this.#eventListeners.delete(listener);
      },
    };
  }

  /** Miners that a window covers show as paused from now on, and the others as they are. */
  #setMaintenance(covers: (miner: Miner) => boolean): void {
    this.#inMaintenance = covers;
    const nowMs = this.#parts.clock();
    for (const miner of this.#registry.miners()) this.#refresh(miner, nowMs);
  }

  /** One pass for all sites, shared by everyone who asks at the same instant while nothing changed. */
  #extremes(siteKeys: readonly number[] | null, nowMs: number): Extremes {
    if (this.#extremesAt?.nowMs !== nowMs) {
      const bySite = scanExtremes({ table: this.#table, agents: this.#agents, records: this.#parts.directory.agents() }, nowMs);
      this.#extremesAt = { nowMs, bySite };
    }
    return extremesOf(this.#extremesAt.bySite, siteKeys);
  }
}

function siteKeysOf(sites: string | readonly string[] | undefined): number[] | null {
  if (sites === undefined) return null;
  return (typeof sites === "string" ? [sites] : sites).map((siteId) => keyOfId(siteId, "s") ?? 0);
}

/** Before its first sample a miner counts among the Bitcoin miners, without a rate. */
function algorithmOf(miner: Miner): string {
  const known = miner.sample?.algorithm ?? miner.algorithm;
  return known === "unknown" && miner.sample === null ? "sha256d" : known;
}

/** What of a sample stands among the identity columns. */
function identityOfSample(sample: Sample): string {
  const pool = activePool(sample);
  return `${sample.algorithm} ${sample.ratedHashrateHs ?? ""} ${sample.expectedFanCount ?? ""} ${pool?.url ?? ""} ${pool?.worker ?? ""}`;
}

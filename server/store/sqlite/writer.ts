import type { Database } from "better-sqlite3";
import type { AuditEntry, Settings, StorageForecast } from "../../contract/api.ts";
import type { Block } from "../codec.ts";
import type { NewestRow } from "../lastSample.ts";
import type { Span } from "../rollup.ts";
import type { AlertCommit, AppendResult, MinuteState, StoredEvent } from "../store.ts";
import { DAY_MS } from "../layout.ts";
import { commitAlerts } from "./alerts.ts";
import { openForWriting } from "./database.ts";
import { Ingest, type Batch } from "./ingest.ts";
import { MinerRoller } from "./minerRoller.ts";
import { getMark, keptFromMark } from "./marks.ts";
import { forecast, retain } from "./retention.ts";
import { SiteRoller } from "./siteRoller.ts";
import {
  appendAudit,
  appendEvents,
  applyRecords,
  forgetMiner,
  readDetails,
  saveDetails,
  saveMalformed,
  type MalformedReply,
  type RecordChange,
} from "./state.ts";

const FOREIGN_POLL_MS = 200;
/** An outbox that was silent for longer has dropped what it held, by age. */
const ACK_DAYS = 90;

interface WaitingBatch {
  batch: Batch;
  resolve: (result: AppendResult) => void;
  reject: (error: unknown) => void;
}

/** All that changes the database, on one thread. Its methods are what the client may call; each is one transaction or several small ones. */
export class Writer {
  readonly #db: Database;
  readonly #dataDir: string;
  readonly #ingest: Ingest;
  readonly #miners: MinerRoller;
  readonly #sites: SiteRoller;
  readonly #foreignTimer: NodeJS.Timeout;
  readonly #now: () => number;
  readonly #waiting: WaitingBatch[] = [];

  constructor({ dataDir, now, onForeignChange }: { dataDir: string; now: () => number; onForeignChange: () => void }) {
    this.#now = now;
    this.#db = openForWriting(dataDir);
    this.#dataDir = dataDir;
    this.#ingest = new Ingest(this.#db);
    this.#ingest.rawFromMs = getMark(this.#db, keptFromMark("raw")) ?? -Infinity;
    this.#miners = new MinerRoller(this.#db, this.#ingest);
    this.#sites = new SiteRoller(this.#db, this.#ingest);
    this.#foreignTimer = this.#watchForeign(onForeignChange);
  }

  /** Batches that arrive while one is written share the next transaction, and its wait for the disk. */
  append(batch: Batch): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#appendWaiting());
    });
  }

  appendMinute(minute: MinuteState): void {
    this.#sites.appendMinute(minute);
  }

  lastSeq({ agentId, outboxId }: { agentId: string; outboxId: string }): number {
    return this.#ingest.lastSeq(agentId, outboxId);
  }

  /** A miner's packed samples that are in no piece yet. */
  openEntries({ minerKey }: { minerKey: number }): Uint8Array | null {
    return this.#ingest.open.copyOf(minerKey);
  }

  openEntriesOf({ minerKeys }: { minerKeys: number[] }): (Uint8Array | null)[] {
    return minerKeys.map((minerKey) => this.openEntries({ minerKey }));
  }

  /** Minutes of a site that are not written yet. */
  openMinutes({ siteKey }: { siteKey: number }): Block {
    return this.#sites.openMinutes(siteKey);
  }

  /** Details as JSON, and the newest row of each miner. */
  readLastSamples(): { minerKey: number; json: string | null; newest: NewestRow | null }[] {
    const details = readDetails(this.#db);
    const newest = this.#ingest.newestRows();
    const miners = new Set([...details.keys(), ...newest.keys()]);
    return [...miners].map((minerKey) => ({ minerKey, json: details.get(minerKey) ?? null, newest: newest.get(minerKey) ?? null }));
  }

  async rollUp({ nowMs }: { nowMs: number }): Promise<Span[]> {
    const toldAnew = await this.#sites.rollUp(nowMs);
    await this.#miners.rollUp(nowMs);
    return toldAnew;
  }

  async retain({ nowMs, retention }: { nowMs: number; retention: Settings["retention"] }): Promise<void> {
    this.#ingest.rawFromMs = await retain(this.#db, nowMs, retention);
    this.#ingest.dropAcksBefore(nowMs - ACK_DAYS * DAY_MS);
  }

  forecast(): StorageForecast {
    return forecast(this.#db, this.#dataDir);
  }

  forgetMiner({ minerKey }: { minerKey: number }): void {
    this.#ingest.sealNow(minerKey);
    forgetMiner(this.#db, minerKey);
  }

  async seal({ nowMs }: { nowMs: number }): Promise<void> {
    await this.#ingest.seal(nowMs);
  }

  saveDetails({ details }: { details: { minerKey: number; atMs: number; json: string }[] }): void {
    saveDetails(this.#db, details);
  }

  appendEvents({ events }: { events: StoredEvent[] }): void {
    appendEvents(this.#db, events);
  }

  saveMalformed({ replies }: { replies: MalformedReply[] }): void {
    saveMalformed(this.#db, replies);
  }

  appendAudit({ entries }: { entries: Omit<AuditEntry, "id">[] }): void {
    appendAudit(this.#db, entries);
  }

  applyRecords({ changes }: { changes: RecordChange[] }): void {
    applyRecords(this.#db, changes);
  }

  commitAlerts(commit: AlertCommit): void {
    commitAlerts(this.#db, commit);
  }

  close(): void {
    this.#appendWaiting();
    clearInterval(this.#foreignTimer);
    this.#db.close();
  }

  #appendWaiting(): void {
    const waiting = this.#waiting.splice(0);
    if (waiting.length === 0) return;
    try {
      const batches = waiting.map(({ batch }) => batch);
      const results = this.#ingest.append(batches, { nowMs: this.#now(), watcher: this.#sites });
      waiting.forEach(({ resolve }, index) => resolve(results[index]));
    } catch (error) {
      waiting.forEach(({ reject }) => reject(error));
      return;
    }
    this.#sites.trim();
  }

  /** data_version changes when another connection has committed; the readers of this process never do. */
  #watchForeign(onForeignChange: () => void): NodeJS.Timeout {
    const version = () => this.#db.pragma("data_version", { simple: true });
    let last = version();
    return setInterval(() => {
      const now = version();
      if (now === last) return;
      last = now;
      onForeignChange();
    }, FOREIGN_POLL_MS);
  }
}

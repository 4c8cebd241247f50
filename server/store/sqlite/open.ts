import { availableParallelism } from "node:os";
import type { Sample } from "../../contract/sample.ts";
import type { StoreError } from "../../errors.ts";
import { lastSampleOf } from "../lastSample.ts";
import { FLEET_KEY } from "../site.ts";
import { BatchPacker } from "../packed.ts";
import type { AlertStore, AppendBatch, AppendResult, LastSample, RecordStore, SeriesColumns, SeriesQuery, Store } from "../store.ts";
import type { Ack } from "./journal.ts";
import { KeptThread } from "./keptThread.ts";
import { lockDataDir } from "./lock.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** Sealing, rolling up and deleting take turns with appends and may be long. */
const JOB_TIMEOUT_MS = 900_000;

interface StoreOptions {
  dataDir: string;
  /** The built worker.js; the default holds where this file itself is built. */
  workerUrl?: URL;
  readerCount?: number;
  /** Hears when a thread died; it is started again. */
  onFailure?: (failure: StoreError) => void;
}

/** What the SQLite store offers beyond the seam. */
export interface SqliteStore extends Store {
  /** Appends a batch of BatchPacker, which `append` makes from samples. The bytes are transferred: the array is empty afterwards. */
  appendPacked(batch: Uint8Array<ArrayBuffer>, acks?: Ack[]): Promise<AppendResult>;
}

/**
 * Opens the store in a data directory, which is made, locked and migrated as needed; SQLite runs on threads of its own. Rejects with StoreError where
 * another server holds the directory, a newer program wrote the database, or it cannot be read. Must be closed.
 */
export async function openStore(options: StoreOptions): Promise<SqliteStore> {
  const { dataDir, workerUrl = new URL("./worker.js", import.meta.url) } = options;
  const unlock = lockDataDir(dataDir);
  const listeners = new Set<() => void>();
  const threads: KeptThread<Reader>[] = [];
  const kept = { url: workerUrl, dataDir, onFailure: options.onFailure ?? (() => undefined) };
  try {
    const onForeignChange = () => listeners.forEach((listener) => listener());
    const writer = await KeptThread.start<Writer>({ ...kept, role: "writer", onForeignChange });
    const readerCount = options.readerCount ?? Math.min(2, availableParallelism());
    while (threads.length < readerCount) threads.push(await KeptThread.start<Reader>({ ...kept, role: "reader" }));
    return new ThreadedStore({ writer, readers: threads, listeners, unlock });
  } catch (error) {
    unlock();
    throw error;
  }
}

interface Parts {
  writer: KeptThread<Writer>;
  readers: KeptThread<Reader>[];
  listeners: Set<() => void>;
  unlock: () => void;
}

class ThreadedStore implements SqliteStore {
  readonly records: RecordStore;
  readonly alerts: AlertStore;
  readonly #parts: Parts;
  readonly #packer = new BatchPacker();
  #nextReader = 0;
  #closing: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.records = this.#makeRecords();
    this.alerts = this.#makeAlerts();
  }

  append(batch: AppendBatch): Promise<AppendResult> {
    for (const { minerKey, siteKey, sample } of batch.samples) this.#packer.addSample(minerKey, siteKey, sample);
    return this.appendPacked(this.#packer.take(), batch.acks);
  }

  appendPacked(batch: Uint8Array<ArrayBuffer>, acks: Ack[] = []): Promise<AppendResult> {
    return this.#writer.call("append", { batch, acks }, { transfer: [batch.buffer] });
  }

  async readSeries(query: SeriesQuery): Promise<SeriesColumns> {
    if (!("minerKey" in query.target)) {
      const siteKey = "siteKey" in query.target ? query.target.siteKey : FLEET_KEY;
      const open = await this.#writer.call("openMinutes", { siteKey });
      return this.#reader().call("siteSeries", { siteKey, query, open });
    }
    const { minerKey } = query.target;
    const open = await this.#writer.call("openEntries", { minerKey });
    return this.#reader().call("minerSeries", { minerKey, query, open });
  }

  readFrame: Store["readFrame"] = (atMs) => this.#reader().call("readFrame", { atMs });
  appendMinute: Store["appendMinute"] = (minute) => this.#writer.call("appendMinute", minute);

  async readLastSamples(): Promise<LastSample[]> {
    const last = await this.#writer.call("readLastSamples", undefined, { timeoutMs: JOB_TIMEOUT_MS });
    return last.flatMap(({ minerKey, json, newest }) => {
      const sample = lastSampleOf(minerKey, json === null ? null : (JSON.parse(json) as Sample), newest);
      return sample === null ? [] : [{ minerKey, sample }];
    });
  }

  readRecent: Store["readRecent"] = async (query) => {
    const open = await this.#writer.call("openEntriesOf", query);
    return this.#reader().call("readRecent", { ...query, open });
  };

  saveDetails: Store["saveDetails"] = (details) => {
    const packed = details.map(({ minerKey, sample }) => ({ minerKey, atMs: sample.polledAtMs, json: JSON.stringify(sample) }));
    return this.#writer.call("saveDetails", { details: packed });
  };

  lastSeq: Store["lastSeq"] = (agentId, outboxId) => this.#writer.call("lastSeq", { agentId, outboxId });
  appendEvents: Store["appendEvents"] = (events) => this.#writer.call("appendEvents", { events });
  readEvents: Store["readEvents"] = (query) => this.#reader().call("readEvents", query);
  saveMalformed: Store["saveMalformed"] = (replies) => this.#writer.call("saveMalformed", { replies });
  readMalformed: Store["readMalformed"] = (minerKey) => this.#reader().call("readMalformed", { minerKey });
  appendAudit: Store["appendAudit"] = (entries) => this.#writer.call("appendAudit", { entries });
  readAudit: Store["readAudit"] = (query) => this.#reader().call("readAudit", query);

  seal: Store["seal"] = (nowMs) => this.#writer.call("seal", { nowMs }, { timeoutMs: JOB_TIMEOUT_MS });
  rollUp: Store["rollUp"] = (nowMs) => this.#writer.call("rollUp", { nowMs }, { timeoutMs: JOB_TIMEOUT_MS });
  retain: Store["retain"] = (nowMs, retention) => this.#writer.call("retain", { nowMs, retention }, { timeoutMs: JOB_TIMEOUT_MS });
  forecast: Store["forecast"] = () => this.#writer.call("forecast", undefined);
  forgetMiner: Store["forgetMiner"] = (minerKey) => this.#writer.call("forgetMiner", { minerKey });

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { readers, writer, unlock } = this.#parts;
    await Promise.all(readers.map((reader) => reader.close()));
    await writer.close();
    unlock();
  }

  get #writer(): KeptThread<Writer> {
    return this.#parts.writer;
  }

  #reader(): KeptThread<Reader> {
    const { readers } = this.#parts;
    const reader = readers.at(this.#nextReader++ % readers.length);
    if (reader === undefined) throw new RangeError("A store needs at least one reader thread");
    return reader;
  }

  #makeAlerts(): AlertStore {
    return {
      commit: (commit) => this.#writer.call("commitAlerts", commit),
      load: () => this.#reader().call("loadAlerts", undefined, { timeoutMs: JOB_TIMEOUT_MS }),
      readNews: (query) => this.#reader().call("readNews", query),
      readClosed: (number) => this.#reader().call("readClosed", { number }),
      readClosedOf: (minerId) => this.#reader().call("readClosedOf", { minerId }),
    };
  }

  #makeRecords(): RecordStore {
    return {
      load: (kind) => this.#reader().call("loadRecords", { kind }),
      get: (kind, id) => this.#reader().call("getRecord", { kind, id }),
      apply: (changes) => this.#writer.call("applyRecords", { changes }),
      onForeignChange: (listener) => {
        this.#parts.listeners.add(listener);
        return () => void this.#parts.listeners.delete(listener);
      },
    };
  }
}

import type { Database, Statement } from "better-sqlite3";
import { sliceBlock } from "../block.ts";
import type { Block } from "../codec.ts";
import { windowsBetween, WINDOW_MS, windowStart } from "../layout.ts";
import { OpenBlocks } from "../openBlocks.ts";
import type { NewestRow } from "../lastSample.ts";
import { blockOfEntries, EntryCursor, unpackRow, type Entry } from "../packed.ts";
import type { AppendResult } from "../store.ts";
import { rowsOf } from "./driver.ts";
import { JournalTables, type Ack } from "./journal.ts";
import { RawTables } from "./raw.ts";

const SEALS_PER_APPEND = 64;
/** When more samples come than a fleet of this size sends, more are sealed with each batch. */
const SAMPLES_PER_SEAL = 50;
const SEALS_PER_STEP = 256; // about 30 ms
const JOURNAL_ROWS_PER_APPEND = 16;

export interface Batch {
  batch: Uint8Array; // entries, see packed.ts
  acks: Ack[];
}
interface AppendWatcher {
  /** In the transaction; oldestMs is the time of the oldest sample of the batch. */
  markLate(batch: Uint8Array, oldestMs: number): void;
  /** After it. */
  add(entry: Entry, batch: Uint8Array): void;
}

/** Times of sealed samples by miner and window, read once for each batch. */
type LateTimes = Map<string, Set<number>>;

interface Seen {
  group: number;
  /** Of all that ever came, kept or not: only what is older than this needs a look at what is stored. */
  newestMs: number;
  times: number[];
  count: number; // of the times that are of this group of batches; the array is kept for the next
}

interface Sealed {
  sealedSeq: number;
  sealedUntilMs: number;
}

/**
 * Takes batches in and seals them: journal, open blocks, pieces. What is in memory changes only after the transaction that says the same on disk.
 */
export class Ingest {
  readonly open = new OpenBlocks();
  readonly #db: Database;
  readonly #journal: JournalTables;
  readonly #raw: RawTables;
  readonly #sealed = new Map<number, Sealed>();
  readonly #putMiner: Statement<[number, number, number, Uint8Array]>;
  readonly #seen = new Map<number, Seen>();
  #groupCount = 0;
  #nextSeq = 1;
  #oldestSeq = 1;
  /** Raw samples before this are deleted and their rollups final. */
  rawFromMs = -Infinity;

  constructor(db: Database) {
    this.#db = db;
    this.#journal = new JournalTables(db);
    this.#raw = new RawTables(db);
    this.#putMiner = db.prepare(
      `INSERT INTO miner (miner, sealed_seq, sealed_until_ms, newest) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
       sealed_seq = excluded.sealed_seq, newest = iif(excluded.sealed_until_ms >= sealed_until_ms, excluded.newest, newest),
       sealed_until_ms = max(sealed_until_ms, excluded.sealed_until_ms)`,
    );
    this.#restore();
  }

  /** Every miner that ever had a sample here, with the time of its newest. */
  *newestByMiner(): Generator<[minerKey: number, newestMs: number]> {
    for (const [miner, { sealedUntilMs }] of this.#sealed) {
      yield [miner, Math.max(sealedUntilMs, this.open.get(miner)?.newestAtMs ?? -Infinity)];
    }
    for (const miner of this.open.miners()) if (!this.#sealed.has(miner)) yield [miner, this.open.get(miner)?.newestAtMs ?? -Infinity];
  }

  /** The newest row of every miner that is not forgotten. */
  newestRows(): Map<number, NewestRow> {
    const rows = new Map<number, NewestRow>();
    const page = this.#db.prepare<[number], { miner: number; newest: Buffer }>(
      "SELECT miner, newest FROM miner WHERE miner > ? ORDER BY miner LIMIT 1000",
    );
    for (const { miner, newest } of rowsOf(page, (row) => row.miner)) {
      const row = newestRow(newest);
      if (row !== null) rows.set(miner, row);
    }
    for (const miner of this.open.miners()) {
      const row = newestRow(this.open.newestOf(miner) ?? new Uint8Array(0));
      if (row !== null && row.atMs >= (rows.get(miner)?.atMs ?? -Infinity)) rows.set(miner, row);
    }
    return rows;
  }

  /** A miner's samples that are in no piece yet, where they reach into the span. */
  openBlockBetween(miner: number, fromMs: number, toMs: number): Block | null {
    const block = this.open.get(miner);
    if (block === undefined || block.oldestAtMs >= toMs || block.newestAtMs < fromMs) return null;
    return blockOfEntries(this.open.copyOf(miner) ?? new Uint8Array(0));
  }

  /**
   * One transaction for all batches: themselves, their acknowledgements, some sealing that is due, and what `watcher` adds; it sees each new sample once
   * all is on disk. Throws with nothing kept of any of them.
   */
  append(batches: readonly Batch[], { nowMs, watcher }: { nowMs: number; watcher: AppendWatcher }): AppendResult[] {
    this.#groupCount++;
    const sifted = batches.map(({ batch, acks }) => ({ acks, ...this.#sift(batch) }));
    const storedCount = sifted.reduce((sum, { result }) => sum + result.storedCount, 0);
    const due = this.open.due(SEALS_PER_APPEND + Math.floor(storedCount / SAMPLES_PER_SEAL));
    const firstSeq = this.#nextSeq;
    this.#db
      .transaction(() => {
        sifted.forEach(({ fresh, oldestMs, acks }, index) => {
          if (fresh.length > 0) this.#journal.insert(firstSeq + index, fresh);
          for (const ack of acks) this.#journal.ack(ack, nowMs);
          watcher.markLate(fresh, oldestMs);
        });
        for (const miner of due) this.#seal(miner);
        this.#trimJournal();
      })
      .immediate();
    this.#forgetSealed(due);
    this.#nextSeq += batches.length;
    sifted.forEach(({ fresh }, index) => {
      for (const cursor = new EntryCursor(fresh); cursor.next();) {
        this.open.add(cursor, fresh, firstSeq + index);
        watcher.add(cursor, fresh);
      }
    });
    return sifted.map(({ result }) => result);
  }

  lastSeq(agentId: string, outboxId: string): number {
    return this.#journal.lastSeq(agentId, outboxId);
  }

  dropAcksBefore(atMs: number): void {
    this.#journal.dropAcksBefore(atMs);
  }

  /** Seals what is due at nowMs, a few miners a transaction; between them other work gets its turn. */
  async seal(nowMs: number): Promise<void> {
    const due = this.open.dueAt(nowMs);
    for (let at = 0; at < due.length; at += SEALS_PER_STEP) {
      const step = due.slice(at, at + SEALS_PER_STEP).filter((miner) => this.open.get(miner) !== undefined);
      this.#db.transaction(() => step.forEach((miner) => this.#seal(miner))).immediate();
      this.#forgetSealed(step);
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#db.transaction(() => this.#trimJournal()).immediate();
  }

  /** Seals one miner's samples now, whether due or not. */
  sealNow(miner: number): void {
    this.#db.transaction(() => this.#seal(miner)).immediate();
    this.#forgetSealed([miner]);
  }

  /** What is new of a batch; the same bytes where all is. */
  #sift(batch: Uint8Array): { result: AppendResult; fresh: Uint8Array; oldestMs: number } {
    const parts: Uint8Array[] = [];
    const late: LateTimes = new Map();
    let partStart = 0;
    let oldestMs = Infinity;
    const result = { storedCount: 0, duplicateCount: 0, droppedCount: 0 };
    const cursor = new EntryCursor(batch);
    while (cursor.next()) {
      const isTooOld = cursor.atMs < this.rawFromMs;
      if (!isTooOld && !this.#isKnown(cursor, late)) {
        result.storedCount++;
        if (cursor.atMs < oldestMs) oldestMs = cursor.atMs;
        continue;
      }
      if (isTooOld) result.droppedCount++;
      else result.duplicateCount++;
      parts.push(batch.subarray(partStart, cursor.start));
      partStart = cursor.end;
    }
    const fresh = parts.length === 0 ? batch : Buffer.concat([...parts, batch.subarray(partStart)]);
    return { result, fresh, oldestMs };
  }

  /** Whether a sample of this instant is on disk or stands before this one in the group. */
  #isKnown({ minerKey, atMs }: Entry, late: LateTimes): boolean {
    const seen = this.#seenOf(minerKey);
    if (atMs <= seen.newestMs) {
      const place = seen.times.indexOf(atMs);
      if (place >= 0 && place < seen.count) return true;
      if (this.open.has(minerKey, atMs) || this.#sealedTimes(minerKey, atMs, late).has(atMs)) return true;
    }
    seen.newestMs = Math.max(seen.newestMs, atMs);
    seen.times[seen.count++] = atMs;
    return false;
  }

  /** What is known of the miner's times, before and in the group of batches that is being read. */
  #seenOf(minerKey: number): Seen {
    let seen = this.#seen.get(minerKey);
    if (seen === undefined) {
      const storedMs = Math.max(this.#sealed.get(minerKey)?.sealedUntilMs ?? -Infinity, this.open.get(minerKey)?.newestAtMs ?? -Infinity);
      this.#seen.set(minerKey, (seen = { group: 0, newestMs: storedMs, times: [], count: 0 }));
    }
    if (seen.group !== this.#groupCount) {
      seen.group = this.#groupCount;
      seen.count = 0;
    }
    return seen;
  }

  #sealedTimes(minerKey: number, atMs: number, late: LateTimes): ReadonlySet<number> {
    const window = windowStart(atMs);
    const key = `${minerKey}/${window}`;
    const known = late.get(key);
    if (known !== undefined) return known;
    const times = new Set(this.#raw.read({ minerKey, fromMs: window, toMs: window + WINDOW_MS, wanted: new Set() }).timesMs);
    late.set(key, times);
    return times;
  }

  #seal(miner: number): void {
    const block = this.open.get(miner);
    const bytes = this.open.copyOf(miner);
    if (block === undefined || bytes === null) return;
    const samples = blockOfEntries(bytes);
    const firstMs = samples.timesMs[0];
    const newestMs = samples.timesMs.at(-1) ?? 0;
    for (const window of windowsBetween(firstMs, newestMs + 1)) {
      const part = sliceBlock(samples, window, window + WINDOW_MS);
      if (part.timesMs.length > 0) this.#raw.addPiece(miner, part);
    }
    this.#putMiner.run(miner, block.lastSeq, newestMs, bytes.subarray(block.newestStart, block.newestEnd));
  }

  #forgetSealed(miners: readonly number[]): void {
    for (const miner of miners) {
      const block = this.open.get(miner);
      if (block === undefined) continue;
      const before = this.#sealed.get(miner)?.sealedUntilMs ?? -Infinity;
      this.#sealed.set(miner, { sealedSeq: block.lastSeq, sealedUntilMs: Math.max(before, block.newestAtMs) });
      this.open.drop(miner);
    }
  }

  #trimJournal(): void {
    const below = Math.min(this.open.oldestSeq(this.#nextSeq), this.#oldestSeq + JOURNAL_ROWS_PER_APPEND);
    if (below <= this.#oldestSeq) return;
    this.#journal.removeBelow(below);
    this.#oldestSeq = below; // after a rollback the next call deletes these rows as well
  }

  #restore(): void {
    const miners = this.#db
      .prepare<[], Sealed & { miner: number }>("SELECT miner, sealed_seq AS sealedSeq, sealed_until_ms AS sealedUntilMs FROM miner")
      .all();
    for (const { miner, ...sealed } of miners) this.#sealed.set(miner, sealed);
    let isFirst = true;
    for (const { seq, batch } of this.#journal.rows()) {
      if (isFirst) this.#oldestSeq = seq;
      isFirst = false;
      this.#nextSeq = seq + 1;
      for (const cursor = new EntryCursor(batch); cursor.next();) {
        if (seq > (this.#sealed.get(cursor.minerKey)?.sealedSeq ?? 0)) this.open.add(cursor, batch, seq);
      }
    }
    if (isFirst) this.#startAfterSealed();
  }

  /** The journal is empty: numbers go on above those that pieces were sealed up to. */
  #startAfterSealed(): void {
    for (const { sealedSeq } of this.#sealed.values()) this.#nextSeq = Math.max(this.#nextSeq, sealedSeq + 1);
    this.#oldestSeq = this.#nextSeq;
  }
}

/** Reads the one entry; null for none. */
function newestRow(bytes: Uint8Array): NewestRow | null {
  const cursor = new EntryCursor(bytes);
  return cursor.next() ? { atMs: cursor.atMs, ...unpackRow(bytes, cursor.rowStart) } : null;
}

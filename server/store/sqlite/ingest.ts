import type { Database, Statement } from "better-sqlite3";
import { sliceBlock } from "../block.ts";
import type { Block } from "../codec.ts";
import { windowsBetween, WINDOW_MS, windowStart } from "../layout.ts";
import { OpenBlocks } from "../openBlocks.ts";
import type { NewestRow } from "../lastSample.ts";
import { blockOfEntries, entriesOf, unpackRow, type Entry } from "../packed.ts";
import type { AppendResult } from "../store.ts";
import { JournalTables, type Ack } from "./journal.ts";
import { RawTables } from "./raw.ts";

const SEALS_PER_APPEND = 64;
const SEALS_PER_STEP = 32;
const JOURNAL_ROWS_PER_APPEND = 16;

export interface AppendWatcher {
  /** In the transaction. */
  markLate(entries: readonly Entry[]): void;
  /** After it. */
  add(entry: Entry, batch: Uint8Array): void;
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
    for (const { miner, newest } of this.#db.prepare<[], { miner: number; newest: Buffer }>("SELECT miner, newest FROM miner").iterate()) {
      const row = newestRow(newest);
      if (row !== null) rows.set(miner, row);
    }
    for (const miner of this.open.miners()) {
      const row = newestRow(this.open.get(miner)?.bytes.view() ?? new Uint8Array(0));
      if (row !== null && row.atMs >= (rows.get(miner)?.atMs ?? -Infinity)) rows.set(miner, row);
    }
    return rows;
  }

  /** A miner's samples that are in no piece yet, where they reach into the span. */
  openBlockBetween(miner: number, fromMs: number, toMs: number): Block | null {
    const block = this.open.get(miner);
    if (block === undefined || block.oldestAtMs >= toMs || block.newestAtMs < fromMs) return null;
    return blockOfEntries(block.bytes.view());
  }

  /** One transaction: the batch, the acknowledgements, some sealing that is due, and what `watcher` adds; it sees each new sample once all is on disk. */
  append(batch: Uint8Array, acks: readonly Ack[], { nowMs, watcher }: { nowMs: number; watcher: AppendWatcher }): AppendResult {
    const { fresh, duplicateCount, droppedCount } = this.#sift(batch);
    const kept = duplicateCount + droppedCount === 0 ? batch : concat(batch, fresh);
    const seq = this.#nextSeq;
    const due = this.open.due(SEALS_PER_APPEND);
    this.#db
      .transaction(() => {
        if (fresh.length > 0) this.#journal.insert(seq, kept);
        for (const ack of acks) this.#journal.ack(ack, nowMs);
        watcher.markLate(fresh);
        for (const miner of due) this.#seal(miner);
        this.#trimJournal();
      })
      .immediate();
    this.#forgetSealed(due);
    if (fresh.length > 0) this.#nextSeq++;
    for (const entry of fresh) {
      this.open.add(entry, batch, seq);
      watcher.add(entry, batch);
    }
    return { storedCount: fresh.length, duplicateCount, droppedCount };
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

  #sift(batch: Uint8Array): { fresh: Entry[]; duplicateCount: number; droppedCount: number } {
    const fresh: Entry[] = [];
    const seen = new Map<number, number[]>();
    const known = new Map<string, Set<number>>();
    let duplicateCount = 0;
    let droppedCount = 0;
    for (const entry of entriesOf(batch)) {
      if (entry.atMs < this.rawFromMs) droppedCount++;
      else if (this.#isKnown(entry, seen, known)) duplicateCount++;
      else {
        fresh.push(entry);
        const times = seen.get(entry.minerKey);
        if (times === undefined) seen.set(entry.minerKey, [entry.atMs]);
        else times.push(entry.atMs);
      }
    }
    return { fresh, duplicateCount, droppedCount };
  }

  #isKnown({ minerKey, atMs }: Entry, seen: ReadonlyMap<number, number[]>, known: Map<string, Set<number>>): boolean {
    if (seen.get(minerKey)?.includes(atMs) === true) return true;
    if (this.open.has(minerKey, atMs)) return true;
    if (atMs > (this.#sealed.get(minerKey)?.sealedUntilMs ?? -Infinity)) return false;
    const window = windowStart(atMs);
    const key = `${minerKey}/${window}`;
    let times = known.get(key);
    if (times === undefined) {
      times = new Set(this.#raw.read({ minerKey, fromMs: window, toMs: window + WINDOW_MS, wanted: new Set() }).timesMs);
      known.set(key, times);
    }
    return times.has(atMs);
  }

  #seal(miner: number): void {
    const block = this.open.get(miner);
    if (block === undefined) return;
    const bytes = block.bytes.view();
    const samples = blockOfEntries(bytes);
    const firstMs = samples.timesMs[0];
    const newestMs = samples.timesMs.at(-1) ?? 0;
    for (const window of windowsBetween(firstMs, newestMs + 1)) {
      const part = sliceBlock(samples, window, window + WINDOW_MS);
      if (part.timesMs.length > 0) this.#raw.addPiece(miner, part);
    }
    this.#putMiner.run(miner, block.lastSeq, newestMs, newestEntry(bytes));
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
      .iterate();
    for (const { miner, ...sealed } of miners) this.#sealed.set(miner, sealed);
    let isFirst = true;
    for (const { seq, batch } of this.#journal.rows()) {
      if (isFirst) this.#oldestSeq = seq;
      isFirst = false;
      this.#nextSeq = seq + 1;
      for (const entry of entriesOf(batch)) {
        if (seq > (this.#sealed.get(entry.minerKey)?.sealedSeq ?? 0)) this.open.add(entry, batch, seq);
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

function concat(batch: Uint8Array, entries: readonly Entry[]): Uint8Array {
  return Buffer.concat(entries.map((entry) => batch.subarray(entry.start, entry.end)));
}

function newestOf(bytes: Uint8Array): Entry | null {
  let newest: Entry | null = null;
  for (const entry of entriesOf(bytes)) if (newest === null || entry.atMs >= newest.atMs) newest = entry;
  return newest;
}

function newestEntry(bytes: Uint8Array): Uint8Array {
  const newest = newestOf(bytes);
  return newest === null ? new Uint8Array(0) : bytes.slice(newest.start, newest.end);
}

function newestRow(bytes: Uint8Array): NewestRow | null {
  const newest = newestOf(bytes);
  return newest === null ? null : { atMs: newest.atMs, ...unpackRow(bytes, newest.rowStart) };
}

import { HOUR_MS, PIECE_MS, phaseOf } from "./layout.ts";
import { EntryCursor, type Entry } from "./packed.ts";
import { Slab, type SlabText } from "./slab.ts";

/**
 * Samples of each miner that are in the journal and in no piece yet, packed as they came (about 75 bytes each). In memory; the journal is their copy
 * on disk. A miner's block is due at the miner's own moment, never all miners' at once.
 */
const ENOUGH_AT_PIECE = 110; // 20 minutes at a 10 s interval
/** Short pieces cost nearly as much as full ones: an hour at a 60 s interval, some of it lost. What is too few waits for the hour's end, or the next. */
const ENOUGH_AT_HOUR = 50;
const MOST = 400;

interface OpenBlock {
  text: SlabText;
  count: number;
  /** Journal rows that hold these samples. */
  firstSeq: number;
  lastSeq: number;
  /** Of the first that came, and the newest. */
  firstAtMs: number;
  newestAtMs: number;
  oldestAtMs: number;
  /** Where the newest stands in `text`. */
  newestStart: number;
  newestEnd: number;
}

export class OpenBlocks {
  readonly #blocks = new Map<number, OpenBlock>();
  readonly #due = new Set<number>();
  readonly #slab = new Slab();

  get(minerKey: number): OpenBlock | undefined {
    return this.#blocks.get(minerKey);
  }

  add(entry: Entry, batch: Uint8Array, seq: number): void {
    const block = this.#blocks.get(entry.minerKey) ?? this.#open(entry, seq);
    if (isDue(entry.minerKey, block, entry.atMs)) this.#due.add(entry.minerKey);
    this.#slab.append(block.text, batch, entry.start, entry.end);
    block.count++;
    block.lastSeq = seq;
    if (entry.atMs >= block.newestAtMs) {
      block.newestAtMs = entry.atMs;
      block.newestStart = block.text.length - (entry.end - entry.start);
      block.newestEnd = block.text.length;
    }
    block.oldestAtMs = Math.min(block.oldestAtMs, entry.atMs);
  }

  /** Up to `limit` miners whose block became due by a sample that came. */
  due(limit: number): number[] {
    const miners: number[] = [];
    for (const miner of this.#due) {
      if (miners.length >= limit) break;
      miners.push(miner);
    }
    return miners;
  }

  /** Miners whose own moment of the hour has passed since their block was opened. */
  dueAt(nowMs: number): number[] {
    const miners = new Set(this.#due);
    for (const [miner, block] of this.#blocks)
      if (slotOf(miner, nowMs, HOUR_MS) > slotOf(miner, block.firstAtMs, HOUR_MS)) miners.add(miner);
    return [...miners].sort((a, b) => a - b); // pieces then go to disk in the order of their ids
  }

  /** Forgets a miner's block: it is sealed. */
  drop(minerKey: number): void {
    const block = this.#blocks.get(minerKey);
    if (block !== undefined) this.#slab.release(block.text);
    this.#blocks.delete(minerKey);
    this.#due.delete(minerKey);
  }

  /** Journal rows below this are in no open block. */
  oldestSeq(none: number): number {
    let oldest = none;
    for (const block of this.#blocks.values()) if (block.firstSeq < oldest) oldest = block.firstSeq;
    return oldest;
  }

  has(minerKey: number, atMs: number): boolean {
    const block = this.#blocks.get(minerKey);
    if (block === undefined || atMs > block.newestAtMs) return false;
    for (const cursor = new EntryCursor(this.#slab.read(block.text)); cursor.next();) if (cursor.atMs === atMs) return true;
    return false;
  }

  /** A miner's packed samples, a copy; null for none. */
  copyOf(minerKey: number): Uint8Array<ArrayBuffer> | null {
    const block = this.#blocks.get(minerKey);
    return block === undefined ? null : this.#slab.read(block.text);
  }

  /** The entry of a miner's newest sample; null for none. */
  newestOf(minerKey: number): Uint8Array<ArrayBuffer> | null {
    const block = this.#blocks.get(minerKey);
    return block === undefined ? null : this.#slab.read(block.text, block.newestStart, block.newestEnd);
  }

  miners(): IterableIterator<number> {
    return this.#blocks.keys();
  }

  #open(entry: Entry, seq: number): OpenBlock {
    const { atMs } = entry;
    const block: OpenBlock = {
      text: this.#slab.open(),
      count: 0,
      firstSeq: seq,
      lastSeq: seq,
      firstAtMs: atMs,
      newestAtMs: atMs,
      oldestAtMs: atMs,
      newestStart: 0,
      newestEnd: 0,
    };
    this.#blocks.set(entry.minerKey, block);
    return block;
  }
}

function isDue(minerKey: number, block: OpenBlock, atMs: number): boolean {
  if (block.count < ENOUGH_AT_HOUR) return false;
  if (block.count >= MOST) return true;
  if (block.count >= ENOUGH_AT_PIECE) return slotOf(minerKey, atMs, PIECE_MS) !== slotOf(minerKey, block.firstAtMs, PIECE_MS);
  return slotOf(minerKey, atMs, HOUR_MS) !== slotOf(minerKey, block.firstAtMs, HOUR_MS);
}

function slotOf(minerKey: number, atMs: number, slotMs: number): number {
  return Math.floor((atMs - phaseOf(minerKey, HOUR_MS)) / slotMs);
}

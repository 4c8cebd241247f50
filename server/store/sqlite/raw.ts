import type { Database, Statement } from "better-sqlite3";
import { joinBlocks, sliceBlock } from "../block.ts";
import { decodeBlock, encodeBlock, type Block } from "../codec.ts";
import { chunkId, DAY_MS, pieceId, pieceIds, windowStart, windowsBetween } from "../layout.ts";
import { NEIGHBOUR_MS, type Span } from "../rollup.ts";

/** Sealed samples: joined chunks of a window, pieces that wait to be joined, and which days' rollups have to be told anew. */
export class RawTables {
  readonly #chunk: Statement<[number], Buffer>;
  readonly #putChunk: Statement<[number, Uint8Array]>;
  readonly #piece: Statement<[number], Buffer>;
  readonly #putPiece: Statement<[number, Uint8Array]>;
  readonly #removePiece: Statement<[number]>;
  readonly #pending: Statement<[number, number, number], number>;
  readonly #markPending: Statement<[number, number]>;
  readonly #clearPending: Statement<[number, number]>;
  readonly #behind: Statement<[number, number, number], number>;
  readonly #markBehind: Statement<[number, number]>;

  constructor(db: Database) {
    this.#chunk = db.prepare<[number], Buffer>("SELECT block FROM chunk WHERE id = ?").pluck();
    this.#putChunk = db.prepare("INSERT INTO chunk (id, block) VALUES (?, ?) ON CONFLICT DO UPDATE SET block = excluded.block");
    this.#piece = db.prepare<[number], Buffer>("SELECT block FROM piece WHERE id = ?").pluck();
    this.#putPiece = db.prepare("INSERT INTO piece (id, block) VALUES (?, ?) ON CONFLICT DO UPDATE SET block = excluded.block");
    this.#removePiece = db.prepare("DELETE FROM piece WHERE id = ?");
    this.#pending = db
      .prepare<[number, number, number], number>("SELECT window_ms FROM pending WHERE miner = ? AND window_ms >= ? AND window_ms < ?")
      .pluck();
    this.#markPending = db.prepare("INSERT OR IGNORE INTO pending (miner, window_ms) VALUES (?, ?)");
    this.#clearPending = db.prepare("DELETE FROM pending WHERE miner = ? AND window_ms = ?");
    this.#behind = db
      .prepare<[number, number, number], number>("SELECT day_ms FROM behind WHERE miner = ? AND day_ms > ? AND day_ms < ? ORDER BY day_ms")
      .pluck();
    this.#markBehind = db.prepare("INSERT OR IGNORE INTO behind (miner, day_ms) VALUES (?, ?)");
  }

  /** Sealed samples of a miner with fromMs <= time < toMs in order, of the wanted columns (null: all), joined with those of `open`. */
  read(query: Span & { minerKey: number; wanted: ReadonlySet<number> | null; open?: Block | null }): Block {
    const { minerKey, fromMs, toMs, wanted } = query;
    const pending = new Set(this.#pending.all(minerKey, windowStart(fromMs), toMs));
    const blocks = windowsBetween(fromMs, toMs).flatMap((window) => this.#blocksOf(minerKey, window, pending.has(window), wanted));
    if (query.open) blocks.push(query.open);
    return joinBlocks(blocks.map((block) => sliceBlock(block, fromMs, toMs)));
  }

  /** Starts of the days for which the rollups may lack samples, ascending. */
  daysBehind(minerKey: number, { fromMs, toMs }: Span, open: Block | null): number[] {
    const days = new Set(this.#behind.all(minerKey, fromMs - DAY_MS, toMs));
    // An open sample also tells how long the last sample before it held.
    for (const atMs of open?.timesMs ?? [])
      for (const day of daysTouched(atMs, atMs)) if (day > fromMs - DAY_MS && day < toMs) days.add(day);
    return [...days].sort((a, b) => a - b);
  }

  /** Adds samples of one window as a piece; a piece that begins in the same slot takes them in. */
  addPiece(minerKey: number, block: Block): void {
    const firstMs = block.timesMs[0];
    const lastMs = block.timesMs.at(-1) ?? firstMs;
    const id = pieceId(minerKey, firstMs);
    const there = this.#piece.get(id);
    this.#putPiece.run(id, encodeBlock(there === undefined ? block : joinBlocks([decodeBlock(there), block])));
    this.#markPending.run(minerKey, windowStart(firstMs));
    for (const day of daysTouched(firstMs, lastMs)) this.#markBehind.run(minerKey, day);
  }

  /** Makes one chunk of a window's chunk and pieces. */
  join(minerKey: number, window: number): void {
    const block = joinBlocks(this.#blocksOf(minerKey, window, true, null));
    if (block.timesMs.length > 0) this.#putChunk.run(chunkId(minerKey, window), encodeBlock(block));
    for (const id of pieceIds(minerKey, window)) this.#removePiece.run(id);
    this.#clearPending.run(minerKey, window);
  }

  #blocksOf(minerKey: number, window: number, hasPieces: boolean, wanted: ReadonlySet<number> | null): Block[] {
    const ids = hasPieces ? pieceIds(minerKey, window) : [];
    const blobs = [this.#chunk.get(chunkId(minerKey, window)), ...ids.map((id) => this.#piece.get(id))];
    return blobs.filter((blob) => blob !== undefined).map((blob) => decodeBlock(blob, wanted));
  }
}

/** Days whose rollups samples of this span change: their own, and where a neighbour's hold reaches over midnight. */
function daysTouched(firstMs: number, lastMs: number): number[] {
  const days: number[] = [];
  for (let day = Math.floor((firstMs - NEIGHBOUR_MS) / DAY_MS) * DAY_MS; day <= lastMs + NEIGHBOUR_MS; day += DAY_MS) days.push(day);
  return days;
}

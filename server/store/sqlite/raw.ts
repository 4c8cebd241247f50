import type { Database, Statement } from "better-sqlite3";
import { joinBlocks, sliceBlock } from "../block.ts";
import { decodeBlock, encodeBlock, type Block } from "../codec.ts";
import { NEIGHBOUR_MS } from "../rollup.ts";
import { chunkId, pieceId, pieceIds, WINDOW_MS, windowsBetween } from "../layout.ts";

/** Sealed samples: joined chunks of a window, and pieces that wait to be joined. */
export class RawTables {
  readonly #db: Database;
  readonly #chunk: Statement<[number], Buffer>;
  readonly #piece: Statement<[number], Buffer>;
  readonly #pending: Statement<[number, number, number], number>;

  constructor(db: Database) {
    this.#db = db;
    this.#chunk = db.prepare<[number], Buffer>("SELECT block FROM chunk WHERE id = ?").pluck();
    this.#piece = db.prepare<[number], Buffer>("SELECT block FROM piece WHERE id = ?").pluck();
    this.#pending = db
      .prepare<[number, number, number], number>("SELECT window_ms FROM pending WHERE miner = ? AND window_ms >= ? AND window_ms < ?")
      .pluck();
  }

  /** Starts of the windows of a miner that have pieces, so that chunk and rollups do not tell all. */
  pendingWindows(minerKey: number, fromMs: number, toMs: number): number[] {
    return this.#pending.all(minerKey, fromMs - WINDOW_MS + 1, toMs);
  }

  /** Sealed samples of a miner with fromMs <= time < toMs in order, of the wanted columns (null: all), joined with those of `open`. */
  read(query: { minerKey: number; fromMs: number; toMs: number; wanted: ReadonlySet<number> | null; open?: Block | null }): Block {
    const { minerKey, fromMs, toMs, wanted } = query;
    const pending = new Set(this.pendingWindows(minerKey, fromMs, toMs));
    const blocks = windowsBetween(fromMs, toMs).flatMap((window) => this.#blocksOf(minerKey, window, pending.has(window), wanted));
    if (query.open) blocks.push(query.open);
    return joinBlocks(blocks.map((block) => sliceBlock(block, fromMs, toMs)));
  }

  /** Adds samples of one window as a piece; a piece that begins in the same slot takes them in. */
  putPiece(minerKey: number, block: Block): void {
    const id = pieceId(minerKey, block.timesMs[0] ?? 0);
    const there = this.#piece.get(id);
    const whole = there === undefined ? block : joinBlocks([decodeBlock(there), block]);
    this.#db
      .prepare("INSERT INTO piece (id, block) VALUES (?, ?) ON CONFLICT DO UPDATE SET block = excluded.block")
      .run(id, encodeBlock(whole));
    const mark = this.#db.prepare("INSERT OR IGNORE INTO pending (miner, window_ms) VALUES (?, ?)");
    const firstMs = block.timesMs[0] ?? 0;
    const lastMs = block.timesMs.at(-1) ?? 0;
    // The samples next to a window tell how long its own first and last hold, so that its coverage is told anew as well.
    for (const window of windowsBetween(firstMs - NEIGHBOUR_MS, lastMs + NEIGHBOUR_MS + 1)) mark.run(minerKey, window);
  }

  /** Makes one chunk of a window's chunk and pieces. */
  join(minerKey: number, window: number): void {
    const block = joinBlocks(this.#blocksOf(minerKey, window, true, null));
    if (block.timesMs.length > 0) {
      this.#db
        .prepare("INSERT INTO chunk (id, block) VALUES (?, ?) ON CONFLICT DO UPDATE SET block = excluded.block")
        .run(chunkId(minerKey, window), encodeBlock(block));
    }
    const remove = this.#db.prepare("DELETE FROM piece WHERE id = ?");
    for (const id of pieceIds(minerKey, window)) remove.run(id);
    this.#db.prepare("DELETE FROM pending WHERE miner = ? AND window_ms = ?").run(minerKey, window);
  }

  #blocksOf(minerKey: number, window: number, hasPieces: boolean, wanted: ReadonlySet<number> | null): Block[] {
    const ids = hasPieces ? pieceIds(minerKey, window) : [];
    const blobs = [this.#chunk.get(chunkId(minerKey, window)), ...ids.map((id) => this.#piece.get(id))];
    return blobs.filter((blob) => blob !== undefined).map((blob) => decodeBlock(blob, wanted));
  }
}

import type { Database, Statement } from "better-sqlite3";
import { joinBlocks, sliceBlock } from "../block.ts";
import { decodeBlock, encodeBlock, type Block } from "../codec.ts";
import { rollupId } from "../layout.ts";
import type { Span } from "../rollup.ts";
import type { Tier } from "../tiers.ts";

/** One table of rollups, of miners or of sites. */
export class SpanTable {
  readonly tier: Tier;
  readonly #get: Statement<[number], Buffer>;
  readonly #put: Statement<[number, Buffer | Uint8Array]>;
  readonly #remove: Statement<[number]>;

  constructor(db: Database, tier: Tier) {
    this.tier = tier;
    this.#get = db.prepare<[number], Buffer>(`SELECT block FROM ${tier.table} WHERE id = ?`).pluck();
    this.#put = db.prepare(`INSERT INTO ${tier.table} (id, block) VALUES (?, ?) ON CONFLICT DO UPDATE SET block = excluded.block`);
    this.#remove = db.prepare(`DELETE FROM ${tier.table} WHERE id = ?`);
  }

  /** The rows of a key with fromMs <= start of the step < toMs. */
  read(key: number, { fromMs, toMs }: Span, wanted: ReadonlySet<number> | null): Block {
    const blocks: Block[] = [];
    for (const start of this.#spans({ fromMs, toMs })) {
      const blob = this.#get.get(rollupId(key, start, this.tier.spanMs));
      if (blob !== undefined) blocks.push(sliceBlock(decodeBlock(blob, wanted), fromMs, toMs));
    }
    return joinBlocks(blocks);
  }

  /** Puts `block` in the place of all steps of the span. */
  replace(key: number, span: Span, block: Block): void {
    for (const start of this.#spans(span)) {
      const end = start + this.tier.spanMs;
      const id = rollupId(key, start, this.tier.spanMs);
      const there = this.#get.get(id);
      const parts = there === undefined ? [] : this.#outside(decodeBlock(there), span);
      const whole = joinBlocks([...parts, sliceBlock(block, start, end)]);
      if (whole.timesMs.length > 0) this.#put.run(id, encodeBlock(whole));
      else this.#remove.run(id);
    }
  }

  #outside(block: Block, span: Span): Block[] {
    return [sliceBlock(block, -Infinity, span.fromMs), sliceBlock(block, span.toMs, Infinity)];
  }

  #spans({ fromMs, toMs }: Span): number[] {
    const starts: number[] = [];
    const { spanMs } = this.tier;
    for (let start = Math.floor(fromMs / spanMs) * spanMs; start < toMs; start += spanMs) starts.push(start);
    return starts;
  }
}

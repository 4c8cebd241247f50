import type { Block } from "./codec.ts";

/** Operations on blocks of samples: cutting by time, and joining pieces of one miner. */

/** First row at or after `atMs`. */
export function rowAt(timesMs: Float64Array, atMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows with fromMs <= time < toMs; views, not copies. */
export function sliceBlock(block: Block, fromMs: number, toMs: number): Block {
  const start = rowAt(block.timesMs, fromMs);
  const end = rowAt(block.timesMs, toMs);
  if (start === 0 && end === block.timesMs.length) return block;
  const columns = new Map([...block.columns].map(([id, values]) => [id, values.subarray(start, end)]));
  return { timesMs: block.timesMs.subarray(start, end), columns };
}

/** All rows of all blocks in order of time, one per instant: of two of one instant that of the earlier block stays. */
export function joinBlocks(blocks: readonly Block[]): Block {
  const parts = blocks.filter((block) => block.timesMs.length > 0);
  const [only] = parts;
  if (only === undefined) return { timesMs: new Float64Array(0), columns: new Map() };
  if (parts.length === 1) return only;
  const order = rowOrder(parts);
  const timesMs = Float64Array.from(order, ([part, row]) => parts[part]?.timesMs[row] ?? 0);
  const columns = new Map<number, Float64Array>();
  for (const id of new Set(parts.flatMap((part) => [...part.columns.keys()]))) {
    const sources = parts.map((part) => part.columns.get(id));
    columns.set(
      id,
      Float64Array.from(order, ([part, row]) => sources[part]?.[row] ?? NaN),
    );
  }
  return { timesMs, columns };
}

function rowOrder(parts: readonly Block[]): [part: number, row: number][] {
  const rows = parts.flatMap((part, index) => Array.from(part.timesMs, (_, row): [number, number] => [index, row]));
  const timeOf = ([part, row]: [number, number]) => parts[part]?.timesMs[row] ?? 0;
  rows.sort((a, b) => timeOf(a) - timeOf(b) || a[0] - b[0]);
  return rows.filter((row, index) => index === 0 || timeOf(row) !== timeOf(rows[index - 1] ?? row));
}

import type { Block } from "./codec.ts";

/** Operations on blocks of samples: cutting by time, and joining pieces of one miner. */

/** First row at or after `atMs`. */
export function rowAt(timesMs: Float64Array, atMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timesMs[middle] < atMs) low = middle + 1;
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
  const parts = blocks.filter((block) => block.timesMs.length > 0).sort((a, b) => a.timesMs[0] - b.timesMs[0]);
  const only = parts.at(0);
  if (only === undefined) return { timesMs: new Float64Array(0), columns: new Map() };
  if (parts.length === 1) return only;
  const chain = chained(parts);
  const followsOn = parts.every((part, index) => index === 0 || part.timesMs[0] > (parts[index - 1].timesMs.at(-1) ?? Infinity));
  return followsOn ? chain : inOrder(chain);
}

/** The blocks one after the other, as they are. */
function chained(parts: readonly Block[]): Block {
  const count = parts.reduce((sum, part) => sum + part.timesMs.length, 0);
  const whole: Block = { timesMs: new Float64Array(count), columns: new Map() };
  let at = 0;
  for (const part of parts) {
    whole.timesMs.set(part.timesMs, at);
    for (const [id, values] of part.columns) columnOf(whole, id).set(values, at);
    at += part.timesMs.length;
  }
  return whole;
}

function columnOf(block: Block, id: number): Float64Array {
  let column = block.columns.get(id);
  if (column === undefined) {
    column = new Float64Array(block.timesMs.length).fill(NaN);
    block.columns.set(id, column);
  }
  return column;
}

function inOrder(block: Block): Block {
  const { timesMs } = block;
  const rows = Array.from(timesMs, (_, row) => row)
    .sort((a, b) => timesMs[a] - timesMs[b] || a - b)
    .filter((row, index, sorted) => index === 0 || timesMs[row] !== timesMs[sorted[index - 1]]);
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]);
  return { timesMs: pick(timesMs), columns: new Map([...block.columns].map(([id, values]) => [id, pick(values)])) };
}

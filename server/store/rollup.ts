import { rowAt } from "./block.ts";
import type { Block } from "./codec.ts";
import { SITE_COLUMN } from "./columns.ts";

/**
 * Min, mean, max and coverage over steps of time, from samples or from a finer tier. Pure.
 *
 * A rollup block has one row per step that holds anything, at the start of the step; for a column c it holds c × 4 + 0 the least value, + 1 the
 * greatest, + 2 the sum, + 3 the number of values; that column is absent, or in blocks that were joined NaN, where it equals the number of samples. Counters that drop to 0 when a miner restarts are
 * values like any other here: nothing is subtracted, so a restart makes no nonsense.
 */
const STATS = 4;
const MIN = 0;
const MAX = 1;
const SUM = 2;
const COUNT = 3;
/** Share of the step that the samples cover, 0 to 1. */
const COVERAGE_COLUMN = SITE_COLUMN * STATS;
/** Samples in the step. */
const ROWS_COLUMN = SITE_COLUMN * STATS + 1;
const COVERAGE_UNIT = 10_000;

/** A neighbour further away says nothing about the spacing of a sample. */
export const NEIGHBOUR_MS = 3_600_000;
const LONE_SAMPLE_MS = 60_000;
/** A gap of up to this many spacings is jitter, beyond it polls are missing. */
const LATE_FACTOR = 1.5;

export interface Span {
  fromMs: number;
  toMs: number;
}

interface Stats {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sum: Float64Array;
  readonly count: Float64Array;
}

/** Accumulates steps of `stepMs` from fromMs (a multiple of it) to toMs. Feed each instant once, from whichever tier. */
export class Steps {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
  readonly columns: readonly number[];
  readonly #rows: Float64Array;
  readonly #coveredMs: Float64Array;
  readonly #stats: Map<number, Stats>;

  constructor(columns: readonly number[], { fromMs, toMs, stepMs }: Span & { stepMs: number }) {
    this.fromMs = fromMs;
    this.stepMs = stepMs;
    this.count = Math.max(0, Math.ceil((toMs - fromMs) / stepMs));
    this.columns = columns;
    this.#rows = new Float64Array(this.count);
    this.#coveredMs = new Float64Array(this.count);
    this.#stats = new Map(columns.map((column) => [column, emptyStats(this.count)]));
  }

  /** Takes the samples of `block` within the span; its other samples only tell how long the first and last of the span hold. */
  addSamples(block: Block, span: Span): void {
    const start = rowAt(block.timesMs, span.fromMs);
    const end = rowAt(block.timesMs, span.toMs);
    const steps = this.#stepsOf(block.timesMs.subarray(start, end));
    for (const step of steps) this.#rows[step]++;
    for (const [column, stats] of this.#stats) {
      const values = block.columns.get(column);
      if (values !== undefined) addValues(stats, values.subarray(start, end), steps);
    }
    for (let row = Math.max(0, start - 1); row < end; row++) this.#cover(block.timesMs, row, span);
  }

  /** Takes the rows of a finer tier within the span; `stepMs` is that tier's. */
  addRollup(block: Block, span: Span, stepMs: number): void {
    const start = rowAt(block.timesMs, span.fromMs);
    const end = rowAt(block.timesMs, span.toMs);
    const column = (id: number) => block.columns.get(id)?.subarray(start, end);
    const rows = column(ROWS_COLUMN) ?? new Float64Array(end - start);
    const coverage = column(COVERAGE_COLUMN);
    const steps = this.#stepsOf(block.timesMs.subarray(start, end));
    steps.forEach((step, row) => {
      this.#rows[step] += rows[row];
      this.#coveredMs[step] += (coverage?.[row] ?? 0) * stepMs;
    });
    for (const [id, stats] of this.#stats) {
      const sum = column(id * STATS + SUM);
      if (sum === undefined) continue;
      const count = column(id * STATS + COUNT)?.map((values, row) => (Number.isNaN(values) ? rows[row] : values)) ?? rows;
      const [min, max] = [column(id * STATS + MIN) ?? sum, column(id * STATS + MAX) ?? sum];
      mergeStats(stats, { min, max, sum, count }, steps);
    }
  }

  timesMs(): number[] {
    return Array.from({ length: this.count }, (_, step) => this.fromMs + step * this.stepMs);
  }

  /** One number per step, NaN where the step has no value of the column. */
  values(column: number, statistic: "min" | "mean" | "max"): Float64Array {
    const stats = this.#stats.get(column);
    if (stats === undefined) return new Float64Array(this.count).fill(NaN);
    return statistic === "mean" ? stats.sum.map((sum, step) => sum / stats.count[step]) : stats[statistic];
  }

  coverage(step: number): number {
    return Math.min(1, Math.round((this.#coveredMs[step] / this.stepMs) * COVERAGE_UNIT) / COVERAGE_UNIT);
  }

  /** The steps that hold anything, as a rollup block. */
  toBlock(): Block {
    const kept = Array.from({ length: this.count }, (_, step) => step).filter((step) => this.#rows[step] !== 0 || this.coverage(step) > 0);
    const pick = (values: Float64Array) => Float64Array.from(kept, (step) => values[step]);
    const rows = pick(this.#rows);
    const columns = new Map([
      [COVERAGE_COLUMN, Float64Array.from(kept, (step) => this.coverage(step))],
      [ROWS_COLUMN, rows],
    ]);
    for (const [column, stats] of this.#stats) {
      const counts = pick(stats.count);
      if (counts.every((count) => count === 0)) continue;
      columns.set(column * STATS + MIN, pick(stats.min));
      columns.set(column * STATS + MAX, pick(stats.max));
      const sums = pick(stats.sum);
      columns.set(
        column * STATS + SUM,
        sums.map((sum, row) => (counts[row] === 0 ? NaN : roundedSum(sum))),
      );
      if (counts.some((count, row) => count !== rows[row])) columns.set(column * STATS + COUNT, counts);
    }
    return { timesMs: Float64Array.from(kept, (step) => this.fromMs + step * this.stepMs), columns };
  }

  #stepsOf(timesMs: Float64Array): Int32Array {
    return Int32Array.from(timesMs, (atMs) => Math.floor((atMs - this.fromMs) / this.stepMs));
  }

  #cover(timesMs: Float64Array, row: number, span: Span): void {
    const atMs = timesMs[row];
    const end = Math.min(atMs + holdMs(timesMs, row), span.toMs);
    for (let from = Math.max(atMs, span.fromMs); from < end;) {
      const step = Math.floor((from - this.fromMs) / this.stepMs);
      const to = Math.min(end, this.fromMs + (step + 1) * this.stepMs);
      this.#coveredMs[step] += to - from;
      from = to;
    }
  }
}

function emptyStats(count: number): Stats {
  return {
    min: new Float64Array(count).fill(NaN),
    max: new Float64Array(count).fill(NaN),
    sum: new Float64Array(count),
    count: new Float64Array(count),
  };
}

function addValues({ min, max, sum, count }: Stats, values: Float64Array, steps: Int32Array): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (Number.isNaN(value)) continue;
    const step = steps[row];
    if (!(min[step] <= value)) min[step] = value;
    if (!(max[step] >= value)) max[step] = value;
    sum[step] += value;
    count[step]++;
  }
}

function mergeStats(into: Stats, added: Stats, steps: Int32Array): void {
  for (let row = 0; row < steps.length; row++) {
    const sum = added.sum[row];
    if (Number.isNaN(sum)) continue;
    const step = steps[row];
    if (!(into.min[step] <= added.min[row])) into.min[step] = added.min[row];
    if (!(into.max[step] >= added.max[row])) into.max[step] = added.max[row];
    into.sum[step] += sum;
    into.count[step] += added.count[row];
  }
}

/** Columns of a rollup block that hold the given metrics' columns; what a reader has to decode. */
export function rollupColumns(columns: readonly number[]): Set<number> {
  return new Set([
    COVERAGE_COLUMN,
    ROWS_COLUMN,
    ...columns.flatMap((column) => [0, 1, 2, 3].map((statistic) => column * STATS + statistic)),
  ]);
}

/** Rows of the finest tier of sites, where each value is the only one of its step; in order of time, coverage 0 or 1. */
export function rollupOfValues(rows: readonly { atMs: number; values: ReadonlyMap<number, number>; coverage: number }[]): Block {
  const columns = new Map([
    [COVERAGE_COLUMN, Float64Array.from(rows, (row) => row.coverage)],
    [ROWS_COLUMN, new Float64Array(rows.length).fill(1)],
  ]);
  for (const column of new Set(rows.flatMap(({ values }) => [...values.keys()]))) {
    columns.set(
      column * STATS + SUM,
      Float64Array.from(rows, ({ values }) => values.get(column) ?? NaN),
    );
  }
  return { timesMs: Float64Array.from(rows, ({ atMs }) => atMs), columns };
}

/** The rows back from such a block. */
export function valuesOfRollup(block: Block): { atMs: number; values: Map<number, number>; coverage: number }[] {
  const columns = columnsOfRollup(block).map((column) => ({ column, values: block.columns.get(column * STATS + SUM) }));
  const coverage = block.columns.get(COVERAGE_COLUMN);
  return Array.from(block.timesMs, (atMs, row) => {
    const values = new Map<number, number>();
    for (const { column, values: source } of columns) {
      const value = source?.[row] ?? NaN;
      if (!Number.isNaN(value)) values.set(column, value);
    }
    return { atMs, values, coverage: coverage?.[row] ?? 0 };
  });
}

/** The metrics' columns of which a rollup block holds anything. */
export function columnsOfRollup(block: Block): number[] {
  return [...block.columns.keys()].filter((id) => id % STATS === SUM && id !== COVERAGE_COLUMN + SUM).map((id) => (id - SUM) / STATS);
}

/** How long a sample stands for the miner: until the next one, or, when that is missing or late, as long as the one before it did. */
function holdMs(timesMs: Float64Array, row: number): number {
  const before = row === 0 ? null : gapOf(timesMs[row - 1], timesMs[row]);
  const after = row + 1 === timesMs.length ? null : gapOf(timesMs[row], timesMs[row + 1]);
  if (after === null) return before ?? LONE_SAMPLE_MS;
  if (before === null || after <= before * LATE_FACTOR) return after;
  return before;
}

/** null where the neighbour is too far away. */
function gapOf(fromMs: number, toMs: number): number | null {
  const gap = toMs - fromMs;
  return gap <= NEIGHBOUR_MS ? gap : null;
}

/** Sums of decimals carry rounding noise that would cost eight bytes each; what is cut off is below a millionth, or below 1 from a thousand million on. */
function roundedSum(sum: number): number {
  if (Number.isInteger(sum)) return sum;
  return Math.abs(sum) < 1e9 ? Math.round(sum * 1e6) / 1e6 : Math.round(sum);
}

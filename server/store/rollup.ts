import { rowAt } from "./block.ts";
import type { Block } from "./codec.ts";
import { SITE_COLUMN } from "./columns.ts";

/**
 * Min, mean, max and coverage over steps of time, from samples or from a finer tier. Pure.
 *
 * A rollup block has one row per step that holds anything, at the start of the step; for a column c it holds c × 4 + 0 the least value, + 1 the
 * greatest, + 2 the sum, + 3 the number of values where it differs from the number of samples. Counters that drop to 0 when a miner restarts are
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

/** Accumulates steps of `stepMs` from fromMs (a multiple of it) to toMs. Feed each instant once, from whichever tier. */
export class Steps {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
  readonly columns: readonly number[];
  readonly rows: Float64Array;
  readonly #coveredMs: Float64Array;
  readonly #stats: { min: Float64Array; max: Float64Array; sum: Float64Array; count: Float64Array }[];

  constructor(columns: readonly number[], { fromMs, toMs, stepMs }: Span & { stepMs: number }) {
    this.fromMs = fromMs;
    this.stepMs = stepMs;
    this.count = Math.max(0, Math.ceil((toMs - fromMs) / stepMs));
    this.columns = columns;
    this.rows = new Float64Array(this.count);
    this.#coveredMs = new Float64Array(this.count);
    this.#stats = columns.map(() => ({
      min: new Float64Array(this.count).fill(NaN),
      max: new Float64Array(this.count).fill(NaN),
      sum: new Float64Array(this.count),
      count: new Float64Array(this.count),
    }));
  }

  /** Takes the samples of `block` within the span; its other samples only tell how long the first and last of the span hold. */
  addSamples(block: Block, span: Span): void {
    const start = rowAt(block.timesMs, span.fromMs);
    const end = rowAt(block.timesMs, span.toMs);
    const steps = new Int32Array(end - start);
    for (let row = start; row < end; row++) {
      const step = this.#stepOf(block.timesMs[row] ?? 0);
      steps[row - start] = step;
      this.rows[step] = (this.rows[step] ?? 0) + 1;
    }
    this.columns.forEach((column, index) => {
      const values = block.columns.get(column);
      if (values === undefined) return;
      for (let row = start; row < end; row++) this.#add(index, steps[row - start] ?? 0, values[row] ?? NaN);
    });
    for (let row = Math.max(0, start - 1); row < end; row++) this.#cover(block.timesMs, row, span);
  }

  /** Takes the rows of a finer tier within the span; `stepMs` is that tier's. */
  addRollup(block: Block, span: Span, stepMs: number): void {
    const start = rowAt(block.timesMs, span.fromMs);
    const end = rowAt(block.timesMs, span.toMs);
    const rows = block.columns.get(ROWS_COLUMN);
    const coverage = block.columns.get(COVERAGE_COLUMN);
    for (let row = start; row < end; row++) {
      const step = this.#stepOf(block.timesMs[row] ?? 0);
      this.rows[step] = (this.rows[step] ?? 0) + (rows?.[row] ?? 0);
      this.#coveredMs[step] = (this.#coveredMs[step] ?? 0) + (coverage?.[row] ?? 0) * stepMs;
    }
    this.columns.forEach((column, index) => {
      const sums = block.columns.get(column * STATS + SUM);
      if (sums === undefined) return;
      const source = {
        min: block.columns.get(column * STATS + MIN) ?? sums,
        max: block.columns.get(column * STATS + MAX) ?? sums,
        count: block.columns.get(column * STATS + COUNT) ?? rows,
      };
      for (let row = start; row < end; row++) {
        const sum = sums[row] ?? NaN;
        if (Number.isNaN(sum)) continue;
        const stats = { min: source.min[row] ?? NaN, max: source.max[row] ?? NaN, sum, count: source.count?.[row] ?? 0 };
        this.#merge(index, this.#stepOf(block.timesMs[row] ?? 0), stats);
      }
    });
  }

  timesMs(): number[] {
    return Array.from({ length: this.count }, (_, step) => this.fromMs + step * this.stepMs);
  }

  /** NaN for a step without a value of the column. */
  value(column: number, statistic: "min" | "mean" | "max", step: number): number {
    const stats = this.#stats[this.columns.indexOf(column)];
    if (stats === undefined || stats.count[step] === 0) return NaN;
    if (statistic === "mean") return (stats.sum[step] ?? NaN) / (stats.count[step] ?? NaN);
    return (statistic === "min" ? stats.min : stats.max)[step] ?? NaN;
  }

  coverage(step: number): number {
    return Math.min(1, Math.round(((this.#coveredMs[step] ?? 0) / this.stepMs) * COVERAGE_UNIT) / COVERAGE_UNIT);
  }

  /** The steps that hold anything, as a rollup block. */
  toBlock(): Block {
    const kept = Array.from({ length: this.count }, (_, step) => step).filter((step) => this.rows[step] !== 0 || this.coverage(step) > 0);
    const pick = (values: Float64Array) => Float64Array.from(kept, (step) => values[step] ?? NaN);
    const rows = pick(this.rows);
    const columns = new Map<number, Float64Array>([
      [COVERAGE_COLUMN, Float64Array.from(kept, (step) => this.coverage(step))],
      [ROWS_COLUMN, rows],
    ]);
    this.columns.forEach((column, index) => {
      const stats = this.#stats[index];
      if (stats === undefined || !stats.count.some((count) => count > 0)) return;
      const counts = pick(stats.count);
      columns.set(column * STATS + MIN, pick(stats.min));
      columns.set(column * STATS + MAX, pick(stats.max));
      columns.set(
        column * STATS + SUM,
        pick(stats.sum).map((sum, row) => (counts[row] === 0 ? NaN : roundedSum(sum))),
      );
      if (counts.some((count, row) => count !== rows[row])) columns.set(column * STATS + COUNT, counts);
    });
    return { timesMs: Float64Array.from(kept, (step) => this.fromMs + step * this.stepMs), columns };
  }

  #stepOf(atMs: number): number {
    return Math.floor((atMs - this.fromMs) / this.stepMs);
  }

  #add(index: number, step: number, value: number): void {
    if (Number.isNaN(value)) return;
    this.#merge(index, step, { min: value, max: value, sum: value, count: 1 });
  }

  #merge(index: number, step: number, added: { min: number; max: number; sum: number; count: number }): void {
    const stats = this.#stats[index];
    if (stats === undefined) return;
    if (!((stats.min[step] ?? NaN) <= added.min)) stats.min[step] = added.min;
    if (!((stats.max[step] ?? NaN) >= added.max)) stats.max[step] = added.max;
    stats.sum[step] = (stats.sum[step] ?? 0) + added.sum;
    stats.count[step] = (stats.count[step] ?? 0) + added.count;
  }

  #cover(timesMs: Float64Array, row: number, span: Span): void {
    const atMs = timesMs[row] ?? 0;
    const end = Math.min(atMs + holdMs(timesMs, row), span.toMs);
    for (let from = Math.max(atMs, span.fromMs); from < end;) {
      const step = this.#stepOf(from);
      const to = Math.min(end, this.fromMs + (step + 1) * this.stepMs);
      this.#coveredMs[step] = (this.#coveredMs[step] ?? 0) + to - from;
      from = to;
    }
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
  const before = gapOf(timesMs[row - 1], timesMs[row]);
  const after = gapOf(timesMs[row], timesMs[row + 1]);
  if (after === null) return before ?? LONE_SAMPLE_MS;
  if (before === null || after <= before * LATE_FACTOR) return after;
  return before;
}

function gapOf(from: number | undefined, to: number | undefined): number | null {
  if (from === undefined || to === undefined || to - from > NEIGHBOUR_MS) return null;
  return to - from;
}

/** Sums of decimals carry rounding noise that would cost eight bytes each; what is cut off is below a millionth, or below 1 from a thousand million on. */
function roundedSum(sum: number): number {
  if (Number.isInteger(sum)) return sum;
  return Math.abs(sum) < 1e9 ? Math.round(sum * 1e6) / 1e6 : Math.round(sum);
}

import type { Series } from "../../../server/contract/api.ts";

type Values = Readonly<Record<string, number | null>>;

/** Times and columns as charts take them. */
export type Columns = Pick<Series, "stepMs" | "timesMs" | "series" | "backfilled">;

/**
 * A loaded series, and behind it what the live stream has told since: one mean per step that is over, and last the values of this moment.
 *
 * A step that was loaded in part stays as it was loaded, unless values are missing that were there before: the live ones take its place. Values that are missing make a gap, and `hasGap` says that loading anew may fill it.
 */
export class LiveTail {
  columns: Columns;
  hasGap = false;
  #settled: Columns;
  #open: { readonly startMs: number; readonly means: Map<string, Mean> } | null = null;
  readonly #lengthMs: number;

  /** `lengthMs`: what is older than this, seen from the newest value, is dropped. */
  constructor(loaded: Columns, lengthMs: number) {
    this.#settled = this.columns = loaded;
    this.#lengthMs = lengthMs;
  }

  push(atMs: number, values: Values): void {
    const { stepMs } = this.#settled;
    const startMs = Math.floor(atMs / stepMs) * stepMs;
    if (this.#open === null || startMs > this.#open.startMs) this.#begin(startMs, atMs);
    for (const [metric, value] of Object.entries(values)) this.#meanOf(metric).add(value);
    this.columns = appended(this.#settled, atMs, values);
  }

  #begin(startMs: number, atMs: number): void {
    if (this.#open === null && startMs === this.#lastMs() && isHalfTold(this.#settled)) this.#settled = withoutLast(this.#settled);
    if (this.#open !== null && this.#open.startMs > this.#lastMs()) {
      const { means } = this.#open;
      const values = Object.fromEntries([...means].map(([metric, mean]) => [metric, mean.value(metric.endsWith(":max"))]));
      this.#settled = appended(this.#settled, this.#open.startMs, values);
    }
    if (Number.isFinite(this.#lastMs()) && startMs - this.#lastMs() > this.#settled.stepMs) {
      this.hasGap = true;
      this.#settled = appended(this.#settled, this.#lastMs() + this.#settled.stepMs, {});
    }
    this.#settled = since(this.#settled, atMs - this.#lengthMs - this.#settled.stepMs);
    this.#open = { startMs, means: new Map() };
  }

  #lastMs(): number {
    return this.#settled.timesMs.at(-1) ?? -Infinity;
  }

  #meanOf(metric: string): Mean {
    const means = this.#open?.means ?? new Map<string, Mean>();
    const held = means.get(metric);
    if (held !== undefined) return held;
    const mean = new Mean();
    means.set(metric, mean);
    return mean;
  }
}

/** Mean and most of what was known during a step. */
class Mean {
  #sum = 0;
  #count = 0;
  #most = -Infinity;

  add(value: number | null): void {
    if (value === null) return;
    this.#sum += value;
    this.#count += 1;
    this.#most = Math.max(this.#most, value);
  }

  value(most: boolean): number | null {
    if (this.#count === 0) return null;
    return most ? this.#most : this.#sum / this.#count;
  }
}

function appended({ timesMs, series, ...rest }: Columns, atMs: number, values: Values): Columns {
  const longer = Object.entries(series).map(([metric, held]) => [metric, [...held, values[metric] ?? null]]);
  return { ...rest, timesMs: [...timesMs, atMs], series: Object.fromEntries(longer) as Columns["series"] };
}

/** The state of a minute is known when it is over, its samples as they come. */
function isHalfTold({ series }: Columns): boolean {
  return Object.values(series).some((values) => values.at(-1) === null && (values.at(-2) ?? null) !== null);
}

function withoutLast(columns: Columns): Columns {
  const series = Object.entries(columns.series).map(([metric, held]) => [metric, held.slice(0, -1)]);
  return { ...columns, timesMs: columns.timesMs.slice(0, -1), series: Object.fromEntries(series) as Columns["series"] };
}

function since(columns: Columns, fromMs: number): Columns {
  const first = columns.timesMs.findIndex((atMs) => atMs >= fromMs);
  if (first <= 0) return columns;
  const series = Object.entries(columns.series).map(([metric, held]) => [metric, held.slice(first)]);
  return { ...columns, timesMs: columns.timesMs.slice(first), series: Object.fromEntries(series) as Columns["series"] };
}

import type { Database } from "better-sqlite3";
import { columnOfMetric } from "../columns.ts";
import type { Block } from "../codec.ts";
import { DAY_MS, windowStart, WINDOW_MS } from "../layout.ts";
import { NEIGHBOUR_MS, rollupColumns, Steps, type Span } from "../rollup.ts";
import type { SeriesColumns, SeriesQuery } from "../store.ts";
import { MINER_TIERS, planSeries, type Kept } from "../tiers.ts";
import { RawTables } from "./raw.ts";
import { SpanTable } from "./spans.ts";

const STATISTICS = ["min", "mean", "max"] as const;

/** Series of miners: from the tier that fits, and from the raw samples where that tier is behind. */
export class MinerSeries {
  readonly #raw: RawTables;
  readonly #tables: SpanTable[];

  constructor(db: Database) {
    this.#raw = new RawTables(db);
    this.#tables = MINER_TIERS.map((tier) => new SpanTable(db, tier));
  }

  /** `open`: the miner's samples that are in no piece yet. `kept`: raw first, then MINER_TIERS. */
  read(minerKey: number, query: SeriesQuery, { open, kept }: { open: Block | null; kept: readonly Kept[] }): SeriesColumns {
    const metrics = query.metrics.map(parseMetric);
    const plan = planSeries(query, kept);
    const steps = new Steps([...new Set(metrics.map(({ column }) => column))], plan);
    this.accumulate(steps, { minerKey, span: plan, tier: plan.tier, open });
    return seriesOf(steps, metrics);
  }

  /** tier 0 is raw, n is MINER_TIERS[n - 1]. */
  accumulate(steps: Steps, { minerKey, span, tier, open }: { minerKey: number; span: Span; tier: number; open: Block | null }): void {
    const table = this.#tables[tier - 1];
    if (table === undefined) return this.#addRaw(steps, minerKey, span, open);
    const unit = Math.max(WINDOW_MS, table.tier.stepMs);
    const behind = this.#behind(minerKey, span, open, unit);
    let fromMs = span.fromMs;
    for (const start of behind) {
      const from = Math.max(start, span.fromMs);
      const to = Math.min(start + unit, span.toMs);
      if (from > fromMs) this.#addTier(steps, table, minerKey, { fromMs, toMs: from });
      this.accumulate(steps, { minerKey, span: { fromMs: from, toMs: to }, tier: unit === DAY_MS ? tier - 1 : 0, open });
      fromMs = to;
    }
    if (fromMs < span.toMs) this.#addTier(steps, table, minerKey, { fromMs, toMs: span.toMs });
  }

  /** Starts of the units of time for which the rollups may lack samples, ascending. */
  #behind(minerKey: number, span: Span, open: Block | null, unit: number): number[] {
    const windows = this.#raw.pendingWindows(minerKey, windowStart(span.fromMs), span.toMs);
    for (const atMs of open?.timesMs ?? []) if (atMs >= span.fromMs - unit && atMs < span.toMs) windows.push(atMs);
    const starts = new Set(windows.map((window) => Math.floor(window / unit) * unit));
    return [...starts].filter((start) => start + unit > span.fromMs && start < span.toMs).sort((a, b) => a - b);
  }

  #addTier(steps: Steps, table: SpanTable, minerKey: number, span: Span): void {
    steps.addRollup(table.read(minerKey, span, rollupColumns(steps.columns)), span, table.tier.stepMs);
  }

  #addRaw(steps: Steps, minerKey: number, span: Span, open: Block | null): void {
    const wanted = new Set(steps.columns);
    const fromMs = span.fromMs - NEIGHBOUR_MS;
    const toMs = span.toMs + NEIGHBOUR_MS;
    steps.addSamples(this.#raw.read({ minerKey, fromMs, toMs, wanted, open }), span);
  }
}

export interface Metric {
  name: string;
  column: number;
  statistic: (typeof STATISTICS)[number];
}

/** Throws RangeError for a name that the history of miners does not keep. */
function parseMetric(name: string): Metric {
  const [, base, suffix] = /^(.*?)(?::(min|max|mean))?$/.exec(name) ?? [];
  const column = columnOfMetric(base ?? "");
  if (column === null) throw new RangeError(`No history of a metric named ${name}`);
  return { name, column, statistic: STATISTICS.find((known) => known === suffix) ?? "mean" };
}

export function seriesOf(steps: Steps, metrics: readonly Metric[]): SeriesColumns {
  const timesMs = steps.timesMs();
  const series: SeriesColumns["series"] = {};
  for (const { name, column, statistic } of metrics) {
    series[name] = timesMs.map((_, step) => {
      const value = steps.value(column, statistic, step);
      return Number.isNaN(value) ? null : value;
    });
  }
  return { stepMs: steps.stepMs, timesMs, series, coverage: timesMs.map((_, step) => steps.coverage(step)) };
}

import type { Database } from "better-sqlite3";
import { columnOfMetric } from "../columns.ts";
import type { Block } from "../codec.ts";
import { DAY_MS } from "../layout.ts";
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

  /** tier 0 is raw, n is MINER_TIERS[n - 1]. Days for which the rollups may lack samples are told from raw. */
  accumulate(steps: Steps, { minerKey, span, tier, open }: { minerKey: number; span: Span; tier: number; open: Block | null }): void {
    const table = this.#tables.at(tier - 1);
    if (tier === 0 || table === undefined) {
      this.#addRaw(steps, minerKey, span, open);
      return;
    }
    let fromMs = span.fromMs;
    for (const day of this.#raw.daysBehind(minerKey, span, open)) {
      const from = Math.max(day, span.fromMs);
      const to = Math.min(day + DAY_MS, span.toMs);
      if (from > fromMs) this.#addTier(steps, table, minerKey, { fromMs, toMs: from });
      this.#addRaw(steps, minerKey, { fromMs: from, toMs: to }, open);
      fromMs = to;
    }
    if (fromMs < span.toMs) this.#addTier(steps, table, minerKey, { fromMs, toMs: span.toMs });
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
  const [base, suffix] = name.split(":", 2);
  const column = columnOfMetric(base);
  const statistic = name.includes(":") ? STATISTICS.find((known) => known === suffix) : "mean";
  if (column === null || statistic === undefined) throw new RangeError(`No history of a metric named ${name}`);
  return { name, column, statistic };
}

export function seriesOf(steps: Steps, metrics: readonly Metric[]): SeriesColumns {
  const timesMs = steps.timesMs();
  const series: SeriesColumns["series"] = {};
  for (const { name, column, statistic } of metrics) {
    series[name] = Array.from(steps.values(column, statistic), (value) => (Number.isNaN(value) ? null : value));
  }
  return { stepMs: steps.stepMs, timesMs, series, coverage: timesMs.map((_, step) => steps.coverage(step)) };
}

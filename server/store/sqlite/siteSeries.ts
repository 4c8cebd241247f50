import type { Database } from "better-sqlite3";
import { sliceBlock } from "../block.ts";
import type { Block } from "../codec.ts";
import { MINUTE_MS } from "../layout.ts";
import { rollupColumns, Steps } from "../rollup.ts";
import { EXPECTED, RATED, siteColumnOf } from "../site.ts";
import type { SeriesColumns, SeriesQuery } from "../store.ts";
import { planSeries, SITE_TIERS, type Kept } from "../tiers.ts";
import { seriesOf, type Metric } from "./minerSeries.ts";
import { getMark, SITE_FINAL_MARK } from "./marks.ts";
import { SiteTables } from "./siteTables.ts";

/** Series of sites and of the fleet. */
export class SiteSeries {
  readonly #db: Database;
  readonly #tables: SiteTables;

  constructor(db: Database) {
    this.#db = db;
    this.#tables = new SiteTables(db);
  }

  /** FLEET_KEY: the fleet. `open`: minutes that were not written when they were asked for. `kept`: SITE_TIERS. */
  read(siteKey: number, query: SeriesQuery, { open, kept }: { open: Block; kept: readonly Kept[] }): SeriesColumns {
    const metrics = query.metrics.map(parseMetric);
    const plan = planSeries(query, kept);
    const asksRating = metrics.some(({ column }) => column === RATED);
    const steps = new Steps([...new Set([...metrics.map(({ column }) => column), ...(asksRating ? [EXPECTED] : [])])], plan);
    const written = this.#tables.read(plan.tier, siteKey, plan, rollupColumns(steps.columns));
    steps.addRollup(written, plan, SITE_TIERS[plan.tier].stepMs);
    const finalMs = getMark(this.#db, SITE_FINAL_MARK) ?? -Infinity; // what was written since must not count twice
    steps.addRollup(sliceBlock(open, finalMs, Infinity), plan, MINUTE_MS);
    const columns = seriesOf(steps, metrics);
    const openFrom = (finalMs - plan.fromMs) / plan.stepMs;
    for (const { name, column, statistic } of metrics) {
      if (column === RATED) columns.series[name] = withExpected(columns.series[name], steps.values(EXPECTED, statistic), openFrom);
    }
    return columns;
  }
}

/**
 * The rating of all miners that should hash; of those that sent samples, where the state of the fleet is not known. From step `openFrom` on it is not
 * written yet: until then the last one holds, or what has just gone dark would seem to be rated no more.
 */
function withExpected(sampled: readonly (number | null)[], expected: Float64Array, openFrom: number): (number | null)[] {
  let last = NaN;
  return sampled.map((value, step) => {
    if (!Number.isNaN(expected[step])) return (last = expected[step]);
    return value !== null && step >= openFrom && !Number.isNaN(last) ? last : value;
  });
}

/** Throws RangeError for a name that the history of sites does not keep. */
function parseMetric(name: string): Metric {
  const metric = siteColumnOf(name);
  if (metric === null) throw new RangeError(`No history of sites of a metric named ${name}`);
  return { name, ...metric };
}

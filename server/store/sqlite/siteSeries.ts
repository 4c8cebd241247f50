import type { Database } from "better-sqlite3";
import type { Block } from "../codec.ts";
import { MINUTE_MS } from "../layout.ts";
import { rollupColumns, Steps } from "../rollup.ts";
import { siteColumnOf } from "../site.ts";
import type { SeriesColumns, SeriesQuery } from "../store.ts";
import { planSeries, SITE_TIERS, type Kept } from "../tiers.ts";
import { seriesOf, type Metric } from "./minerSeries.ts";
import { SiteTables } from "./siteTables.ts";

/** Series of a site, or of the fleet with FLEET_KEY. `open`: the minutes that are not written yet. `kept`: SITE_TIERS. */
export function readSiteSeries(
  db: Database,
  siteKey: number,
  query: SeriesQuery,
  { open, kept }: { open: Block; kept: readonly Kept[] },
): SeriesColumns {
  const metrics = query.metrics.map(parseMetric);
  const plan = planSeries(query, kept);
  const steps = new Steps([...new Set(metrics.map(({ column }) => column))], plan);
  const tierStepMs = SITE_TIERS[plan.tier]?.stepMs ?? MINUTE_MS;
  steps.addRollup(new SiteTables(db).read(plan.tier, siteKey, plan, rollupColumns(steps.columns)), plan, tierStepMs);
  steps.addRollup(open, plan, MINUTE_MS);
  return seriesOf(steps, metrics);
}

/** Throws RangeError for a name that the history of sites does not keep. */
function parseMetric(name: string): Metric {
  const metric = siteColumnOf(name);
  if (metric === null) throw new RangeError(`No history of sites of a metric named ${name}`);
  return { name, ...metric };
}

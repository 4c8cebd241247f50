import type { SeriesColumns } from "../store/store.ts";

type Values = readonly (number | null)[];

/** What has to be known of each site for the metrics that are asked for. */
export function metricsOfSites(metrics: readonly string[]): string[] {
  return [...new Set(metrics.includes("efficiencyJPerTh") ? [...metrics, "powerW"] : metrics)];
}

/**
 * The history of several sites together, from that of each over the same steps. Pure.
 *
 * Rates, power and counts are summed over the sites that have a reading in the step, the hottest chip is the hottest of all, and the efficiency that
 * of their power and hashrate. What cannot be told from the sites' own values, such as a median, is null.
 */
export function seriesOfSites(sites: readonly SeriesColumns[], metrics: readonly string[]): SeriesColumns {
  const { stepMs = 0, timesMs = [] } = sites.at(0) ?? {};
  const eachStep = (tell: (step: number) => number | null): (number | null)[] => timesMs.map((_, step) => tell(step));
  const valuesOf = (metric: string): Values[] => sites.map(({ series }) => series[metric] ?? []);
  const together = (metric: string): (number | null)[] => {
    const values = valuesOf(metric);
    if (isSum(metric)) return eachStep((step) => sumOf(readingsAt(values, step)));
    if (metric === "chipTempCMax:max") return eachStep((step) => largestOf(readingsAt(values, step)));
    if (metric === "efficiencyJPerTh") return eachStep((step) => efficiencyAt(step, { powers: valuesOf("powerW"), efficiencies: values }));
    return eachStep(() => null);
  };
  return {
    ...{ stepMs, timesMs },
    series: Object.fromEntries(metrics.map((metric) => [metric, together(metric)])),
    coverage: timesMs.map((_, step) => sites.reduce((sum, { coverage }) => sum + (coverage[step] ?? 0), 0) / sites.length),
  };
}

function isSum(metric: string): boolean {
  return ["hashrateHs", "ratedHashrateHs", "powerW"].includes(metric) || metric.startsWith("status:");
}

function readingsAt(values: readonly Values[], step: number): number[] {
  return values.map((each) => each[step] ?? null).filter((value) => value !== null);
}

function sumOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

function largestOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((most, value) => Math.max(most, value));
}

/** All power over all hashrate, a site's hashrate being what its power and efficiency say. */
function efficiencyAt(
  step: number,
  { powers, efficiencies }: { powers: readonly Values[]; efficiencies: readonly Values[] },
): number | null {
  let [powerW, hashrateThs] = [0, 0];
  efficiencies.forEach((ofSite, site) => {
    const [efficiency, power] = [ofSite[step] ?? null, powers[site]?.[step] ?? null];
    if (efficiency === null || power === null || efficiency <= 0) return;
    powerW += power;
    hashrateThs += power / efficiency;
  });
  return hashrateThs === 0 ? null : powerW / hashrateThs;
}

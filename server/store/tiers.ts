import { DAY_MS, HOUR_MS, MINUTE_MS } from "./layout.ts";

/** A tier of rollups: a table whose rows hold all steps of a key (miner or site) within a span. */
export interface Tier {
  readonly table: string;
  readonly stepMs: number;
  readonly spanMs: number;
}
const FIVE_MINUTES_MS = 5 * MINUTE_MS;

/** Finest first; each step divides the next, and a window of raw samples holds whole steps of the first two. */
export const MINER_TIERS = [
  { table: "rollup_5m", stepMs: FIVE_MINUTES_MS, spanMs: DAY_MS },
  { table: "rollup_1h", stepMs: HOUR_MS, spanMs: 8 * DAY_MS },
  { table: "rollup_1d", stepMs: DAY_MS, spanMs: 128 * DAY_MS },
] as const satisfies readonly Tier[];
export const SITE_TIERS = [
  { table: "site_1m", stepMs: MINUTE_MS, spanMs: 4 * HOUR_MS },
  { table: "site_5m", stepMs: FIVE_MINUTES_MS, spanMs: DAY_MS },
  { table: "site_1h", stepMs: HOUR_MS, spanMs: 8 * DAY_MS },
  { table: "site_1d", stepMs: DAY_MS, spanMs: 128 * DAY_MS },
] as const satisfies readonly Tier[];

const MAX_POINTS = 2000;
const AIMED_POINTS = 1000;
const NICE_STEPS_MS = [
  ...[1, 2, 5, 10, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 28].map((days) => days * DAY_MS),
];

/** First data kept: of raw samples (for sites, of minutes), and of each coarser tier, finest first. -Infinity where nothing was deleted yet. */
export interface Kept {
  readonly stepMs: number; // 1 for raw samples
  readonly fromMs: number;
}

interface Plan {
  /** Whole steps: multiples of stepMs. */
  fromMs: number;
  toMs: number;
  stepMs: number;
  /** Index into `kept` of the tier that is read. */
  tier: number;
}

/**
 * Picks step and tier: the step asked for (null: one that gives up to 1,000 points, a minute or more), widened until there are at most 2,000 points
 * and until it is a whole number of steps of a tier that still reaches back to fromMs. Of the tiers that fit, the coarsest.
 */
export function planSeries(query: { fromMs: number; toMs: number; stepMs: number | null }, kept: readonly Kept[]): Plan {
  const { fromMs, toMs } = query;
  const tiers = kept.map((tier, index) => ({ ...tier, index })).filter((tier, index) => tier.fromMs <= fromMs || index === kept.length - 1);
  let stepMs = query.stepMs ?? niceStep(Math.max(MINUTE_MS, (toMs - fromMs) / AIMED_POINTS));
  const finest = tiers[0]?.stepMs ?? 1;
  if (stepMs % finest !== 0) stepMs = Math.ceil(stepMs / finest) * finest;
  if (pointCount(fromMs, toMs, stepMs) > MAX_POINTS) stepMs = Math.max(finest, niceStep((toMs - fromMs) / (MAX_POINTS - 1)));
  const tier = tiers.findLast((candidate) => stepMs % candidate.stepMs === 0);
  return { fromMs: Math.floor(fromMs / stepMs) * stepMs, toMs: Math.ceil(toMs / stepMs) * stepMs, stepMs, tier: tier?.index ?? 0 };
}

function pointCount(fromMs: number, toMs: number, stepMs: number): number {
  return Math.ceil(toMs / stepMs) - Math.floor(fromMs / stepMs);
}

function niceStep(atLeastMs: number): number {
  return NICE_STEPS_MS.find((step) => step >= atLeastMs) ?? Math.ceil(atLeastMs / (28 * DAY_MS)) * 28 * DAY_MS;
}

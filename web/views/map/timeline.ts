import type { FleetFrame, Series } from "../../../server/contract/api.ts";
import type { Span } from "./mapQuery.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The frame of a minute is written when the minute has ended. */
const WRITTEN_AFTER_MS = 2 * MINUTE_MS;
const LARGE_STEPS = 10;
const PLAY_SPEED = 60;

interface SpanShape {
  readonly lengthMs: number;
  readonly stepMs: number;
  /** From one point of the area above the scrubber to the next. */
  readonly seriesStepMs: number;
}

const SPANS: Readonly<Record<Span, SpanShape>> = {
  "24h": { lengthMs: DAY_MS, stepMs: MINUTE_MS, seriesStepMs: 5 * MINUTE_MS },
  "30d": { lengthMs: 30 * DAY_MS, stepMs: 5 * MINUTE_MS, seriesStepMs: HOUR_MS },
};

/** The part of the past that the scrubber covers, in steps for each of which a frame may be there. */
export interface Timeline {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly seriesStepMs: number;
}

export function timelineOf(span: Span, nowMs: number): Timeline {
  const { lengthMs, stepMs, seriesStepMs } = SPANS[span];
  const toMs = Math.floor((nowMs - WRITTEN_AFTER_MS) / stepMs) * stepMs;
  return { fromMs: toMs - lengthMs, toMs, stepMs, seriesStepMs };
}

/** The step of the timeline that an instant falls into, within its ends. */
export function snapped({ fromMs, toMs, stepMs }: Timeline, atMs: number): number {
  return Math.min(toMs, Math.max(fromMs, Math.floor(atMs / stepMs) * stepMs));
}

/** Where a key leads from an instant (null: now); undefined for a key that is none of the scrubber's. */
export function keyTarget(
  timeline: Timeline,
  atMs: number | null,
  { key, shiftKey }: { key: string; shiftKey: boolean },
): number | null | undefined {
  const { fromMs, stepMs, toMs } = timeline;
  const by = stepMs * (shiftKey ? LARGE_STEPS : 1);
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return atMs === null ? toMs : snapped(timeline, atMs - by);
    case "ArrowRight":
    case "ArrowUp":
      return atMs === null || atMs + by > toMs ? null : snapped(timeline, atMs + by);
    case "Home":
      return fromMs;
    case "End":
      return null;
    default:
      return undefined;
  }
}

/** How long one step is shown while playing: a minute of the past in a second. */
export function playDelayMs({ stepMs }: Timeline): number {
  return stepMs / PLAY_SPEED;
}

/** The frame of an instant: one that is further back than what is kept of that time is of another, and this instant has none. */
export function frameOf(frame: FleetFrame | null, atMs: number, nowMs: number): FleetFrame | null {
  if (frame === null) return null;
  // After a day, one frame in five minutes is kept.
  const apartMs = nowMs - atMs > DAY_MS - HOUR_MS ? 5 * MINUTE_MS : MINUTE_MS;
  return atMs - frame.atMs < apartMs ? frame : null;
}

/** Series of the area above the scrubber. */
export const LOST_METRICS = [
  "hashrateHs",
  "ratedHashrateHs",
  "status:hashing",
  "status:degraded",
  "status:notHashing",
  "status:unreachable",
  "status:paused",
] as const;

/**
 * Hashrate lost against rated as a share of rated, per point; null where there is no data. What is rated is known of those that answered: those
 * that did not count with their mean, those that are paused not at all.
 */
export function lostShares({ timesMs, series }: Series): (number | null)[] {
  const known: Readonly<Partial<Series["series"]>> = series;
  return timesMs.map((_, index) => {
    const at = (name: (typeof LOST_METRICS)[number]): number | null => known[name]?.[index] ?? null;
    const [hashrateHs, ratedHs, unreachable] = [at("hashrateHs"), at("ratedHashrateHs"), at("status:unreachable") ?? 0];
    const working = (at("status:hashing") ?? 0) + (at("status:degraded") ?? 0) + (at("status:notHashing") ?? 0);
    const answering = working + (at("status:paused") ?? 0);
    if (hashrateHs === null || ratedHs === null || ratedHs <= 0) return unreachable > 0 ? 1 : null;
    const expectedHs = answering === 0 ? ratedHs : (ratedHs / answering) * (working + unreachable);
    return expectedHs <= 0 ? 0 : Math.max(0, 1 - hashrateHs / expectedHs);
  });
}

/** Where along the timeline, 0 to 1, the values came late. */
export function backfilledShares(
  { backfilled }: Pick<Series, "backfilled">,
  { fromMs, toMs }: Pick<Timeline, "fromMs" | "toMs">,
): [number, number][] {
  const shareOf = (atMs: number): number => Math.min(1, Math.max(0, (atMs - fromMs) / (toMs - fromMs)));
  return backfilled.map(([from, to]) => [shareOf(from), shareOf(to)]);
}

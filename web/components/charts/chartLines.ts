import type { Series } from "../../../server/contract/api.ts";
import type { Status } from "../../../server/contract/status.ts";
import { formatNumber } from "../../format/number.ts";
import type { TimeRange } from "./timeWindow.ts";

/** Names of colour tokens. */
export const LINE_COLOURS = [
  "series-1",
  "series-2",
  "series-3",
  "series-4",
  "heat-4",
  "hot-text",
  "rated-line",
  "degraded",
  "not-hashing",
  "unreachable",
  "paused",
  "unknown",
] as const;
export type LineColour = (typeof LINE_COLOURS)[number];

export interface ChartLine {
  readonly label: string;
  readonly colour: LineColour;
  /** One per instant; a gap is null. */
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
  /** Stands in the legend in place of a coloured stroke. */
  readonly status?: Status;
}

/** Something that happened, drawn as a triangle above the plot with a dotted line below. `kind`: a status, or a change of another sort. */
export interface ChartEvent {
  readonly atMs: number;
  readonly label: string;
  readonly kind: Status | "change";
}

/** Nothing came late, nothing is marked. */
export const NO_SPANS: readonly TimeRange[] = [];

/** The spans of a series whose values came late, as charts take them. */
export function backfilledOf({ backfilled }: Pick<Series, "backfilled">): TimeRange[] {
  return backfilled.map(([fromMs, toMs]) => ({ fromMs, toMs }));
}

/** What one chart draws. */
export interface PlotInput {
  readonly timesMs: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly range: TimeRange;
  /** Lines lie on top of each other, each filled down to the one before. */
  readonly stacked: boolean;
  /** Labels of two lines, the upper first, between which the ground is tinted. */
  readonly band: readonly [string, string] | null;
  readonly events: readonly ChartEvent[];
  /** Whose values came late, from a backlog. */
  readonly backfilled: readonly TimeRange[];
  /** Times that are marked by a bar along the upper edge. */
  readonly marked: readonly TimeRange[];
}

/** Unit and digits behind the point of everything that a chart says in numbers. */
export interface ChartScale {
  readonly unit: string;
  readonly digits: number;
}

/**
 * The columns that are drawn, times first. Stacked lines become sums, the highest first, so that each one covers the foot of the one before it.
 */
export function plotColumns({ timesMs, lines, stacked }: PlotInput): (readonly (number | null)[])[] {
  if (!stacked) return [timesMs, ...lines.map(({ values }) => values)];
  const sums: (number | null)[][] = [];
  for (const { values } of lines) {
    const below = sums.at(-1);
    sums.push(values.map((value, index) => sumOf(below?.[index] ?? null, value)));
  }
  return [timesMs, ...sums.reverse()];
}

/** The sum of what is known; null where neither is. */
function sumOf(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}

/** The one figure of a chart at an instant: the first line, or the height of the stack. */
export function leadingValue(lines: readonly ChartLine[], stacked: boolean, index: number): number | null {
  if (!stacked) return lines.at(0)?.values[index] ?? null;
  return lines.reduce<number | null>((sum, { values }) => sumOf(sum, values[index] ?? null), null);
}

/** Spans of the range for which nothing was measured; dashed lines are no measurement. At its edges, what is missing of a step or two is no gap. */
export function gapsOf({ timesMs, lines, range }: PlotInput): TimeRange[] {
  const measured = lines.filter(({ dashed }) => dashed !== true);
  const known = timesMs.flatMap((_, index) => (measured.some(({ values }) => values[index] != null) ? [index] : []));
  if (known.length === 0) return [range];
  const edgeMs = timesMs.length < 2 ? 0 : 2.5 * (timesMs[1] - timesMs[0]);
  const gaps: TimeRange[] = [];
  if (timesMs[known[0]] - range.fromMs > edgeMs) gaps.push({ fromMs: range.fromMs, toMs: timesMs[known[0]] });
  known.forEach((index, place) => {
    const next = known.at(place + 1);
    if (next !== undefined && next - index > 1) gaps.push({ fromMs: timesMs[index], toMs: timesMs[next] });
  });
  const lastMs = timesMs[known[known.length - 1]];
  if (range.toMs - lastMs > edgeMs) gaps.push({ fromMs: lastMs, toMs: range.toMs });
  return gaps;
}

/** What a picture shows, for those who cannot see it. */
export function summaryOf({
  lines,
  events,
  backfilled,
  range,
  scale,
}: Pick<PlotInput, "lines" | "events" | "backfilled" | "range"> & { scale: ChartScale }): string {
  const text = (value: number | undefined): string => `${formatNumber(value, scale.digits)} ${scale.unit}`.trim();
  const parts = lines.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${label}: no data`;
    const least = known.reduce((a, b) => Math.min(a, b));
    const most = known.reduce((a, b) => Math.max(a, b));
    return `${label}: first ${text(known[0])}, last ${text(known.at(-1))}, least ${text(least)}, most ${text(most)}`;
  });
  const count = events.filter(({ atMs }) => atMs >= range.fromMs && atMs <= range.toMs).length;
  const late = spansWithin(backfilled, range).length;
  return [
    ...parts,
    ...(count === 0 ? [] : [`${count} ${count === 1 ? "event" : "events"}`]),
    ...(late === 0 ? [] : [`${late} ${late === 1 ? "span" : "spans"} backfilled`]),
  ].join("; ");
}

/** The spans of which some part lies in the range. */
export function spansWithin(spans: readonly TimeRange[], range: TimeRange): TimeRange[] {
  return spans.filter(({ fromMs, toMs }) => toMs >= range.fromMs && fromMs <= range.toMs);
}

/** The event nearest to an instant, when it lies within the distance. */
export function eventNear(events: readonly ChartEvent[], atMs: number, withinMs: number): ChartEvent | null {
  const near = events.filter((event) => Math.abs(event.atMs - atMs) <= withinMs);
  return near.sort((a, b) => Math.abs(a.atMs - atMs) - Math.abs(b.atMs - atMs)).at(0) ?? null;
}

import { useId, useMemo, useState, useSyncExternalStore, type KeyboardEvent, type ReactElement } from "react";
import { formatNumber } from "../../format/number.ts";
import { formatClock } from "../../format/time.ts";
import { indexAt, type ChartCursor } from "./chartCursor.ts";
import { ChartTitle } from "./ChartTitle.tsx";
import { NO_SPANS, summaryOf, type ChartEvent, type ChartLine, type ChartScale } from "./chartLines.ts";
import type { PlotArea } from "./chartOptions.ts";
import type { TimeRange } from "./timeWindow.ts";
import { usePlot } from "./usePlot.ts";
import "./charts.css";

export interface TimeChartProps {
  readonly title: string;
  readonly scale: ChartScale;
  /** Ascending. */
  readonly timesMs: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly range: TimeRange;
  /** A CSS length. */
  readonly height: string;
  /** Charts with the same one move it together. */
  readonly cursor: ChartCursor;
  readonly stacked?: boolean;
  /** The lines are of one rank: the title names the value of none. */
  readonly equals?: boolean;
  /** Labels of the upper and the lower line of a tinted band. */
  readonly band?: readonly [string, string] | null;
  /** In order of time. */
  readonly events?: readonly ChartEvent[];
  /** Spans whose values came late, from a backlog: hatched. In order of time. */
  readonly backfilled?: readonly TimeRange[];
  /** Times that are marked by a bar along the upper edge. */
  readonly marked?: readonly TimeRange[];
  /** Hears where the lines are drawn, at every drawing. */
  readonly onArea?: (area: PlotArea) => void;
  /** Somebody asked for another span of time; null is the whole range again. */
  readonly onZoom: (zoom: TimeRange | null) => void;
}

const NOTHING: ReadonlySet<string> = new Set();
const NO_EVENTS: readonly ChartEvent[] = [];

/**
 * Values over time, with what lies under the cursor in the title. A gap stays a gap, on a grey ground; a press in the legend takes a line away.
 *
 * By pointer: drag over a span zooms in, a double click out. By keyboard: arrows move the cursor (with Shift by ten), Home and End go to the edges,
 * `+` and `-` zoom about the cursor, Esc shows the whole range.
 */
export function TimeChart({
  title,
  scale,
  timesMs,
  lines,
  range,
  height,
  cursor,
  stacked = false,
  equals = false,
  band,
  events = NO_EVENTS,
  backfilled = NO_SPANS,
  marked = NO_SPANS,
  onArea,
  onZoom,
}: TimeChartProps): ReactElement {
  const [hidden, setHidden] = useState(NOTHING);
  const shown = useMemo(() => lines.filter(({ label }) => !hidden.has(label)), [lines, hidden]);
  const drawn = { timesMs, lines: shown, range, stacked, band: band ?? null, events, backfilled, marked };
  const host = usePlot(drawn, { cursor, onZoom, onArea });
  const toggle = (label: string): void =>
    setHidden((held) => new Set(held.has(label) ? [...held].filter((other) => other !== label) : [...held, label]));
  const press = (event: KeyboardEvent): void => {
    if (!pressed(event, { timesMs, range, cursor, onZoom })) return;
    event.preventDefault();
  };
  return (
    <figure className="chart">
      <ChartTitle {...{ title, scale, timesMs, lines, hidden, cursor, stacked, equals, events, backfilled, range }} onToggle={toggle} />
      <Plot {...{ title, scale, timesMs, range, height, cursor, events, backfilled }} lines={shown} onKeyDown={press} host={host} />
    </figure>
  );
}

interface PlotProps extends Pick<TimeChartProps, "title" | "scale" | "timesMs" | "lines" | "range" | "height" | "cursor"> {
  readonly events: readonly ChartEvent[];
  readonly backfilled: readonly TimeRange[];
  readonly host: ReturnType<typeof usePlot>;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The picture: to a keyboard and to a screen reader a slider over time, whose value is read out. */
function Plot({ title, scale, timesMs, lines, range, height, cursor, events, backfilled, host, onKeyDown }: PlotProps): ReactElement {
  const summary = useId();
  const atMs = useSyncExternalStore(cursor.subscribe, cursor.read);
  const index = indexAt(timesMs, atMs);
  const values = lines.map(({ label, values }) => `${label} ${formatNumber(values[index], scale.digits)}`);
  return (
    <>
      <div
        ref={host}
        className="plot"
        style={{ height }}
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-describedby={summary}
        aria-keyshortcuts="+ - Escape"
        aria-valuemin={range.fromMs}
        aria-valuemax={range.toMs}
        aria-valuenow={Math.min(range.toMs, Math.max(range.fromMs, timesMs[index] ?? range.toMs))}
        aria-valuetext={`${formatClock(timesMs[index], range.toMs)}: ${values.join(", ")} ${scale.unit}`.trim()}
        onKeyDown={onKeyDown}
      />
      <p id={summary} className="unseen">
        {summaryOf({ lines, events, backfilled, range, scale })}
      </p>
    </>
  );
}

type Keyed = Pick<TimeChartProps, "timesMs" | "range" | "cursor" | "onZoom">;

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10 };
const ZOOMS: Readonly<Record<string, number>> = { "+": 0.5, "=": 0.5, "-": 2 };

/** Does what a key asks for; false where it asks for nothing here. */
function pressed({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent, { timesMs, range, cursor, onZoom }: Keyed): boolean {
  if (ctrlKey || metaKey || altKey) return false;
  const index = indexAt(timesMs, cursor.atMs);
  if (key in STEPS) cursor.moveTo(timesMs[Math.max(0, Math.min(timesMs.length - 1, index + STEPS[key] * (shiftKey ? 10 : 1)))] ?? null);
  else if (key === "Home" || key === "End") cursor.moveTo(timesMs.at(key === "Home" ? 0 : -1) ?? null);
  else if (key in ZOOMS) onZoom(scaled(range, ZOOMS[key], cursor.atMs));
  else if (key === "Escape") onZoom(null);
  else return false;
  return true;
}

/** The range made longer or shorter about the cursor, which keeps its place; about the middle without one. */
function scaled({ fromMs, toMs }: TimeRange, factor: number, atMs: number | null): TimeRange {
  const about = atMs === null || atMs < fromMs || atMs > toMs ? (fromMs + toMs) / 2 : atMs;
  return { fromMs: about - (about - fromMs) * factor, toMs: about + (toMs - about) * factor };
}

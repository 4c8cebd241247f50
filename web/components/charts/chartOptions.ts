import type UPlot from "uplot";
import { formatNumber } from "../../format/number.ts";
import { formatClock, formatDate } from "../../format/time.ts";
import { tokenColours } from "../colour.ts";
import type { ChartCursor } from "./chartCursor.ts";
import { LINE_COLOURS, type ChartLine, type PlotInput } from "./chartLines.ts";
import { chartFont, drawEvents, drawMarked, hatchBackfilled, shadeGaps, withAlpha } from "./chartMarks.ts";
import type { TimeRange } from "./timeWindow.ts";

interface OptionsInput {
  readonly width: number;
  readonly height: number;
  /** How much larger than on a desk everything is drawn, for those who look from afar. */
  readonly magnification: number;
  readonly cursor: ChartCursor;
  /** What is drawn at the moment; it changes without new options. */
  readonly drawn: () => PlotInput;
  /** null: the whole range again. */
  readonly onZoom: (zoom: TimeRange | null) => void;
  /** Where the lines are drawn, at every drawing. */
  readonly onArea: (area: PlotArea) => void;
}

/** Where the lines of a chart are within its width, in CSS pixels. */
export interface PlotArea {
  readonly left: number;
  readonly width: number;
}

const DAY_MS = 86_400_000;
/** A press that moves less than this is a click. */
const LEAST_DRAG_PX = 6;
/** Room above the plot for the triangles of events and their words. */
const EVENT_ROOM_PX = 20;
const RIGHT_ROOM_PX = 8;
/** Half of a clock time or a date below the plot. */
const LABEL_HALF_PX = 18;
const BAND_ALPHA = 0.2;

/** What uPlot needs to draw as the rest of the page looks: gridlines across only, thin lines, no points, no legend of its own. */
export function chartOptions({ width, height, magnification, cursor, drawn, onZoom, onArea }: OptionsInput): UPlot.Options {
  const colours = tokenColours([...LINE_COLOURS, "text-2", "text-3", "line-soft"]);
  const axis = { stroke: colours["text-3"], font: chartFont(magnification), gap: 5 * magnification, ticks: { show: false } };
  const { lines, stacked, band, events } = drawn();
  const strokeOf = (line: ChartLine) => strokeOptions(line, colours[line.colour], { stacked, magnification });
  const upper = lines.find(({ label }) => label === band?.[0]);
  const [top, bottom] = [band?.[0], band?.[1]].map((label) => 1 + lines.findIndex((line) => line.label === label));
  return {
    width,
    height,
    ms: 1,
    legend: { show: false },
    padding: [events.length > 0 ? EVENT_ROOM_PX : 8, RIGHT_ROOM_PX, 0, 0],
    cursor: {
      drag: { setScale: false },
      y: false,
      points: { size: 6, ...(stacked ? { show: false } : {}) },
      // A second click would let uPlot choose the range itself.
      bind: { dblclick: () => () => (onZoom(null), null) },
    },
    scales: {
      x: { time: true, range: () => [drawn().range.fromMs, drawn().range.toMs] },
      y: { range: (_plot, least, most) => (stacked ? fromZero(most) : spread(least, most)) },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24 * magnification,
        space: 64 * magnification,
        values: (plot, splits, _axis, _space, stepMs) => {
          const room = plot.valToPos(drawn().range.toMs, "x") + RIGHT_ROOM_PX - LABEL_HALF_PX * magnification;
          return timeLabels(splits, stepMs).map((label, nth) => (plot.valToPos(splits[nth], "x") > room ? "" : label));
        },
      },
      {
        ...axis,
        grid: { stroke: colours["line-soft"], width: 1 },
        size: (_plot, labels) => axisWidth(labels) * magnification,
        space: 30 * magnification,
        values: (_plot, splits, _axis, _space, step) => splits.map((value) => formatNumber(value, decimalsOf(step))),
      },
    ],
    series: [{}, ...(stacked ? lines.toReversed() : lines).map(strokeOf)],
    ...(upper !== undefined && bottom > 0
      ? { bands: [{ series: [top, bottom], fill: withAlpha(colours[upper.colour], BAND_ALPHA) }] }
      : {}),
    hooks: {
      drawClear: [
        (plot) => shadeGaps(plot, drawn(), withAlpha(colours["text-3"], 0.13)),
        (plot) => hatchBackfilled(plot, drawn(), withAlpha(colours["text-3"], 0.45)),
      ],
      draw: [
        (plot) => drawMarked(plot, drawn(), colours["text-2"]),
        (plot) => drawEvents(plot, drawn(), colours),
        (plot) => onArea(areaOf(plot)),
      ],
      setCursor: [(plot) => isPointedAt(plot) && plot.cursor.idx != null && cursor.moveTo(plot.data[0][plot.cursor.idx])],
      init: [(plot) => plot.over.addEventListener("pointerleave", () => cursor.moveTo(null))],
      setSelect: [(plot) => zoomTo(plot, onZoom)],
    },
  };
}

function areaOf({ over }: UPlot): PlotArea {
  return { left: over.offsetLeft, width: over.offsetWidth };
}

function strokeOptions(
  line: ChartLine,
  colour: string,
  { stacked, magnification }: { stacked: boolean; magnification: number },
): UPlot.Series {
  if (stacked) return { label: line.label, width: 0, fill: colour, points: { show: false } };
  return {
    label: line.label,
    stroke: colour,
    width: (line.dashed === true ? 1 : 1.5) * magnification,
    points: { size: 4 * magnification, filter: (plot: UPlot, series: number) => alone(plot.data[series]) },
    ...(line.dashed === true ? { dash: [5 * magnification, 4 * magnification] } : {}),
  };
}

/** The pointer is in the plot: it alone says where the cursor is; other plots follow. */
export function isPointedAt(plot: UPlot): boolean {
  return plot.over.matches(":hover");
}

/** A dragged span becomes a zoom; what was painted over it goes away. */
function zoomTo(plot: UPlot, onZoom: OptionsInput["onZoom"]): void {
  const { left, width } = plot.select;
  if (width === 0) return;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (width < LEAST_DRAG_PX) return;
  onZoom({ fromMs: plot.posToVal(left, "x"), toMs: plot.posToVal(left + width, "x") });
}

/** Some air above and below; a flat line stands in the middle rather than at an edge. */
function spread(least: number | null, most: number | null): [number, number] {
  if (least === null || most === null) return [0, 1];
  const air = Math.max((most - least) * 0.15, Math.abs(most) * 0.02, 1e-3);
  return [Math.max(0, least - air), most + air];
}

/** Counts begin at 0, and a quiet fleet does not fill the chart with one miner. */
function fromZero(most: number | null): [number, number] {
  return [0, Math.max(4, (most ?? 0) * 1.1)];
}

/** By its labels, but at least so wide that charts below each other, with shorter and longer labels, begin at one line. */
function axisWidth(labels: readonly string[] | null): number {
  const longest = Math.max(4, ...(labels ?? []).map((label) => label.length));
  return 14 + longest * 7;
}

function decimalsOf(step: number): number {
  return /\.(\d+)$/.exec(String(step))?.[1].length ?? 0;
}

/** Clock times; midnight, and everything on an axis of days, is a date. */
function timeLabels(splits: readonly number[], stepMs: number): string[] {
  return splits.map((atMs) => {
    const clock = formatClock(atMs, atMs);
    return stepMs >= DAY_MS || (clock === "00:00" && splits.length > 1) ? formatDate(atMs).slice(5) : clock;
  });
}

/** Positions of values without a neighbour: a line cannot show them, so they get a point. */
function alone(values: ArrayLike<number | null | undefined>): number[] {
  return Array.from(values, (_, index) => index).filter(
    (index) => values[index] != null && values[index - 1] == null && values[index + 1] == null,
  );
}

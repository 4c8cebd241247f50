import type UPlot from "uplot";
import { formatClock, formatDate } from "../../format/time.ts";
import { tokenColours } from "../colour.ts";

export type LineColour = "series-1" | "series-2" | "series-3" | "heat-4" | "rated-line";

export interface ChartLine {
  readonly label: string;
  readonly colour: LineColour;
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
}

interface OptionsInput {
  readonly lines: readonly ChartLine[];
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly width: number;
  readonly height: number;
  readonly group: string;
  readonly onCursor: (index: number | null) => void;
}

const FONT = '500 11px "Inter Variable", Inter, sans-serif';
const DAY_MS = 86_400_000;
const TOKENS = ["text-2", "text-3", "line-soft", "surface-3", "series-1", "series-2", "series-3", "heat-4", "rated-line"] as const;

/** What uPlot needs to draw as the rest of the page looks: gridlines across only, thin lines, no points, no legend of its own. */
export function chartOptions({ lines, range, width, height, group, onCursor }: OptionsInput): UPlot.Options {
  const colours = tokenColours(TOKENS);
  const axis = { stroke: colours["text-3"], font: FONT, ticks: { show: false } };
  return {
    width,
    height,
    ms: 1,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: { sync: { key: group }, drag: { setScale: false }, y: false, points: { size: 6 } },
    scales: { x: { time: true, range: [range.fromMs, range.toMs] }, y: { range: (_plot, least, most) => spread(least, most) } },
    axes: [
      { ...axis, grid: { show: false }, size: 24, space: 64, values: (_plot, splits) => splits.map((at) => timeLabel(at, range)) },
      { ...axis, grid: { stroke: colours["line-soft"], width: 1 }, size: (_plot, labels) => axisWidth(labels), space: 32 },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.label,
        stroke: colours[line.colour],
        width: line.dashed === true ? 1 : 1.5,
        points: { size: 4, filter: (plot: UPlot, line: number) => alone(plot.data[line]) },
        ...(line.dashed === true ? { dash: [5, 4] } : {}),
      })),
    ],
    hooks: { drawClear: [(plot) => shadeGaps(plot, colours["surface-3"])], setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] },
  };
}

/** Some air above and below; a flat line stands in the middle rather than at an edge. */
function spread(least: number | null, most: number | null): [number, number] {
  if (least === null || most === null) return [0, 1];
  const air = Math.max((most - least) * 0.15, Math.abs(most) * 0.03, 0.5);
  return [Math.max(0, least - air), most + air];
}

/** By its labels, but at least so wide that charts below each other, with shorter and longer labels, begin at one line. */
function axisWidth(labels: readonly string[] | null): number {
  const longest = Math.max(3, ...(labels ?? []).map((label) => label.length));
  return 16 + longest * 7;
}

function timeLabel(atMs: number, { fromMs, toMs }: OptionsInput["range"]): string {
  return toMs - fromMs > 2 * DAY_MS ? formatDate(atMs).slice(5) : formatClock(atMs, atMs);
}

/** Positions of values without a neighbour: a line cannot show them, so they get a point. */
function alone(values: ArrayLike<number | null | undefined>): number[] {
  return Array.from(values, (_, index) => index).filter(
    (index) => values[index] != null && values[index - 1] == null && values[index + 1] == null,
  );
}

/** A grey ground where the first line has no value between two that it has: the data is missing, not zero. */
function shadeGaps(plot: UPlot, colour: string): void {
  const times = plot.data[0];
  const values = plot.data[1];
  plot.ctx.fillStyle = colour;
  let last = -1;
  values.forEach((value, index) => {
    if (value == null) return;
    if (last !== -1 && index - last > 1) {
      const from = plot.valToPos(times[last], "x", true);
      plot.ctx.fillRect(from, plot.bbox.top, plot.valToPos(times[index], "x", true) - from, plot.bbox.height);
    }
    last = index;
  });
}

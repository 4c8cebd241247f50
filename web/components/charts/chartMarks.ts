import type UPlot from "uplot";
import { hatch } from "../hatch.ts";
import { gapsOf, spansWithin, type ChartEvent, type PlotInput } from "./chartLines.ts";

/** Lengths in CSS pixels; a canvas counts in those of the screen. */
const TRIANGLE_PX = 4.5;
const WORD_GAP_PX = 9;
const LEAST_SPAN_PX = 3;
const BAR_PX = 2;

/** The font of everything written on a canvas, larger by the ratio of its pixels to those of the style sheets. */
export function chartFont(pxRatio = 1): string {
  return `500 ${11 * pxRatio}px "Inter Variable", Inter, sans-serif`;
}

/** A colour of the tokens, as the browser computes it, with an opacity. */
export function withAlpha(colour: string, alpha: number): string {
  return colour.replace(/^rgb\((.+)\)$/, `rgba($1, ${alpha})`);
}

/** A grey ground where nothing was measured: the data is missing, not zero. */
export function shadeGaps(plot: UPlot, input: PlotInput, colour: string): void {
  plot.ctx.fillStyle = colour;
  for (const { fromMs, toMs } of gapsOf(input)) {
    const left = plot.valToPos(fromMs, "x", true);
    plot.ctx.fillRect(left, plot.bbox.top, plot.valToPos(toMs, "x", true) - left, plot.bbox.height);
  }
}

/** Hatched where the values came late: true now, but nobody saw them then. A short span keeps a width that can be seen. */
export function hatchBackfilled(plot: UPlot, { backfilled, range }: PlotInput, colour: string): void {
  const { ctx, bbox } = plot;
  const pixel = window.devicePixelRatio;
  for (const { fromMs, toMs } of spansWithin(backfilled, range)) {
    const left = Math.max(bbox.left, plot.valToPos(fromMs, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(toMs, "x", true));
    const width = Math.max(LEAST_SPAN_PX * pixel, right - left);
    hatch(ctx, { left: Math.min(left, bbox.left + bbox.width - width), top: bbox.top, width, height: bbox.height }, { colour, pixel });
  }
}

/** A bar along the upper edge over each marked time; a short one keeps a width that can be seen. */
export function drawMarked(plot: UPlot, { marked, range }: PlotInput, colour: string): void {
  const { ctx, bbox } = plot;
  const pixel = window.devicePixelRatio;
  ctx.fillStyle = colour;
  for (const { fromMs, toMs } of spansWithin(marked, range)) {
    const left = Math.max(bbox.left, plot.valToPos(fromMs, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(toMs, "x", true));
    const width = Math.max(LEAST_SPAN_PX * pixel, right - left);
    ctx.fillRect(Math.min(left, bbox.left + bbox.width - width), bbox.top, width, BAR_PX * pixel);
  }
}

type EventColours = Readonly<Record<"text-2" | "degraded" | "not-hashing" | "unreachable" | "paused" | "unknown", string>>;

/** Triangles above the plot with a dotted line below, and the words of those that have room before the next one. `events` in order of time. */
export function drawEvents(plot: UPlot, { events, range }: PlotInput, colours: EventColours): void {
  const { ctx, bbox } = plot;
  const pxRatio = window.devicePixelRatio;
  const shown = events.filter(({ atMs }) => atMs >= range.fromMs && atMs <= range.toMs);
  let limit = bbox.left + bbox.width;
  ctx.save();
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.font = chartFont(pxRatio);
  for (const event of shown.toReversed()) {
    const x = Math.round(plot.valToPos(event.atMs, "x", true)) + 0.5;
    ctx.strokeStyle = ctx.fillStyle = colourOf(event.kind, colours);
    drawMark(plot, x);
    const left = x + WORD_GAP_PX * pxRatio;
    if (left + ctx.measureText(event.label).width <= limit) ctx.fillText(event.label, left, bbox.top - 3 * pxRatio);
    limit = x - WORD_GAP_PX * pxRatio;
  }
  ctx.restore();
}

function colourOf(kind: ChartEvent["kind"], colours: EventColours): string {
  if (kind === "notHashing") return colours["not-hashing"];
  return kind === "change" || kind === "hashing" ? colours["text-2"] : colours[kind];
}

function drawMark({ ctx, bbox }: UPlot, x: number): void {
  const pxRatio = window.devicePixelRatio;
  const [side, top] = [TRIANGLE_PX * pxRatio, bbox.top];
  ctx.lineWidth = pxRatio;
  ctx.setLineDash([2 * pxRatio, 3 * pxRatio]);
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, top + bbox.height);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x - side, top - 2 * side);
  ctx.lineTo(x + side, top - 2 * side);
  ctx.lineTo(x, top - 1);
  ctx.fill();
}

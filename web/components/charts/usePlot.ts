import { useEffect, useRef, type RefObject } from "react";
import "./language.ts"; // before uPlot
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { onThemeChange } from "../theme.ts";
import type { ChartCursor } from "./chartCursor.ts";
import { plotColumns, type PlotInput } from "./chartLines.ts";
import { chartOptions, isPointedAt, type PlotArea } from "./chartOptions.ts";
import type { TimeRange } from "./timeWindow.ts";

interface PlotFrame {
  readonly cursor: ChartCursor;
  readonly onZoom: (zoom: TimeRange | null) => void;
  readonly onArea?: ((area: PlotArea) => void) | undefined;
  /** How much larger than on a desk it is drawn. */
  readonly magnification?: number;
}

/** One uPlot inside the element of the returned ref: made anew when its form or the theme changes, told of new data and another range otherwise. */
export function usePlot(input: PlotInput, { cursor, onZoom, onArea, magnification = 1 }: PlotFrame): RefObject<HTMLDivElement | null> {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const { timesMs, lines, range, events, backfilled, marked, stacked, band } = input;
  const drawn = useRef({ input, onZoom, onArea });
  const form = JSON.stringify([lines.map(({ label, colour, dashed }) => [label, colour, dashed]), stacked, band, events.length > 0]);
  useEffect(() => {
    drawn.current = { input: { timesMs, lines, range, events, backfilled, marked, stacked, band }, onZoom, onArea };
    plot.current?.setData(plotColumns(drawn.current.input) as UPlot.AlignedData);
    follow(plot.current, cursor);
  }, [timesMs, lines, range, events, backfilled, marked, stacked, band, onZoom, onArea, cursor]);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const make = (): void => {
      plot.current?.destroy();
      const options = chartOptions({
        width: element.clientWidth,
        height: element.clientHeight,
        magnification,
        cursor,
        drawn: () => drawn.current.input,
        onZoom: (zoom) => drawn.current.onZoom(zoom),
        onArea: (area) => drawn.current.onArea?.(area),
      });
      plot.current = new UPlot(options, plotColumns(drawn.current.input) as UPlot.AlignedData, element);
      follow(plot.current, cursor);
    };
    make();
    const unfollow = cursor.subscribe(() => follow(plot.current, cursor));
    const unsubscribe = onThemeChange(make);
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: element.clientHeight }));
    resized.observe(element);
    return () => {
      unsubscribe();
      unfollow();
      resized.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [form, cursor, magnification]);
  return host;
}

/** Puts the cursor line of a plot that the pointer is not in where the shared cursor is. */
function follow(plot: UPlot | null, cursor: ChartCursor): void {
  if (plot === null || isPointedAt(plot)) return;
  const left = cursor.atMs === null ? -10 : plot.valToPos(cursor.atMs, "x");
  plot.setCursor({ left, top: left < 0 ? -10 : 1 }, false);
}

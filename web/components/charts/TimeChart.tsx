import { useEffect, useRef, useState, type ReactElement } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatNumber } from "../../format/number.ts";
import { formatClock } from "../../format/time.ts";
import { onThemeChange } from "../theme.ts";
import { chartOptions, type ChartLine } from "./chartOptions.ts";
import "./charts.css";

export interface TimeChartProps {
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  readonly timesMs: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly height: number;
  /** Charts with the same group share one cursor. */
  readonly group: string;
}

/** Values over time, with what lies under the cursor in the title. A gap stays a gap, on a grey ground. */
export function TimeChart({ title, unit, digits, timesMs, lines, range, height, group }: TimeChartProps): ReactElement {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const [index, setIndex] = useState<number | null>(null);
  const shape = JSON.stringify([lines.map(({ label, colour, dashed }) => [label, colour, dashed]), group, height, range]);
  const drawing = useRef({ timesMs, lines, range });
  useEffect(() => {
    drawing.current = { timesMs, lines, range };
    plot.current?.setData(dataOf(timesMs, lines));
  }, [timesMs, lines, range]);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const make = (): void => {
      plot.current?.destroy();
      const held = drawing.current;
      const options = chartOptions({ lines: held.lines, range: held.range, width: element.clientWidth, height, group, onCursor: setIndex });
      plot.current = new UPlot(options, dataOf(held.timesMs, held.lines), element);
    };
    make();
    const unsubscribe = onThemeChange(make);
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      unsubscribe();
      resized.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape, height, group]);
  return (
    <figure className="chart">
      <figcaption>
        <b>{title}</b> <span className="muted micro">{unit}</span>
        <span className="legend">
          {index !== null && index < timesMs.length && <span className="muted">{formatClock(timesMs[index], range.toMs)}</span>}
          {lines.map((line) => (
            <span key={line.label} className={`ink-${line.colour} ${line.dashed === true ? "dashed" : ""}`}>
              <i />
              {line.label}
              {index !== null && <b> {formatNumber(line.values[index], digits)}</b>}
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={host} role="img" aria-label={summary({ title, unit, digits, lines })} />
    </figure>
  );
}

function dataOf(timesMs: readonly number[], lines: readonly ChartLine[]): UPlot.AlignedData {
  return [timesMs as number[], ...lines.map((line) => line.values as (number | null)[])];
}

/** What the picture shows, for those who cannot see it. */
function summary({ title, unit, digits, lines }: Pick<TimeChartProps, "title" | "unit" | "digits" | "lines">): string {
  const parts = lines.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${label}: no data`;
    const text = (value: number | undefined): string => `${formatNumber(value, digits)} ${unit}`;
    return `${label}: last ${text(known.at(-1))}, least ${text(Math.min(...known))}, most ${text(Math.max(...known))}`;
  });
  return `${title}. ${parts.join("; ")}`;
}

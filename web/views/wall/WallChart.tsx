import { useState, type ReactElement } from "react";
import { ChartCursor } from "../../components/charts/chartCursor.ts";
import { NO_SPANS, spansWithin, summaryOf, type ChartLine, type ChartScale } from "../../components/charts/chartLines.ts";
import type { TimeRange } from "../../components/charts/timeWindow.ts";
import { usePlot } from "../../components/charts/usePlot.ts";
import { StatusMark } from "../../components/StatusMark.tsx";
import "../../components/charts/charts.css";

interface WallChartProps {
  readonly title: string;
  readonly scale: ChartScale;
  readonly timesMs: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly range: TimeRange;
  /** Hatched: what came late. */
  readonly backfilled: readonly TimeRange[];
  readonly magnification: number;
  readonly stacked?: boolean;
}

const NO_EVENTS: readonly never[] = [];
/** Nobody zooms a wall. */
const stay = (): void => undefined;

/** Values over time, to be looked at. */
export function WallChart({
  title,
  scale,
  timesMs,
  lines,
  range,
  backfilled,
  magnification,
  stacked = false,
}: WallChartProps): ReactElement {
  const [cursor] = useState(() => new ChartCursor());
  const host = usePlot(
    { timesMs, lines, range, stacked, band: null, events: NO_EVENTS, backfilled, marked: NO_SPANS },
    { cursor, onZoom: stay, magnification },
  );
  return (
    <figure className="wallchart">
      <figcaption>
        <b>{title}</b>
        {scale.unit !== "" && <span className="unit">{scale.unit}</span>}
        <span className="walllines">
          {lines.map(({ label, colour, dashed, status }) => (
            <span key={label}>
              {status === undefined ? (
                <i className={dashed === true ? "dashed" : ""} style={{ color: `var(--${colour})` }} />
              ) : (
                <StatusMark status={status} />
              )}{" "}
              {label}
            </span>
          ))}
          {spansWithin(backfilled, range).length > 0 && (
            <span>
              <i className="hatched" /> backfilled
            </span>
          )}
        </span>
      </figcaption>
      <div ref={host} className="wallplot" role="img" aria-label={summaryOf({ lines, events: NO_EVENTS, backfilled, range, scale })} />
    </figure>
  );
}

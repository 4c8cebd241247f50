import { useSyncExternalStore, type ReactElement } from "react";
import { FigureText } from "../FigureText.tsx";
import { StatusMark } from "../StatusMark.tsx";
import { TimeText } from "../TimeText.tsx";
import { ABSENT, figure, formatNumber } from "../../format/number.ts";
import { formatClock } from "../../format/time.ts";
import { indexAt, type ChartCursor } from "./chartCursor.ts";
import { eventNear, leadingValue, type ChartEvent, type ChartLine, type ChartScale } from "./chartLines.ts";
import type { TimeRange } from "./timeWindow.ts";

interface ChartTitleProps {
  readonly title: string;
  readonly scale: ChartScale;
  readonly timesMs: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly hidden: ReadonlySet<string>;
  readonly cursor: ChartCursor;
  readonly stacked: boolean;
  /** The lines are of one rank: the title names the value of none. */
  readonly equals: boolean;
  readonly events: readonly ChartEvent[];
  readonly backfilled: readonly TimeRange[];
  readonly range: TimeRange;
  readonly onToggle: (label: string) => void;
}

/** An event belongs to the cursor within this share of the range, a few pixels. */
const NEAR_SHARE = 0.012;

/** Name, values under the cursor (without one, the last), and a legend whose buttons take lines away. */
export function ChartTitle(props: ChartTitleProps): ReactElement {
  const { title, scale, timesMs, lines, hidden, cursor, stacked, equals, events, backfilled, range, onToggle } = props;
  const atMs = useSyncExternalStore(cursor.subscribe, cursor.read);
  const index = indexAt(timesMs, atMs);
  const shown = lines.filter(({ label }) => !hidden.has(label));
  const event = atMs === null ? null : eventNear(events, atMs, NEAR_SHARE * (range.toMs - range.fromMs));
  const { text } = figure(leadingValue(shown, stacked, index), scale.unit, scale.digits);
  return (
    <figcaption>
      <b>{title}</b>
      <span className="value">
        {equals ? <span className="unit">{scale.unit}</span> : <FigureText figure={{ text, unit: scale.unit }} />}
      </span>
      {atMs !== null && backfilled.some(({ fromMs, toMs }) => atMs >= fromMs && atMs <= toMs) && <span className="event">backfilled</span>}
      {event !== null && (
        <span className="event">
          <i aria-hidden="true">▾</i> <TimeText atMs={event.atMs}>{formatClock(event.atMs, range.toMs)}</TimeText> {event.label}
        </span>
      )}
      {lines.length > 1 && (
        <span className="legend" role="group" aria-label={`Lines of ${title}`}>
          {lines.map((line) => (
            <LegendButton
              key={line.label}
              line={line}
              pressed={!hidden.has(line.label)}
              value={hidden.has(line.label) ? ABSENT : formatNumber(line.values[index], scale.digits)}
              onPress={() => onToggle(line.label)}
            />
          ))}
        </span>
      )}
    </figcaption>
  );
}

interface LegendButtonProps {
  readonly line: ChartLine;
  readonly pressed: boolean;
  readonly value: string;
  readonly onPress: () => void;
}

function LegendButton({ line, pressed, value, onPress }: LegendButtonProps): ReactElement {
  const { label, colour, dashed, status } = line;
  return (
    <button type="button" aria-pressed={pressed} title={label} onClick={onPress}>
      {status === undefined ? (
        <>
          <i className={dashed === true ? "dashed" : ""} style={{ color: `var(--${colour})` }} />
          {label}
        </>
      ) : (
        <StatusMark status={status} size={14} />
      )}{" "}
      <b>{value}</b>
    </button>
  );
}

import type { ReactElement } from "react";
import { formatClock } from "../../format/time.ts";
import { TimeText } from "../TimeText.tsx";
import { RANGES, type RangeName, type TimeWindow } from "./timeWindow.ts";

interface RangePickerProps {
  readonly names: readonly RangeName[];
  readonly window: TimeWindow;
  readonly nowMs: number;
  readonly onChange: (window: TimeWindow) => void;
}

/** How much time the charts show; while a part of it is zoomed into, which, and the way back. */
export function RangePicker({ names, window, nowMs, onChange }: RangePickerProps): ReactElement {
  const { name, zoom } = window;
  return (
    <span className="rangepicker push">
      {zoom !== null && (
        <>
          <span className="micro nowrap">
            <TimeText atMs={zoom.fromMs}>{formatClock(zoom.fromMs, nowMs)}</TimeText> to{" "}
            <TimeText atMs={zoom.toMs}>{formatClock(zoom.toMs, nowMs)}</TimeText>
          </span>
          <button type="button" className="btn" onClick={() => onChange({ name, zoom: null })}>
            Whole range
          </button>
        </>
      )}
      <span className="seg" role="group" aria-label="Length of time">
        {names.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === name && zoom === null}
            onClick={() => onChange({ name: each, zoom: null })}
          >
            {RANGES[each].label}
          </button>
        ))}
      </span>
    </span>
  );
}

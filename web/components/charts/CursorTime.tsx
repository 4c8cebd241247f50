import { useSyncExternalStore, type ReactElement } from "react";
import { formatAge, formatClock } from "../../format/time.ts";
import { useNowMs } from "../../views/context.ts";
import { TimeText } from "../TimeText.tsx";
import type { ChartCursor } from "./chartCursor.ts";

interface CursorTimeProps {
  readonly cursor: ChartCursor;
  /** The last instant that the charts show, which the titles are about while there is no cursor. */
  readonly lastMs: number;
  /** The last instant moves along with the clock. */
  readonly live: boolean;
}

/** Which instant the values in the titles are of, and how long ago that is. */
export function CursorTime({ cursor, lastMs, live }: CursorTimeProps): ReactElement {
  const nowMs = useNowMs();
  const pointedMs = useSyncExternalStore(cursor.subscribe, cursor.read);
  if (pointedMs === null && live) return <span className="micro">now</span>;
  const atMs = pointedMs ?? lastMs;
  return (
    <span className="micro">
      <TimeText atMs={atMs}>
        {pointedMs === null ? "last" : "cursor"} {formatClock(atMs, nowMs)} · {formatAge(nowMs - atMs)} ago
      </TimeText>
    </span>
  );
}

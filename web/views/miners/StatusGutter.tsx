import { useEffect, useRef, type ReactElement, type RefObject } from "react";
import { STATUS_CODES, STATUSES } from "../../../server/contract/status.ts";
import { tokenColours } from "../../components/colour.ts";
import { onThemeChange } from "../../components/theme.ts";
import type { Fleet } from "../../live/fleet.ts";
import type { RowOrder } from "../../live/rowOrder.ts";
import { useFleet, useParts } from "../context.ts";

const WIDTH = 12;

/** The statuses of all rows in order, also of those out of sight, beside the scroll bar. A click goes there. For the eye only: the header has the counts. */
export function StatusGutter({ order, scroller }: { order: RowOrder; scroller: RefObject<HTMLDivElement | null> }): ReactElement {
  const { fleet } = useParts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { revision } = useFleet();
  useEffect(() => {
    const draw = (): void => drawStatuses(canvas.current, fleet, order.rows);
    draw();
    const resized = new ResizeObserver(draw);
    if (canvas.current !== null) resized.observe(canvas.current);
    const unsubscribe = onThemeChange(draw);
    return () => {
      resized.disconnect();
      unsubscribe();
    };
  }, [fleet, order, order.revision, revision]);
  const goTo = (share: number): void =>
    scroller.current?.scrollTo({ top: share * scroller.current.scrollHeight - scroller.current.clientHeight / 2 });
  return (
    <div
      className="gutter desk"
      aria-hidden="true"
      onClick={({ nativeEvent, currentTarget }) => goTo(nativeEvent.offsetY / currentTarget.clientHeight)}
    >
      <canvas ref={canvas} />
    </div>
  );
}

function drawStatuses(canvas: HTMLCanvasElement | null, fleet: Fleet, rows: Uint32Array): void {
  const context = canvas?.getContext("2d");
  if (canvas == null || context == null) return;
  const height = canvas.clientHeight;
  canvas.width = WIDTH;
  canvas.height = height;
  const fills = statusFills();
  const status = fleet.column("status");
  const rowHeight = height / Math.max(rows.length, 1);
  for (const faults of [false, true]) {
    // Faults are drawn last, at least a pixel high, so that one in ten thousand is seen.
    rows.forEach((row, position) => {
      const code = status?.[row] ?? STATUS_CODES.length - 1;
      if ((STATUS_CODES[code].status !== "hashing") !== faults) return;
      context.fillStyle = fills[code];
      context.fillRect(3, position * rowHeight, 6, Math.max(1, Math.min(rowHeight, 28)));
    });
  }
}

const FILLS = ["hashing-cell", "degraded", "not-hashing", "unreachable", "paused", "unknown"] as const;

/** Fill by status code. */
function statusFills(): string[] {
  const colours = tokenColours(FILLS);
  return STATUS_CODES.map(({ status }) => colours[FILLS[STATUSES.indexOf(status)]]);
}

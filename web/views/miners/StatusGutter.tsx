import { useEffect, useRef, type PointerEvent, type ReactElement, type RefObject } from "react";
import { STATUS_CODES, STATUSES } from "../../../server/contract/status.ts";
import { tokenColours } from "../../components/colour.ts";
import { onThemeChange } from "../../components/theme.ts";
import type { Fleet } from "../../live/fleet.ts";
import type { RowOrder } from "../../live/rowOrder.ts";
import { useFleet, useParts } from "../context.ts";

const WIDTH = 12;
/** Least height of the frame, in px: it is to be seen and caught. */
const THUMB_MIN = 16;

/**
 * The statuses of all rows in order, also of those out of sight, and a frame around those in sight: the scroll bar of the table. A press goes there,
 * and a drag along it. For the eye and the mouse only: the header has the counts, the keys their own way.
 */
export function StatusGutter({ order, scroller }: { order: RowOrder; scroller: RefObject<HTMLDivElement | null> }): ReactElement {
  const { fleet } = useParts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<Uint8Array>(null);
  const thumb = useThumb(scroller);
  const height = useRef(0);
  const { revision } = useFleet();
  // Most of what is told once a second changes no status: then nothing is drawn.
  useEffect(() => {
    const codes = codesIn(height.current, fleet, order.rows);
    if (!isSame(drawn.current, codes)) drawn.current = drawStatuses(canvas.current, codes);
  }, [fleet, order, order.revision, revision]);
  useEffect(() => {
    const draw = (): void => void (drawn.current = drawStatuses(canvas.current, codesIn(height.current, fleet, order.rows)));
    // To ask the canvas for its height would have the page laid out then and there, in the middle of a change.
    const resized = new ResizeObserver(([entry]) => {
      height.current = Math.round(entry.contentRect.height);
      draw();
    });
    if (canvas.current !== null) resized.observe(canvas.current);
    const unsubscribe = onThemeChange(draw);
    return () => {
      resized.disconnect();
      unsubscribe();
    };
  }, [fleet, order]);
  const goTo = ({ clientY, currentTarget }: PointerEvent<HTMLElement>): void => {
    const { top, height } = currentTarget.getBoundingClientRect();
    const table = scroller.current;
    table?.scrollTo({ top: ((clientY - top) / height) * table.scrollHeight - table.clientHeight / 2 });
  };
  return (
    <div
      className="gutter desk"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        goTo(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && goTo(event)}
    >
      <canvas ref={canvas} />
      <i ref={thumb} />
    </div>
  );
}

/** Keeps the frame around what is in sight, past React: it moves with every scrolled pixel. Not there where nothing is out of sight. */
function useThumb(scroller: RefObject<HTMLDivElement | null>): RefObject<HTMLElement | null> {
  const thumb = useRef<HTMLElement>(null);
  useEffect(() => {
    const table = scroller.current;
    if (table === null) return undefined;
    const place = (): void => {
      if (thumb.current === null) return;
      const { scrollTop, scrollHeight, clientHeight } = table;
      const height = Math.max(THUMB_MIN, (clientHeight / scrollHeight) * clientHeight);
      const room = Math.max(1, scrollHeight - clientHeight);
      thumb.current.hidden = scrollHeight <= clientHeight;
      thumb.current.style.height = `${height}px`;
      thumb.current.style.transform = `translateY(${(scrollTop / room) * (clientHeight - height)}px)`;
    };
    const resized = new ResizeObserver(place); // the first time at once, when the page is laid out anyway
    for (const box of [table, ...table.children]) resized.observe(box);
    table.addEventListener("scroll", place, { passive: true });
    return () => {
      resized.disconnect();
      table.removeEventListener("scroll", place);
    };
  }, [scroller]);
  return thumb;
}

/** Returns what was drawn. */
function drawStatuses(canvas: HTMLCanvasElement | null, codes: Uint8Array): Uint8Array {
  const context = canvas?.getContext("2d");
  if (canvas == null || context == null) return codes;
  canvas.width = WIDTH;
  canvas.height = codes.length;
  const fills = statusFills();
  let from = 0;
  codes.forEach((code, y) => {
    if (codes[y + 1] === code) return;
    if (code !== NO_ROW) {
      context.fillStyle = fills[code];
      context.fillRect(3, from, 6, y + 1 - from);
    }
    from = y + 1;
  });
  return codes;
}

function isSame(held: Uint8Array | null, codes: Uint8Array): boolean {
  return held?.length === codes.length && held.every((code, y) => code === codes[y]);
}

const NO_ROW = 255;
/** The lowest height of a row, and the highest of its mark, in px. */
const STRIP_MAX = 28;

const IS_FAULT = STATUS_CODES.map(({ status }) => status !== "hashing");

/**
 * The status code to be seen at each pixel from the top; a fault covers what is none, so that one in ten thousand is seen. None where all rows are in
 * sight: spread over the whole height their marks would stand beside other rows.
 */
function codesIn(height: number, fleet: Fleet, rows: Uint32Array): Uint8Array {
  const codes = new Uint8Array(height).fill(NO_ROW);
  if ((rows.length + 1) * STRIP_MAX <= height) return codes;
  const status = fleet.column("status");
  const rowHeight = height / Math.max(rows.length, 1);
  for (let position = 0; position < rows.length; position++) {
    const code = status?.[rows[position]] ?? STATUS_CODES.length - 1;
    const from = Math.floor(position * rowHeight);
    const to = Math.max(from + 1, Math.min(Math.floor((position + 1) * rowHeight), from + STRIP_MAX));
    for (let y = from; y < to; y++) if (IS_FAULT[code] || codes[y] === NO_ROW) codes[y] = code;
  }
  return codes;
}

const FILLS = ["hashing-cell", "degraded", "not-hashing", "unreachable", "paused", "unknown"] as const;

/** Fill by status code. */
function statusFills(): string[] {
  const colours = tokenColours(FILLS);
  return STATUS_CODES.map(({ status }) => colours[FILLS[STATUSES.indexOf(status)]]);
}

import { rectOf, type Point, type Rect } from "./geometry.ts";

/** What the hands of the reader do on the map, in pixels of the element. */
export interface GestureHandlers {
  readonly onHover: (point: Point | null) => void;
  /** A click or a tap: `adds` with shift, ctrl or ⌘. */
  readonly onTap: (point: Point, how: { adds: boolean; isTouch: boolean }) => void;
  readonly onPan: (by: Point) => void;
  readonly onZoom: (factor: number, around: Point) => void;
  /** Drawing from one point to another; null: given up. `isDone` once, at the end. */
  readonly onDrag: (drag: Drag | null) => void;
}

export interface Drag {
  readonly from: Point;
  readonly to: Point;
  readonly rect: Rect;
  readonly adds: boolean;
  readonly isDone: boolean;
}

/** Less than this is a shaky click. */
const DRAG_PX = 4;
const WHEEL_ZOOM = 1.0015;

interface Press {
  readonly from: Point;
  readonly kind: "drag" | "pan";
  readonly isTouch: boolean;
  readonly adds: boolean;
  hasMoved: boolean;
}

/**
 * Mouse: moving hovers, a click taps, dragging draws, with the middle button, or alt held, it pans; the wheel zooms.
 * Touch: one finger pans, a tap taps, two fingers zoom.
 */
export class Gestures {
  #press: Press | null = null;
  #last: Point = { x: 0, y: 0 };
  #pointers = new Map<number, Point>();
  readonly #abort = new AbortController();
  readonly #element: HTMLElement;
  readonly #handlers: GestureHandlers;

  constructor(element: HTMLElement, handlers: GestureHandlers) {
    this.#element = element;
    this.#handlers = handlers;
    const { signal } = this.#abort;
    element.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    element.addEventListener("pointermove", (event) => this.#move(event), { signal });
    element.addEventListener("pointerup", (event) => this.#up(event), { signal });
    element.addEventListener("pointercancel", (event) => this.#cancel(event), { signal });
    element.addEventListener("pointerleave", (event) => this.#leave(event), { signal });
    element.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
    window.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  close(): void {
    this.#abort.abort();
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || this.#press === null) return;
    this.#press = null;
    this.#handlers.onDrag(null);
  }

  #down(event: PointerEvent): void {
    if (event.button > 1) return;
    const point = this.#pointOf(event);
    this.#pointers.set(event.pointerId, point);
    this.#element.setPointerCapture(event.pointerId);
    this.#last = point;
    const isTouch = event.pointerType === "touch";
    const pans = isTouch || event.button === 1 || event.altKey;
    if (event.button === 1) event.preventDefault();
    this.#press = { from: point, kind: pans ? "pan" : "drag", isTouch, adds: isAdding(event), hasMoved: this.#pointers.size > 1 };
  }

  #move(event: PointerEvent): void {
    const point = this.#pointOf(event);
    const before = this.#pointers.get(event.pointerId);
    const press = this.#press;
    if (before === undefined || press === null) {
      this.#handlers.onHover(point);
      return;
    }
    this.#pointers.set(event.pointerId, point);
    if (this.#pointers.size > 1) this.#pinch(press, { pointerId: event.pointerId, before, now: point });
    else this.#pull(press, point);
    this.#last = point;
  }

  #pull(press: Press, point: Point): void {
    if (!press.hasMoved && Math.hypot(point.x - press.from.x, point.y - press.from.y) < DRAG_PX) return;
    press.hasMoved = true;
    if (press.kind === "pan") this.#handlers.onPan({ x: point.x - this.#last.x, y: point.y - this.#last.y });
    else this.#handlers.onDrag(dragOf(press, point, false));
  }

  #up(event: PointerEvent): void {
    const point = this.#pointOf(event);
    const wasAlone = this.#pointers.size === 1;
    const press = this.#press;
    this.#pointers.delete(event.pointerId);
    if (press === null || !wasAlone) return;
    this.#press = null;
    if (press.hasMoved && press.kind === "drag") this.#handlers.onDrag(dragOf(press, point, true));
    else if (!press.hasMoved && event.button === 0) this.#handlers.onTap(point, { adds: press.adds, isTouch: press.isTouch });
  }

  /** A finger leaves whenever it is lifted; what it tapped stays shown. */
  #leave({ pointerType }: PointerEvent): void {
    if (this.#press === null && pointerType !== "touch") this.#handlers.onHover(null);
  }

  #cancel(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
    this.#press = null;
    this.#handlers.onDrag(null);
  }

  /** Two fingers: what lay between them stays between them. */
  #pinch(press: Press, { pointerId, before, now }: { pointerId: number; before: Point; now: Point }): void {
    const other = [...this.#pointers].find(([id]) => id !== pointerId)?.[1];
    press.hasMoved = true;
    if (other === undefined) return;
    const middle = (a: Point): Point => ({ x: (a.x + other.x) / 2, y: (a.y + other.y) / 2 });
    const [from, to] = [middle(before), middle(now)];
    this.#handlers.onPan({ x: to.x - from.x, y: to.y - from.y });
    const spread = (a: Point): number => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
    this.#handlers.onZoom(spread(now) / spread(before), to);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    if (event.shiftKey) this.#handlers.onPan({ x: -event.deltaX || -event.deltaY, y: 0 });
    // A trackpad's pinch comes as a wheel with ctrl, in far smaller steps.
    else this.#handlers.onZoom(WHEEL_ZOOM ** (-event.deltaY * (event.ctrlKey ? 8 : 1)), this.#pointOf(event));
  }

  #pointOf({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = this.#element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}

function isAdding({ shiftKey, ctrlKey, metaKey }: MouseEvent): boolean {
  return shiftKey || ctrlKey || metaKey;
}

function dragOf({ from, adds }: Press, to: Point, isDone: boolean): Drag {
  return { from, to, rect: rectOf(from, to), adds, isDone };
}

import type { Fleet } from "../../live/fleet.ts";
import type { Selection } from "../../live/selection.ts";
import { MapCanvas } from "./mapCanvas.ts";
import { NO_MARKS, type Marks } from "./marks.ts";
import { Gestures, type Drag } from "./gestures.ts";
import {
  blockEnd,
  blockNeighbour,
  cellAt,
  cellsWithin,
  neighbourOf,
  rectOfCell,
  showing,
  toMap,
  WHOLE,
  withinBounds,
  zoomed,
  type Direction,
  type MapView,
  type Point,
  type Rect,
} from "./geometry.ts";
import type { MapModel } from "./mapModel.ts";

/** The miner whose facts are shown, and where its cell is on the screen. */
export interface Shown {
  readonly row: number;
  readonly rect: Rect;
  /** `touch`: shown until it is dismissed, as nothing hovers there; `keys`: it has the focus. */
  readonly by: "pointer" | "keys" | "touch";
}

/** What dragging does while racks are edited, in place of selecting. */
export interface DragTool {
  /** Whether a drag from this cell (-1: beside all) is one of the tool's. */
  readonly takes: (cell: number) => boolean;
  /** Rectangles of the map that the dragged cell would take, where it is let go at this point of the map. */
  readonly targetsOf: (cell: number, point: Point) => readonly Rect[];
  readonly drop: (cell: number, point: Point) => void;
}

interface ControllerInput {
  readonly element: HTMLElement;
  readonly model: MapModel;
  readonly fleet: Fleet;
  readonly selection: Selection;
  readonly openMiner: (minerId: string) => void;
}

const ARROWS: Readonly<Record<string, Direction | undefined>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
const ZOOM_STEP = 1.4;
const COARSE_REACH_PX = 14;

/** What the reader does on the map, and what is drawn on top of the cells for it. State that React need not know stays here. */
export class MapController {
  shown: Shown | null = null;
  view: MapView = WHOLE;
  #port = { width: 0, height: 0 };
  /** By id, as rows may be numbered anew. */
  #focusedId: string | null = null;
  #hasFocus = false;
  #hovered = -1;
  #drag: { readonly tool: DragTool | null; readonly cell: number } | null = null;
  #brush: Rect | null = null;
  #targets: readonly Rect[] = [];
  #tool: DragTool | null = null;
  #listeners = new Set<() => void>();
  readonly #canvas: MapCanvas;
  readonly #gestures: Gestures;
  readonly #closers: (() => void)[];
  readonly #input: ControllerInput;

  constructor(input: ControllerInput) {
    const { element, model, selection } = input;
    this.#input = input;
    this.#canvas = new MapCanvas(element, model, { pans: true });
    this.#gestures = new Gestures(element, {
      onHover: (point) => this.#hover(point),
      onTap: (point, how) => this.#tap(point, how),
      onPan: (by) => this.#pan(by),
      onZoom: (factor, around) => this.#move(zoomed(this.view, factor, around)),
      onDrag: (drag) => this.#dragged(drag),
    });
    this.#closers = [
      model.subscribe((change) => this.#pictureChanged(change)),
      selection.subscribe(() => this.#drawMarks()),
      () => this.#canvas.close(),
      () => this.#gestures.close(),
    ];
  }

  close(): void {
    for (const close of this.#closers) close();
  }

  /** Told when another miner's facts are to be shown, or the view has moved. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  resize(width: number, height: number): void {
    this.#port = { width, height };
    this.#canvas.resize(width, height);
    this.#move(this.view);
  }

  readColours(): void {
    this.#canvas.readColours();
  }

  /** null: dragging selects. */
  setTool(tool: DragTool | null): void {
    this.#tool = tool;
    this.#canvas.showSlots(tool !== null);
  }

  zoomBy(steps: 1 | -1): void {
    this.#move(zoomed(this.view, ZOOM_STEP ** steps, { x: this.#port.width / 2, y: this.#port.height / 2 }));
  }

  showAll(): void {
    this.#move(WHOLE);
  }

  dismiss(): void {
    this.#hovered = -1;
    this.#show(null);
    this.#drawMarks();
  }

  setFocus(hasFocus: boolean): void {
    if (hasFocus === this.#hasFocus) return;
    this.#hasFocus = hasFocus;
    if (hasFocus && this.#focusedCell() === -1 && this.#layout.cellCount > 0) this.#focusedId = this.#idOf(0);
    this.#showFocused();
  }

  /** True when the key was one of the map's. */
  key({ key, shiftKey, ctrlKey, metaKey }: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey">): boolean {
    const cell = this.#focusedCell();
    const { selection, openMiner } = this.#input;
    if (key === "Escape") return this.#escape();
    if ((key === "a" || key === "A") && (ctrlKey || metaKey)) return this.#select(allCells(this.#layout.cellCount), false);
    if (key === "+" || key === "=") return done(() => this.zoomBy(1));
    if (key === "-") return done(() => this.zoomBy(-1));
    if (key === "0") return done(() => this.showAll());
    if (cell === -1) return false;
    const next = this.#target(cell, key, ctrlKey || metaKey);
    if (next !== null) return done(() => this.#focusCell(cell, next, shiftKey));
    if (key === "Enter") return done(() => openMiner(this.#idOf(cell)));
    if (key === " ") return done(() => selection.toggle(this.#idOf(cell)));
    return false;
  }

  get #layout() {
    return this.#input.model.layout;
  }

  #target(cell: number, key: string, far: boolean): number | null {
    const direction = ARROWS[key];
    if (direction !== undefined) return neighbourOf(this.#layout, cell, direction);
    switch (key) {
      case "Home":
        return far ? 0 : blockEnd(this.#layout, cell, "first");
      case "End":
        return far ? this.#layout.cellCount - 1 : blockEnd(this.#layout, cell, "last");
      case "PageUp":
        return blockNeighbour(this.#layout, cell, -1);
      case "PageDown":
        return blockNeighbour(this.#layout, cell, 1);
      default:
        return null;
    }
  }

  #focusCell(from: number, to: number, adds: boolean): void {
    this.#focusedId = this.#idOf(to);
    this.#hovered = -1;
    if (adds) this.#input.selection.add([this.#idOf(from), this.#idOf(to)]);
    this.#move(showing(this.view, rectOfCell(this.#layout, to), this.#port));
    this.#showFocused();
  }

  #escape(): boolean {
    if (this.shown?.by === "touch") return done(() => this.dismiss());
    if (this.#input.selection.ids.size === 0) return false;
    return done(() => this.#input.selection.clear());
  }

  #hover(point: Point | null): void {
    if (point === null && this.shown?.by === "touch") return; // a mouse that leaves beside a finger dismisses nothing
    const cell = point === null ? -1 : cellAt(this.#layout, toMap(this.view, point));
    if (cell === this.#hovered) return;
    this.#hovered = cell;
    if (cell === -1) this.#showFocused();
    else this.#showCell(cell, "pointer");
    this.#drawMarks();
  }

  /** The facts of a miner do not run after the hand that moves it. */
  #pan(by: Point): void {
    if (this.shown?.by === "pointer") this.dismiss();
    this.#move({ ...this.view, x: this.view.x + by.x, y: this.view.y + by.y });
  }

  #tap(point: Point, { adds, isTouch }: { adds: boolean; isTouch: boolean }): void {
    const cell = isTouch ? this.#nearCell(point) : cellAt(this.#layout, toMap(this.view, point));
    if (cell === -1) {
      if (isTouch) this.dismiss();
      else if (!adds) this.#input.selection.clear();
      return;
    }
    this.#focusedId = this.#idOf(cell);
    if (adds) this.#input.selection.toggle(this.#idOf(cell));
    else if (isTouch) {
      this.#hovered = cell;
      this.#showCell(cell, "touch");
    } else if (this.#tool === null) this.#input.openMiner(this.#idOf(cell));
    else this.#input.selection.replace([this.#idOf(cell)]);
    this.#drawMarks();
  }

  /** A finger is wider than a cell: the nearest within its reach. */
  #nearCell(point: Point): number {
    const exact = cellAt(this.#layout, toMap(this.view, point));
    if (exact !== -1) return exact;
    const [a, b] = [toMap(this.view, { x: point.x - COARSE_REACH_PX, y: point.y - COARSE_REACH_PX }), toMap(this.view, point)];
    const reach = b.x - a.x;
    const distance = (cell: number): number => {
      const { x, y, width, height } = rectOfCell(this.#layout, cell);
      return Math.hypot(x + width / 2 - b.x, y + height / 2 - b.y);
    };
    return cellsWithin(this.#layout, { x: a.x, y: a.y, width: 2 * reach, height: 2 * reach }).reduce(
      (best, cell) => (best === -1 || distance(cell) < distance(best) ? cell : best),
      -1,
    );
  }

  #dragged(drag: Drag | null): void {
    if (drag === null) {
      this.#endDrag();
      return;
    }
    this.#drag ??= this.#startDrag(drag.from);
    const { tool, cell } = this.#drag;
    const to = toMap(this.view, drag.to);
    if (tool === null) this.#brush = drag.rect;
    else this.#targets = tool.targetsOf(cell, to);
    if (drag.isDone) {
      if (tool === null) this.#select(this.#cellsUnder(drag.rect), drag.adds);
      else tool.drop(cell, to);
      this.#endDrag();
    }
    this.#drawMarks();
  }

  #startDrag(from: Point): { tool: DragTool | null; cell: number } {
    const cell = cellAt(this.#layout, toMap(this.view, from));
    this.#show(null);
    return { tool: this.#tool?.takes(cell) === true ? this.#tool : null, cell };
  }

  #endDrag(): void {
    this.#drag = null;
    this.#brush = null;
    this.#targets = [];
    this.#drawMarks();
  }

  #cellsUnder({ x, y, width, height }: Rect): number[] {
    const [a, b] = [toMap(this.view, { x, y }), toMap(this.view, { x: x + width, y: y + height })];
    return cellsWithin(this.#layout, { x: a.x, y: a.y, width: b.x - a.x, height: b.y - a.y });
  }

  #select(cells: readonly number[], adds: boolean): true {
    const ids = cells.map((cell) => this.#idOf(cell));
    if (adds) this.#input.selection.add(ids);
    else this.#input.selection.replace(ids);
    return true;
  }

  #pictureChanged(change: Parameters<MapCanvas["setPicture"]>[2]): void {
    this.#canvas.setPicture(this.#layout, this.#input.model.picture, change);
    if (change !== "all") return;
    const touched = this.shown?.by === "touch" ? this.#focusedCell() : -1;
    this.#hovered = touched;
    if (touched === -1) this.#showFocused();
    else this.#showCell(touched, "touch"); // stays until it is dismissed
    this.#move(this.view);
  }

  #move(view: MapView): void {
    this.view = withinBounds(view, this.#layout, this.#port);
    this.#canvas.setView(this.view);
    const { shown } = this;
    const cell = shown === null ? -1 : (this.#layout.cellOfRow[shown.row] ?? -1);
    if (shown !== null && cell !== -1) this.#showCell(cell, shown.by);
    else this.#notify();
  }

  #showFocused(): void {
    const cell = this.#hasFocus ? this.#focusedCell() : -1;
    if (cell === -1) this.#show(null);
    else this.#showCell(cell, "keys");
    this.#drawMarks();
  }

  #showCell(cell: number, by: Shown["by"]): void {
    const { x, y, width, height } = rectOfCell(this.#layout, cell);
    const { scale } = this.view;
    const rect = { x: x * scale + this.view.x, y: y * scale + this.view.y, width: width * scale, height: height * scale };
    this.#show({ row: this.#layout.rowOfCell[cell], rect, by });
  }

  #show(shown: Shown | null): void {
    if (shown === null && this.shown === null) return;
    this.shown = shown;
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  #drawMarks(): void {
    const { fleet, selection } = this.#input;
    const cellOf = (id: string): number => this.#layout.cellOfRow[fleet.rowOf(id)] ?? -1;
    const marks: Marks = {
      ...NO_MARKS,
      hovered: this.#hovered,
      focused: this.#hasFocus ? this.#focusedCell() : -1,
      selected: Array.from(selection.ids, cellOf).filter((cell) => cell !== -1),
      brush: this.#brush,
      targets: this.#targets,
    };
    this.#canvas.setMarks(marks);
  }

  #focusedCell(): number {
    return this.#focusedId === null ? -1 : (this.#layout.cellOfRow[this.#input.fleet.rowOf(this.#focusedId)] ?? -1);
  }

  #idOf(cell: number): string {
    return this.#input.fleet.idOf(this.#layout.rowOfCell[cell]);
  }
}

function allCells(count: number): number[] {
  return Array.from({ length: count }, (_, cell) => cell);
}

function done(act: () => void): true {
  act();
  return true;
}

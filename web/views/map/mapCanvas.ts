import { groundColour } from "../../components/colour.ts";
import type { PlacedBlock } from "./arrangement.ts";
import { drawCell, type CellBox, type MapContext } from "./drawCell.ts";
import { drawLabels } from "./drawLabels.ts";
import { drawMarks } from "./drawMarks.ts";
import { WHOLE, type MapView, type Rect } from "./geometry.ts";
import type { MapLayout } from "./layout.ts";
import { hasMarks, NO_MARKS, type Marks } from "./marks.ts";
import type { Change, Picture } from "./mapModel.ts";
import { MapPlane } from "./mapPlane.ts";
import { readPalette, type Palette } from "./palette.ts";

/** What is drawn, from the ground up: cells, names, and what the reader points at. */
const LAYERS = ["cells", "labels", "marks"] as const;
type Layer = (typeof LAYERS)[number];

/** So far the picture of a zoomed map goes on beyond the edges of what is in sight, device pixels: a hand moves it without drawing it anew. */
const PAN_ROOM = 256;

interface CanvasOptions {
  /** Whether hands move it. */
  readonly pans: boolean;
}

/** Draws a layout and its picture; each layer only when it has changed, at most once per frame. */
export class MapCanvas {
  #layout: MapLayout;
  #picture: Picture;
  #view: MapView = WHOLE;
  /** The view that cells and names were drawn for; they are moved from there. */
  #drawn: MapView = WHOLE;
  /** The same as the layers have it that have room around. */
  #ground: MapView = WHOLE;
  #room = 0;
  #marks: Marks = NO_MARKS;
  #showsSlots = false;
  #palette: Palette = readPalette();
  #groundColour: string;
  #size = { width: 0, height: 0 };
  #magnification = 1;
  #pixel = 1;
  #dirty = { cells: true, labels: true, marks: true };
  #changed: number[] = [];
  /** How far the picture is to be moved before it is drawn on, device pixels. */
  #shift = { x: 0, y: 0 };
  #frame: number | undefined;
  readonly #plane: MapPlane;
  readonly #markLayer: HTMLCanvasElement;
  readonly #pans: boolean;

  /** `host` gets the canvases. */
  constructor(host: HTMLElement, { layout, picture }: { layout: MapLayout; picture: Picture }, { pans }: CanvasOptions = { pans: false }) {
    this.#pans = pans;
    this.#plane = new MapPlane(layerIn(host));
    this.#markLayer = layerIn(host);
    this.#groundColour = groundColour(host);
    this.#layout = layout;
    this.#picture = picture;
  }

  close(): void {
    if (this.#frame !== undefined) window.cancelAnimationFrame(this.#frame);
    this.#plane.element.remove();
    this.#markLayer.remove();
  }

  /** `magnification`: how much larger everything is drawn; width and height of the map times it are those on the page. */
  resize(width: number, height: number, magnification = 1): void {
    this.#size = { width, height };
    this.#magnification = magnification;
    this.#pixel = Math.max(1, window.devicePixelRatio * magnification);
    this.#resizeLayers();
  }

  #resizeLayers(): void {
    const [width, height] = [this.#size.width, this.#size.height].map((size) => Math.round(size * this.#pixel));
    this.#markLayer.width = width;
    this.#markLayer.height = height;
    this.#place(this.#markLayer, 0);
    this.#plane.resize(width + 2 * this.#room, height + 2 * this.#room);
    this.#place(this.#plane.element, (this.#room / this.#pixel) * this.#magnification);
    this.#startFrom(this.#view);
    this.#invalidate({ cells: true, labels: true, marks: true });
  }

  /** `edge`: so far beyond what is in sight, in pixels of the page. */
  #place({ style }: HTMLElement, edge: number): void {
    style.left = `${-edge}px`;
    style.top = `${-edge}px`;
    style.width = `${this.#size.width * this.#magnification + 2 * edge}px`;
    style.height = `${this.#size.height * this.#magnification + 2 * edge}px`;
  }

  /** The colours of another theme. */
  readColours(): void {
    this.#palette = readPalette();
    this.#groundColour = groundColour(this.#markLayer);
    this.#invalidate({ cells: true, labels: true, marks: true });
  }

  /** What was drawn is moved as far as it goes; then what is still in sight is kept, where it comes to lie on whole pixels. */
  setView(view: MapView): void {
    const shift = { x: (view.x - this.#drawn.x) * this.#pixel, y: (view.y - this.#drawn.y) * this.#pixel };
    const isPan = view.scale === this.#drawn.scale && isWhole(shift.x) && isWhole(shift.y);
    const isWithin = isPan && Math.max(Math.abs(shift.x), Math.abs(shift.y)) <= this.#room;
    this.#view = view;
    this.#invalidate({ cells: !isPan, labels: !isWithin, marks: hasMarks(this.#marks) });
    if (isWithin) return;
    this.#startFrom(view);
    if (isPan) this.#shift = { x: this.#shift.x + Math.round(shift.x), y: this.#shift.y + Math.round(shift.y) };
    const room = this.#pans && view.scale > 1 ? PAN_ROOM : 0;
    if (room === this.#room) return;
    this.#room = room;
    this.#resizeLayers();
  }

  #startFrom(view: MapView): void {
    const edge = this.#room / this.#pixel;
    this.#drawn = view;
    this.#ground = { scale: view.scale, x: view.x + edge, y: view.y + edge };
  }

  setPicture(layout: MapLayout, picture: Picture, change: Change): void {
    const isSameCount = isSame(this.#picture.faultsOfSite, picture.faultsOfSite);
    this.#layout = layout;
    this.#picture = picture;
    if (change === "all") this.#invalidate({ cells: true, labels: true, marks: true });
    else {
      this.#changed.push(...change);
      this.#invalidate({ labels: !isSameCount });
    }
  }

  setMarks(marks: Marks): void {
    const isSameBlock = this.#namedBlock(marks) === this.#namedBlock(this.#marks);
    const isAny = hasMarks(marks) || hasMarks(this.#marks);
    this.#marks = marks;
    this.#invalidate({ marks: isAny, labels: !isSameBlock });
  }

  /** Whether empty slots are outlined, as places to put something. */
  showSlots(shows: boolean): void {
    if (shows === this.#showsSlots) return;
    this.#showsSlots = shows;
    this.#invalidate({ cells: true });
  }

  #invalidate(what: Partial<Record<Layer, boolean>>): void {
    for (const layer of LAYERS) this.#dirty[layer] ||= what[layer] === true;
    this.#frame ??= window.requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #draw(): void {
    const { cells, labels, marks } = this.#dirty;
    const isMoved = this.#shift.x !== 0 || this.#shift.y !== 0;
    if (cells) this.#drawCells();
    else {
      if (isMoved) this.#moveCells();
      this.#drawChanged();
    }
    if (labels) this.#drawLabels();
    if (cells || labels || isMoved || this.#changed.length > 0) this.#plane.show(this.#groundColour);
    this.#movePlane();
    if (marks) this.#drawMarks();
    this.#changed = [];
    this.#shift = { x: 0, y: 0 };
    this.#dirty = { cells: false, labels: false, marks: false };
  }

  #drawCells(): void {
    const g = this.#plane.cells;
    g.clearRect(0, 0, g.canvas.width, g.canvas.height);
    for (const placed of this.#layout.blocks) {
      if (!this.#isInSight(placed)) continue;
      this.#drawGround(g, placed);
      for (let cell = placed.firstCell; cell < placed.firstCell + placed.cellCount; cell++) this.#drawCell(g, cell);
    }
  }

  /** Moves the picture, and draws the strips that came into sight at its edges. */
  #moveCells(): void {
    const { x, y } = this.#shift;
    const g = this.#plane.cells;
    const { width, height } = g.canvas;
    g.globalCompositeOperation = "copy";
    g.drawImage(g.canvas, x, y);
    g.globalCompositeOperation = "source-over";
    this.#drawStrip(g, { x: x > 0 ? 0 : width + x, y: 0, width: Math.abs(x), height });
    this.#drawStrip(g, { x: Math.max(0, x), y: y > 0 ? 0 : height + y, width: width - Math.abs(x), height: Math.abs(y) });
  }

  /** Draws what lies within a box that is empty so far. */
  #drawStrip(g: MapContext, strip: CellBox): void {
    if (strip.width <= 0 || strip.height <= 0) return;
    g.save();
    g.beginPath();
    g.rect(strip.x, strip.y, strip.width, strip.height);
    g.clip();
    for (const placed of this.#layout.blocks) {
      if (!meet(this.#groundBox(placed), strip)) continue;
      this.#drawGround(g, placed);
      for (let cell = placed.firstCell; cell < placed.firstCell + placed.cellCount; cell++)
        if (meet(this.#boxOf(cell, this.#ground), strip)) this.#drawCell(g, cell);
    }
    g.restore();
  }

  #drawChanged(): void {
    const g = this.#plane.cells;
    for (const cell of this.#changed) {
      const placed = this.#layout.blocks[this.#layout.blockOfCell[cell]];
      if (!this.#isInSight(placed)) continue;
      const { x, y, width, height } = this.#boxOf(cell, this.#ground);
      g.clearRect(x, y, width, height);
      g.fillStyle = this.#groundOf(placed);
      g.fillRect(x, y, width, height);
      this.#drawCell(g, cell);
    }
  }

  #drawCell(g: MapContext, cell: number): void {
    const { by, codes } = this.#picture;
    drawCell(g, codes[cell], this.#boxOf(cell, this.#ground), { by, palette: this.#palette, pixel: this.#pixel });
  }

  /** Slots of a rack stand on a panel, so that an empty one is seen; a subnet has none. */
  #groundOf({ block }: PlacedBlock): string {
    return block.kind === "rack" ? this.#palette.colours["surface-2"] : "rgba(0, 0, 0, 0)";
  }

  #drawGround(g: MapContext, placed: PlacedBlock): void {
    g.fillStyle = this.#groundOf(placed);
    const { x, y, width, height } = this.#groundBox(placed);
    g.fillRect(x, y, width, height);
    if (!this.#showsSlots || placed.block.kind !== "rack") return;
    const { cellWidth, cellHeight } = this.#layout;
    g.strokeStyle = this.#palette.colours["line-strong"];
    g.lineWidth = this.#pixel;
    for (let slot = 0; slot < placed.block.capacity; slot++) {
      const at = {
        x: placed.x + (slot % placed.block.columns) * cellWidth,
        y: placed.y + Math.floor(slot / placed.block.columns) * cellHeight,
      };
      const box = this.#cellBox(at.x, at.y, this.#ground);
      if (placed.block.rowAt[slot] === -1)
        g.strokeRect(box.x + g.lineWidth / 2, box.y + g.lineWidth / 2, box.width - g.lineWidth, box.height - g.lineWidth);
    }
  }

  /** The cells of a block and an edge around them. */
  #groundBox(placed: PlacedBlock): CellBox {
    const { x, y, width, height } = this.#onScreen({ ...placed, width: placed.width + 1, height: placed.height + 1 }, this.#ground);
    return { x: x - this.#pixel, y: y - this.#pixel, width: width + this.#pixel, height: height + this.#pixel };
  }

  /** Moves what was drawn to where it is in sight now. */
  #movePlane(): void {
    const [x, y] = [this.#view.x - this.#drawn.x, this.#view.y - this.#drawn.y].map((by) => by * this.#magnification);
    this.#plane.element.style.transform = x === 0 && y === 0 ? "" : `translate(${x}px, ${y}px)`;
  }

  #drawLabels(): void {
    const g = this.#plane.labels;
    const edge = (2 * this.#room) / this.#pixel;
    g.setTransform(this.#pixel, 0, 0, this.#pixel, 0, 0);
    g.clearRect(0, 0, this.#size.width + edge, this.#size.height + edge);
    drawLabels(g, this.#layout, {
      view: this.#ground,
      height: this.#size.height + edge,
      palette: this.#palette,
      named: this.#namedBlock(this.#marks),
      faultsOfSite: this.#picture.faultsOfSite,
    });
  }

  #drawMarks(): void {
    const g = contextOf(this.#markLayer);
    this.#markLayer.hidden = !hasMarks(this.#marks); // an empty layer would be blended over the map with every frame
    g.clearRect(0, 0, g.canvas.width, g.canvas.height);
    drawMarks(g, this.#marks, {
      palette: this.#palette,
      pixel: this.#pixel,
      boxOf: (cell) => this.#boxOf(cell, this.#view),
      onScreen: (rect) => this.#onScreen(rect, this.#view),
    });
  }

  #namedBlock({ focused, hovered }: Marks): number {
    return this.#layout.blockOfCell[hovered === -1 ? focused : hovered] ?? -1;
  }

  #boxOf(cell: number, view: MapView): CellBox {
    return this.#cellBox(this.#layout.x[cell], this.#layout.y[cell], view);
  }

  /** On whole device pixels, less the gap to the next cell. */
  #cellBox(x: number, y: number, view: MapView): CellBox {
    const { cellWidth, cellHeight } = this.#layout;
    const box = this.#onScreen({ x, y, width: cellWidth, height: cellHeight }, view);
    const gap = Math.round(this.#pixel);
    return { x: box.x, y: box.y, width: box.width - gap, height: box.height - gap };
  }

  #onScreen({ x, y, width, height }: Rect, view: MapView): CellBox {
    const at = (value: number, offset: number): number => Math.round((value * view.scale + offset) * this.#pixel);
    const [left, top] = [at(x, view.x), at(y, view.y)];
    return { x: left, y: top, width: at(x + width, view.x) - left, height: at(y + height, view.y) - top };
  }

  #isInSight(placed: PlacedBlock): boolean {
    const { width, height } = this.#plane.cells.canvas;
    return meet(this.#groundBox(placed), { x: 0, y: 0, width, height });
  }
}

function layerIn(host: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  host.append(canvas);
  return canvas;
}

function isWhole(pixels: number): boolean {
  return Math.abs(pixels - Math.round(pixels)) < 1e-6;
}

/** Whether two boxes touch, with a pixel to spare for edges that are drawn around them. */
function meet(a: CellBox, b: CellBox): boolean {
  return a.x <= b.x + b.width + 1 && b.x <= a.x + a.width + 1 && a.y <= b.y + b.height + 1 && b.y <= a.y + a.height + 1;
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new TypeError("A canvas without a 2d context");
  return context;
}

function isSame(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

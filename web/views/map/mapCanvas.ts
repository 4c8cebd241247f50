import { countOf, formatNumber } from "../../format/number.ts";
import type { MapLabel, PlacedBlock } from "./arrangement.ts";
import { drawCell, type CellBox } from "./drawCell.ts";
import type { MapView, Rect } from "./geometry.ts";
import type { MapLayout } from "./layout.ts";
import { hasMarks, NO_MARKS, type Marks } from "./marks.ts";
import type { Change, Picture } from "./mapModel.ts";
import { readPalette, type Palette } from "./palette.ts";

/** The three layers, from the ground up: cells, names, and what the reader points at. */
const LAYERS = ["cells", "labels", "marks"] as const;
type Layer = (typeof LAYERS)[number];

const FONT = '"Inter Variable", Inter, sans-serif';
const LABEL_STYLES: Readonly<Record<MapLabel["kind"], { font: string; lineHeight: number }>> = {
  site: { font: `600 13px/1 ${FONT}`, lineHeight: 20 },
  block: { font: `500 10px/1 ${FONT}`, lineHeight: 12 },
  aisle: { font: `500 11px/1 ${FONT}`, lineHeight: 12 },
  column: { font: `500 10px/1 ${FONT}`, lineHeight: 12 },
};

/** Draws a layout and its picture; each layer only when it has changed, at most once per frame. */
export class MapCanvas {
  #layout: MapLayout;
  #picture: Picture;
  #view: MapView = { scale: 1, x: 0, y: 0 };
  #marks: Marks = NO_MARKS;
  #showsSlots = false;
  #palette: Palette = readPalette();
  #size = { width: 0, height: 0 };
  #pixel = 1;
  #dirty = { cells: true, labels: true, marks: true };
  #changed: number[] = [];
  /** How far the picture is to be moved before it is drawn on, device pixels. */
  #shift = { x: 0, y: 0 };
  #frame: number | undefined;
  readonly #layers: Readonly<Record<Layer, HTMLCanvasElement>>;

  /** `host` gets the canvases. */
  constructor(host: HTMLElement, { layout, picture }: { layout: MapLayout; picture: Picture }) {
    this.#layers = { cells: layerIn(host), labels: layerIn(host), marks: layerIn(host) };
    this.#layout = layout;
    this.#picture = picture;
  }

  close(): void {
    if (this.#frame !== undefined) window.cancelAnimationFrame(this.#frame);
    for (const layer of LAYERS) this.#layers[layer].remove();
  }

  /** `magnification`: how much larger everything is drawn; width and height of the map times it are those on the page. */
  resize(width: number, height: number, magnification = 1): void {
    this.#size = { width, height };
    this.#pixel = Math.max(1, window.devicePixelRatio * magnification);
    for (const layer of LAYERS) {
      const canvas = this.#layers[layer];
      canvas.style.width = `${width * magnification}px`;
      canvas.style.height = `${height * magnification}px`;
      canvas.width = Math.round(width * this.#pixel);
      canvas.height = Math.round(height * this.#pixel);
    }
    this.#invalidate({ cells: true, labels: true, marks: true });
  }

  /** The colours of another theme. */
  readColours(): void {
    this.#palette = readPalette();
    this.#invalidate({ cells: true, labels: true, marks: true });
  }

  /** What is still in sight after panning is moved rather than drawn again, where it comes to lie on whole pixels. */
  setView(view: MapView): void {
    const shift = { x: (view.x - this.#view.x) * this.#pixel, y: (view.y - this.#view.y) * this.#pixel };
    const isPan = view.scale === this.#view.scale && isWhole(shift.x) && isWhole(shift.y);
    this.#view = view;
    if (isPan) this.#shift = { x: this.#shift.x + Math.round(shift.x), y: this.#shift.y + Math.round(shift.y) };
    this.#invalidate({ cells: !isPan, labels: true, marks: hasMarks(this.#marks) });
  }

  setPicture(layout: MapLayout, picture: Picture, change: Change): void {
    this.#layout = layout;
    this.#picture = picture;
    if (change === "all") this.#invalidate({ cells: true, labels: true, marks: true });
    else {
      this.#changed.push(...change);
      this.#invalidate({ labels: true });
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
    if (this.#dirty.cells) this.#drawCells();
    else {
      this.#moveCells();
      this.#drawChanged();
    }
    if (this.#dirty.labels) this.#drawLabels();
    if (this.#dirty.marks) this.#drawMarks();
    this.#changed = [];
    this.#shift = { x: 0, y: 0 };
    this.#dirty = { cells: false, labels: false, marks: false };
  }

  #drawCells(): void {
    const g = contextOf(this.#layers.cells);
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, this.#layers.cells.width, this.#layers.cells.height);
    for (const placed of this.#layout.blocks) {
      if (!this.#isInSight(placed)) continue;
      this.#drawGround(g, placed);
      for (let cell = placed.firstCell; cell < placed.firstCell + placed.cellCount; cell++) this.#drawCell(g, cell);
    }
  }

  /** Moves the picture, and draws the strips that came into sight at its edges. */
  #moveCells(): void {
    const { x, y } = this.#shift;
    if (x === 0 && y === 0) return;
    const canvas = this.#layers.cells;
    const { width, height } = canvas;
    const g = contextOf(canvas);
    g.globalCompositeOperation = "copy";
    g.drawImage(canvas, x, y);
    g.globalCompositeOperation = "source-over";
    this.#drawStrip(g, { x: x > 0 ? 0 : width + x, y: 0, width: Math.abs(x), height });
    this.#drawStrip(g, { x: Math.max(0, x), y: y > 0 ? 0 : height + y, width: width - Math.abs(x), height: Math.abs(y) });
  }

  /** Draws what lies within a box that is empty so far. */
  #drawStrip(g: CanvasRenderingContext2D, strip: CellBox): void {
    if (strip.width <= 0 || strip.height <= 0) return;
    g.save();
    g.beginPath();
    g.rect(strip.x, strip.y, strip.width, strip.height);
    g.clip();
    for (const placed of this.#layout.blocks) {
      if (!meet(this.#groundBox(placed), strip)) continue;
      this.#drawGround(g, placed);
      for (let cell = placed.firstCell; cell < placed.firstCell + placed.cellCount; cell++)
        if (meet(this.#boxOf(cell), strip)) this.#drawCell(g, cell);
    }
    g.restore();
  }

  #drawChanged(): void {
    const g = contextOf(this.#layers.cells);
    for (const cell of this.#changed) {
      const placed = this.#layout.blocks[this.#layout.blockOfCell[cell]];
      if (!this.#isInSight(placed)) continue;
      const { x, y, width, height } = this.#boxOf(cell);
      g.clearRect(x, y, width, height);
      g.fillStyle = this.#groundOf(placed);
      g.fillRect(x, y, width, height);
      this.#drawCell(g, cell);
    }
  }

  #drawCell(g: CanvasRenderingContext2D, cell: number): void {
    const { by, codes } = this.#picture;
    drawCell(g, codes[cell], this.#boxOf(cell), { by, palette: this.#palette, pixel: this.#pixel });
  }

  /** Slots of a rack stand on a panel, so that an empty one is seen; a subnet has none. */
  #groundOf({ block }: PlacedBlock): string {
    return block.kind === "rack" ? this.#palette.colours["surface-2"] : "rgba(0, 0, 0, 0)";
  }

  #drawGround(g: CanvasRenderingContext2D, placed: PlacedBlock): void {
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
      const box = this.#cellBox(at.x, at.y);
      if (placed.block.rowAt[slot] === -1)
        g.strokeRect(box.x + g.lineWidth / 2, box.y + g.lineWidth / 2, box.width - g.lineWidth, box.height - g.lineWidth);
    }
  }

  /** The cells of a block and an edge around them. */
  #groundBox(placed: PlacedBlock): CellBox {
    const { x, y, width, height } = this.#onScreen({ ...placed, width: placed.width + 1, height: placed.height + 1 });
    return { x: x - this.#pixel, y: y - this.#pixel, width: width + this.#pixel, height: height + this.#pixel };
  }

  #drawLabels(): void {
    const g = contextOf(this.#layers.labels);
    g.setTransform(this.#pixel, 0, 0, this.#pixel, 0, 0);
    g.clearRect(0, 0, this.#size.width, this.#size.height);
    const named = this.#namedBlock(this.#marks);
    for (const label of this.#layout.labels) {
      const { font, lineHeight } = LABEL_STYLES[label.kind];
      const isNamed = label.kind !== "site" && label.blocks.includes(named);
      g.font = isNamed ? font.replace("500", "700") : font;
      g.fillStyle = this.#palette.colours[label.kind === "site" || isNamed ? "text-1" : "text-3"];
      const x = label.x * this.#view.scale + this.#view.x;
      const y = (label.y - lineHeight / 2) * this.#view.scale + this.#view.y + lineHeight / 2;
      if (y < -20 || y > this.#size.height + 20) continue;
      const width = this.#fillText(g, label.text, { x, y, room: label.room * this.#view.scale - 2 });
      if (label.kind === "site") this.#drawSiteCount(g, label, { x: x + width + 10, y });
    }
  }

  #drawSiteCount(g: CanvasRenderingContext2D, { siteId, blocks, room }: MapLabel, { x, y }: { x: number; y: number }): void {
    const count = blocks.reduce((sum, number) => sum + this.#layout.blocks[number].cellCount, 0);
    const faults = this.#picture.faultsOfSite.get(siteId) ?? 0;
    g.font = `500 11px/1 ${FONT}`;
    g.fillStyle = this.#palette.colours["text-3"];
    this.#fillText(g, `${countOf(count, "miner")}, ${formatNumber(faults)} with a fault`, { x, y, room: room * this.#view.scale });
  }

  /** Returns the width of what was drawn: as much of the text as has room, and nothing where that would say too little. */
  #fillText(g: CanvasRenderingContext2D, text: string, { x, y, room }: { x: number; y: number; room: number }): number {
    const { width } = g.measureText(text);
    const shown = width <= room ? text : `${text.slice(0, Math.max(0, Math.floor((text.length * room) / width) - 1))}…`;
    if (shown.length < 3 && shown !== text) return 0;
    g.fillText(shown, x, y);
    return Math.min(width, room);
  }

  #drawMarks(): void {
    const g = contextOf(this.#layers.marks);
    const { colours } = this.#palette;
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, this.#layers.marks.width, this.#layers.marks.height);
    const { selected, hovered, focused, brush, targets } = this.#marks;
    for (const cell of selected) this.#frameBox(g, this.#boxOf(cell), { colour: colours.accent, width: 2, wash: colours["accent-wash"] });
    for (const rect of targets) this.#frameBox(g, this.#onScreen(rect), { colour: colours.accent, width: 2, wash: colours["accent-wash"] });
    if (focused !== -1) this.#ring(g, focused, colours.focus);
    if (hovered !== -1 && hovered !== focused) this.#ring(g, hovered, colours["text-1"]);
    if (brush === null) return;
    const [x, y, width, height] = [brush.x, brush.y, brush.width, brush.height].map((value) => value * this.#pixel);
    this.#frameBox(g, { x, y, width, height }, { colour: colours.accent, width: 1.5, wash: colours["accent-wash"] });
  }

  #frameBox(g: CanvasRenderingContext2D, box: CellBox, { colour, width, wash }: { colour: string; width: number; wash: string }): void {
    g.fillStyle = wash;
    g.fillRect(box.x, box.y, box.width, box.height);
    g.strokeStyle = colour;
    g.lineWidth = width * this.#pixel;
    g.strokeRect(box.x - this.#pixel / 2, box.y - this.#pixel / 2, box.width + this.#pixel, box.height + this.#pixel);
  }

  /** A ring around a cell, on a dark or light edge that sets it off from whatever colours lie below. */
  #ring(g: CanvasRenderingContext2D, cell: number, colour: string): void {
    const { x, y, width, height } = this.#boxOf(cell);
    const out = 2 * this.#pixel;
    for (const [stroke, lineWidth] of [
      [this.#palette.colours["surface-0"], 5],
      [colour, 2],
    ] as const) {
      g.strokeStyle = stroke;
      g.lineWidth = lineWidth * this.#pixel;
      g.strokeRect(x - out, y - out, width + 2 * out, height + 2 * out);
    }
  }

  #namedBlock({ focused, hovered }: Marks): number {
    return this.#layout.blockOfCell[hovered === -1 ? focused : hovered] ?? -1;
  }

  #boxOf(cell: number): CellBox {
    return this.#cellBox(this.#layout.x[cell], this.#layout.y[cell]);
  }

  /** On whole device pixels, less the gap to the next cell. */
  #cellBox(x: number, y: number): CellBox {
    const { cellWidth, cellHeight } = this.#layout;
    const box = this.#onScreen({ x, y, width: cellWidth, height: cellHeight });
    const gap = Math.round(this.#pixel);
    return { x: box.x, y: box.y, width: box.width - gap, height: box.height - gap };
  }

  #onScreen({ x, y, width, height }: Rect): CellBox {
    const { scale } = this.#view;
    const at = (value: number, offset: number): number => Math.round((value * scale + offset) * this.#pixel);
    const [left, top] = [at(x, this.#view.x), at(y, this.#view.y)];
    return { x: left, y: top, width: at(x + width, this.#view.x) - left, height: at(y + height, this.#view.y) - top };
  }

  #isInSight(placed: PlacedBlock): boolean {
    const { scale, x, y } = this.#view;
    const [left, top] = [placed.x * scale + x, placed.y * scale + y];
    return left < this.#size.width && top < this.#size.height && left + placed.width * scale > 0 && top + placed.height * scale > 0;
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

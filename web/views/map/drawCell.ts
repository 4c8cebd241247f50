import { NO_VALUE, OVER, type Colouring } from "./colouring.ts";
import type { Palette } from "./palette.ts";

/** A cell on the canvas, in device pixels so that its edges are sharp. */
export interface CellBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A canvas of the page, or one that is drawn on out of sight. */
export type MapContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

interface Look {
  readonly by: Colouring;
  readonly palette: Palette;
  readonly pixel: number;
}

/** Draws one cell as its code says, within its box alone, so that its neighbours need not be drawn again. `pixel` is one CSS pixel. */
export function drawCell(g: MapContext, code: number, box: CellBox, { by, palette, pixel }: Look): void {
  if ((code & ~OVER) === NO_VALUE) outline(g, box, palette.colours["text-3"], pixel);
  else if (by === "status") STATUS_SHAPES[code](g, box, palette.colours, pixel);
  else drawStep(g, code, box, { fill: palette.ramps[by][code & ~OVER], palette, pixel });
}

/** One step of a ramp. The ring: an edge of the strongest colour, and a gap of ground so that it is one on any ramp. */
function drawStep(
  g: MapContext,
  code: number,
  box: CellBox,
  { fill, palette, pixel }: { fill: string; palette: Palette; pixel: number },
): void {
  if (code < OVER) {
    fillRect(g, fill, box);
    return;
  }
  const ring = box.width >= 5 * pixel && box.height >= 5 * pixel ? pixel : pixel / 2;
  fillRect(g, palette.colours["text-1"], box);
  fillRect(g, palette.colours["surface-0"], inset(box, ring));
  fillRect(g, fill, inset(box, 2 * ring));
}

/** In the order of STATUSES: filled is a fault, what is not is quiet, barred or hatched. */
const STATUS_SHAPES: readonly ((g: MapContext, box: CellBox, colours: Palette["colours"], pixel: number) => void)[] = [
  (g, box, colours) => fillRect(g, colours["hashing-cell"], box),
  (g, box, colours) => cutCorner(g, colours.degraded, box),
  (g, box, colours) => fillRect(g, colours["not-hashing"], box),
  (g, box, colours) => diamond(g, colours.unreachable, box),
  (g, box, colours) => twoBars(g, colours.paused, box),
  (g, box, colours, pixel) => hatched(g, colours.unknown, box, pixel),
];

function inset({ x, y, width, height }: CellBox, by: number): CellBox {
  return { x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by };
}

function fillRect(g: MapContext, colour: string, { x, y, width, height }: CellBox): void {
  g.fillStyle = colour;
  g.fillRect(x, y, width, height);
}

function outline(g: MapContext, { x, y, width, height }: CellBox, colour: string, pixel: number): void {
  g.strokeStyle = colour;
  g.lineWidth = pixel;
  g.globalAlpha = 0.55;
  g.strokeRect(x + pixel / 2, y + pixel / 2, width - pixel, height - pixel);
  g.globalAlpha = 1;
}

function shape(g: MapContext, colour: string, points: readonly (readonly [number, number])[]): void {
  g.fillStyle = colour;
  g.beginPath();
  for (const [x, y] of points) g.lineTo(x, y);
  g.fill();
}

function cutCorner(g: MapContext, colour: string, { x, y, width, height }: CellBox): void {
  const [right, bottom] = [x + width, y + height];
  shape(g, colour, [
    [x, y],
    [x + width * 0.35, y],
    [right, y + height * 0.6],
    [right, bottom],
    [x, bottom],
  ]);
}

function diamond(g: MapContext, colour: string, { x, y, width, height }: CellBox): void {
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  shape(g, colour, [
    [middleX, y],
    [x + width, middleY],
    [middleX, y + height],
    [x, middleY],
  ]);
}

function twoBars(g: MapContext, colour: string, { x, y, width, height }: CellBox): void {
  const bar = Math.max(1, Math.round(width * 0.3));
  fillRect(g, colour, { x: x + Math.round(width * 0.1), y, width: bar, height });
  fillRect(g, colour, { x: x + width - bar - Math.round(width * 0.1), y, width: bar, height });
}

function hatched(g: MapContext, colour: string, { x, y, width, height }: CellBox, pixel: number): void {
  g.save();
  g.beginPath();
  g.rect(x, y, width, height);
  g.clip();
  g.strokeStyle = colour;
  g.lineWidth = pixel;
  g.beginPath();
  for (let from = -height; from < width; from += 3 * pixel) {
    g.moveTo(x + from, y + height);
    g.lineTo(x + from + height, y);
  }
  g.globalAlpha = 0.75;
  g.stroke();
  g.globalAlpha = 1;
  g.restore();
}

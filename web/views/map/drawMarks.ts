import type { CellBox } from "./drawCell.ts";
import type { Rect } from "./geometry.ts";
import type { Marks } from "./marks.ts";
import type { Palette } from "./palette.ts";

type Context = CanvasRenderingContext2D;

interface MarkLook {
  readonly palette: Palette;
  /** One CSS pixel. */
  readonly pixel: number;
  readonly boxOf: (cell: number) => CellBox;
  /** Of a rectangle of the map. */
  readonly onScreen: (rect: Rect) => CellBox;
}

/** Draws what the reader points at and has selected, in device pixels. */
export function drawMarks(g: Context, { selected, hovered, focused, brush, targets }: Marks, look: MarkLook): void {
  const { pixel } = look;
  const { accent, "accent-wash": wash, focus, "text-1": strong } = look.palette.colours;
  for (const box of [...selected.map(look.boxOf), ...targets.map(look.onScreen)]) frame(g, box, { colour: accent, width: 2, wash, pixel });
  if (focused !== -1) ring(g, look.boxOf(focused), focus, look);
  if (hovered !== -1 && hovered !== focused) ring(g, look.boxOf(hovered), strong, look);
  if (brush === null) return;
  const [x, y, width, height] = [brush.x, brush.y, brush.width, brush.height].map((value) => value * pixel);
  frame(g, { x, y, width, height }, { colour: accent, width: 1.5, wash, pixel });
}

interface FrameLook {
  readonly colour: string;
  readonly wash: string;
  readonly width: number;
  readonly pixel: number;
}

function frame(g: Context, box: CellBox, { colour, wash, width, pixel }: FrameLook): void {
  g.fillStyle = wash;
  g.fillRect(box.x, box.y, box.width, box.height);
  g.strokeStyle = colour;
  g.lineWidth = width * pixel;
  g.strokeRect(box.x - pixel / 2, box.y - pixel / 2, box.width + pixel, box.height + pixel);
}

/** A ring around a cell, on a dark or light edge that sets it off from whatever colours lie below. */
function ring(g: Context, { x, y, width, height }: CellBox, colour: string, { palette, pixel }: MarkLook): void {
  const out = 2 * pixel;
  for (const [stroke, lineWidth] of [
    [palette.colours["surface-0"], 5],
    [colour, 2],
  ] as const) {
    g.strokeStyle = stroke;
    g.lineWidth = lineWidth * pixel;
    g.strokeRect(x - out, y - out, width + 2 * out, height + 2 * out);
  }
}

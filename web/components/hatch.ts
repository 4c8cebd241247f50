interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const APART_PX = 6;

/** Thin slanted lines over a box of a canvas: what lies there came late. `pixel`: those of the canvas per CSS pixel. */
export function hatch(
  g: CanvasRenderingContext2D,
  { left, top, width, height }: Box,
  { colour, pixel }: { colour: string; pixel: number },
): void {
  g.save();
  g.beginPath();
  g.rect(left, top, width, height);
  g.clip();
  g.strokeStyle = colour;
  g.lineWidth = pixel;
  g.beginPath();
  // On one raster for the whole canvas, so that spans beside each other continue one another.
  const first = Math.floor(left / (APART_PX * pixel)) * APART_PX * pixel;
  for (let x = first; x < left + width + height; x += APART_PX * pixel) {
    g.moveTo(x, top);
    g.lineTo(x - height, top + height);
  }
  g.stroke();
  g.restore();
}

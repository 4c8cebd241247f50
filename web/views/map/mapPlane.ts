type Context = OffscreenCanvasRenderingContext2D;

/**
 * The cells and, above them, the names: drawn apart, shown as one picture.
 *
 * A canvas that is drawn on is copied with every frame that the browser makes, whatever has changed on the page; a picture handed over only once.
 */
export class MapPlane {
  readonly element: HTMLCanvasElement;
  readonly cells: Context = openContext();
  readonly labels: Context = openContext();
  readonly #mix: Context = openContext({ alpha: false });
  readonly #shown: ImageBitmapRenderingContext | null;

  constructor(element: HTMLCanvasElement) {
    this.element = element;
    this.#shown = element.getContext("bitmaprenderer", { alpha: false });
  }

  /** In device pixels. Everything is empty then. */
  resize(width: number, height: number): void {
    for (const { canvas } of [this.cells, this.labels, this.#mix]) {
      canvas.width = width;
      canvas.height = height;
    }
  }

  /** Shows what was drawn, on a ground of this colour: what cannot be seen through costs nothing to lie below. */
  show(ground: string): void {
    const mix = this.#mix;
    if (mix.canvas.width === 0 || mix.canvas.height === 0) return;
    mix.fillStyle = ground;
    mix.fillRect(0, 0, mix.canvas.width, mix.canvas.height);
    mix.drawImage(this.cells.canvas, 0, 0);
    mix.drawImage(this.labels.canvas, 0, 0);
    this.#shown?.transferFromImageBitmap(mix.canvas.transferToImageBitmap());
  }
}

function openContext(settings?: CanvasRenderingContext2DSettings): Context {
  const context = new OffscreenCanvas(0, 0).getContext("2d", settings);
  if (context === null) throw new TypeError("A canvas without a 2d context");
  return context;
}

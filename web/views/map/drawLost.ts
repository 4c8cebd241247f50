import { hatch } from "../../components/hatch.ts";
import type { Palette } from "./palette.ts";

export interface Lost {
  /** Share of rated that was lost, per point; null: no data. */
  readonly shares: readonly (number | null)[];
  /** From and to, 0 to 1 along the scrubber, of what came late. */
  readonly backfilled: readonly (readonly [number, number])[];
}
interface LostArea extends Lost {
  /** 0 to 1 along the scrubber; null: now. */
  readonly at: number | null;
  /** Where incidents opened, 0 to 1 along the scrubber. */
  readonly marks: readonly number[];
  readonly pixel: number;
}

const TOP_SHARE = 0.05;
const BASE_PX = 6;

/** Hashrate lost over time as an area, grey where there is no data, and the hand that stands at an instant. */
export function drawLost(g: CanvasRenderingContext2D, { colours }: Palette, { shares, backfilled, at, marks, pixel }: LostArea): void {
  const { width, height } = g.canvas;
  const base = height - BASE_PX * pixel;
  // A quiet day stays low: the scale reaches 5 % at least.
  const most = shares.reduce<number>((top, share) => Math.max(top, share ?? 0), TOP_SHARE);
  g.clearRect(0, 0, width, height);
  shares.forEach((share, index) => {
    const [left, right] = [index, index + 1].map((edge) => Math.round((edge / shares.length) * width));
    const high = share === null ? base : (share / most) * (base - 2 * pixel);
    g.fillStyle = colours["text-3"];
    g.globalAlpha = share === null ? 0.2 : 1;
    g.fillRect(left, base - high, right - left, high);
  });
  g.globalAlpha = 1;
  for (const [from, to] of backfilled) {
    const box = { left: from * width, top: 0, width: Math.max(3 * pixel, (to - from) * width), height: base };
    hatch(g, box, { colour: colours["text-3"], pixel });
  }
  g.fillStyle = colours["line-strong"];
  g.fillRect(0, base, width, pixel);
  g.fillStyle = colours["text-1"];
  for (const mark of marks) drawTriangle(g, mark * width, pixel);
  const x = Math.min(width - 5 * pixel, Math.max(5 * pixel, (at ?? 1) * width));
  g.fillRect(x - pixel, 0, 2 * pixel, base + pixel);
  g.beginPath();
  g.arc(x, base, 4.5 * pixel, 0, 2 * Math.PI);
  g.fill();
}

/** Points down from the upper edge to where something happened. */
function drawTriangle(g: CanvasRenderingContext2D, x: number, pixel: number): void {
  g.beginPath();
  g.moveTo(x - 4 * pixel, 0);
  g.lineTo(x + 4 * pixel, 0);
  g.lineTo(x, 7 * pixel);
  g.fill();
}

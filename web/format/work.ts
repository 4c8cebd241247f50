import { hashrateFigure } from "./hashrate.ts";
import { isReading, type Figure } from "./number.ts";

/** Hashes that were lost, as the hashrate that was missing for an hour: `2.63 PH/s·h`. */
export function workFigure(hashes: number | null | undefined): Figure {
  const { text, unit } = hashrateFigure(isReading(hashes) ? hashes / 3600 : null);
  return { text, unit: unit === "" ? "" : `${unit}·h` };
}

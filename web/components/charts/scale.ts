import { hashrateFigure } from "../../format/hashrate.ts";
import { powerFigure } from "../../format/number.ts";
import type { ChartScale } from "./chartLines.ts";

/** A scale, and how many of the base unit one of its units is. */
export interface UnitScale extends ChartScale {
  readonly perUnit: number;
}

const PREFIXES = ["", "k", "M", "G", "T", "P", "E"];

/** The unit that fits the largest rate of a chart. */
export function hashrateScale(largestHs: number, algorithm = "sha256d"): UnitScale {
  const { unit, text } = hashrateFigure(largestHs, algorithm);
  const step = PREFIXES.indexOf(unit.replace(/(H|Sol)\/s$/, ""));
  return { unit, perUnit: 1000 ** Math.max(0, step), digits: decimalsIn(text) };
}

export function powerScale(largestW: number): UnitScale {
  const { unit, text } = powerFigure(largestW);
  return { unit, perUnit: unit === "MW" ? 1e6 : unit === "kW" ? 1e3 : 1, digits: decimalsIn(text) };
}

function decimalsIn(text: string): number {
  return /\.(\d+)$/.exec(text)?.[1].length ?? 0;
}

/** Values in the units of a scale. */
export function scaled(values: readonly (number | null)[], { perUnit }: UnitScale): (number | null)[] {
  return values.map((value) => (value === null ? null : value / perUnit));
}

/** The largest of several columns, 0 where nothing is known. */
export function largestOf(...columns: readonly (readonly (number | null)[])[]): number {
  return columns.flat().reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}

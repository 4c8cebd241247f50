import { readFileSync } from "node:fs";
import type { Sizes } from "./sizes.ts";

/** One figure as the table of the design names it; must and stretch are read from musts.json and nowhere else. */
export interface Must {
  readonly unit: string;
  readonly must: number;
  readonly stretch: number;
  readonly better: "more" | "less";
  readonly web: boolean;
}
export const musts = JSON.parse(readFileSync(new URL("musts.json", import.meta.url), "utf8")) as Record<string, Must>;

/** What one measurement gives. `baseline` is the other side of the same run, in the same unit as the value it is compared with; null where there is none. */
export interface Measured {
  readonly value: number;
  readonly baseline?: number;
  readonly ratio?: number;
}
export type Measurements = Readonly<Record<string, Measured>>;

/** One file of figures/: which ids it measures, and how. Extra facts go through `say` as lines on stderr. */
export interface Figure {
  readonly ids: readonly string[];
  readonly measure: (tools: FigureTools) => Promise<Measurements>;
}
export interface FigureTools {
  readonly sizes: Sizes;
  readonly say: (line: string) => void;
  /** Ends when the whole bench must; a figure that runs longer is reported as not measured. */
  readonly signal: AbortSignal;
}

export interface Line {
  readonly id: string;
  readonly value: number | null;
  readonly unit: string;
  readonly baseline: number | null;
  readonly ratio: number | null;
  readonly must: number;
  readonly stretch: number;
  readonly holds: boolean;
}

/** The line of one figure; what was not measured holds nothing. */
export function lineOf(id: string, measured: Measured | undefined): Line {
  const must = musts[id] as Must | undefined;
  if (must === undefined) throw new RangeError(`No figure ${id} in musts.json`);
  const value = measured === undefined ? null : round(measured.value);
  const holds = value !== null && (must.better === "more" ? value >= must.must : value <= must.must);
  return {
    id,
    value,
    unit: must.unit,
    baseline: measured?.baseline === undefined ? null : round(measured.baseline),
    ratio: measured?.ratio === undefined ? null : round(measured.ratio),
    must: must.must,
    stretch: must.stretch,
    holds,
  };
}

/** Ratios to another side of the same run, the only figures that hold on any machine. */
const GUARDED_UNIT = "ratio";

/**
 * What a small run shows to have gone badly wrong, a sentence each: a ratio to another side of the same run that is below half of what it must be, or
 * was not measured. Not a timing test: what is merely slower than it should be passes.
 */
export function blunders(lines: readonly Line[]): string[] {
  return lines
    .filter(({ id, unit }) => unit === GUARDED_UNIT && musts[id].better === "more")
    .flatMap(({ id, ratio, must }) => {
      if (ratio === null) return [`${id} was not measured`];
      return ratio < must / 2 ? [`${id} is ${ratio}, below half of the ${must} that it must be`] : [];
    });
}

/** Four significant digits. */
function round(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(4));
}

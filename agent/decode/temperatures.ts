import { numberOrNull } from "./fields.ts";

const COLDEST_C = -40;
const HOTTEST_C = 150;
const DASH = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;

/**
 * Temperatures of a dash-joined field, in °C: "3--2-18-21" is 3, -2, 18, 21; a number counts as one.
 * "m-m" (a sensor's mode), "-" and "" hold none. Dead sensors are left out, see `realTemperatures`.
 */
export function dashedTemperatures(value: unknown): number[] {
  if (typeof value !== "string") return realTemperatures([numberOrNull(value)]);
  if (value === "" || value === "0-0-0-0") return [];
  return realTemperatures(splitDashed(value));
}

/** Numbers of dash-joined text: a dash joins behind a digit and is a sign elsewhere. Text that holds anything else has none. */
function splitDashed(text: string): number[] {
  const numbers: number[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const char = i < text.length ? text.charCodeAt(i) : DASH;
    if (char === DASH && i > start) {
      numbers.push(Number(text.slice(start, i)));
      start = i + 1;
    } else if (char !== DASH && char !== DOT && (char < ZERO || char > NINE)) return [];
  }
  return numbers.every(Number.isFinite) ? numbers : [];
}

/** Temperatures of an array as the new answer gives them. */
export function listedTemperatures(value: unknown): number[] {
  return Array.isArray(value) ? realTemperatures((value as unknown[]).map(numberOrNull)) : dashedTemperatures(value);
}

/**
 * What sensors that live can have measured: -40 to 150 °C. A dead sensor gives 0, -83 or values about 255; a 0 is kept only among
 * readings below 0, where it can be one.
 */
export function realTemperatures(values: readonly (number | null)[]): number[] {
  let isFreezing = false;
  let count = 0;
  for (const value of values) {
    if (value === null || value < COLDEST_C || value > HOTTEST_C) continue;
    if (value < 0) isFreezing = true;
    count++;
  }
  const real: number[] = [];
  if (count === 0) return real;
  for (const value of values) if (value !== null && isReal(value, isFreezing)) real.push(value);
  return real;
}

function isReal(value: number, isFreezing: boolean): boolean {
  return value >= COLDEST_C && value <= HOTTEST_C && (value !== 0 || isFreezing);
}

/** The hottest of lists of readings, null where there is none. */
export function hottestOf(lists: Iterable<readonly number[]>): number | null {
  let hottest: number | null = null;
  for (const list of lists) for (const value of list) if (hottest === null || value > hottest) hottest = value;
  return hottest;
}

/** The coldest of lists of readings, null where there is none. */
export function coldestOf(lists: Iterable<readonly number[]>): number | null {
  let coldest: number | null = null;
  for (const list of lists) for (const value of list) if (coldest === null || value < coldest) coldest = value;
  return coldest;
}

import { STATUSES } from "../../../server/contract/status.ts";
import type { Reading } from "./readings.ts";

/** What the colour of a cell says. */
export const COLOURINGS = ["status", "rated", "temp", "jth", "age"] as const;
export type Colouring = (typeof COLOURINGS)[number];
export type Measure = Exclude<Colouring, "status">;

/** Steps of a ramp; also the bars of its histogram. */
export const BIN_COUNT = 48;
/** The code of a cell is its status (0 to 5) or its step on the ramp, or one of these; over a threshold, OVER is added. */
export const NO_VALUE = 62;
export const OVER = 64;
export const CODE_COUNT = 128;

export interface Scale {
  readonly least: number;
  readonly most: number;
  /** Where on the ramp, 0 to 1, a value lies. */
  readonly position: (value: number) => number;
  readonly ticks: readonly number[];
}

const linear = (least: number, most: number): Scale => {
  const step = (most - least) / 4;
  return {
    least,
    most,
    position: (value) => (value - least) / (most - least),
    ticks: [0, 1, 2, 3, 4].map((tick) => least + tick * step),
  };
};

const SECOND = 1000;
const DAY = 86_400_000;

/** Percent of rated, from 60 to 120 with 100 in the middle; °C; ages from a second to a day, each tenfold as long as the last. */
const FIXED: Readonly<Record<Exclude<Measure, "jth">, Scale>> = {
  rated: {
    least: 60,
    most: 120,
    position: (value) => (value < 100 ? (value - 60) / 80 : 0.5 + (value - 100) / 40),
    ticks: [60, 80, 100, 110, 120],
  },
  temp: linear(50, 100),
  age: {
    least: SECOND,
    most: DAY,
    position: (value) => Math.log(Math.max(SECOND, value) / SECOND) / Math.log(DAY / SECOND),
    ticks: [SECOND, 10 * SECOND, 60 * SECOND, 600 * SECOND, 3_600_000, DAY],
  },
};

/** The ramp of a measure. Efficiency spans what the fleet has, in steps of 5 J/TH, so that the scale does not move with every reading. */
export function scaleOf(measure: Measure, values: ArrayLike<number>): Scale {
  if (measure !== "jth") return FIXED[measure];
  const known = Float64Array.from(Array.from(values).filter((value) => !Number.isNaN(value))).sort();
  if (known.length === 0) return linear(15, 35);
  const least = 5 * Math.floor((known[Math.floor(known.length * 0.01)] ?? 0) / 5);
  const most = 5 * Math.ceil((known[Math.floor(known.length * 0.99)] ?? 0) / 5);
  return linear(least, Math.max(most, least + 10));
}

/** The value that a measure takes from a reading, NaN where there is none: what is old, or stands still on purpose, has none. */
export function valueOf(measure: Measure, reading: Reading): number {
  if (reading.status === null) return Number.NaN;
  if (measure === "age") return reading.ageMs;
  const { status, isOld } = reading;
  if (isOld || status === "unknown" || status === "unreachable") return Number.NaN;
  if (measure === "temp") return reading.chipTempC;
  if (status === "paused") return Number.NaN;
  return measure === "rated" ? reading.ratedShare * 100 : reading.efficiencyJPerTh;
}

/** Whether a reading is on the wrong side of the threshold of a measure, as the server or the poll interval says. */
export function isOver(measure: Measure, { reason, isOld, ageMs }: Reading): boolean {
  switch (measure) {
    case "temp":
      return !isOld && (reason === "overTemperature" || reason === "overTemperatureStop");
    case "rated":
      return !isOld && reason === "lowHashrate";
    case "age":
      return isOld && !Number.isNaN(ageMs);
    case "jth":
      return false;
  }
}

export function statusCodeOf({ status }: Reading): number {
  return status === null ? NO_VALUE : STATUSES.indexOf(status);
}

export function measureCodeOf(measure: Measure, scale: Scale, reading: Reading): number {
  const value = valueOf(measure, reading);
  if (Number.isNaN(value)) return NO_VALUE;
  const step = Math.floor(Math.min(0.9999, Math.max(0, scale.position(value))) * BIN_COUNT);
  return isOver(measure, reading) ? step + OVER : step;
}

/** How many cells have each code. */
export function countCodes(codes: Uint8Array): Uint32Array {
  const counts = new Uint32Array(CODE_COUNT);
  for (const code of codes) counts[code] += 1;
  return counts;
}

/** Cells whose code is another than before; all of them when there are more or fewer. */
export function changedCells(before: Uint8Array, after: Uint8Array): number[] {
  const changed: number[] = [];
  for (let cell = 0; cell < after.length; cell++) if (before[cell] !== after[cell] || before.length !== after.length) changed.push(cell);
  return changed;
}

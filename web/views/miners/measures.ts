import { formatNumber, isReading } from "../../format/number.ts";
import { celsiusOf, shownTemperature, temperatureUnit } from "../../format/temperature.ts";
import type { NumberField } from "../../live/fields.ts";

/** How a number of a row is named and measured for people: in the Columns panel, in conditions, in CSV. */
export interface Measure {
  /** As in "hottest chip at least 84 °C". */
  readonly words: string;
  readonly unit: () => string;
  readonly digits: number;
  readonly toShown: (value: number) => number;
  readonly fromShown: (shown: number) => number;
}

function linear(words: string, unit: string, { factor = 1, digits = 0 }: { factor?: number; digits?: number } = {}): Measure {
  // Divided by the inverse where that is whole: 95 × 0.01 is not 0.95.
  const whole = factor < 1 ? Math.round(1 / factor) : null;
  return {
    words,
    unit: () => unit,
    digits,
    toShown: (value) => (whole === null ? value / factor : value * whole),
    fromShown: (shown) => (whole === null ? shown * factor : shown / whole),
  };
}

const temperature = (words: string): Measure => ({
  words,
  unit: temperatureUnit,
  digits: 0,
  toShown: shownTemperature,
  fromShown: celsiusOf,
});
const hashrate = (words: string): Measure => linear(words, "TH/s", { factor: 1e12, digits: 1 });
const hours = (words: string): Measure => linear(words, "h", { factor: 3_600_000, digits: 1 });
const minutes = (words: string): Measure => linear(words, "min", { factor: 60_000, digits: 1 });

export const MEASURES: Readonly<Record<NumberField, Measure>> = {
  lostHashrateHs: hashrate("hashrate lost"),
  hashrateHs: hashrate("hashrate"),
  hashrateMeanHs: hashrate("mean hashrate"),
  hashrate30mHs: hashrate("30 min hashrate"),
  ratedHashrateHs: hashrate("rated hashrate"),
  ratedShare: linear("share of rated", "%", { factor: 0.01, digits: 1 }),
  chipTempCMax: temperature("hottest chip"),
  boardTempCMax: temperature("hottest board"),
  inletTempC: temperature("inlet"),
  outletTempC: temperature("outlet"),
  fanRpmMin: linear("slowest fan", "rpm"),
  fansRpm: linear("fans", "rpm"),
  powerW: linear("power", "W"),
  efficiencyJPerTh: linear("efficiency", "J/TH", { digits: 1 }),
  rejectRatio: linear("rejects", "%", { factor: 0.01, digits: 2 }),
  hwErrorCount: linear("HW errors", ""),
  acceptedCount: linear("accepted shares", ""),
  rejectedCount: linear("rejected shares", ""),
  staleCount: linear("stale shares", ""),
  uptimeMs: hours("uptime"),
  statusAgeMs: minutes("time in this status"),
  lastSeenAgeMs: minutes("last answer"),
  sampleAgeMs: linear("age", "s", { factor: 1000 }),
};

/** A bound as a reader writes it, with as many digits as it needs: `84 °C`, `99.5 %`. */
export function boundText(field: NumberField, value: number): string {
  const { unit, toShown } = MEASURES[field];
  const shown = Number(toShown(value).toFixed(3));
  const digits = String(shown).split(".")[1]?.length ?? 0;
  return `${formatNumber(shown, digits)} ${unit()}`.trimEnd();
}

/** A number as a spreadsheet takes it: in the shown unit, without separators; null for none. */
export function plainNumber(field: NumberField, value: number): number | null {
  const { digits, toShown } = MEASURES[field];
  return isReading(value) ? Number(toShown(value).toFixed(digits)) : null;
}

/** Words at the head of something. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

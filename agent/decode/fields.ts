const LEADING_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;

/**
 * A field as a number: the leading decimal number of the trimmed text ("1600M" is 1600), null where there is none.
 * Empty text, "N/A", "nan" and booleans are absent, never 0: no field of a miner has a dependable type.
 */
export function numberOrNull(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || value === "") return null;
  if (isPlainDecimal(value)) return Number(value);
  const match = LEADING_NUMBER.exec(value.trimStart());
  if (match === null) return null;
  const number = Number(match[0]);
  return Number.isFinite(number) ? number : null;
}

/** The common case, without a regular expression: digits with at most one point between them. */
function isPlainDecimal(text: string): boolean {
  let points = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46 && i > 0) points++;
    else if (code < 48 || code > 57) return false;
  }
  return points <= 1;
}

/** A count: a whole number from 0 on, null for anything else. */
export function countOrNull(value: unknown): number | null {
  const number = numberOrNull(value);
  if (number === null || number < 0 || number > Number.MAX_SAFE_INTEGER) return null;
  return Math.trunc(number);
}

/** A quantity that cannot be negative, null where it is not reported. */
export function amountOrNull(value: unknown): number | null {
  const number = numberOrNull(value);
  return number === null || number < 0 ? null : number;
}

/** An amount above 0; 0 stands for "not measured" in power, frequency, voltage and ideal rates. */
export function positiveOrNull(value: unknown): number | null {
  const number = numberOrNull(value);
  return number === null || number <= 0 ? null : number;
}

/** Text without control characters and outer blanks, at most `maxLength` long; null when nothing is left. */
export function textOrNull(value: unknown, maxLength = 200): string | null {
  if (typeof value !== "string") return null;
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  const text = value.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
  return text === "" ? null : text.slice(0, maxLength);
}

/** The first of the values that is not null. */
export function firstOf(...values: readonly (number | null)[]): number | null {
  for (const value of values) if (value !== null) return value;
  return null;
}

/** The sum of what is reported, null where nothing is. */
export function sumOf(values: readonly (number | null)[]): number | null {
  let sum: number | null = null;
  for (const value of values) if (value !== null) sum = (sum ?? 0) + value;
  return sum;
}

/** A rate in whole H/s from a field in `unitHs`, null where it is not reported. */
export function rateHs(value: unknown, unitHs: number): number | null {
  const rate = amountOrNull(value);
  return rate === null ? null : Math.round(rate * unitHs);
}

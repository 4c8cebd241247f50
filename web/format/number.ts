/** What stands for "not reported". A reading of nothing is 0. */
export const ABSENT = "–";

/** A figure and its unit, apart, so that a view can set the unit smaller. The unit is empty where there is no figure. */
export interface Figure {
  readonly text: string;
  readonly unit: string;
}

const formats = new Map<number, Intl.NumberFormat>();

function formatOf(digits: number): Intl.NumberFormat {
  let format = formats.get(digits);
  if (format === undefined) {
    format = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(digits, format);
  }
  return format;
}

/** True for a reading; null, undefined and NaN (the live columns' way of saying null) are none. */
export function isReading(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && !Number.isNaN(value);
}

/** A number with a fixed count of digits behind the point and a separator for thousands; `–` for none. */
export function formatNumber(value: number | null | undefined, digits = 0): string {
  if (!isReading(value)) return ABSENT;
  const text = formatOf(digits).format(value);
  return text.startsWith("-") && !/[1-9]/.test(text) ? text.slice(1) : text; // no "-0.0"
}

export function figure(value: number | null | undefined, unit: string, digits = 0): Figure {
  return isReading(value) ? { text: formatNumber(value, digits), unit } : { text: ABSENT, unit: "" };
}

/** A share 0 to 1 as percent with one digit behind the point; rejects take two. */
export function formatShare(share: number | null | undefined, digits = 1): string {
  return isReading(share) ? `${formatNumber(share * 100, digits)} %` : ABSENT;
}

/** Electric power in W: whole watts for a miner, kW and MW for more of them. */
export function powerFigure(powerW: number | null | undefined): Figure {
  if (!isReading(powerW)) return figure(null, "");
  if (powerW >= 1e6) return figure(powerW / 1e6, "MW", 2);
  return powerW >= 1e4 ? figure(powerW / 1e3, "kW", 1) : figure(powerW, "W");
}

/** A figure with its unit in one string, for titles and for readers that hear the page. */
export function textOf({ text, unit }: Figure): string {
  return unit === "" ? text : `${text} ${unit}`;
}

/** `1 miner`, `1,204 miners`. */
export function countOf(count: number, word: string): string {
  return `${formatNumber(count)} ${word}${count === 1 ? "" : "s"}`;
}

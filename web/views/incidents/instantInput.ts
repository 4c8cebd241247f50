import { formatIso } from "../../format/time.ts";

/** An instant as it is typed, in the reader's zone on a clock of 24 hours, whatever the language of the browser: `2026-11-24 03:12`. */
export function inputOfInstant(atMs: number): string {
  return formatIso(atMs).slice(0, 16).replace("T", " ");
}

/** The way back, also with a `T` in the middle; null for what is no date and time, such as the 31st of a month of 30 days. */
export function instantOfInput(text: string): number | null {
  const [, date = "", hour = "", minute = ""] = /^\s*(\d{4}-\d{2}-\d{2})[T ]+(\d{1,2}):(\d{2})\s*$/.exec(text) ?? [];
  const whole = `${date}T${hour.padStart(2, "0")}:${minute}`;
  const atMs = new Date(whole).getTime();
  return Number.isNaN(atMs) || formatIso(atMs).slice(0, 16) !== whole ? null : atMs;
}

export function instantProblem(text: string): string {
  return `“${text}” is no date and time: write it like 2026-11-24 22:30`;
}

import { formatIso } from "../../format/time.ts";

/** An instant as an input of type datetime-local has it, in the reader's zone: `2026-11-24T03:12`. */
export function inputOfInstant(atMs: number): string {
  return formatIso(atMs).slice(0, 16);
}

/** The way back; null for what is no date and time. */
export function instantOfInput(text: string): number | null {
  const atMs = new Date(text).getTime();
  return Number.isNaN(atMs) ? null : atMs;
}

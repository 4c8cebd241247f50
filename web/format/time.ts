import { ABSENT, isReading } from "./number.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An age: `12 s`, `4 min 12 s` (under ten minutes), `18 min`, `4.7 h`, `42 d`; `–` for none. A clock that runs ahead gives 0 s. */
export function formatAge(ageMs: number | null | undefined): string {
  if (!isReading(ageMs)) return ABSENT;
  const seconds = Math.max(0, Math.floor(ageMs / SECOND));
  if (seconds < 60) return `${seconds} s`;
  if (ageMs < 10 * MINUTE) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  return formatSpan(ageMs);
}

/** A length of time without seconds: `1 min` is the least, `18 min`, `4.7 h`, `42 d`. */
export function formatSpan(spanMs: number | null | undefined): string {
  if (!isReading(spanMs)) return ABSENT;
  if (spanMs < 90 * MINUTE) return `${Math.max(1, Math.floor(spanMs / MINUTE))} min`;
  return spanMs < 1.5 * DAY ? `${(spanMs / HOUR).toFixed(1)} h` : `${Math.floor(spanMs / DAY)} d`;
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** Clock time of the reader's zone, `03:12`, with the date in front when it is not of the same day as nowMs. */
export function formatClock(atMs: number | null | undefined, nowMs: number): string {
  if (!isReading(atMs)) return ABSENT;
  const at = new Date(atMs);
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  return at.toDateString() === new Date(nowMs).toDateString() ? time : `${formatDate(atMs)} ${time}`;
}

/** `2026-11-24` in the reader's zone. */
export function formatDate(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** ISO 8601 with the reader's offset, for hover: `2026-11-24T03:12:40+01:00`. */
export function formatIso(atMs: number): string {
  const at = new Date(atMs);
  const offset = -at.getTimezoneOffset();
  const zone = offset === 0 ? "Z" : `${offset < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
  return `${formatDate(atMs)}T${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}${zone}`;
}

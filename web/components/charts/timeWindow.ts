const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Lengths of time that charts show, each up to now. */
export const RANGES = {
  "1h": { label: "1 h", title: "Last hour", lengthMs: HOUR },
  "24h": { label: "24 h", title: "Last 24 h", lengthMs: DAY },
  "7d": { label: "7 d", title: "Last 7 days", lengthMs: 7 * DAY },
  "30d": { label: "30 d", title: "Last 30 days", lengthMs: 30 * DAY },
  "1y": { label: "1 y", title: "Last year", lengthMs: 365 * DAY },
} as const;
export type RangeName = keyof typeof RANGES;

const DEFAULT_RANGE = "24h";

/** What the charts of a page show: a range up to now, or a part of the past that somebody zoomed into. */
export interface TimeWindow {
  readonly name: RangeName;
  readonly zoom: TimeRange | null;
}

/**
 * Reads `?range=7d&from=…&to=…` (ISO 8601 or epoch ms), the last two together. What is wrong is named, one sentence each, and left out.
 */
export function parseTimeWindow(search: string, names: readonly RangeName[]): { window: TimeWindow; problems: string[] } {
  const params = new URLSearchParams(search);
  const problems: string[] = [];
  const window = { name: parseRange(params.get("range"), names, problems), zoom: parseZoom(params, problems) };
  for (const name of new Set(params.keys()))
    if (!["range", "from", "to", "site"].includes(name)) problems.push(`“${name}” is not known here. Known are range, from and to.`);
  return { window, problems };
}

function parseRange(text: string | null, names: readonly RangeName[], problems: string[]): RangeName {
  const name = names.find((known) => known === (text ?? DEFAULT_RANGE));
  if (name === undefined) problems.push(`There is no range “${text ?? ""}”. Known are ${names.join(", ")}.`);
  return name ?? DEFAULT_RANGE;
}

function parseZoom(params: URLSearchParams, problems: string[]): TimeRange | null {
  const [from, to] = [params.get("from"), params.get("to")];
  if (from === null && to === null) return null;
  const [fromMs, toMs] = [instantOf(from), instantOf(to)];
  if (Number.isNaN(fromMs)) problems.push(`from: “${from ?? ""}” is no instant. Write it as 2026-11-24T03:00:00Z or as epoch ms.`);
  else if (Number.isNaN(toMs)) problems.push(`to: “${to ?? ""}” is no instant. Write it as 2026-11-24T03:00:00Z or as epoch ms.`);
  else if (fromMs >= toMs) problems.push("from must be before to.");
  else return { fromMs, toMs };
  return null;
}

const LAST_MS = 8.64e15; // the last instant that a Date can hold

function instantOf(text: string | null): number {
  if (text === null || text === "") return Number.NaN;
  const atMs = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return atMs >= 0 && atMs <= LAST_MS ? atMs : Number.NaN;
}

/** The query of an address that shows this window, with its `?`; empty for the default. */
export function timeWindowQuery({ name, zoom }: TimeWindow): string {
  const parts = [
    ...(name === DEFAULT_RANGE ? [] : [`range=${name}`]),
    ...(zoom === null ? [] : [`from=${isoOf(zoom.fromMs)}`, `to=${isoOf(zoom.toMs)}`]),
  ];
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/** Whole seconds are left as they are: an address is to be read by people, too. */
function isoOf(atMs: number): string {
  return new Date(Math.round(atMs / 1000) * 1000).toISOString().replace(".000Z", "Z");
}

/** A zoom that is as good as the whole range; an address holds whole seconds. */
const NEARLY = 0.99;

/**
 * The zoom that somebody asked for, made fit: at least `leastMs` long, around the same middle; null, for the whole range, when it is about as long as that.
 */
export function fittingZoom({ fromMs, toMs }: TimeRange, { leastMs, wholeMs }: { leastMs: number; wholeMs: number }): TimeRange | null {
  const lengthMs = Math.max(leastMs, toMs - fromMs);
  if (lengthMs >= NEARLY * wholeMs) return null;
  const middleMs = (fromMs + toMs) / 2;
  return { fromMs: middleMs - lengthMs / 2, toMs: middleMs + lengthMs / 2 };
}

const AIMED_POINTS = 360;
const STEPS_MS = [
  ...[1, 2, 5, 10, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
];

/** The step that makes some hundred points of a length of time; never finer than `finestMs`. */
export function stepOf(lengthMs: number, finestMs: number): number {
  return STEPS_MS.find((stepMs) => stepMs >= finestMs && stepMs >= lengthMs / AIMED_POINTS) ?? DAY;
}

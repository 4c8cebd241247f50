import { FIELDS, type Field } from "../../live/fields.ts";

/** One column as the reader wants it. */
export interface ColumnChoice {
  readonly field: Field;
  /** In px; null as by default. */
  readonly width: number | null;
  /** Stays at the left edge while the others scroll. */
  readonly pinned: boolean;
}

/** The columns that are shown, in order; the pinned ones come first. */
export type Layout = readonly ColumnChoice[];

export const MIN_WIDTH = 40;
export const MAX_WIDTH = 600;

const DEFAULT_FIELDS: readonly Field[] = [
  "name",
  "status",
  "model",
  "address",
  "lostHashrateHs",
  "hashrateHs",
  "ratedShare",
  "chipTempCMax",
  "fanRpmMin",
  "powerW",
  "efficiencyJPerTh",
  "rejectRatio",
  "pool",
  "worker",
  "sampleAgeMs",
];

/** Where no miner has a name of its own, the first column would repeat the address: then the address leads. */
export function defaultLayout(hasNames: boolean): Layout {
  const fields = hasNames
    ? DEFAULT_FIELDS
    : ["address" as const, ...DEFAULT_FIELDS.filter((field) => field !== "name" && field !== "address")];
  return fields.map((field, place) => ({ field, width: null, pinned: place === 0 }));
}

/** `name!,status,model:120`: `!` pins, `:` gives the width. */
export function writeLayout(layout: Layout): string {
  return layout.map(({ field, width, pinned }) => `${field}${pinned ? "!" : ""}${width === null ? "" : `:${width}`}`).join(",");
}

/** What is wrong is named and left out; null where nothing is left. */
export function parseLayout(text: string, problems: string[] = []): Layout | null {
  const columns: ColumnChoice[] = [];
  for (const word of text.split(",").filter(Boolean)) {
    const column = parseColumn(word);
    if (column === null) problems.push(`There is no column “${word}”. Known are ${FIELDS.join(", ")}.`);
    else if (!columns.some(({ field }) => field === column.field)) columns.push(column);
  }
  return columns.length === 0 ? null : pinnedFirst(columns);
}

function parseColumn(word: string): ColumnChoice | null {
  const [, name, pin, width] = /^(\w+)(!?)(?::(\d{1,4}))?$/.exec(word) ?? [];
  const field = FIELDS.find((known) => known === name);
  if (field === undefined) return null;
  return { field, width: (width as string | undefined) === undefined ? null : withinWidths(Number(width)), pinned: pin === "!" };
}

export function withinWidths(width: number): number {
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, Math.round(width)));
}

function pinnedFirst(layout: Layout): Layout {
  return [...layout.filter(({ pinned }) => pinned), ...layout.filter(({ pinned }) => !pinned)];
}

export function withColumn(layout: Layout, field: Field, part: Partial<ColumnChoice>): Layout {
  return pinnedFirst(layout.map((column) => (column.field === field ? { ...column, ...part } : column)));
}

/** Shows or hides a column; a new one comes last, and the last one stays. */
export function toggled(layout: Layout, field: Field): Layout {
  const kept = layout.filter((column) => column.field !== field);
  if (kept.length === layout.length) return [...layout, { field, width: null, pinned: false }];
  return kept.length === 0 ? layout : kept;
}

/** Puts a column at another place, counted without it. Among the pinned it becomes one of them, behind them it is none. */
export function moved(layout: Layout, field: Field, place: number): Layout {
  const column = layout.find((held) => held.field === field);
  if (column === undefined) return layout;
  const others = layout.filter((held) => held !== column);
  const pinnedCount = others.filter(({ pinned }) => pinned).length;
  const pinned = place < pinnedCount || (place === pinnedCount && column.pinned);
  return [...others.slice(0, place), { ...column, pinned }, ...others.slice(place)];
}

const STORAGE_KEY = "hashwatch.columns";

/** The columns as this browser last had them, null when they were never changed. */
export function storedLayout(): Layout | null {
  return parseLayout(window.localStorage.getItem(STORAGE_KEY) ?? "");
}

export function storeLayout(layout: Layout | null): void {
  if (layout === null) window.localStorage.removeItem(STORAGE_KEY);
  else window.localStorage.setItem(STORAGE_KEY, writeLayout(layout));
}

import { z } from "zod";
import { FleetError } from "../errors.ts";

/** A cell that a spreadsheet would take for a formula is text only behind an apostrophe. */
const FORMULA_START = /^[=+\-@\t\r]/;

/** What a cell held before toCsv() put an apostrophe in front of it. */
export function fromCsvCell(cell: string): string {
  return cell.startsWith("'") && FORMULA_START.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/** A table as CSV (RFC 4180), the columns in the order given. Objects become one column per field, lists of words one cell. */
export function toCsv(columns: readonly string[], items: readonly Record<string, unknown>[]): string {
  const rows = items.map((item) => columns.map((column) => cellText(valueAt(item, column))).join(","));
  return [columns.map(cellText).join(","), ...rows, ""].join("\r\n");
}

/** Columns of a list from the schema of its items: `firmware.family` for a field of a field. */
export function columnsOf(item: z.ZodObject): string[] {
  return Object.entries(item.shape).flatMap(([key, field]) =>
    field instanceof z.ZodObject ? Object.keys(field.shape).map((inner) => `${key}.${inner}`) : [key],
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueAt(item: Record<string, unknown>, column: string): unknown {
  if (Object.hasOwn(item, column)) return item[column];
  const [outer = "", inner = ""] = column.split(".");
  const value = item[outer];
  return isPlainObject(value) ? value[inner] : null;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : listText(value);
  const harmless = FORMULA_START.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function listText(value: unknown): string {
  if (Array.isArray(value) && value.every((each) => typeof each === "string" || typeof each === "number")) return value.join(" ");
  return JSON.stringify(value);
}

/** A line of a CSV file that cannot be read; lines count from 1. */
export class CsvError extends FleetError {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Reads CSV with commas or semicolons (whichever the first line has more of) into rows of trimmed cells; quoted cells may hold either, and line ends.
 * Throws CsvError where a quote is not closed, or something follows it.
 */
export function parseCsv(text: string): string[][] {
  const source = text.replace(/^\uFEFF/, "").replace(/\r?\n?$/, "");
  if (source === "") return [];
  const [header = ""] = source.split("\n", 1);
  const separator = header.split(";").length > header.split(",").length ? ";" : ",";
  const rows: string[][] = [[]];
  for (let at = 0; at <= source.length;) {
    const { cell, end } = readCell(source, at, { separator, line: rows.length });
    rows.at(-1)?.push(cell);
    if (source[end] === "\n") rows.push([]);
    at = end + 1;
  }
  return rows;
}

/** The cell that starts at a place, and the place of what ends it: a separator, a line end, or the end of the text. */
function readCell(source: string, at: number, { separator, line }: { separator: string; line: number }): { cell: string; end: number } {
  if (source[at] !== '"') {
    const end = endOfCell(source, at, separator);
    return { cell: source.slice(at, end).trim(), end };
  }
  let close = source.indexOf('"', at + 1);
  while (close >= 0 && source[close + 1] === '"') close = source.indexOf('"', close + 2);
  if (close < 0) throw new CsvError(line, "A quoted cell has no end");
  const end = endOfCell(source, close + 1, separator);
  if (source.slice(close + 1, end).trim() !== "") throw new CsvError(line, "Something stands between a quoted cell and the next");
  return {
    cell: source
      .slice(at + 1, close)
      .replaceAll('""', '"')
      .trim(),
    end,
  };
}

function endOfCell(source: string, at: number, separator: string): number {
  let end = at;
  while (end < source.length && source[end] !== separator && source[end] !== "\n") end += 1;
  return end;
}

import { z } from "zod";

/** A cell that a spreadsheet would take for a formula is text only behind an apostrophe. */
const FORMULA_START = /^[=+\-@\t\r]/;

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

/** Reads CSV with commas or semicolons (whichever the first line has more of) into rows of cells; quoted cells may hold either, and newlines. */
export function parseCsv(text: string): string[][] {
  const source = text.replace(/^\uFEFF/, "");
  const [header = ""] = source.split("\n", 1);
  const separator = header.split(";").length > header.split(",").length ? ";" : ",";
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"\\r\\n${separator}]*))(${separator}|\\r?\\n|$)`, "gy");
  const rows: string[][] = [];
  let row: string[] = [];
  while (cell.lastIndex < source.length) {
    const match = cell.exec(source);
    if (match === null) break;
    row.push((match.at(1)?.replaceAll('""', '"') ?? match.at(2) ?? "").trim());
    if (match.at(3) === separator) continue;
    rows.push(row);
    row = [];
  }
  return row.length > 0 ? [...rows, row] : rows;
}

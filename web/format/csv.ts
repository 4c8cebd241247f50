import { plainText } from "./plainText.ts";

export type CsvCell = string | number | null;

/** A cell that a spreadsheet would take for a formula is text only behind an apostrophe. */
const FORMULA_START = /^[=+\-@]/;

/** A table as CSV (RFC 4180), in UTF-8 with the mark that spreadsheets look for; null is an empty cell. */
export function csvText(lines: readonly (readonly CsvCell[])[]): string {
  return `\ufeff${lines.map((cells) => `${cells.map(cellText).join(",")}\r\n`).join("")}`;
}

function cellText(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = plainText(cell);
  const harmless = FORMULA_START.test(text.trimStart()) ? `'${text}` : text;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

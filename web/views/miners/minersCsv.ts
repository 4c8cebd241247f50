import { csvText } from "../../format/csv.ts";
import { isSampled, type Field, type RowSource } from "../../live/fields.ts";
import { columnOf, type Column } from "./columns.tsx";
import { rowFacts } from "./rowFacts.ts";

/**
 * The rows as CSV: in the given order, with the columns that are shown, their units in the head and numbers without separators.
 *
 * Values of a sample do not leave without its age, which comes last where the table does not show it: a file has no grey.
 */
export function minersCsv(source: RowSource, rows: Uint32Array, { fields, nowMs }: { fields: readonly Field[]; nowMs: number }): string {
  const columns = fieldsWithAge(fields).map((field): Column => columnOf(field));
  const head = columns.map(({ plainHead }) => plainHead());
  const lines = Array.from(rows, (row) => {
    const facts = rowFacts(source, row, nowMs);
    return columns.map(({ plain }) => plain(facts));
  });
  return csvText([head, ...lines]);
}

function fieldsWithAge(fields: readonly Field[]): readonly Field[] {
  const lacksAge = fields.some(isSampled) && !fields.includes("sampleAgeMs");
  return lacksAge ? [...fields, "sampleAgeMs"] : fields;
}

/** `hashwatch-miners-2026-11-24-1405.csv`, in the reader's own time. */
export function csvName(nowMs: number): string {
  const now = new Date(nowMs);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `hashwatch-miners-${day}-${two(now.getHours())}${two(now.getMinutes())}.csv`;
}

import type { CSSProperties } from "react";
import type { Field } from "../../live/fields.ts";
import type { PlacedColumn } from "./columns.tsx";

/** Width of the column of check boxes. */
export const TICK_WIDTH = 34;

/** Custom properties that every row of the table takes its columns from, so that a width can change without drawing a row anew. */
export function tableStyle(columns: readonly PlacedColumn[]): CSSProperties {
  return propertiesOf(columns);
}

/** Shows a width while it is being changed. */
export function previewWidth(table: HTMLElement, columns: readonly PlacedColumn[], resized: { field: Field; width: number }): void {
  const changed = columns.map((column) =>
    column.field === resized.field ? { ...column, width: resized.width, stretches: false } : column,
  );
  for (const [name, value] of Object.entries(propertiesOf(changed))) table.style.setProperty(name, value);
}

function propertiesOf(columns: readonly PlacedColumn[]): Record<string, string> {
  const tracks = columns.map(({ width, stretches }) => (stretches ? `minmax(${width}px, ${width}fr)` : `${width}px`));
  const properties: Record<string, string> = { "--columns": `${TICK_WIDTH}px ${tracks.join(" ")}` };
  let left = TICK_WIDTH;
  for (const { field, width, pinned } of columns) {
    if (pinned) properties[pinName(field)] = `${left}px`;
    left += width;
  }
  return { ...properties, "--row-w": `${left}px` };
}

const pinName = (field: Field): string => `--pin-${field}`;

/** A pinned cell stays where the pinned ones before it end. */
export function cellStyle(column: PlacedColumn): CSSProperties | undefined {
  return column.pinned ? ({ "--left": pinLeft(column) } as CSSProperties) : undefined;
}

export function pinLeft({ field }: PlacedColumn): string {
  return `var(${pinName(field)})`;
}

/** Only what may be too long is clipped: each clip is one more thing to move with every scrolled frame. */
export function cellClass({ numeric, pinned, clips }: PlacedColumn): string {
  return `${numeric ? "num" : ""} ${pinned ? "pin" : ""} ${clips ? "clip" : ""}`;
}

import { memo, type ReactElement } from "react";
import type { RowSource } from "../../live/fields.ts";
import type { PlacedColumn } from "./columns.tsx";
import { rowFacts } from "./rowFacts.ts";
import { cellClass, cellStyle } from "./tableStyle.ts";

interface RowProps {
  readonly source: RowSource;
  readonly row: number;
  readonly position: number;
  readonly top: number;
  readonly columns: readonly PlacedColumn[];
  /** Of the row's values and names: they change in place, and the row is drawn anew when this does. */
  readonly stamp: string;
  readonly nowMs: number;
  readonly current: boolean;
  readonly selected: boolean;
}

/** One row of the table. Clicks are handled by the table. */
export const MinerRow = memo(function MinerRow({ source, row, position, top, columns, nowMs, current, selected }: RowProps): ReactElement {
  const facts = rowFacts(source, row, nowMs);
  return (
    <div
      id={`row-${facts.id}`}
      className={`tr ${current ? "current" : ""}`}
      role="row"
      aria-rowindex={position + 2}
      aria-selected={selected}
      data-position={position}
      data-status={facts.status}
      data-stale={facts.stale || undefined}
      style={{ top }}
    >
      <div role="gridcell" className="tick pin">
        <span role="checkbox" className="box" tabIndex={-1} aria-label={`Select ${facts.text("name")}`} aria-checked={selected} />
      </div>
      {columns.map((column) => (
        <div
          key={column.field}
          role="gridcell"
          className={`${cellClass(column)} ${column.look}`}
          style={cellStyle(column)}
          title={column.title?.(facts)}
        >
          {column.cell(facts)}
        </div>
      ))}
    </div>
  );
});

import type { ReactElement } from "react";
import { Popover } from "../../components/Popover.tsx";
import { FIELDS } from "../../live/fields.ts";
import { columnOf } from "./columns.tsx";
import { MAX_WIDTH, MIN_WIDTH, moved, toggled, withColumn, withinWidths, type ColumnChoice, type Layout } from "./layout.ts";
import { capital } from "./measures.ts";

interface PanelProps {
  readonly layout: Layout;
  readonly isChanged: boolean;
  /** null: as by default. */
  readonly onLayout: (layout: Layout | null) => void;
}

/** Which columns there are, in which order, how wide, and which of them stay at the left edge. */
export function ColumnsPanel({ layout, isChanged, onLayout }: PanelProps): ReactElement {
  const hidden = FIELDS.filter((field) => !layout.some((column) => column.field === field));
  const button = (
    <>
      Columns{" "}
      <small className="muted">
        {layout.length} of {FIELDS.length}
      </small>
    </>
  );
  return (
    <Popover button={button} label={`Columns ${layout.length} of ${FIELDS.length}`} align="end" className="btn">
      <div className="columnspanel">
        <div className="columnshead">
          <h2>Shown, in this order</h2>
          <span aria-hidden="true">width, px</span>
        </div>
        <ul>
          {layout.map((column, place) => (
            <ShownColumn key={column.field} column={column} place={place} layout={layout} onLayout={onLayout} />
          ))}
        </ul>
        {hidden.length > 0 && <h2>More</h2>}
        <ul className="more">
          {hidden.map((field) => (
            <li key={field}>
              <label className="option">
                <input type="checkbox" checked={false} onChange={() => onLayout(toggled(layout, field))} />
                {capital(columnOf(field).words)}
              </label>
            </li>
          ))}
        </ul>
        <button type="button" className="btn" disabled={!isChanged} onClick={() => onLayout(null)}>
          Reset columns
        </button>
      </div>
    </Popover>
  );
}

interface ShownProps {
  readonly column: ColumnChoice;
  readonly place: number;
  readonly layout: Layout;
  readonly onLayout: (layout: Layout) => void;
}

function ShownColumn({ column: { field, width, pinned }, place, layout, onLayout }: ShownProps): ReactElement {
  const column = columnOf(field);
  const words = capital(column.words);
  return (
    <li>
      <label className="option">
        <input type="checkbox" checked disabled={layout.length === 1} onChange={() => onLayout(toggled(layout, field))} />
        {words}
      </label>
      <input
        type="number"
        className="input"
        aria-label={`Width of ${words}`}
        min={MIN_WIDTH}
        max={MAX_WIDTH}
        step={4}
        value={width ?? column.width}
        onChange={(event) => onLayout(withColumn(layout, field, { width: withinWidths(Number(event.target.value)) }))}
      />
      <button
        type="button"
        className="btn quiet"
        aria-label={`${words} up`}
        disabled={place === 0}
        onClick={() => onLayout(moved(layout, field, place - 1))}
      >
        ↑
      </button>
      <button
        type="button"
        className="btn quiet"
        aria-label={`${words} down`}
        disabled={place === layout.length - 1}
        onClick={() => onLayout(moved(layout, field, place + 1))}
      >
        ↓
      </button>
      <button
        type="button"
        className="btn quiet"
        aria-label={`Pin ${words}`}
        aria-pressed={pinned}
        onClick={() => onLayout(withColumn(layout, field, { pinned: !pinned }))}
      >
        Pin
      </button>
    </li>
  );
}

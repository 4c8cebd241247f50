import { useRef, useState, type PointerEvent, type ReactElement } from "react";
import type { Field } from "../../live/fields.ts";
import type { SortTerm } from "../../live/rowQuery.ts";
import type { PlacedColumn } from "./columns.tsx";
import { moved, withColumn, withinWidths, type Layout } from "./layout.ts";
import { cellClass, cellStyle, previewWidth } from "./tableStyle.ts";

interface HeadProps {
  readonly columns: readonly PlacedColumn[];
  readonly layout: Layout;
  readonly sort: readonly SortTerm[];
  readonly onSort: (field: Field, added: boolean) => void;
  readonly onLayout: (layout: Layout) => void;
  /** The box in front of all boxes. */
  readonly tick: ReactElement;
}

/** The heads of the table: a click sorts, with shift by one more; dragged aside a column moves, at its right edge it is resized. */
export function TableHead({ columns, layout, sort, onSort, onLayout, tick }: HeadProps): ReactElement {
  const drag = useColumnDrag((field, place) => onLayout(moved(layout, field, place)));
  return (
    <div className="tr head" role="row" aria-rowindex={1}>
      <div role="columnheader" className="tick pin">
        {tick}
      </div>
      {columns.map((column) => (
        <HeadCell
          key={column.field}
          column={column}
          sort={sort}
          isDropBefore={drag.beforeField === column.field}
          isDragged={drag.draggedField === column.field}
          drag={drag}
          onSort={onSort}
          resize={
            <ResizeGrip columns={columns} column={column} onWidth={(width) => onLayout(withColumn(layout, column.field, { width }))} />
          }
        />
      ))}
    </div>
  );
}

interface CellProps {
  readonly column: PlacedColumn;
  readonly sort: readonly SortTerm[];
  readonly isDropBefore: boolean;
  readonly isDragged: boolean;
  readonly drag: ColumnDrag;
  readonly onSort: (field: Field, added: boolean) => void;
  readonly resize: ReactElement;
}

function HeadCell({ column, sort, isDropBefore, isDragged, drag, onSort, resize }: CellProps): ReactElement {
  const { field, numeric, head } = column;
  const place = sort.findIndex((term) => term.field === field);
  const descending = place !== -1 && sort[place].descending;
  const unit = column.unit();
  const arrow = place !== -1 && (
    <span aria-hidden="true">
      {` ${descending ? "↓" : "↑"}`}
      {sort.length > 1 && <small>{place + 1}</small>}
      {numeric && " "}
    </span>
  );
  return (
    <div
      role="columnheader"
      className={`${cellClass(column)} ${isDropBefore ? "drop" : ""} ${isDragged ? "dragged" : ""}`}
      style={cellStyle(column)}
      aria-sort={place === -1 ? "none" : descending ? "descending" : "ascending"}
      data-field={field}
    >
      <button
        type="button"
        title={`Sort by ${column.words}; with shift, within the order that is`}
        onClick={(event) => !drag.ended() && onSort(field, event.shiftKey)}
        {...drag.handlers(field)}
      >
        {numeric && arrow}
        {head}
        {unit !== "" && <span className="unit"> {unit}</span>}
        {!numeric && arrow}
      </button>
      {resize}
    </div>
  );
}

interface GripProps {
  readonly columns: readonly PlacedColumn[];
  readonly column: PlacedColumn;
  /** null: as by default. */
  readonly onWidth: (width: number | null) => void;
}

/** The right edge of a head. For the pointer alone: the Columns panel has the widths for the keyboard. */
function ResizeGrip({ columns, column, onWidth }: GripProps): ReactElement {
  const start = useRef<{ x: number; width: number } | null>(null);
  const widthAt = (event: PointerEvent): number => withinWidths((start.current?.width ?? 0) + event.clientX - (start.current?.x ?? 0));
  return (
    <span
      className="grip"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width: event.currentTarget.parentElement?.offsetWidth ?? column.width };
      }}
      onPointerMove={(event) => {
        const table = event.currentTarget.closest<HTMLElement>('[role="grid"]');
        if (start.current !== null && table !== null) previewWidth(table, columns, { field: column.field, width: widthAt(event) });
      }}
      onPointerUp={(event) => {
        if (start.current !== null && event.clientX !== start.current.x) onWidth(widthAt(event));
        start.current = null;
      }}
      onDoubleClick={() => onWidth(null)}
    />
  );
}

/** Pointer travel that makes a drag of a click, in px. */
const DRAG_PX = 6;

interface ColumnDrag {
  readonly draggedField: Field | null;
  readonly beforeField: string | null;
  /** Whether the click that arrives now is the end of a drag. */
  readonly ended: () => boolean;
  readonly handlers: (field: Field) => Pick<React.DOMAttributes<HTMLElement>, "onPointerDown" | "onPointerMove" | "onPointerUp">;
}

function useColumnDrag(onDrop: (field: Field, place: number) => void): ColumnDrag {
  const start = useRef<number | null>(null);
  const hasEnded = useRef(false);
  const [drag, setDrag] = useState<{ field: Field; place: number; before: string | null } | null>(null);
  return {
    draggedField: drag?.field ?? null,
    beforeField: drag?.before ?? null,
    ended: () => hasEnded.current,
    handlers: (field) => ({
      onPointerDown(event) {
        hasEnded.current = false;
        if (event.button !== 0 || event.pointerType === "touch") return;
        start.current = event.clientX;
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove({ clientX, currentTarget }) {
        if (start.current === null || (drag === null && Math.abs(clientX - start.current) < DRAG_PX)) return;
        setDrag({ field, ...dropPlace(currentTarget, field, clientX) });
      },
      onPointerUp() {
        start.current = null;
        if (drag === null) return;
        hasEnded.current = true;
        setDrag(null);
        onDrop(drag.field, drag.place);
      },
    }),
  };
}

/** Where a column comes to stand when it is let go here, counted without itself, and the column behind it. */
function dropPlace(head: HTMLElement, field: Field, clientX: number): { place: number; before: string | null } {
  const others = [...(head.closest(".head")?.querySelectorAll<HTMLElement>("[data-field]") ?? [])].filter(
    (cell) => cell.dataset["field"] !== field,
  );
  const behind = others.findIndex((cell) => cell.getBoundingClientRect().left + cell.offsetWidth / 2 > clientX);
  return behind === -1 ? { place: others.length, before: null } : { place: behind, before: others[behind].dataset["field"] ?? null };
}

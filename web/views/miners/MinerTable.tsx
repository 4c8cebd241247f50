import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, type MouseEvent, type PointerEvent, type ReactElement } from "react";
import type { Field, RowSource } from "../../live/fields.ts";
import type { RowOrder } from "../../live/rowOrder.ts";
import type { SortTerm } from "../../live/rowQuery.ts";
import { useFleet, useNowMs, useParts, useSelectedIds } from "../context.ts";
import { placedColumns } from "./columns.tsx";
import type { Layout } from "./layout.ts";
import { MinerRow } from "./MinerRow.tsx";
import { StatusGutter } from "./StatusGutter.tsx";
import { TableHead } from "./TableHead.tsx";
import { tableStyle } from "./tableStyle.ts";
import { usePickedRows } from "./usePickedRows.ts";
import { useRowKeys } from "./useRowKeys.ts";
import { useRowPicking, type Picking } from "./useRowPicking.ts";
import { useWideMark } from "./useWideMark.ts";

const HEAD_HEIGHT = 28;
/** The bar lies over the last rows, with some room below it. */
const SELECTION_BAR_HEIGHT = 64;

interface TableProps {
  readonly source: RowSource;
  readonly order: RowOrder;
  readonly sort: readonly SortTerm[];
  readonly layout: Layout;
  readonly onSort: (field: Field, added: boolean) => void;
  readonly onLayout: (layout: Layout) => void;
}

/** The table of all miners that match: only the rows in sight exist. Rows keep their place while the pointer is inside. */
export function MinerTable({ source, order, sort, layout, onSort, onLayout }: TableProps): ReactElement {
  const fleet = useFleet();
  const nowMs = useNowMs();
  const selectedIds = useSelectedIds();
  const scroller = useRef<HTMLDivElement>(null);
  const { rows } = order;
  useWideMark(scroller);
  const columns = useMemo(() => placedColumns(layout), [layout]);
  const [rowHeight] = useState(readRowHeight);
  // eslint-disable-next-line react-hooks/incompatible-library -- the React compiler, which this is about, is not used
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: HEAD_HEIGHT,
    scrollPaddingEnd: selectedIds.size > 0 ? SELECTION_BAR_HEIGHT : 0,
  });
  const [currentId, setCurrentId] = useState<string | null>(null);
  const current = currentId === null ? -1 : rows.indexOf(fleet.rowOf(currentId));
  const picking = useRowPicking(fleet, rows);
  const goTo = (position: number): void => {
    setCurrentId(fleet.idOf(rows[position]));
    virtual.scrollToIndex(position);
  };
  const keys = useRowKeys({ fleet, rows, current, picking, goTo });
  useEffect(() => () => order.hold(false), [order]); // a table that goes away sees no pointer leave
  const hold = (event: PointerEvent, held: boolean): void => (event.pointerType === "mouse" ? order.hold(held) : undefined);
  const click = (event: MouseEvent): void => {
    const position = clickedPosition(event);
    if (position === null) return;
    setCurrentId(fleet.idOf(rows[position]));
    picking.pick(position, { add: event.ctrlKey || event.metaKey || isBox(event.target), extend: event.shiftKey });
  };
  return (
    <div className="panel table">
      <div
        className="scroll"
        ref={scroller}
        role="grid"
        aria-label="Miners"
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={current === -1 ? undefined : `row-${currentId ?? ""}`}
        tabIndex={0}
        style={tableStyle(columns)}
        onKeyDown={keys}
        onPointerEnter={(event) => hold(event, true)}
        onPointerLeave={(event) => hold(event, false)}
      >
        <TableHead
          columns={columns}
          layout={layout}
          sort={sort}
          onSort={onSort}
          onLayout={onLayout}
          tick={<AllBox order={order} picking={picking} />}
        />
        <div
          className="rows"
          role="rowgroup"
          style={{ height: virtual.getTotalSize() }}
          onClick={click}
          onMouseDown={(event) => event.shiftKey && event.preventDefault()} // no text is selected on the way
        >
          {virtual.getVirtualItems().map((item) => (
            <MinerRow
              key={item.key}
              source={source}
              row={rows[item.index]}
              position={item.index}
              top={item.start}
              columns={columns}
              stamp={`${fleet.stampOf(rows[item.index])}/${source.places.revision}`}
              nowMs={nowMs}
              current={item.index === current}
              selected={selectedIds.size > 0 && selectedIds.has(fleet.idOf(rows[item.index]))}
            />
          ))}
        </div>
      </div>
      <StatusGutter order={order} scroller={scroller} />
    </div>
  );
}

/** Selects all that match, or none; half set where some are. */
function AllBox({ order, picking }: { order: RowOrder; picking: Picking }): ReactElement {
  const { fleet, selection } = useParts();
  const count = usePickedRows(fleet, order.rows)?.length ?? 0;
  const isAll = count > 0 && count === order.rows.length;
  return (
    <input
      type="checkbox"
      aria-label="Select all that match"
      ref={(box) => {
        if (box !== null) box.indeterminate = count > 0 && !isAll;
      }}
      checked={isAll}
      onChange={() => (isAll ? selection.clear() : picking.pickAll())}
    />
  );
}

/** Rows are as high as the style sheet says: by density, and by touch. */
function readRowHeight(): number {
  return Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue("--row-h"), 10) || 28;
}

function isBox(target: EventTarget): boolean {
  return target instanceof Element && target.closest(".tick") !== null;
}

/** The row that a click meant; null where it was for a link, or marked text to copy. */
function clickedPosition({ target }: MouseEvent): number | null {
  if (!(target instanceof Element) || target.closest("a") !== null || window.getSelection()?.isCollapsed === false) return null;
  const row = target.closest<HTMLElement>("[data-position]");
  return row === null ? null : Number(row.dataset["position"]);
}

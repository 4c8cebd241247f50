import { useEffect, useMemo, useRef, useState, type MouseEvent, type PointerEvent, type ReactElement } from "react";
import type { Field, RowSource } from "../../live/fields.ts";
import type { RowOrder } from "../../live/rowOrder.ts";
import type { SortTerm } from "../../live/rowQuery.ts";
import { useParts, useSelectedIds } from "../context.ts";
import { placedColumns } from "./columns.tsx";
import type { Layout } from "./layout.ts";
import { StatusGutter } from "./StatusGutter.tsx";
import { TableHead } from "./TableHead.tsx";
import { TableRows } from "./TableRows.tsx";
import { tableStyle } from "./tableStyle.ts";
import { useLinkClicks } from "../../components/useLinkClicks.ts";
import { useAhead } from "./useAhead.ts";
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
  /** Those of the rows that are selected; null where nothing is. */
  readonly picked: Uint32Array | null;
  readonly onSort: (field: Field, added: boolean) => void;
  readonly onLayout: (layout: Layout) => void;
}

/** The table of all miners that match: only the rows in sight exist. Rows keep their place while the pointer is inside. */
export function MinerTable({ source, order, picked, sort, layout, onSort, onLayout }: TableProps): ReactElement {
  const { fleet } = source;
  const coveredBelow = useSelectedIds().size > 0 ? SELECTION_BAR_HEIGHT : 0;
  const scroller = useRef<HTMLDivElement>(null);
  const { rows } = order;
  useWideMark(scroller);
  const columns = useMemo(() => placedColumns(layout), [layout]);
  const [rowHeight] = useState(readRowHeight);
  const [currentId, setCurrentId] = useState<string | null>(null);
  const current = currentId === null ? -1 : rows.indexOf(fleet.rowOf(currentId));
  const picking = useRowPicking(fleet, rows);
  const goTo = (position: number): void => {
    setCurrentId(fleet.idOf(rows[position]));
    if (scroller.current !== null) bringIntoSight(scroller.current, { top: position * rowHeight, height: rowHeight, coveredBelow });
  };
  const keys = useRowKeys({ fleet, rows, current, picking, goTo });
  useEffect(() => () => order.hold(false), [order]); // a table that goes away sees no pointer leave
  const hold = (event: PointerEvent, held: boolean): void => (event.pointerType === "mouse" ? order.hold(held) : undefined);
  const follow = useLinkClicks();
  const ahead = useAhead(currentId);
  const click = (event: MouseEvent): void => {
    if (follow(event)) return;
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
          tick={<AllBox matchCount={rows.length} pickedCount={picked?.length ?? 0} picking={picking} />}
        />
        <TableRows
          source={source}
          rows={rows}
          columns={columns}
          current={current}
          rowHeight={rowHeight}
          {...ahead}
          onClick={click}
          onMouseDown={(event) => event.shiftKey && event.preventDefault()} // no text is selected on the way
        />
      </div>
      <StatusGutter order={order} scroller={scroller} />
    </div>
  );
}

/** Selects all that match, or none; half set where some are. */
function AllBox({ matchCount, pickedCount, picking }: { matchCount: number; pickedCount: number; picking: Picking }): ReactElement {
  const { selection } = useParts();
  const isAll = pickedCount > 0 && pickedCount === matchCount;
  return (
    <input
      type="checkbox"
      aria-label="Select all that match"
      ref={(box) => {
        if (box !== null) box.indeterminate = pickedCount > 0 && !isAll;
      }}
      checked={isAll}
      onChange={() => (isAll ? selection.clear() : picking.pickAll())}
    />
  );
}

interface Placed {
  /** Below the head, as the rows have it. */
  readonly top: number;
  readonly height: number;
  /** So much of the lower edge is hidden. */
  readonly coveredBelow: number;
}

/** Scrolls as little as shows the row. */
function bringIntoSight(scroller: HTMLElement, { top, height, coveredBelow }: Placed): void {
  const room = scroller.clientHeight - HEAD_HEIGHT - coveredBelow;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + height > scroller.scrollTop + room) scroller.scrollTop = top + height - room;
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

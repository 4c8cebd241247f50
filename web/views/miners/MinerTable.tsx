import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from "react";
import type { Fleet } from "../../live/fleet.ts";
import type { RowQuery, SortKey } from "../../live/order.ts";
import type { RowOrder } from "../../live/rowOrder.ts";
import { useFleet, useNowMs, useParts } from "../context.ts";
import { minerAddress } from "../navigation.ts";
import { columnsFor, type Column } from "./columns.tsx";
import { rowFacts } from "./rowFacts.ts";
import { StatusGutter } from "./StatusGutter.tsx";

const HEAD_HEIGHT = 28;

interface TableProps {
  readonly order: RowOrder;
  readonly query: RowQuery;
  readonly onSort: (key: SortKey) => void;
}

/** The table of all miners that match: only the rows in sight exist. Rows keep their place while the pointer is inside. */
export function MinerTable({ order, query, onSort }: TableProps): ReactElement {
  const fleet = useFleet();
  const nowMs = useNowMs();
  const scroller = useRef<HTMLDivElement>(null);
  const { rows } = order;
  const columns = columnsFor(fleet.identity.hasNames);
  const template = columns.map((column) => column.width).join(" ");
  // eslint-disable-next-line react-hooks/incompatible-library -- the React compiler, which this is about, is not used
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: rowHeight,
    overscan: 8,
    scrollPaddingStart: HEAD_HEIGHT,
  });
  const [currentId, setCurrentId] = useState<string | null>(null);
  const current = currentId === null ? -1 : rows.indexOf(fleet.rowOf(currentId));
  const keys = useRowKeys({ fleet, rows, current, setCurrentId, reveal: (position) => virtual.scrollToIndex(position) });
  const hold = (event: PointerEvent, held: boolean): void => (event.pointerType === "mouse" ? order.hold(held) : undefined);
  return (
    <div className="panel table">
      <div
        className="scroll"
        ref={scroller}
        role="grid"
        aria-label="Miners"
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length}
        aria-activedescendant={current === -1 ? undefined : `row-${currentId ?? ""}`}
        tabIndex={0}
        onKeyDown={keys}
        onPointerEnter={(event) => hold(event, true)}
        onPointerLeave={(event) => hold(event, false)}
      >
        <Head columns={columns} template={template} query={query} onSort={onSort} />
        <div className="rows" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <Row
              key={item.key}
              fleet={fleet}
              row={rows[item.index]}
              position={item.index}
              top={item.start}
              columns={columns}
              template={template}
              stamp={fleet.revision}
              nowMs={nowMs}
              current={item.index === current}
            />
          ))}
        </div>
      </div>
      <StatusGutter order={order} scroller={scroller} />
    </div>
  );
}

/** Rows are as high as the style sheet says: by density, and by touch. */
function rowHeight(): number {
  return Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue("--row-h"), 10) || 28;
}

interface HeadProps extends Omit<TableProps, "order"> {
  readonly columns: readonly Column[];
  readonly template: string;
}

function Head({ columns, template, query, onSort }: HeadProps): ReactElement {
  return (
    <div className="tr head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
      {columns.map((column) => {
        const sorted = column.key === query.sort;
        return (
          <div
            key={column.key}
            role="columnheader"
            className={column.numeric === true ? "num" : ""}
            aria-sort={sorted ? (query.descending ? "descending" : "ascending") : "none"}
          >
            <button type="button" onClick={() => onSort(column.key)}>
              {sorted && column.numeric === true && <SortArrow descending={query.descending} />}
              {column.head}
              {column.unit !== undefined && (
                <span className="unit"> {typeof column.unit === "function" ? column.unit() : column.unit}</span>
              )}
              {sorted && column.numeric !== true && <SortArrow descending={query.descending} />}
            </button>
          </div>
        );
      })}
    </div>
  );
}

function SortArrow({ descending }: { descending: boolean }): ReactElement {
  return <span aria-hidden="true"> {descending ? "↓" : "↑"} </span>;
}

interface RowProps {
  readonly fleet: Fleet;
  readonly row: number;
  readonly position: number;
  readonly top: number;
  readonly columns: readonly Column[];
  readonly template: string;
  /** Revision of the fleet: the row reads values that change in place, and is drawn anew when this does. */
  readonly stamp: number;
  readonly nowMs: number;
  readonly current: boolean;
}

const Row = memo(function Row({ fleet, row, position, top, columns, template, nowMs, current }: RowProps): ReactElement {
  const facts = rowFacts(fleet, row, nowMs);
  return (
    <div
      id={`row-${facts.id}`}
      className={`tr ${current ? "current" : ""}`}
      role="row"
      aria-rowindex={position + 2}
      aria-selected={current}
      data-status={facts.status}
      style={{ gridTemplateColumns: template, transform: `translateY(${top}px)` }}
    >
      {columns.map((column) => (
        <div key={column.key} role="gridcell" className={column.numeric === true ? "num" : ""}>
          {column.cell(facts)}
        </div>
      ))}
    </div>
  );
});

interface RowKeys {
  readonly fleet: Fleet;
  readonly rows: Uint32Array;
  readonly current: number;
  readonly setCurrentId: (id: string) => void;
  readonly reveal: (position: number) => void;
}

const PAGE_ROWS = 20;

/** Arrow keys, Page, Home and End move the current row; Enter opens its machine page. */
function useRowKeys({ fleet, rows, current, setCurrentId, reveal }: RowKeys): (event: KeyboardEvent) => void {
  const { navigation } = useParts();
  return (event) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === "Enter" && current !== -1) {
      navigation.push(minerAddress(fleet.idOf(rows[current])));
      return;
    }
    const position = positionAfter(event.key, current, rows.length);
    if (position === null) return;
    event.preventDefault();
    setCurrentId(fleet.idOf(rows[position]));
    reveal(position);
  };
}

function positionAfter(key: string, current: number, count: number): number | null {
  const moves: Partial<Record<string, number>> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + PAGE_ROWS,
    PageUp: current - PAGE_ROWS,
    Home: 0,
    End: count - 1,
  };
  const position = moves[key];
  return position === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, position));
}

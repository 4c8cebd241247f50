import { useVirtualizer } from "@tanstack/react-virtual";
import type { ReactElement, RefObject } from "react";
import type { RowSource } from "../../live/fields.ts";
import { useFleet, useNowMs, useSelectedIds } from "../context.ts";
import type { PlacedColumn } from "./columns.tsx";
import { MinerRow } from "./MinerRow.tsx";

interface RowsProps {
  readonly source: RowSource;
  readonly rows: Uint32Array;
  readonly columns: readonly PlacedColumn[];
  /** Position of the row that the keys are at, -1 for none. */
  readonly current: number;
  readonly rowHeight: number;
  readonly scroller: RefObject<HTMLElement | null>;
}

/** The rows in sight, and a few on either side. By itself, as scrolling draws nothing else anew. */
export function TableRows({ source, rows, columns, current, rowHeight, scroller }: RowsProps): ReactElement {
  const fleet = useFleet();
  const nowMs = useNowMs();
  const selectedIds = useSelectedIds();
  // eslint-disable-next-line react-hooks/incompatible-library -- the React compiler, which this is about, is not used
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  return (
    <>
      {virtual.getVirtualItems().map(({ key, index, start }) => (
        <MinerRow
          key={key}
          source={source}
          row={rows[index]}
          position={index}
          top={start}
          columns={columns}
          stamp={`${fleet.stampOf(rows[index])}/${source.places.revision}`}
          nowMs={nowMs}
          current={index === current}
          selected={selectedIds.size > 0 && selectedIds.has(fleet.idOf(rows[index]))}
        />
      ))}
    </>
  );
}

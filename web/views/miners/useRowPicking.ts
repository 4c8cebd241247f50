import { useRef } from "react";
import type { Fleet } from "../../live/fleet.ts";
import { useParts } from "../context.ts";

export interface Picking {
  /** A row as it was clicked or reached: alone, added or taken away (`add`), or with all rows between it and the last one (`extend`). */
  readonly pick: (position: number, how: { add: boolean; extend: boolean }) => void;
  readonly pickAll: () => void;
  /** Where the next range begins. */
  readonly startAt: (position: number) => void;
}

/** How rows of the table get into the shared selection. */
export function useRowPicking(fleet: Fleet, rows: Uint32Array): Picking {
  const { selection } = useParts();
  const anchorId = useRef<string | null>(null);
  const idsBetween = (from: number, to: number): string[] =>
    Array.from(rows.subarray(Math.min(from, to), Math.max(from, to) + 1), (row) => fleet.idOf(row));
  return {
    pick(position, { add, extend }) {
      const id = fleet.idOf(rows[position]);
      const anchor = anchorId.current === null ? -1 : rows.indexOf(fleet.rowOf(anchorId.current));
      if (extend && anchor !== -1) {
        const ids = idsBetween(anchor, position);
        if (add) selection.add(ids);
        else selection.replace(ids);
        return;
      }
      anchorId.current = id;
      const isOnlyOne = selection.ids.size === 1 && selection.ids.has(id);
      if (add) selection.toggle(id);
      else selection.replace(isOnlyOne ? [] : [id]);
    },
    startAt: (position) => void (anchorId.current = fleet.idOf(rows[position])),
    pickAll: () => selection.replace(Array.from(rows, (row) => fleet.idOf(row))),
  };
}

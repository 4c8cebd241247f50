import { useMemo } from "react";
import type { Fleet } from "../../live/fleet.ts";
import { useSelectedIds } from "../context.ts";

/** Those of the rows that are selected, in the same order; null where nothing is selected at all. */
export function usePickedRows(fleet: Fleet, rows: Uint32Array): Uint32Array | null {
  const ids = useSelectedIds();
  return useMemo(() => (ids.size === 0 ? null : pickedOf(fleet, rows, ids)), [fleet, rows, ids]);
}

/** By the rows of the ids: to make the id of each row of a large table, a text, takes far longer. */
function pickedOf(fleet: Fleet, rows: Uint32Array, ids: ReadonlySet<string>): Uint32Array {
  const isPicked = new Uint8Array(fleet.rowCount);
  for (const id of ids) {
    const row = fleet.rowOf(id);
    if (row !== -1) isPicked[row] = 1;
  }
  return rows.filter((row) => isPicked[row] === 1);
}

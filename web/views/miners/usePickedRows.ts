import { useMemo } from "react";
import type { Fleet } from "../../live/fleet.ts";
import { useSelectedIds } from "../context.ts";

/** Those of the rows that are selected, in the same order; null where nothing is selected at all. */
export function usePickedRows(fleet: Fleet, rows: Uint32Array): Uint32Array | null {
  const ids = useSelectedIds();
  return useMemo(() => (ids.size === 0 ? null : rows.filter((row) => ids.has(fleet.idOf(row)))), [fleet, rows, ids]);
}

import { useEffect, useEffectEvent, useMemo } from "react";
import { extraColumnsOf, type Field } from "../../live/fields.ts";
import { fieldsOf, type RowQuery } from "../../live/rowQuery.ts";
import { useParts } from "../context.ts";
import { defaultLayout, storedLayout, type Layout } from "./layout.ts";

/** The columns of the table: those of the address, else those that this browser last had, else the usual ones. */
export function useLayout(ofAddress: Layout | null, hasNames: boolean): Layout {
  return useMemo(() => ofAddress ?? storedLayout() ?? defaultLayout(hasNames), [ofAddress, hasNames]);
}

/** Asks for the live columns that are shown, sorted or filtered by, for as long as they are. */
export function useLiveColumns(query: RowQuery, shown: readonly Field[]): void {
  const { link } = useParts();
  const columns = extraColumnsOf([...shown, ...fieldsOf(query)]);
  const key = columns.join();
  const want = useEffectEvent(() => link.wantColumns(columns));
  useEffect(() => (key === "" ? undefined : want()), [key]);
}

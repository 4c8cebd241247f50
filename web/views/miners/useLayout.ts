import { useEffect, useEffectEvent, useMemo, useState } from "react";
import { extraColumnsOf, type Field } from "../../live/fields.ts";
import { fieldsOf, type RowQuery } from "../../live/rowQuery.ts";
import { useParts } from "../context.ts";
import { defaultLayout, storedLayout, storeLayout, type Layout } from "./layout.ts";

export interface Arrangement {
  readonly layout: Layout;
  /** Other than by default. */
  readonly isChanged: boolean;
  /** Keeps the columns in this browser; null: as by default. */
  readonly keep: (layout: Layout | null) => void;
}

/** The columns of the table: those of the address, else those that this browser last had, else the usual ones. */
export function useLayout(ofAddress: Layout | null, hasNames: boolean): Arrangement {
  const [ofBrowser, setOfBrowser] = useState(storedLayout);
  const usual = useMemo(() => defaultLayout(hasNames), [hasNames]);
  const keep = (layout: Layout | null): void => {
    storeLayout(layout);
    setOfBrowser(layout);
  };
  return { layout: ofAddress ?? ofBrowser ?? usual, isChanged: (ofAddress ?? ofBrowser) !== null, keep };
}

/** Asks for the live columns that are shown, sorted or filtered by, for as long as they are. */
export function useLiveColumns(query: RowQuery, shown: readonly Field[]): void {
  const { link } = useParts();
  const columns = extraColumnsOf([...shown, ...fieldsOf(query)]);
  const key = columns.join();
  const want = useEffectEvent(() => link.wantColumns(columns));
  useEffect(() => (key === "" ? undefined : want()), [key]);
}

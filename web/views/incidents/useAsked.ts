import { useMemo, useState } from "react";

/** What somebody asked for in a list of records: a new one, or one of them to be changed or deleted. */
type Asked<T> = { readonly what: "add" } | { readonly what: "change" | "remove"; readonly record: T };

export interface Asking<T> {
  /** null for nothing. */
  readonly asked: Asked<T> | null;
  readonly add: () => void;
  readonly change: (record: T) => void;
  readonly remove: (record: T) => void;
  readonly close: () => void;
}

/** Which dialog of a list of records is open. */
export function useAsked<T>(): Asking<T> {
  const [asked, setAsked] = useState<Asked<T> | null>(null);
  return useMemo(
    () => ({
      asked,
      add: () => setAsked({ what: "add" }),
      change: (record) => setAsked({ what: "change", record }),
      remove: (record) => setAsked({ what: "remove", record }),
      close: () => setAsked(null),
    }),
    [asked],
  );
}

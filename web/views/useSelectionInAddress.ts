import { useEffect } from "react";
import { readSelection, writeSelection } from "../live/selectionText.ts";
import { useAddress, useParts, useSelectedIds } from "./context.ts";

/** Keeps the selection in the address as `select=m1,m2` as far as it fits, and takes it from there: a copied link, or the way back. */
export function useSelectionInAddress(): void {
  const { selection, navigation } = useParts();
  const ids = useSelectedIds();
  const address = useAddress();
  const asked = selectOf(address);
  useEffect(() => {
    if (asked !== null && asked !== writeSelection(selection.ids)) selection.replace(readSelection(asked).ids);
  }, [selection, asked]);
  useEffect(() => {
    const held = writeSelection(selection.ids);
    const current = navigation.current();
    if (held !== selectOf(current)) navigation.replace(withSelect(current, held));
  }, [selection, navigation, ids, address]);
}

function selectOf(address: string): string | null {
  return new URL(address, "http://page.invalid").searchParams.get("select");
}

/** Touches nothing else of the address. */
function withSelect(address: string, select: string | null): string {
  const [path, query = ""] = address.split("?");
  const parts = query.split("&").filter((part) => part !== "" && !part.startsWith("select="));
  if (select !== null) parts.push(`select=${select}`);
  return parts.length === 0 ? path : `${path}?${parts.join("&")}`;
}

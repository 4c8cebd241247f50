import { useDeferredValue, useEffect, useEffectEvent } from "react";
import { readSelection, writeSelection } from "../live/selectionText.ts";
import { useAddress, useParts, useSelectedIds } from "./context.ts";

/**
 * Keeps the selection in the address as `select=m1,m2` as far as it fits, and takes it from there: a copied link, or the way back. Draws nothing,
 * and writes what was selected once that is seen.
 */
export function SelectionInAddress(): null {
  const { selection, navigation } = useParts();
  const ids = useDeferredValue(useSelectedIds());
  const address = useAddress();
  const asked = selectOf(address);
  const held = writeSelection(ids);
  const takeAsked = useEffectEvent(() => {
    if (asked !== null && asked !== held) selection.replace(readSelection(asked).ids);
  });
  useEffect(() => takeAsked(), [asked]);
  useEffect(() => {
    // What was just taken from the address is held from the next drawing on.
    if (selection.ids !== ids) return;
    const current = navigation.current();
    if (held !== selectOf(current) && !saysWrongly(current, ids)) navigation.replace(withSelect(current, held));
  }, [selection, navigation, ids, held, address]);
  return null;
}

function selectOf(address: string): string | null {
  return new URL(address, "http://page.invalid").searchParams.get("select");
}

/** Whether the address means these miners and something that is none besides: then it stays, so that the page can name what was not understood. */
function saysWrongly(address: string, ids: ReadonlySet<string>): boolean {
  const { ids: said, wrong } = readSelection(selectOf(address) ?? "");
  return wrong.length > 0 && said.length === ids.size && said.every((id) => ids.has(id));
}

/** Touches nothing else of the address. */
function withSelect(address: string, select: string | null): string {
  const [path, query = ""] = address.split("?");
  const parts = query.split("&").filter((part) => part !== "" && !part.startsWith("select="));
  if (select !== null) parts.push(`select=${select}`);
  return parts.length === 0 ? path : `${path}?${parts.join("&")}`;
}

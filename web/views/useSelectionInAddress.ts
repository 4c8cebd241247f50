import { useEffect } from "react";
import { keyOfId } from "../live/identity.ts";
import { useAddress, useParts, useSelectedIds } from "./context.ts";

/** A larger selection would make an address that nobody can send. */
const IN_ADDRESS_MAX = 50;

/** Keeps the selection in the address as `select=m1,m2` while it is small, and takes it from there: a copied link, or the way back. */
export function useSelectionInAddress(): void {
  const { selection, navigation } = useParts();
  const ids = useSelectedIds();
  const address = useAddress();
  const asked = selectOf(address);
  useEffect(() => {
    if (asked !== null && asked !== written(selection.ids)) selection.replace(asked.split(",").filter((id) => !Number.isNaN(keyOfId(id))));
  }, [selection, asked]);
  useEffect(() => {
    const held = written(selection.ids);
    const current = navigation.current();
    if (held !== selectOf(current)) navigation.replace(withSelect(current, held));
  }, [selection, navigation, ids, address]);
}

function written(ids: ReadonlySet<string>): string | null {
  return ids.size === 0 || ids.size > IN_ADDRESS_MAX ? null : [...ids].join(",");
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

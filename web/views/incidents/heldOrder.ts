import { useState } from "react";

/**
 * The order of a list under the reader's hand: those that are there keep their places and stay, also where they no longer belong; those that come
 * stand behind them.
 */
export function heldOrder(held: readonly string[], wanted: readonly string[]): readonly string[] {
  const known = new Set(held);
  const come = wanted.filter((id) => !known.has(id));
  return come.length === 0 ? held : [...held, ...come];
}

/** The ids as wanted; while `isHeld`, in the order in which they stood. Another `list` begins anew. */
export function useHeldOrder(list: string, wanted: readonly string[], isHeld: boolean): readonly string[] {
  const [shown, setShown] = useState({ list, ids: wanted });
  const ids = isHeld && shown.list === list ? heldOrder(shown.ids, wanted) : wanted;
  const isSame = shown.list === list && ids.length === shown.ids.length && ids.every((id, place) => id === shown.ids[place]);
  if (!isSame) setShown({ list, ids });
  return isSame ? shown.ids : ids;
}

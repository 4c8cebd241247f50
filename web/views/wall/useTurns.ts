import { useEffect, useMemo, useState } from "react";
import type { WallQuery } from "./wallQuery.ts";

/** One view of the wall. `siteId` null: every site that is in scope. */
export type WallView = { readonly page: "fleet" } | { readonly page: "map"; readonly siteId: string | null };

export interface Turns {
  readonly views: readonly WallView[];
  readonly view: WallView;
  readonly number: number;
  readonly isPaused: boolean;
  readonly setPaused: (isPaused: boolean) => void;
}

/**
 * The views of the wall, one after the other.
 *
 * Reduced motion does not stop them: one picture takes the place of another without any movement, and a screen that nobody touches would never
 * show the second. Whoever sits before it and reads can stop and start them.
 */
export function useTurns(query: WallQuery, siteIds: readonly string[]): Turns {
  const { rotateS } = query;
  const views = useMemo(() => viewsOf(query, siteIds), [query, siteIds]);
  const [turn, setTurn] = useState(query.page === "map" && views.length > 1 ? 1 : 0);
  const [isPaused, setPaused] = useState(false);
  const number = turn % views.length;
  useEffect(() => {
    if (rotateS === null || isPaused || views.length < 2) return undefined;
    const timer = window.setTimeout(() => setTurn((turn + 1) % views.length), rotateS * 1000);
    return () => window.clearTimeout(timer);
  }, [rotateS, isPaused, views, turn]);
  return { views, view: views[number], number, isPaused, setPaused };
}

/** What takes turns; the page of the address alone where nothing rotates. */
export function viewsOf({ page, rotateS, isEachSite }: WallQuery, siteIds: readonly string[]): readonly WallView[] {
  if (rotateS === null) return [page === "fleet" ? { page } : { page, siteId: null }];
  const maps = isEachSite && siteIds.length > 1 ? siteIds : [null];
  return [{ page: "fleet" }, ...maps.map((siteId) => ({ page: "map", siteId }) as const)];
}

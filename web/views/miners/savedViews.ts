import type { View } from "../../../server/contract/api.ts";
import { extraColumnsOf } from "../../live/fields.ts";
import { matchingRows } from "../../live/filter.ts";
import type { Fleet } from "../../live/fleet.ts";
import { fieldsOf } from "../../live/rowQuery.ts";
import { siteOf, withSite } from "../navigation.ts";
import { minersAddress, parseMinersAddress, type TableAddress } from "./minersQuery.ts";

/** What the table shows: its address, and the site that the page is about. */
export interface Shown extends Omit<TableAddress, "viewId"> {
  readonly siteId: string | null;
}

/** What is shown, as a view holds it: the part of the address behind the `?`, without selection. */
export function writeView({ query, layout, siteId }: Shown): string {
  return withSite(minersAddress(query, layout), siteId).slice("/miners?".length);
}

function readView({ query: text }: Pick<View, "query">): Shown {
  const { query, layout } = parseMinersAddress(`?${text}`);
  return { query, layout, siteId: siteOf(`/miners?${text}`) };
}

/** The address that opens a view. */
export function viewAddress(view: View): string {
  const { query, layout, siteId } = readView(view);
  return withSite(minersAddress(query, layout, view.id), siteId);
}

/** Whether what is shown is what the view holds. A view that names no site is at home on every one. */
export function isAsSaved(view: View, shown: Shown): boolean {
  const saved = readView(view);
  const isSameSite = saved.siteId === null || saved.siteId === shown.siteId;
  return isSameSite && minersAddress(saved.query, saved.layout) === minersAddress(shown.query, shown.layout);
}

/** The view that is open: the one that the address names, unless what is shown is another; with none named, the one that it equals. */
export function openView(views: readonly View[], shown: Shown, viewId: string | null): { view: View; isChanged: boolean } | null {
  const named = views.find(({ id }) => id === viewId);
  const equal = named !== undefined && isAsSaved(named, shown) ? named : views.find((view) => isAsSaved(view, shown));
  if (equal !== undefined) return { view: equal, isChanged: false };
  return named === undefined ? null : { view: named, isChanged: true };
}

/** How many miners a view would show; null where that cannot be told here: at another site, or by a value that is not streamed to this page. */
export function matchCount(fleet: Fleet, view: View, siteId: string | null): number | null {
  const { query, siteId: viewSite } = readView(view);
  const isElsewhere = viewSite !== null && viewSite !== siteId;
  if (isElsewhere || extraColumnsOf(fieldsOf({ ...query, sort: [] })).length > 0) return null;
  return matchingRows(fleet, query).length;
}

export function byName(a: View, b: View): number {
  return a.name.localeCompare(b.name, "en", { numeric: true });
}

import { useMemo, useState } from "react";
import type { Page } from "../../../server/contract/api.ts";
import type { IncidentRow } from "../../../server/contract/incidents.ts";
import { getIncidents } from "../../api/incidents.ts";
import type { HeldIncident } from "../../live/incidentBook.ts";
import { useIncidents, useParts } from "../context.ts";
import { useAction, type Action } from "../useAction.ts";
import { useLoad } from "../useLoad.ts";
import { useHeldOrder } from "./heldOrder.ts";
import { compareIncidents, isOfQuery, serverQuery, type IncidentQuery } from "./incidentsQuery.ts";

const SHOWN_AT_ONCE = 200;

export interface IncidentList {
  /** null until they are there. */
  readonly items: readonly HeldIncident[] | null;
  /** Of those that match; more than are shown where there is `more`. */
  readonly totalCount: number;
  readonly error: Error | null;
  readonly reload: () => void;
  /** Shows further ones; null where all are. */
  readonly showMore: (() => void) | null;
  readonly loadingMore: Action;
}

/** The incidents of a query: those that are not closed live, in an order that holds still while `isHeld`; closed ones as the server has them, page by page. */
export function useIncidentList(query: IncidentQuery, { siteId, isHeld }: { siteId: string | null; isHeld: boolean }): IncidentList {
  const live = useLiveList(query, { siteId, isHeld });
  const closed = useClosedList(query, siteId);
  return query.state === "closed" ? closed : live;
}

function useLiveList(query: IncidentQuery, { siteId, isHeld }: { siteId: string | null; isHeld: boolean }): IncidentList {
  const { seconds } = useParts();
  const book = useIncidents();
  const loadingMore = useAction();
  const list = JSON.stringify([serverQuery(query, siteId)]);
  const [shown, setShown] = useState({ list, count: SHOWN_AT_ONCE });
  const wanted = useMemo(() => {
    const own = [...(book.rows?.values() ?? [])].filter(({ row }) => isOfQuery(row, query, siteId));
    return own.sort(compareIncidents(query.sort, seconds.nowMs())).map(({ row }) => row.id);
  }, [book.rows, query, siteId, seconds]);
  const ids = useHeldOrder(list, wanted, isHeld);
  const count = shown.list === list ? shown.count : SHOWN_AT_ONCE;
  const items = book.rows === null ? null : ids.slice(0, count).flatMap((id) => book.rows?.get(id) ?? []);
  return {
    ...{ items, totalCount: ids.length, error: book.error, reload: () => void book.load(), loadingMore },
    showMore: ids.length > count ? () => setShown({ list, count: count + SHOWN_AT_ONCE }) : null,
  };
}

function useClosedList(query: IncidentQuery, siteId: string | null): IncidentList {
  const isAsked = query.state === "closed";
  const asked = serverQuery(query, siteId);
  const loadingMore = useAction();
  const { data, error, reload, set } = useLoad(`closed incidents ${isAsked ? JSON.stringify(asked) : ""}`, (signal) =>
    isAsked ? getIncidents(asked, null, signal) : Promise.resolve(NOTHING),
  );
  const loadMore = async (cursor: string): Promise<void> => {
    const next = await getIncidents(asked, cursor, new AbortController().signal);
    set((page) => ({ ...next, items: [...page.items, ...next.items] }));
  };
  const cursor = data?.nextCursor ?? null;
  return {
    ...{ items: data?.items.map((row) => ({ row, heardAtMs: 0 })) ?? null, totalCount: data?.totalCount ?? 0, error, reload, loadingMore },
    showMore: cursor === null ? null : () => loadingMore.run(() => loadMore(cursor)),
  };
}

const NOTHING: Page<IncidentRow> = { items: [], nextCursor: null, totalCount: 0 };

import { useEffect, useEffectEvent, useRef } from "react";
import type { Page } from "../../../../server/contract/api.ts";
import type { Delivery } from "../../../../server/contract/channels.ts";
import { getDeliveries, type DeliveryQuery } from "../../../api/channels.ts";
import { useParts } from "../../context.ts";
import { useAction, type Action } from "../../useAction.ts";
import { useLoad, type Loaded } from "../../useLoad.ts";
import { useAfterNews } from "../useAfterNews.ts";
import { nextAttemptOf, withNewest, withOlder } from "./deliveryPages.ts";

/** An attempt is over by then, unless its far end is slow. */
const ATTEMPT_MS = 2000;
/** After so many looks at what waits without any change, the next news is waited for. */
const LOOKS_MAX = 4;

export interface Deliveries extends Omit<Loaded<Page<Delivery>>, "set"> {
  /** Asks for the newest again and keeps the rest. */
  readonly refresh: () => void;
  /** Shows older ones; null where all are shown. */
  readonly showMore: (() => void) | null;
  readonly loadingMore: Action;
}

/**
 * Messages of a query, the newest first, up to date without being asked for at intervals: again after news of incidents, when a connection is new, and
 * after what waits was to be tried again. `onChanged` hears of every look that found something else.
 */
export function useDeliveries(query: DeliveryQuery, onChanged: () => void = () => undefined): Deliveries {
  const key = JSON.stringify(query);
  const { data, error, reload, set } = useLoad(`deliveries ${key}`, (signal) => getDeliveries(query, null, signal));
  const looking = useAction();
  const loadingMore = useAction();
  const look = async (): Promise<void> => {
    const newest = await getDeliveries(query, null, new AbortController().signal);
    set((held) => withNewest(held, newest));
  };
  const refresh = (): void => looking.run(look);
  useAfterNews(refresh);
  const items = data?.items;
  useAfterAttempts(items, refresh);
  useChange(items, onChanged);
  const cursor = data?.nextCursor ?? null;
  const loadMore = async (from: string): Promise<void> => {
    const next = await getDeliveries(query, from, new AbortController().signal);
    set((held) => withOlder(held, next));
  };
  return {
    ...{ data, error: error ?? looking.error, reload, refresh, loadingMore },
    showMore: cursor === null ? null : () => loadingMore.run(() => loadMore(cursor)),
  };
}

/** Calls back when what waits was tried again; ever later, and then no more, while that changes nothing. */
function useAfterAttempts(items: readonly Delivery[] | undefined, onAttempt: () => void): void {
  const { seconds } = useParts();
  const call = useEffectEvent(onAttempt);
  const looks = useRef({ standing: "", count: 0 });
  useEffect(() => {
    const dueAtMs = nextAttemptOf(items ?? []);
    if (dueAtMs === null) return undefined;
    const standing = standingOf(items ?? []);
    looks.current = { standing, count: looks.current.standing === standing ? looks.current.count + 1 : 0 };
    if (looks.current.count > LOOKS_MAX) return undefined;
    const waitMs = Math.max(0, dueAtMs - seconds.nowMs()) + ATTEMPT_MS * 2 ** looks.current.count;
    const timer = window.setTimeout(() => call(), waitMs);
    return () => window.clearTimeout(timer);
  }, [items, seconds]);
}

function useChange(items: readonly Delivery[] | undefined, onChanged: () => void): void {
  const call = useEffectEvent(onChanged);
  const last = useRef<string>(null);
  useEffect(() => {
    if (items === undefined) return;
    const standing = standingOf(items);
    if (last.current !== null && last.current !== standing) call();
    last.current = standing;
  }, [items]);
}

function standingOf(items: readonly Delivery[]): string {
  return items.map(({ id, state, attemptCount }) => `${id} ${state} ${attemptCount}`).join();
}

import { useEffect, useState, useSyncExternalStore } from "react";
import type { RowQuery } from "../../live/order.ts";
import { RowOrder } from "../../live/rowOrder.ts";
import { useParts } from "../context.ts";

const timers = {
  nowMs: () => performance.now(),
  after: (delayMs: number, callback: () => void) => {
    const timer = window.setTimeout(callback, delayMs);
    return () => window.clearTimeout(timer);
  },
};

/** The order of the table for as long as the page is shown. */
export function useRowOrder(query: RowQuery): RowOrder {
  const { fleet } = useParts();
  const [order] = useState(() => new RowOrder(fleet, timers, query));
  useSyncExternalStore(order.subscribe, () => order.revision);
  useEffect(() => order.open(), [order]);
  useEffect(() => order.setQuery(query), [order, query]);
  return order;
}

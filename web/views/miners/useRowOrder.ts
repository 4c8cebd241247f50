import { useEffect, useState, useSyncExternalStore } from "react";
import type { RowSource } from "../../live/fields.ts";
import { RowOrder } from "../../live/rowOrder.ts";
import type { RowQuery } from "../../live/rowQuery.ts";
import { useParts } from "../context.ts";

const timers = {
  nowMs: () => performance.now(),
  after: (delayMs: number, callback: () => void) => {
    const timer = window.setTimeout(callback, delayMs);
    return () => window.clearTimeout(timer);
  },
};

/** The order of the table for as long as the page is shown. */
export function useRowOrder(source: RowSource, query: RowQuery): RowOrder {
  const { ranks } = useParts();
  const [order] = useState(() => new RowOrder({ source, ranks, timers }, query));
  useSyncExternalStore(order.subscribe, () => order.revision);
  useEffect(() => order.open(), [order]);
  useEffect(() => order.setQuery(query), [order, query]);
  const names = source.places.revision;
  useEffect(() => order.placesChanged(), [order, names]);
  return order;
}

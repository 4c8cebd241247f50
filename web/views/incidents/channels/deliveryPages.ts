import type { Page } from "../../../../server/contract/api.ts";
import type { Delivery } from "../../../../server/contract/channels.ts";

const numberOf = ({ id }: Delivery): number => Number(id.slice(1));

/** What is shown, after its newest page was asked for again: that page, and what is older than it as it was. */
export function withNewest(held: Page<Delivery>, newest: Page<Delivery>): Page<Delivery> {
  const last = newest.items.at(-1);
  const older =
    newest.nextCursor === null || last === undefined ? [] : held.items.filter((delivery) => numberOf(delivery) < numberOf(last));
  return { ...newest, items: [...newest.items, ...older], nextCursor: older.length === 0 ? newest.nextCursor : held.nextCursor };
}

/** With the page that follows. */
export function withOlder(held: Page<Delivery>, next: Page<Delivery>): Page<Delivery> {
  const known = new Set(held.items.map(({ id }) => id));
  return { ...next, items: [...held.items, ...next.items.filter(({ id }) => !known.has(id))] };
}

/** When the first of those that wait is tried again; null where none waits. */
export function nextAttemptOf(items: readonly Delivery[]): number | null {
  const waiting = items.filter(({ state }) => state === "queued").map(({ nextAttemptAtMs, createdAtMs }) => nextAttemptAtMs ?? createdAtMs);
  return waiting.length === 0 ? null : Math.min(...waiting);
}

import { z } from "zod";
import type { Page } from "../contract/api.ts";
import { ProblemError } from "./problem.ts";

/** What every list takes: `limit` (default 100, at most 1000) and the `cursor` of the page before. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(300).optional(),
});

/** Schema of a list's answer. */
export function pageOf<T>(item: z.ZodType<T>) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable(), totalCount: z.number().int() });
}

const order = new Intl.Collator("en", { numeric: true });

/** Cuts a page out of a list that is in memory, in the order of its ids, so that a cursor holds while others come and go. */
export function paginate<T extends { id: string }>(all: readonly T[], { limit, cursor }: z.infer<typeof PageQuery>): Page<T> {
  const sorted = all.toSorted((a, b) => order.compare(a.id, b.id));
  const after = cursor === undefined ? null : readCursor(cursor);
  const rest = after === null ? sorted : sorted.filter((item) => order.compare(item.id, after) > 0);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last === undefined || rest.length <= limit ? null : writeCursor(last.id), totalCount: all.length };
}

/** Cuts a page out of a list in an order of its own; a cursor whose item is gone begins anew. */
export function pageInOrder<T extends { id: string }>(all: readonly T[], { limit, cursor }: z.infer<typeof PageQuery>): Page<T> {
  const after = cursor === undefined ? null : readCursor(cursor);
  const from = after === null ? 0 : all.findIndex((item) => item.id === after) + 1;
  const items = all.slice(from, from + limit);
  const last = items.at(-1);
  const isMore = last !== undefined && from + limit < all.length;
  return { items, nextCursor: isMore ? writeCursor(last.id) : null, totalCount: all.length };
}

/** An opaque cursor of the last id of a page. */
export function writeCursor(id: string): string {
  return Buffer.from(id).toString("base64url");
}

/** The id in a cursor. Throws ProblemError (400) when it is none of ours. */
export function readCursor(cursor: string): string {
  const id = Buffer.from(cursor, "base64url").toString();
  if (!/^[\w-]{1,60}$/.test(id))
    throw new ProblemError(400, "The cursor is not one that a list gave; start again without it", { field: "cursor" });
  return id;
}

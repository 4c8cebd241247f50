import type { Page } from "../../server/contract/api.ts";
import { request } from "./request.ts";

const PAGE_LIMIT = 1000;

/** Every item of a list, page by page. */
export async function getAll<T>(path: string, signal: AbortSignal, filter: Readonly<Record<string, string>> = {}): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query = new URLSearchParams({ limit: String(PAGE_LIMIT), ...filter });
    if (cursor !== "") query.set("cursor", cursor);
    const page: Page<T> = await request(`${path}?${query.toString()}`, { signal });
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

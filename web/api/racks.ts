import type { Page, Rack } from "../../server/contract/api.ts";
import { request } from "./request.ts";

const PAGE_LIMIT = 1000;

/** All racks of one site, or of every site that the reader may see. */
export async function getAllRacks(siteId: string | null, signal: AbortSignal): Promise<Rack[]> {
  const racks: Rack[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query = new URLSearchParams({ limit: String(PAGE_LIMIT), ...(siteId === null ? {} : { site: siteId }) });
    if (cursor !== "") query.set("cursor", cursor);
    const page: Page<Rack> = await request(`/racks?${query.toString()}`, { signal });
    racks.push(...page.items);
    cursor = page.nextCursor;
  }
  return racks;
}

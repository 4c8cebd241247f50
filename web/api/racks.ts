import type { Rack, RackImport } from "../../server/contract/api.ts";
import { getAll } from "./pages.ts";
import { request } from "./request.ts";

/** All racks of one site, or of every site that the reader may see. */
export function getAllRacks(siteId: string | null, signal: AbortSignal): Promise<Rack[]> {
  return getAll("/racks", signal, siteId === null ? {} : { site: siteId });
}

/** Places the miners of a site as CSV says: `address` or `name`, `rack`, `slot`. With `isTrial` nothing is changed, and the answer lists what would be, and mistakes. */
export function importPlaces({ siteId, csv, isTrial }: { siteId: string; csv: string; isTrial: boolean }): Promise<RackImport> {
  const query = new URLSearchParams({ site: siteId, ...(isTrial ? { dryRun: "1" } : {}) });
  return request(`/racks/import?${query.toString()}`, { method: "POST", csv });
}

/** Where the file with all places of a site is. */
export function placesFileAddress(siteId: string): string {
  return `/api/v1/racks/export?${new URLSearchParams({ site: siteId }).toString()}`;
}

export function createRack(body: Omit<Rack, "id">): Promise<Rack> {
  return request("/racks", { method: "POST", body });
}

export function changeRack(rackId: string, body: Partial<Pick<Rack, "name" | "rows" | "columns">>): Promise<Rack> {
  return request(`/racks/${encodeURIComponent(rackId)}`, { method: "PATCH", body });
}

export function removeRack(rackId: string): Promise<unknown> {
  return request(`/racks/${encodeURIComponent(rackId)}`, { method: "DELETE" });
}

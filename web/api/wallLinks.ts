import type { Page, WallLink, WallLinkCreated } from "../../server/contract/api.ts";
import { request } from "./request.ts";

const LIST_LIMIT = 1000;

export function getWallLinks(signal: AbortSignal): Promise<Page<WallLink>> {
  return request(`/wall-links?limit=${LIST_LIMIT}`, { signal });
}

/** The secret is in this answer and nowhere else. `siteIds` null: every site. */
export function createWallLink(body: {
  readonly name: string;
  readonly siteIds: string[] | null;
  readonly expiresAtMs: number;
}): Promise<WallLinkCreated> {
  return request("/wall-links", { method: "POST", body });
}

export function revokeWallLink(linkId: string): Promise<unknown> {
  return request(`/wall-links/${encodeURIComponent(linkId)}`, { method: "DELETE" });
}

import type { View, ViewBody, ViewPatch } from "../../server/contract/api.ts";
import { getAll } from "./pages.ts";
import { request } from "./request.ts";

/** The reader's own views and those that are shared. */
export function getViews(signal: AbortSignal): Promise<View[]> {
  return getAll("/views", signal);
}

export function createView(body: ViewBody): Promise<View> {
  return request("/views", { method: "POST", body });
}

/** What is left out stays. */
export function changeView(viewId: string, patch: ViewPatch): Promise<View> {
  return request(`/views/${encodeURIComponent(viewId)}`, { method: "PATCH", body: patch });
}

export function removeView(viewId: string): Promise<unknown> {
  return request(`/views/${encodeURIComponent(viewId)}`, { method: "DELETE" });
}

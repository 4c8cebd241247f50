import type { FleetFrame } from "../../server/contract/api.ts";
import { ApiError, request } from "./request.ts";

/** The whole fleet at a past minute, or at the last before it that was kept; null where there is none within ten minutes. */
export async function getFrame(atMs: number, signal: AbortSignal): Promise<FleetFrame | null> {
  try {
    return await request(`/fleet/frame?atMs=${atMs}`, { signal });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

import type { FleetFrame, Series } from "../../server/contract/api.ts";
import type { SeriesQuery } from "./miners.ts";
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

/** Metrics over time, of one site or of the fleet. */
export function getFleetSeries(
  siteId: string | null,
  { metrics, fromMs, toMs, stepMs }: SeriesQuery,
  signal: AbortSignal,
): Promise<Series> {
  const path = siteId === null ? "/fleet/series" : `/sites/${encodeURIComponent(siteId)}/series`;
  return request(`${path}?metrics=${metrics.join(",")}&fromMs=${fromMs}&toMs=${toMs}&stepMs=${stepMs}`, { signal });
}

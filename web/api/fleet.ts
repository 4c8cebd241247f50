import type { Series } from "../../server/contract/api.ts";
import type { SeriesQuery } from "./miners.ts";
import { request } from "./request.ts";

/** History of one site, or of everything that the reader may see. */
export function getFleetSeries(
  siteId: string | null,
  { metrics, fromMs, toMs, stepMs }: SeriesQuery,
  signal: AbortSignal,
): Promise<Series> {
  const query = `metrics=${metrics.join(",")}&fromMs=${fromMs}&toMs=${toMs}&stepMs=${stepMs}`;
  const path = siteId === null ? "/fleet/series" : `/sites/${encodeURIComponent(siteId)}/series`;
  return request(`${path}?${query}`, { signal });
}

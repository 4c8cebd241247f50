import type { FleetIdentity, MalformedReply, MinerDetail, MinerPatch, MinerRow, Replies, Series } from "../../server/contract/api.ts";
import { request } from "./request.ts";

/** Of one site, or of all that the reader may see. */
export function getFleetIdentity(siteId: string | null): Promise<FleetIdentity> {
  return request(siteId === null ? "/fleet/identity" : `/fleet/identity?site=${encodeURIComponent(siteId)}`);
}

export function getMiner(minerId: string, signal: AbortSignal): Promise<MinerDetail> {
  return request(`/miners/${encodeURIComponent(minerId)}`, { signal });
}

/** What is left out stays. */
export function changeMiner(minerId: string, change: MinerPatch): Promise<MinerRow> {
  return request(`/miners/${encodeURIComponent(minerId)}`, { method: "PATCH", body: change });
}

/** The last raw replies by command; the server fetches them from the agent. */
export function getReplies(minerId: string, signal: AbortSignal): Promise<Replies> {
  return request(`/miners/${encodeURIComponent(minerId)}/replies`, { signal });
}

/** Replies of the last 7 days that could not be read. */
export function getMalformed(minerId: string, signal: AbortSignal): Promise<{ items: MalformedReply[] }> {
  return request(`/miners/${encodeURIComponent(minerId)}/malformed`, { signal });
}

export interface SeriesQuery {
  readonly metrics: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

export function getMinerSeries(minerId: string, { metrics, fromMs, toMs, stepMs }: SeriesQuery, signal: AbortSignal): Promise<Series> {
  const query = `metrics=${metrics.join(",")}&fromMs=${fromMs}&toMs=${toMs}&stepMs=${stepMs}`;
  return request(`/miners/${encodeURIComponent(minerId)}/series?${query}`, { signal });
}

import type { Agent, Page, Range, Scan, Site } from "../../server/contract/api.ts";
import { request } from "./request.ts";

/** More than this many sites, agents or ranges are not listed in full; the page says so. */
const LIST_LIMIT = 1000;

export function getSites(signal: AbortSignal): Promise<Page<Site>> {
  return request(`/sites?limit=${LIST_LIMIT}`, { signal });
}

export function getAgents(signal: AbortSignal): Promise<Page<Agent>> {
  return request(`/agents?limit=${LIST_LIMIT}`, { signal });
}

export function getRanges(signal: AbortSignal): Promise<Page<Range>> {
  return request(`/ranges?limit=${LIST_LIMIT}`, { signal });
}

export function addRange(body: { agentId: string; range: string }): Promise<Range> {
  return request("/ranges", { method: "POST", body });
}

export function removeRange(rangeId: string): Promise<unknown> {
  return request(`/ranges/${encodeURIComponent(rangeId)}`, { method: "DELETE" });
}

/** Starts a scan of all ranges of the agent. */
export function startScan(agentId: string): Promise<Scan> {
  return request(`/agents/${encodeURIComponent(agentId)}/scan`, { method: "POST", body: {} });
}

export function getScan(scanId: string, signal: AbortSignal): Promise<Scan> {
  return request(`/scans/${encodeURIComponent(scanId)}`, { signal });
}

import type { Agent, AgentCreated, Page, Range, Scan, Site } from "../../server/contract/api.ts";
import { request } from "./request.ts";

/** More than this many sites, agents or ranges are not listed in full; the page says so. */
const LIST_LIMIT = 1000;

export function getSites(signal: AbortSignal): Promise<Page<Site>> {
  return request(`/sites?limit=${LIST_LIMIT}`, { signal });
}

export function createSite(name: string): Promise<Site> {
  return request("/sites", { method: "POST", body: { name } });
}

export function renameSite(siteId: string, name: string): Promise<Site> {
  return request(`/sites/${encodeURIComponent(siteId)}`, { method: "PATCH", body: { name } });
}

/** With all that is in it: miners, racks, agents and their ranges. */
export function removeSite(siteId: string): Promise<unknown> {
  return request(`/sites/${encodeURIComponent(siteId)}?everything=true`, { method: "DELETE" });
}

export function getAgents(signal: AbortSignal): Promise<Page<Agent>> {
  return request(`/agents?limit=${LIST_LIMIT}`, { signal });
}

/** The answer holds the code for its enrolment, which is told this once. */
export function createAgent(body: { siteId: string; name: string }): Promise<AgentCreated> {
  return request("/agents", { method: "POST", body });
}

/** Another code for an agent that was not enrolled yet, or has lost its key. */
export function renewAgentCode(agentId: string): Promise<AgentCreated> {
  return request(`/agents/${encodeURIComponent(agentId)}/code`, { method: "POST" });
}

export function renameAgent(agentId: string, name: string): Promise<unknown> {
  return request(`/agents/${encodeURIComponent(agentId)}`, { method: "PATCH", body: { name } });
}

export function revokeAgent(agentId: string): Promise<unknown> {
  return request(`/agents/${encodeURIComponent(agentId)}`, { method: "PATCH", body: { revoked: true } });
}

export function removeAgent(agentId: string): Promise<unknown> {
  return request(`/agents/${encodeURIComponent(agentId)}`, { method: "DELETE" });
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

/** What it found until then stays found. */
export function stopScan(scanId: string): Promise<Scan> {
  return request(`/scans/${encodeURIComponent(scanId)}`, { method: "DELETE" });
}

/** Starts a scan of all ranges of the agent. */
export function startScan(agentId: string): Promise<Scan> {
  return request(`/agents/${encodeURIComponent(agentId)}/scan`, { method: "POST", body: {} });
}

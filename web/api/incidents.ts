import type { Page } from "../../server/contract/api.ts";
import type { BulkAcknowledged, Incident, IncidentMember, IncidentRow } from "../../server/contract/incidents.ts";
import { getAll } from "./pages.ts";
import { request } from "./request.ts";

type Query = Readonly<Record<string, string>>;

/** All incidents of a query, such as `{state: "open,acknowledged"}`. */
export function getAllIncidents(query: Query, signal: AbortSignal): Promise<IncidentRow[]> {
  return getAll("/incidents", signal, query);
}

/** One page of them, from the start or from where the page before ended. */
export function getIncidents(query: Query, cursor: string | null, signal: AbortSignal): Promise<Page<IncidentRow>> {
  const params = new URLSearchParams({ limit: "100", ...query, ...(cursor === null ? {} : { cursor }) });
  return request(`/incidents?${params.toString()}`, { signal });
}

export function acknowledgeIncidents(ids: readonly string[]): Promise<BulkAcknowledged> {
  return request("/incidents/acknowledge", { method: "POST", body: { ids } });
}

const pathOf = (incidentId: string): string => `/incidents/${encodeURIComponent(incidentId)}`;

export function getIncident(incidentId: string, signal: AbortSignal): Promise<Incident> {
  return request(pathOf(incidentId), { signal });
}

export function getAllMembers(incidentId: string, signal: AbortSignal): Promise<IncidentMember[]> {
  return getAll(`${pathOf(incidentId)}/members`, signal);
}

export function acknowledgeIncident(incidentId: string): Promise<IncidentRow> {
  return request(`${pathOf(incidentId)}/acknowledge`, { method: "POST" });
}

export function assignIncident(incidentId: string, assignee: string | null): Promise<IncidentRow> {
  return request(`${pathOf(incidentId)}/assign`, { method: "POST", body: { assignee } });
}

export function snoozeIncident(incidentId: string, untilMs: number | null): Promise<IncidentRow> {
  return request(`${pathOf(incidentId)}/snooze`, { method: "POST", body: { untilMs } });
}

export function resolveIncident(incidentId: string): Promise<IncidentRow> {
  return request(`${pathOf(incidentId)}/resolve`, { method: "POST" });
}

export function addNote(incidentId: string, text: string): Promise<IncidentRow> {
  return request(`${pathOf(incidentId)}/notes`, { method: "POST", body: { text } });
}

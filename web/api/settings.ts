import type { AuditEntry, Page, Settings, StorageForecast, Units } from "../../server/contract/api.ts";
import { request } from "./request.ts";

const AUDIT_PAGE = 100;

export function getSettings(signal: AbortSignal): Promise<Settings> {
  return request("/settings", { signal });
}

export function getUnits(signal: AbortSignal): Promise<Units> {
  return request("/settings/units", { signal });
}

/** What is left out stays. */
export function changeSettings(change: Partial<Settings>): Promise<Settings> {
  return request("/settings", { method: "PATCH", body: change });
}

export function getStorageForecast(signal: AbortSignal): Promise<StorageForecast> {
  return request("/settings/storage", { signal });
}

export interface AuditQuery {
  readonly actor: string;
  readonly action: string;
}

/** Newest first; empty texts filter nothing. `cursor` null: from the start. */
export function getAudit({ actor, action }: AuditQuery, cursor: string | null, signal: AbortSignal): Promise<Page<AuditEntry>> {
  const query = new URLSearchParams({ limit: String(AUDIT_PAGE) });
  if (actor !== "") query.set("actor", actor);
  if (action !== "") query.set("action", action);
  if (cursor !== null) query.set("cursor", cursor);
  return request(`/audit?${query}`, { signal });
}

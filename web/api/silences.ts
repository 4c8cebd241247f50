import type { Silence, SilenceBody, SilencePatch } from "../../server/contract/incidents.ts";
import { getAll } from "./pages.ts";
import { request } from "./request.ts";

export function getSilences(signal: AbortSignal): Promise<Silence[]> {
  return getAll("/silences", signal);
}

export function createSilence(body: SilenceBody): Promise<Silence> {
  return request("/silences", { method: "POST", body });
}

export function changeSilence(silenceId: string, body: SilencePatch): Promise<Silence> {
  return request(`/silences/${encodeURIComponent(silenceId)}`, { method: "PATCH", body });
}

export function removeSilence(silenceId: string): Promise<unknown> {
  return request(`/silences/${encodeURIComponent(silenceId)}`, { method: "DELETE" });
}

import type { SessionInfo } from "../../server/contract/api.ts";
import { request } from "./request.ts";

export function getSession(signal?: AbortSignal): Promise<SessionInfo> {
  return request("/session", signal === undefined ? {} : { signal });
}

export function signIn(credentials: { username: string; password: string }): Promise<unknown> {
  return request("/session", { method: "POST", body: credentials });
}

export function signOut(): Promise<unknown> {
  return request("/session", { method: "DELETE" });
}

/** Creates the user admin with the one-time token of the set-up link, and signs in. */
export function setUp(body: { token: string; password: string }): Promise<unknown> {
  return request("/setup", { method: "POST", body });
}

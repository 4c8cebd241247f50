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

/** Exchanges the secret of a wall link for a cookie; says who looks now. */
export function openWall(token: string, signal: AbortSignal): Promise<SessionInfo> {
  return request("/session/wall", { method: "POST", body: { token }, signal });
}

/** Creates the user admin with the one-time token of the set-up link, and signs in. */
export function setUp(body: { token: string; password: string }): Promise<unknown> {
  return request("/setup", { method: "POST", body });
}

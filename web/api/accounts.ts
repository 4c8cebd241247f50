import type { Page, Role, Token, TokenCreated, User } from "../../server/contract/api.ts";
import { request } from "./request.ts";

const LIST_LIMIT = 1000;

export interface Rights {
  readonly role: Role;
  /** null: every site. */
  readonly siteIds: string[] | null;
}

export function getUsers(signal: AbortSignal): Promise<Page<User>> {
  return request(`/users?limit=${LIST_LIMIT}`, { signal });
}

export function createUser(body: Rights & { readonly username: string; readonly password: string }): Promise<User> {
  return request("/users", { method: "POST", body });
}

/** A new password ends the user's sessions. */
export function changeUser(userId: string, body: Rights & { readonly password?: string }): Promise<User> {
  return request(`/users/${encodeURIComponent(userId)}`, { method: "PATCH", body });
}

export function removeUser(userId: string): Promise<unknown> {
  return request(`/users/${encodeURIComponent(userId)}`, { method: "DELETE" });
}

export function getTokens(signal: AbortSignal): Promise<Page<Token>> {
  return request(`/tokens?limit=${LIST_LIMIT}`, { signal });
}

/** The secret is in this answer and nowhere else. */
export function createToken(body: Rights & { readonly name: string; readonly expiresAtMs: number | null }): Promise<TokenCreated> {
  return request("/tokens", { method: "POST", body });
}

export function revokeToken(tokenId: string): Promise<unknown> {
  return request(`/tokens/${encodeURIComponent(tokenId)}`, { method: "DELETE" });
}

import { ROLES, type Role } from "../contract/api.ts";

/** Who acts, found out anew for every request: a change of role or a revocation holds from the next one on. */
export interface Principal {
  readonly kind: "session" | "token" | "wall" | "demo";
  /** As it stands in the audit log: the user's name, `token NAME`, `wall NAME`, or `demo`. */
  readonly name: string;
  /** Of the session, token or wall link; null for the demo. */
  readonly credentialId: string | null;
  readonly userId: string | null;
  readonly role: Role;
  /** Sites that the principal may see and change; null = all. */
  readonly siteIds: readonly string[] | null;
}

/** True when the principal's role is at least the one asked for. */
export function hasRole(principal: Principal, role: Role): boolean {
  return ROLES.indexOf(principal.role) >= ROLES.indexOf(role);
}

/** True when the principal may see the site. */
export function seesSite(principal: Principal, siteId: string): boolean {
  return principal.siteIds === null || principal.siteIds.includes(siteId);
}

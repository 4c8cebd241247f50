import type { IncomingHttpHeaders } from "node:http";
import type { Accounts } from "../accounts/accounts.ts";
import type { Principal } from "../accounts/principal.ts";

export const SESSION_COOKIE = "hashwatch_session";
export const WALL_COOKIE = "hashwatch_wall";
type CookieName = typeof SESSION_COOKIE | typeof WALL_COOKIE;

/** What tells who calls: of an HTTP request, or of a socket.io handshake, whose `auth.token` goes into `token`. */
export interface Caller {
  readonly headers: IncomingHttpHeaders;
  readonly token?: unknown;
  /** Address of the other end of the connection. */
  readonly peerAddress: string | undefined;
}

export type Authorize = (caller: Caller) => Promise<Principal | null>;

/** Who acts without signing in where that is allowed: everybody who sits at this machine. */
const DEMO: Principal = { kind: "demo", name: "demo", credentialId: null, userId: null, role: "admin", siteIds: null };

/**
 * Finds out who calls: by bearer token or `auth.token`, else by cookie; in a demo whoever calls from loopback. null: nobody that is known.
 * A token that is given and wrong is refused, whatever the cookie says. Who has signed in is that, with a wall's cookie beside it too.
 */
export function createAuthorize({ accounts, signInRequired }: { accounts: Accounts; signInRequired: boolean }): Authorize {
  return async (caller) => {
    const token = typeof caller.token === "string" && caller.token !== "" ? caller.token : bearerToken(caller.headers.authorization);
    if (token !== null) return accounts.tokens.authenticate(token);
    const cookie = readCookie(caller.headers.cookie, SESSION_COOKIE);
    const session = cookie === null ? null : accounts.sessions.authenticate(cookie);
    if (session !== null) return session;
    if (!signInRequired && isFromLoopback(caller)) return DEMO;
    const wallCookie = readCookie(caller.headers.cookie, WALL_COOKIE);
    return wallCookie === null ? null : accounts.wallLinks.authenticate(wallCookie);
  };
}

/** True when the other end is this machine, and not a proxy on it that passes on what others ask. */
export function isFromLoopback({ headers, peerAddress }: Caller): boolean {
  if (headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined) return false;
  const address = plainAddress(peerAddress);
  return address === "::1" || address.startsWith("127.");
}

/** An address as people write it: IPv4 without the prefix that a dual-stack socket puts in front. */
export function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:(?=\d+\.)/i, "");
}

function bearerToken(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  const [scheme = "", ...rest] = authorization.trim().split(/\s+/);
  return scheme.toLowerCase() === "bearer" ? rest.join(" ") : "";
}

function readCookie(header: string | undefined, name: CookieName): string | null {
  for (const pair of (header ?? "").split(";")) {
    const equals = pair.indexOf("=");
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return null;
}

/** The Set-Cookie header that makes a browser known (value), or unknown again (null). */
export function setCookie(name: CookieName, value: string | null, { secure, maxAgeMs }: { secure: boolean; maxAgeMs: number }): string {
  const age = value === null ? 0 : Math.floor(maxAgeMs / 1000);
  return `${name}=${value ?? ""}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
}

import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

export interface GuardOptions {
  /** Where the server listens, as set with --host. */
  readonly host: string;
  /** The address that people use, when it was set. */
  readonly publicUrl: URL | null;
}

export interface Guard {
  /**
   * True when the Host header names this server: its public URL, or its host and port. A page whose name was rebound to our address has a
   * name of its own there.
   */
  isAllowedHost(req: IncomingMessage): boolean;
  /** True when the request comes from a page of this server, or from no page at all (no Origin header and no cross-site mark of a browser). */
  isAllowedOrigin(req: IncomingMessage): boolean;
}

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];
const WILDCARDS = ["0.0.0.0", "::"];

/** The checks of Host and Origin, for HTTP requests and for WebSocket upgrades alike. */
export function createGuard({ host, publicUrl }: GuardOptions): Guard {
  const everywhere = WILDCARDS.includes(host);
  const listening = urlHost(host);
  const names = new Set(everywhere || LOOPBACK_NAMES.includes(listening) ? [...LOOPBACK_NAMES, listening] : [listening]);

  function isAllowedHost(req: IncomingMessage): boolean {
    const url = parse(`${isEncrypted(req) ? "https" : "http"}://${req.headers.host ?? ""}`);
    if (url === null || req.headers.host === undefined) return false;
    if (publicUrl !== null && parse(`${publicUrl.protocol}//${req.headers.host}`)?.host === publicUrl.host) return true;
    // A name can be rebound, an address cannot: who listens everywhere may be asked by any of its addresses.
    if (everywhere && isIP(url.hostname.replaceAll(/[[\]]/g, "")) !== 0) return true;
    return names.has(url.hostname) && portOf(url) === req.socket.localPort;
  }

  function isAllowedOrigin(req: IncomingMessage): boolean {
    const { origin } = req.headers;
    if (origin === undefined) return isSameSite(req.headers["sec-fetch-site"]);
    if (publicUrl !== null && origin === publicUrl.origin) return true;
    const scheme = isEncrypted(req) ? "https" : "http";
    return isAllowedHost(req) && origin === parse(`${scheme}://${req.headers.host ?? ""}`)?.origin;
  }

  return { isAllowedHost, isAllowedOrigin };
}

function isSameSite(fetchSite: string | string[] | undefined): boolean {
  return fetchSite === undefined || fetchSite === "same-origin" || fetchSite === "none";
}

function isEncrypted(req: IncomingMessage): boolean {
  return "encrypted" in req.socket && req.socket.encrypted === true;
}

function urlHost(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host.toLowerCase();
}

/** The URL of a scheme and a Host header; null where that holds more than a host and a port. */
function parse(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "" && url.password === "" ? url : null;
}

function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

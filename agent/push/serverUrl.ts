import { parseAddress } from "../discover/ranges.ts";
import { ConfigError } from "../errors.ts";

const LINK_PATH = "/agent/v1";

/**
 * The address of the agent link of a server given as http, https, ws or wss URL. Throws ConfigError for what is no such URL, and for one without TLS
 * beyond loopback unless `insecureTransport`.
 */
export function linkUrl(server: string, { insecureTransport }: { insecureTransport: boolean }): string {
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url === null || !/^(https?|wss?):$/.test(url.protocol)) {
    throw new ConfigError(`--server must be a URL such as https://hashwatch.example, got "${server}"`);
  }
  const secure = url.protocol === "https:" || url.protocol === "wss:";
  if (!secure && !insecureTransport && !isLoopback(url.hostname)) {
    throw new ConfigError(`--server ${server} is not encrypted: use https://, or --insecure-transport on a network that you trust`);
  }
  const path = url.pathname.replace(/\/+$/, "");
  return `${secure ? "wss" : "ws"}://${url.host}${path}${LINK_PATH}`;
}

function isLoopback(hostname: string): boolean {
  if (hostname === "localhost") return true;
  const address = parseAddress(hostname.replace(/^\[|\]$/g, ""));
  if (address === null) return false;
  return address.family === 4 ? address.value >> 24n === 127n : address.value === 1n;
}

import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FleetPort } from "../fleet/ports.ts";

const compress = promisify(gzip);
const ENTRY_LIMIT = 8;

export interface IdentityBytes {
  /** As the ETag header has it, quotes included. */
  readonly etag: string;
  readonly json: Buffer;
  readonly gzip: Buffer;
}

/**
 * The fleet's identity as bytes, made once for each state and set of sites: browsers that open after a change share one JSON and one compression.
 * `read` answers null when the caller's ETag still holds.
 */
export function createIdentityCache(fleet: Pick<FleetPort, "identity">) {
  const cache = new Map<string, { etag: string; bytes: Promise<IdentityBytes> }>();

  return async function read(
    siteIds: readonly string[] | null,
    ifNoneMatch: string | undefined,
  ): Promise<IdentityBytes | { etag: string; json: null }> {
    const key = siteIds === null ? "*" : siteIds.toSorted().join(",");
    const { etag: quoted, identity } = fleet.identity(siteIds);
    const version = quoted.replaceAll('"', "");
    const etag = `W/"${version}"`; // weak: the same content with and without gzip
    if (matches(ifNoneMatch, version)) return { etag, json: null };
    const known = cache.get(key);
    if (known?.etag === etag) return known.bytes;
    const bytes = encode(etag, identity);
    cache.delete(key);
    cache.set(key, { etag, bytes });
    for (const oldest of cache.keys()) {
      if (cache.size <= ENTRY_LIMIT) break;
      cache.delete(oldest);
    }
    return bytes;
  };
}

async function encode(etag: string, identity: unknown): Promise<IdentityBytes> {
  const json = Buffer.from(JSON.stringify(identity));
  return { etag, json, gzip: await compress(json) };
}

function matches(ifNoneMatch: string | undefined, version: string): boolean {
  return (ifNoneMatch ?? "").split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === `"${version}"`);
}

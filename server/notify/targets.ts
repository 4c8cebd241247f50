import { lookup, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** Which far ends may be reached. */
export interface TargetPolicy {
  readonly allowPrivate: boolean;
  /** Patterns as in NotificationSettings; empty: any. */
  readonly allowedTargets: readonly string[];
}

/** A far end that must not be reached; the message says why and what would allow it. */
export class TargetError extends Error {
  override name = "TargetError";
}

/** Throws TargetError where the list of allowed targets leaves the host out. */
export function requireListed({ host, port }: { host: string; port: number }, { allowedTargets }: TargetPolicy): void {
  if (allowedTargets.length === 0 || allowedTargets.some((pattern) => matches(pattern.toLowerCase(), host.toLowerCase(), port))) return;
  throw new TargetError(`${host}:${port} is not among the allowed targets`);
}

function matches(pattern: string, host: string, port: number): boolean {
  const [, name = "", listedPort = ""] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(pattern) ?? [];
  if (listedPort !== "" && Number(listedPort) !== port) return false;
  const bare = name.replace(/^\[|\]$/g, "");
  return bare.startsWith("*.") ? host.endsWith(bare.slice(1)) : host === bare;
}

/** Throws TargetError on an address that is not of the public internet, unless that is allowed. */
export function requireReachable(address: string, { allowPrivate }: TargetPolicy): void {
  if (allowPrivate || ipaddr.process(address).range() === "unicast") return;
  throw new TargetError(`${address} is a private or local address; an administrator may allow it where it is set up`);
}

/**
 * A `lookup` for sockets that hands out no address that may not be reached: what is checked is what is connected to, so that a name which
 * answers differently a moment later gains nothing. Addresses written as such never get here: check those before.
 */
export function guardedLookup(policy: TargetPolicy): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const refusal = error ?? refusalOf(addresses, policy);
      if (refusal !== null) callback(refusal, "", 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? "", addresses[0]?.family);
    });
  };
}

function refusalOf(addresses: readonly LookupAddress[], policy: TargetPolicy): Error | null {
  try {
    for (const { address } of addresses) requireReachable(address, policy);
    return null;
  } catch (error) {
    return error as Error;
  }
}

import ipaddr from "ipaddr.js";
import { ConfigError } from "../errors.ts";

/** The most addresses one range may hold: a /12. */
export const RANGE_MAX_ADDRESSES = 2 ** 20;

/** A closed interval of addresses of one family, as numbers; `port` null: the usual one. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly port: number | null;
}

/** An address as family and number. IPv4 inside IPv6 (`::ffff:10.0.0.1`) is IPv4. null: not an address (no zones, no short forms such as `10.1`). */
export function parseAddress(text: string): { family: 4 | 6; value: bigint } | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return addressValue(ipaddr.IPv4.parse(text));
  if (!text.includes(":") || text.includes("%") || !ipaddr.IPv6.isValid(text)) return null;
  const address = ipaddr.IPv6.parse(text);
  return addressValue(address.isIPv4MappedAddress() ? address.toIPv4Address() : address);
}

function addressValue(address: ipaddr.IPv4 | ipaddr.IPv6): { family: 4 | 6; value: bigint } {
  const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { family: address.kind() === "ipv4" ? 4 : 6, value };
}

/** The usual text of an address: dotted, or compressed lower-case hex. */
export function formatAddress(family: 4 | 6, value: bigint): string {
  if (family === 4) {
    const number = Number(value);
    return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
  }
  const bytes = Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * (15 - i))) & 255n));
  return new ipaddr.IPv6(bytes).toString();
}

/**
 * Reads a CIDR, `a-b` (`b` may be the last part alone: `10.0.0.1-50`) or a single address, each with an optional `:port`; IPv6 with a port stands in
 * brackets. Throws ConfigError with the value and what is wrong with it.
 */
export function parseRange(text: string): AddressRange {
  const { body, port } = splitPort(text.trim());
  const interval = parseCidr(body, text) ?? parseSpan(body, text) ?? parseSingle(body);
  if (interval === null) fail(text, "expected an address, a CIDR or first-last, each with an optional :port");
  return { ...interval, port };
}

/** Like `parseRange`, for a range that is to be scanned: at most RANGE_MAX_ADDRESSES addresses. */
export function parseScanRange(text: string): AddressRange {
  const range = parseRange(text);
  const count = addressCount(range);
  if (count > RANGE_MAX_ADDRESSES) fail(text, `it holds ${count} addresses, the most is ${RANGE_MAX_ADDRESSES} (a /12)`);
  return range;
}

/** A comma-separated list; empty parts are left out. */
export function splitList(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Number of addresses; beyond 2^53 only roughly. */
export function addressCount({ first, last }: AddressRange): number {
  return Number(last - first + 1n);
}

type Interval = Omit<AddressRange, "port">;

function fail(text: string, reason: string): never {
  throw new ConfigError(`Cannot read range "${text}": ${reason}`);
}

function splitPort(text: string): { body: string; port: number | null } {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(text);
  if (bracketed !== null) return { body: bracketed[1], port: parsePort(bracketed[2], text) };
  const plain = /^([^:]*):(\d+)$/.exec(text);
  return plain === null ? { body: text, port: null } : { body: plain[1], port: parsePort(plain[2], text) };
}

function parsePort(digits: string | undefined, text: string): number | null {
  if (digits === undefined) return null;
  const port = Number(digits);
  if (port < 1 || port > 65_535) fail(text, `port ${digits} is not between 1 and 65535`);
  return port;
}

function parseSingle(body: string): Interval | null {
  const address = parseAddress(body);
  return address && { family: address.family, first: address.value, last: address.value };
}

function parseCidr(body: string, text: string): Interval | null {
  const parts = /^([^/]+)\/(\d{1,3})$/.exec(body);
  if (parts === null) return null;
  const address = parseAddress(parts[1]);
  if (address === null) return null;
  const bits = address.family === 4 ? 32 : 128;
  const prefix = Number(parts[2]);
  if (prefix > bits) fail(text, `prefix /${prefix} is longer than ${bits} bits`);
  const hostMask = (1n << BigInt(bits - prefix)) - 1n;
  const first = address.value & ~hostMask;
  return { family: address.family, first, last: first | hostMask };
}

function parseSpan(body: string, text: string): Interval | null {
  const parts = /^([^-]+)-([^-]+)$/.exec(body);
  if (parts === null) return null;
  const first = parseAddress(parts[1].trim());
  if (first === null) return null;
  const last = parseSpanEnd(first, parts[2].trim());
  if (last === null || last.family !== first.family) fail(text, "both ends must be addresses of one family");
  if (last.value < first.value) fail(text, "the end lies before the start");
  return { family: first.family, first: first.value, last: last.value };
}

function parseSpanEnd(first: { family: 4 | 6; value: bigint }, end: string): { family: 4 | 6; value: bigint } | null {
  const lastPart = Number(end);
  if (first.family === 4 && /^\d{1,3}$/.test(end) && lastPart <= 255) return { family: 4, value: (first.value & ~255n) | BigInt(lastPart) };
  return parseAddress(end);
}

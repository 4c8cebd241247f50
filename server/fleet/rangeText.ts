import ipaddr from "ipaddr.js";

/** More would take an agent hours to scan, and is nearly always a slip of the prefix. */
export const RANGE_ADDRESS_LIMIT = 65_536;

export type RangeReading =
  { readonly ok: true; readonly range: string; readonly addressCount: number } | { readonly ok: false; readonly problem: string };

/**
 * Reads what an operator may write as a range: CIDR, `a-b` or one address, IPv4 or IPv6, with an optional `:port`; IPv6 with a port stands in
 * brackets. Answers with the range without blanks and in lower case, or with one sentence on what is wrong.
 */
export function readRange(text: string): RangeReading {
  const range = text.replaceAll(/\s+/g, "").toLowerCase();
  const parts = splitPort(range);
  if (parts === null) return wrong(text, "the port must be a number from 1 to 65535");
  const addressCount = countAddresses(parts);
  if (addressCount === null) return wrong(text, "expected a CIDR such as 10.0.0.0/24, a span such as 10.0.0.1-10.0.0.99, or an address");
  if (addressCount < 1) return wrong(text, "its end comes before its start");
  if (addressCount > RANGE_ADDRESS_LIMIT) return wrong(text, `it holds more than ${RANGE_ADDRESS_LIMIT} addresses; split it`);
  return { ok: true, range, addressCount };
}

function wrong(text: string, why: string): RangeReading {
  return { ok: false, problem: `Cannot read range "${text}": ${why}` };
}

/** The text without port and brackets; null when there is a port that is none. */
function splitPort(range: string): string | null {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(range);
  if (bracketed !== null) return isPort(bracketed.at(2)) ? (bracketed.at(1) ?? "") : null;
  const colons = range.split(":");
  if (colons.length !== 2) return range; // none, or an IPv6 address without a port
  return isPort(colons[1]) ? (colons[0] ?? "") : null;
}

function isPort(text: string | undefined): boolean {
  return text === undefined || (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535);
}

/** Number of addresses, below 1 when a span runs backwards; null when the text is no range. */
function countAddresses(text: string): number | null {
  if (text.includes("/")) return countOfCidr(text);
  const [first = "", ...more] = text.split("-");
  const from = readAddress(first);
  const to = readAddress(more.at(0) ?? first);
  if (from === null || to === null || from.length !== to.length || more.length > 1) return null;
  return Number(numberOf(to) - numberOf(from) + 1n);
}

function countOfCidr(text: string): number | null {
  const [address = "", prefix = "", ...more] = text.split("/");
  const bytes = readAddress(address);
  if (bytes === null || more.length > 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bytes.length * 8) return null;
  return 2 ** (bytes.length * 8 - Number(prefix));
}

function readAddress(text: string): number[] | null {
  // ipaddr.js also takes "10.1" and octal parts; here an address is four decimal numbers or IPv6.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toByteArray();
  return text.includes(":") && !text.includes("%") && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text).toByteArray() : null;
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

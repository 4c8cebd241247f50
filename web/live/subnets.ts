/** Addresses that share their first bits, as a prefix and its mask. */
export interface Subnet {
  readonly prefix: number;
  readonly mask: number;
}

/** Reads `10.20.0.0/16`, or one address, as a subnet of IPv4. Null for what is neither. */
export function parseSubnet(text: string): Subnet | null {
  const [address, bitsText = "32", ...rest] = text.trim().split("/");
  const number = addressNumber(address);
  const bits = /^\d{1,2}$/.test(bitsText) ? Number(bitsText) : 33;
  if (Number.isNaN(number) || bits > 32 || rest.length > 0) return null;
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  return { prefix: (number & mask) >>> 0, mask };
}

export function isWithin({ prefix, mask }: Subnet, address: number): boolean {
  return (address & mask) >>> 0 === prefix;
}

/** An IPv4 address as a number of 32 bits, NaN for anything else. */
export function addressNumber(address: string): number {
  const parts = address.split(".");
  if (parts.length !== 4) return Number.NaN;
  return parts.reduce((sum, part) => (/^\d{1,3}$/.test(part) && Number(part) <= 255 ? sum * 256 + Number(part) : Number.NaN), 0);
}

/** First and last address, as numbers. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** First and last address of `10.0.0.0/24`, `10.0.0.1-10.0.0.9` or one address, each with or without a port. null for IPv6. */
export function rangeSpan(range: string): Span | null {
  const [text] = range.split(":");
  const [firstText, bitsText = "32"] = text.split("/");
  const [first, last = first] = firstText.split("-");
  const [from, to] = [addressNumber(first), addressNumber(last)];
  if (Number.isNaN(from) || Number.isNaN(to)) return null;
  if (first !== last) return { from, to };
  const size = 2 ** (32 - Number(bitsText));
  const start = Math.floor(from / size) * size;
  return { from: start, to: start + size - 1 };
}

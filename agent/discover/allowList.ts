import type { Endpoint } from "../poll/ports.ts";
import { mergeRanges } from "./rangeSet.ts";
import { addressCount, formatAddress, parseAddress, type AddressRange } from "./ranges.ts";

/** RFC 1918, RFC 6598, link-local and unique local addresses: where miners are, and nobody else's machines. */
export const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10"];
export const LOOPBACK_RANGES = ["127.0.0.0/8", "::1"];

export interface Refusal {
  readonly what: string; // "range", "watch", …
  readonly target: string;
  readonly reason: string;
}

/** What this agent may ever touch, whatever a server says. Refusals are counted and told to `onRefusal`. */
export class AllowList {
  refusalCount = 0;
  lastRefusal: string | null = null;
  private readonly ranges: readonly AddressRange[];
  private readonly ports: ReadonlySet<number>;
  private readonly onRefusal: (refusal: Refusal) => void;

  constructor({
    ranges,
    ports,
    onRefusal,
  }: {
    ranges: readonly AddressRange[];
    ports: readonly number[];
    onRefusal: (refusal: Refusal) => void;
  }) {
    this.ranges = mergeRanges(ranges.map((range) => ({ ...range, port: null })));
    this.ports = new Set(ports);
    this.onRefusal = onRefusal;
  }

  permits({ address, port }: Endpoint): boolean {
    const parsed = parseAddress(address);
    if (parsed === null || !this.ports.has(port)) return false;
    return this.ranges.some(({ family, first, last }) => family === parsed.family && first <= parsed.value && parsed.value <= last);
  }

  /** Whether every address of a range may be touched. Nothing is refused by asking. */
  covers({ family, first, last, port }: AddressRange, { defaultPort }: { defaultPort: number }): boolean {
    if (!this.ports.has(port ?? defaultPort)) return false;
    return this.ranges.some((allowed) => allowed.family === family && allowed.first <= first && last <= allowed.last);
  }

  /** The part of a range that may be touched; what may not is refused as a whole, in one report. */
  permittedPart(range: AddressRange, { defaultPort, target }: { defaultPort: number; target: string }): AddressRange[] {
    const port = range.port ?? defaultPort;
    if (!this.ports.has(port)) {
      this.refuse({ what: "range", target, reason: `port ${port} is not in --allow-ports` });
      return [];
    }
    const parts = this.ranges.flatMap((allowed) => intersection(range, allowed));
    const outside = addressCount(range) - parts.reduce((sum, part) => sum + addressCount(part), 0);
    if (outside > 0) this.refuse({ what: "range", target, reason: outsideReason(range, outside) });
    return parts;
  }

  refuse(refusal: Refusal): void {
    this.refusalCount++;
    this.lastRefusal = `${refusal.what} ${refusal.target}: ${refusal.reason}`.slice(0, 300);
    this.onRefusal(refusal);
  }
}

function outsideReason(range: AddressRange, outside: number): string {
  const count = addressCount(range);
  if (count === 1) return `${formatAddress(range.family, range.first)} is not in --allow-ranges`;
  return `${outside} of ${count} addresses are not in --allow-ranges`;
}

function intersection(range: AddressRange, allowed: AddressRange): AddressRange[] {
  if (range.family !== allowed.family) return [];
  const first = range.first > allowed.first ? range.first : allowed.first;
  const last = range.last < allowed.last ? range.last : allowed.last;
  return first <= last ? [{ ...range, first, last }] : [];
}

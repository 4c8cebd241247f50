import type { Endpoint } from "../poll/ports.ts";
import { addressCount, formatAddress, parseAddress, type AddressRange } from "./ranges.ts";

/** Joins ranges of the same family and port that overlap or touch; sorted by family, port and start. */
export function mergeRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const merged: AddressRange[] = [];
  for (const range of [...ranges].sort(compareRanges)) {
    const before = merged.at(-1);
    if (before?.family !== range.family || before.port !== range.port || range.first > before.last + 1n) merged.push(range);
    else if (range.last > before.last) merged[merged.length - 1] = { ...before, last: range.last };
  }
  return merged;
}

function compareRanges(a: AddressRange, b: AddressRange): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.port !== b.port) return (a.port ?? 0) - (b.port ?? 0);
  return a.first < b.first ? -1 : Number(a.first > b.first);
}

/** Ranges whose `port` is filled in: what can be scanned. Each endpoint occurs once. */
export class EndpointSet {
  readonly ranges: readonly AddressRange[];
  readonly count: number;

  constructor(ranges: readonly AddressRange[], defaultPort: number) {
    this.ranges = mergeRanges(ranges.map((range) => ({ ...range, port: range.port ?? defaultPort })));
    this.count = this.ranges.reduce((sum, range) => sum + addressCount(range), 0);
  }

  has(endpoint: Endpoint): boolean {
    const address = parseAddress(endpoint.address);
    if (address === null) return false;
    return this.ranges.some(
      ({ family, port, first, last }) =>
        family === address.family && port === endpoint.port && first <= address.value && address.value <= last,
    );
  }

  /** Every endpoint once, in order. */
  *endpoints(): Generator<Endpoint> {
    for (const { family, first, last, port } of this.ranges) {
      for (let value = first; value <= last; value++) yield { address: formatAddress(family, value), port: port ?? 0 };
    }
  }
}

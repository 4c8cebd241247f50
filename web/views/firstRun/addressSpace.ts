import type { ScanItem } from "../../../server/contract/agentLink.ts";
import { addressNumber, rangeSpan } from "../../live/subnets.ts";

/** What a scan knows of one address: `none` is no answer, or not asked yet. */
export type AddressState = "found" | "other" | "none" | "outside";

/** 256 addresses that share their first three numbers; those outside the ranges are `outside`. */
export interface AddressBlock {
  readonly prefix: string;
  readonly states: readonly AddressState[];
}

const BLOCK = 256;
/** More blocks than this make a wall, not a picture. */
const BLOCKS_MAX = 16;

/** The addresses of the ranges, block by block, with what was found at each. null where there are too many, or none of IPv4. */
export function addressBlocks(ranges: readonly string[], items: readonly ScanItem[]): AddressBlock[] | null {
  const spans = ranges.map(rangeSpan).filter((span) => span !== null);
  const numbers = new Set(spans.flatMap(({ from, to }) => countUp(Math.floor(from / BLOCK), Math.floor(to / BLOCK), BLOCKS_MAX + 1)));
  if (numbers.size === 0 || numbers.size > BLOCKS_MAX) return null;
  const known = new Map(items.map(({ address, outcome }) => [addressNumber(address), outcome === "found" ? "found" : "other"] as const));
  const stateOf = (address: number): AddressState => {
    const isInside = spans.some(({ from, to }) => address >= from && address <= to);
    return known.get(address) ?? (isInside ? "none" : "outside");
  };
  return [...numbers]
    .sort((a, b) => a - b)
    .map((number) => ({ prefix: prefixOf(number), states: Array.from({ length: BLOCK }, (_, i) => stateOf(number * BLOCK + i)) }));
}

function countUp(from: number, to: number, most: number): number[] {
  return Array.from({ length: Math.min(most, to - from + 1) }, (_, i) => from + i);
}

function prefixOf(number: number): string {
  return [number >>> 16, (number >>> 8) & 255, number & 255].join(".");
}

import type { BoardReading } from "../reading.ts";
import { repeated } from "./dialect.ts";

/** Fields of the chains that exist; those of the others are constant. */
export type ChainFields = (boards: readonly BoardReading[], value: (board: BoardReading) => string) => string;

/**
 * Makes the printer of `name1..nameN` for firmware that prints a field for every chain its controller could have: chains without a board,
 * and boards that are dead, say `nothing`. Chains of one machine are numbered without gaps, so all else is one constant text on either side.
 */
export function chainFields(chains: readonly number[], upTo: number): (prefix: string, nothing: string) => ChainFields {
  return (prefix, nothing) => {
    const name = (n: number): string => `${prefix}${n}`;
    const before = chains[0] > 1 ? `${repeated(name, nothing, 1, chains[0] - 1)},` : "";
    const last = chains[chains.length - 1];
    const after = last < upTo ? `,${repeated(name, nothing, last + 1, upTo)}` : "";
    return (boards, value) =>
      before + boards.map((board) => `"${prefix}${board.chain}":${board.present ? value(board) : nothing}`).join(",") + after;
  };
}

export function hottest(temperatures: readonly number[]): number {
  return Math.max(...temperatures);
}

import type { RawObject } from "../cgminer/framing.ts";
import { countOrNull, sumOf } from "./fields.ts";
import { summaryRow, type DecodeInput } from "./replies.ts";

export interface Shares {
  acceptedCount: number | null;
  rejectedCount: number | null;
  staleCount: number | null;
}

/**
 * Shares of the operator since the miner started. `summary` counts those of fee pools as well, so that the pools are summed where one is known;
 * asicseer merges the summary's fields into stats (`data`).
 */
export function decodeShares(input: DecodeInput, data: RawObject): Shares {
  const summary = summaryRow(input.replies);
  const row = "Accepted" in summary ? summary : data;
  if (input.pools.hasFeePool || !("Accepted" in row)) return sharesOfPools(input);
  return { acceptedCount: countOrNull(row.Accepted), rejectedCount: countOrNull(row.Rejected), staleCount: countOrNull(row.Stale) };
}

function sharesOfPools({ pools: { pools } }: DecodeInput): Shares {
  return {
    acceptedCount: sumOf(pools.map((pool) => pool.acceptedCount)),
    rejectedCount: sumOf(pools.map((pool) => pool.rejectedCount)),
    staleCount: sumOf(pools.map((pool) => pool.staleCount)),
  };
}

import type { Pool } from "../../server/contract/sample.ts";
import type { RawObject } from "../cgminer/framing.ts";
import { rowsOf } from "../cgminer/replies.ts";
import { countOrNull, numberOrNull, textOrNull } from "./fields.ts";
import type { DecodedPools } from "./replies.ts";

const STATUSES: Readonly<Record<string, Pool["status"]>> = {
  alive: "alive",
  dead: "dead",
  deed: "dead", // a literal of the stock 2020+ program
  disabled: "disabled",
  rejecting: "rejecting",
};
const MAX_POOLS = 32;
export const NO_POOLS: DecodedPools = { pools: [], hasFeePool: false };

/**
 * Decodes a `pools` reply, old style or new. Slots without a URL and the firmware maker's own pools are left out: `DevFee` (VNish),
 * users `devFeeMiner.*` (Blissz), `*` (MSKminer).
 */
export function decodePools(reply: RawObject | undefined): DecodedPools {
  const rows = rowsOf(reply, "POOLS");
  if (rows.length === 0) return NO_POOLS;
  const set = rows.filter((row) => text(row.URL ?? row.url) !== "");
  const own = set.filter((row) => !isFeePool(row));
  return { pools: own.slice(0, MAX_POOLS).map(decodePool), hasFeePool: own.length < set.length };
}

function decodePool(row: RawObject, position: number): Pool {
  return {
    index: countOrNull(row.POOL ?? row.index) ?? position,
    url: withoutPassword(text(row.URL ?? row.url)).slice(0, 512),
    worker: text(row.User ?? row.user).slice(0, 256),
    status: STATUSES[text(row.Status ?? row.status).toLowerCase()] ?? "unknown",
    priority: integerOrNull(row.Priority ?? row.priority),
    active: row["Stratum Active"] === true,
    acceptedCount: countOrNull(row.Accepted ?? row.accepted),
    rejectedCount: countOrNull(row.Rejected ?? row.rejected),
    staleCount: countOrNull(row.Stale ?? row.stale),
  };
}

function isFeePool(row: RawObject): boolean {
  return /^(?:devfee|\*)$/i.test(text(row.URL ?? row.url)) || /^(?:devfee|\*)/i.test(text(row.User ?? row.user));
}

/** A URL may carry `user:password@`; the password stays on the miner. */
function withoutPassword(url: string): string {
  return url.replace(/^((?:[a-z][a-z\d+.-]*:\/\/)?[^/@:]*):[^@/]*@/i, "$1:***@");
}

function integerOrNull(value: unknown): number | null {
  const number = numberOrNull(value);
  return number === null || !Number.isSafeInteger(Math.trunc(number)) ? null : Math.trunc(number);
}

function text(value: unknown): string {
  return textOrNull(value, 1024) ?? "";
}

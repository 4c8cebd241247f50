import { isIn } from "./placement.ts";
import type { Member, Pool } from "./state.ts";

/** Alerts gather until none has come for this long, so that one cause is told as one. */
const GATHER_QUIET_MS = 8000;
/** As long as what fires stays within one rack, switch or power strip it waits no longer than this, */
const GATHER_NEAR_MS = 20_000;
/** and a wave through a site that is still growing no longer than this. */
const GATHER_FAR_MS = 2 * 60_000;
/** One machine alone that does not answer may be restarting. */
const LONE_REACH_MS = 60_000;
const LONE_MAX = 2;
const SMALL: ReadonlySet<string> = new Set(["rack", "switch", "pdu"]);

/** Members of a pool that need not wait any longer; none as long as more are coming. */
export function dueMembers(pool: Pool, nowMs: number): Member[] {
  const waitedMs = nowMs - pool.firstAtMs;
  const isQuiet = nowMs - pool.lastAtMs >= GATHER_QUIET_MS;
  if (!isQuiet && waitedMs < GATHER_NEAR_MS) return [];
  if (!isQuiet && waitedMs < GATHER_FAR_MS && !isNear(pool.members)) return [];
  return pool.family === "reach" && pool.members.length <= LONE_MAX
    ? pool.members.filter(({ joinedAtMs }) => nowMs - joinedAtMs >= LONE_REACH_MS)
    : pool.members;
}

/** All of them hang on one thing that is small; a wave through a subnet may be on its way through the site. */
function isNear(members: readonly Member[]): boolean {
  return members[0].nodes.some((node) => SMALL.has(node.kind) && members.every((member) => isIn(member, node)));
}

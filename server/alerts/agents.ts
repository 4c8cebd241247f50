import type { Agent } from "../contract/api.ts";
import type { AgentRecord, FleetWatchPort } from "../fleet/ports.ts";
import { MET, UNKNOWN, UNMET, type Code, type ReadyCondition } from "./conditions.ts";
import { valueText } from "./detail.ts";
import { isBelow, isMet } from "./limits.ts";
import { DEFAULT_THRESHOLDS } from "../fleet/thresholds.ts";

/** An agent that was never heard of since the server started is given this long. */
const START_MS = 60_000;
const SILENT_MS = 10_000;

export interface AgentFacts {
  readonly agent: AgentRecord;
  readonly facts: ReturnType<FleetWatchPort["agentFacts"]>;
  readonly link: Pick<Agent, "state" | "skewMs">;
  readonly startedAtMs: number;
  /** It delivers faster than time passes: a backlog on its way. */
  readonly isCatchingUp: boolean;
}

/** Does a condition about agents hold? */
export function evaluateAgent(
  { condition, limits }: ReadyCondition,
  seen: AgentFacts,
  { nowMs, wasMet }: { nowMs: number; wasMet: boolean },
): Code {
  if (seen.link.state === "waiting" || seen.link.state === "revoked") return UNMET;
  if (condition.kind === "agentDown") return isSilent(seen, nowMs);
  const value = agentValue(condition.kind, seen, nowMs);
  if (value === null) return UNKNOWN;
  return isMet(value, limits(DEFAULT_THRESHOLDS[0]), { below: false, wasMet }) ? MET : UNMET;
}

/** As the status of its miners sees it: no frame for 10 s or two intervals. */
function isSilent({ facts, startedAtMs }: AgentFacts, nowMs: number): Code {
  if (facts.lastFrameAtMs === null) {
    if (nowMs - startedAtMs < START_MS) return UNKNOWN;
    return facts.minerCount > 0 ? MET : UNMET;
  }
  return nowMs - facts.lastFrameAtMs > Math.max(SILENT_MS, 2 * facts.pollIntervalMs) ? MET : UNMET;
}

function agentValue(kind: ReadyCondition["condition"]["kind"], { facts, link, isCatchingUp }: AgentFacts, nowMs: number): number | null {
  if (link.state !== "online") return null;
  if (kind === "clockSkew") return link.skewMs === null ? null : Math.abs(link.skewMs);
  if (kind !== "agentBehind" || facts.newestSampleAtMs === null || facts.minerCount === 0 || isCatchingUp) return null;
  return Math.max(0, nowMs - facts.newestSampleAtMs);
}

export function agentDetail({ condition, limits }: ReadyCondition, seen: AgentFacts, nowMs: number): string {
  if (condition.kind === "agentDown" && seen.facts.lastFrameAtMs !== null)
    return `not heard of for ${Math.round((nowMs - seen.facts.lastFrameAtMs) / 1000)} s`;
  if (!("enter" in condition)) return "";
  const value = agentValue(condition.kind, seen, nowMs);
  const limit = limits(DEFAULT_THRESHOLDS[0]).enter;
  return value === null ? "" : `${valueText(condition.kind, value)}, limit ${valueText(condition.kind, limit)}`;
}

/** Does the condition about the server's own disk hold? null: no forecast yet; Infinity: it does not fill. */
export function evaluateDisk({ condition, limits }: ReadyCondition, fullInDays: number | null, wasMet: boolean): Code {
  if (condition.kind !== "diskFilling" || fullInDays === null) return UNKNOWN;
  return isMet(fullInDays, limits(DEFAULT_THRESHOLDS[0]), { below: isBelow(condition.kind), wasMet }) ? MET : UNMET;
}

import { z } from "zod";
import { MESSAGE_EVENTS } from "../contract/channels.ts";
import { SCOPE_KINDS, SEVERITIES, type Incident, type ScopeKind, type Severity } from "../contract/incidents.ts";

/** A message about an incident that the budget did not allow. */
const HeldBack = z.object({ id: z.string(), event: z.enum(MESSAGE_EVENTS), title: z.string() });
export type HeldBack = z.infer<typeof HeldBack>;

/** What a channel was sent within the hour that began with the first message of it, and what was held back. */
export const Budget = z.object({
  channelId: z.string(),
  sinceMs: z.number(),
  sentCount: z.number(),
  worst: z.number(), // index of the gravest severity sent
  largest: z.number(), // index of the largest scope sent
  heldBack: z.array(HeldBack),
});
export type Budget = z.infer<typeof Budget>;

const HOUR_MS = 3_600_000;
const HELD_BACK_MAX = 1000;

export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
/** Larger for a larger scope. */
export function scopeRank(kind: ScopeKind): number {
  return SCOPE_KINDS.length - SCOPE_KINDS.indexOf(kind);
}

/** True once the hour is over. */
export function hasEnded(budget: Budget, nowMs: number): boolean {
  return nowMs - budget.sinceMs >= HOUR_MS;
}

export function freshBudget(channelId: string, nowMs: number): Budget {
  return { channelId, sinceMs: nowMs, sentCount: 0, worst: -1, largest: -1, heldBack: [] };
}

/** True where one more message may go out: within the budget, or graver or larger than all that went out in the hour. */
export function allows(budget: Budget, { severity, scope }: Incident, limit: number): boolean {
  return budget.sentCount < limit || severityRank(severity) > budget.worst || scopeRank(scope.kind) > budget.largest;
}

/** A message about the incident goes out; what was held back about it is old news by that. */
export function spend(budget: Budget, { id, severity, scope }: Incident): Budget {
  const worst = Math.max(budget.worst, severityRank(severity));
  const largest = Math.max(budget.largest, scopeRank(scope.kind));
  return { ...budget, sentCount: budget.sentCount + 1, worst, largest, heldBack: without(budget.heldBack, id) };
}

/** Of each incident the last that was held back stays. */
export function holdBack(budget: Budget, held: HeldBack): Budget {
  return { ...budget, heldBack: [...without(budget.heldBack, held.id), held].slice(-HELD_BACK_MAX) };
}

function without(heldBack: readonly HeldBack[], incidentId: string): HeldBack[] {
  return heldBack.filter(({ id }) => id !== incidentId);
}

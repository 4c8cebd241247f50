import { z } from "zod";
import type { Threshold } from "../contract/api.ts";
import type { Miner } from "../fleet/miner.ts";
import { MET, UNKNOWN, UNMET, type Code, type ReadyCondition } from "./conditions.ts";
import { limitsOf, type Limits } from "./limits.ts";
import { poolJudge, type PoolHabits } from "./poolHabits.ts";
import type { StoredRule } from "./ruleBook.ts";
import { isInScope } from "./scope.ts";
import { ALERT_STATES, INACTIVE, type Alert, type Verdict } from "./transition.ts";

/** An alert as it is kept. */
export const StoredAlertState = z.object({
  state: z.enum(ALERT_STATES),
  sinceMs: z.number(),
  blindSinceMs: z.number().nullable(),
  metAtMs: z.array(z.number()),
  flapping: z.boolean(),
  calmSinceMs: z.number().nullable(),
});

export const VERDICTS: Record<Code, Verdict> = { [UNMET]: "unmet", [MET]: "met", [UNKNOWN]: "unknown" };

/** One rule at work: whom it is about, what it saw last, by row, and the alerts that are not inactive, by subject. */
export class ActiveRule {
  readonly rule: StoredRule;
  readonly ready: ReadyCondition;
  readonly alerts = new Map<string, Alert>();
  /** By row: the scope holds the machine; the last code; the last that could be seen. */
  applies = new Uint8Array(0);
  codes = new Uint8Array(0);
  wasMet = new Uint8Array(0);
  /** Of subjects that are no machines. */
  readonly codeOf = new Map<string, Code>();

  constructor(rule: StoredRule, habits: Pick<PoolHabits, "isUsual">) {
    this.rule = rule;
    this.ready = readyCondition(rule, habits);
  }

  reserve(rowCount: number): void {
    if (rowCount <= this.codes.length) return;
    const capacity = Math.max(256, rowCount, this.codes.length * 2);
    this.codes = grown(this.codes, capacity, UNKNOWN);
    this.applies = grown(this.applies, capacity, 0);
    this.wasMet = grown(this.wasMet, capacity, 0);
  }

  /** Whether the rule is about the machine at this row has to be known before it is asked. */
  place(row: number, miner: Readonly<Miner> | null): void {
    this.applies[row] = miner !== null && isInScope(this.rule.scope, miner) ? 1 : 0;
  }

  alertOf(subjectId: string): Alert {
    return this.alerts.get(subjectId) ?? INACTIVE;
  }
}

export function readyCondition({ condition }: Pick<StoredRule, "condition">, habits: Pick<PoolHabits, "isUsual">): ReadyCondition {
  const cache = new Map<Threshold, Limits>();
  return {
    condition,
    isPoolAllowed: poolJudge(condition, habits),
    limits(threshold) {
      if (!("enter" in condition)) return { enter: NaN, leave: NaN };
      const known = cache.get(threshold);
      if (known !== undefined) return known;
      const limits = limitsOf(condition, threshold);
      if (cache.size > 1000) cache.clear(); // rows of settings that are no longer there
      cache.set(threshold, limits);
      return limits;
    },
  };
}

function grown(old: Uint8Array, capacity: number, fill: number): Uint8Array<ArrayBuffer> {
  const array = new Uint8Array(capacity).fill(fill);
  array.set(old);
  return array;
}

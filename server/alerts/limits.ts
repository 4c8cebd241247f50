import type { Threshold } from "../contract/api.ts";
import type { AlertCondition } from "../contract/incidents.ts";

export type ThresholdCondition = Extract<AlertCondition, { enter: unknown }>;
export type ThresholdKind = ThresholdCondition["kind"];

/** From where a condition holds and from where it no longer does. Between the two it stays what it was. */
export interface Limits {
  readonly enter: number;
  readonly leave: number;
}

/** Conditions that hold where the value is small. */
const BELOW: ReadonlySet<ThresholdKind> = new Set(["lowHashrate", "hashrateDecline", "fanWeak", "diskFilling"]);
export const isBelow = (kind: ThresholdKind): boolean => BELOW.has(kind);

const MIN = 60_000;
/** Where neither the rule nor the settings say anything. */
const DEFAULTS: Record<Exclude<ThresholdKind, "lowHashrate" | "chipsBad" | "chipTemp" | "boardTemp" | "hwErrors" | "rejects">, Limits> = {
  hashrateDecline: { enter: 0.92, leave: 0.95 },
  fanWeak: { enter: 0.6, leave: 0.7 },
  stales: { enter: 0.05, leave: 0.04 },
  rebootLoop: { enter: 3, leave: 2 },
  efficiency: { enter: 1.15, leave: 1.1 },
  hotNeighbours: { enter: 4, leave: 3 },
  agentBehind: { enter: 5 * MIN, leave: MIN },
  clockSkew: { enter: 30_000, leave: 10_000 },
  diskFilling: { enter: 14, leave: 16 },
};

/** The limits of a condition for a model: the rule's own, else the table's, else the kind's. `leave` without a value of its own keeps the usual distance. */
export function limitsOf(condition: ThresholdCondition, threshold: Threshold): Limits {
  const usual = usualLimits(condition.kind, threshold);
  const enter = condition.enter ?? usual.enter + condition.offset;
  if (condition.leave !== null) return { enter, leave: condition.leave };
  const isScaled = condition.enter !== null && usual.enter > 0 && condition.kind !== "chipTemp" && condition.kind !== "boardTemp";
  return { enter, leave: isScaled ? (enter * usual.leave) / usual.enter : enter + usual.leave - usual.enter };
}

function usualLimits(kind: ThresholdKind, threshold: Threshold): Limits {
  switch (kind) {
    case "lowHashrate":
      return { enter: threshold.lowHashrateRatio, leave: Math.min(1, threshold.lowHashrateRatio + 0.03) };
    case "chipsBad":
      return { enter: threshold.chipsBadCount, leave: threshold.chipsBadCount };
    case "chipTemp":
      return { enter: threshold.chipTempC, leave: threshold.chipTempC - 3 };
    case "boardTemp":
      return { enter: threshold.boardTempC, leave: threshold.boardTempC - 3 };
    case "hwErrors":
      return { enter: threshold.hwErrorRatio, leave: threshold.hwErrorRatio * 0.8 };
    case "rejects":
      return { enter: threshold.rejectRatio, leave: threshold.rejectRatio * 0.8 };
    default:
      return DEFAULTS[kind];
  }
}

/** Holds from `enter` on, ends beyond `leave`; the value of `enter` is in, that of `leave` is out where they differ. */
export function isMet(value: number, { enter, leave }: Limits, { below, wasMet }: { below: boolean; wasMet: boolean }): boolean {
  if (below) return wasMet && leave > enter ? value < leave : value < enter;
  return wasMet && leave < enter ? value > leave : value >= enter;
}

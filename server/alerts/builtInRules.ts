import { EVERYWHERE, type AlertCondition, type PLAIN_CONDITIONS, type Severity } from "../contract/incidents.ts";

/** A rule that is there from the first start, under an id that stays. */
export interface RuleDefault {
  readonly id: string;
  readonly name: string;
  readonly condition: AlertCondition;
  readonly holdMs: number;
  readonly severity: Severity;
}

const S = 1000;
const MIN = 60_000;

const rule = (id: string, name: string, severity: Severity, holdMs: number, condition: AlertCondition): RuleDefault => ({
  ...{ id, name, severity, holdMs, condition },
});
const plain = (kind: (typeof PLAIN_CONDITIONS)[number]): AlertCondition => ({ kind });
type ThresholdKind = Extract<AlertCondition, { enter: unknown }>["kind"];
const limit = (kind: ThresholdKind, fields: { enter?: number; leave?: number; offset?: number } = {}): AlertCondition => ({
  ...{ kind, enter: null, leave: null, offset: 0 },
  ...fields,
});

/**
 * What is watched from the first start. Limits are null where the table of the settings has one for the model: what is too hot, how many bad chips,
 * which share of the rating; elsewhere the default of the kind holds (see limits.ts).
 */
export const BUILT_IN_RULES: readonly RuleDefault[] = [
  rule("unreachable", "Unreachable", "warning", 10 * S, plain("unreachable")),
  rule("apiDown", "API down", "warning", MIN, plain("apiDown")),
  rule("agentDown", "Agent down", "critical", 20 * S, plain("agentDown")),
  rule("agentBehind", "Agent behind", "warning", 10 * MIN, limit("agentBehind")),
  rule("notHashing", "Not hashing", "warning", 2 * MIN, plain("notHashing")),
  rule("lowHashrate", "Hashrate below its rating", "warning", MIN, limit("lowHashrate")),
  rule("hashrateDecline", "Hashrate declines", "info", 0, limit("hashrateDecline")),
  rule("boardMissing", "Hashboard missing", "warning", MIN, plain("boardMissing")),
  rule("boardDead", "Hashboard dead", "warning", MIN, plain("boardDead")),
  rule("chipsBad", "Bad chips", "warning", 5 * MIN, limit("chipsBad")),
  rule("chipTemp", "Chips hot", "warning", MIN, limit("chipTemp")),
  rule("chipTempCritical", "Chips far too hot", "critical", 30 * S, limit("chipTemp", { offset: 7 })),
  rule("boardTemp", "Board hot", "warning", MIN, limit("boardTemp")),
  rule("boardTempCritical", "Board far too hot", "critical", 30 * S, limit("boardTemp", { offset: 7 })),
  rule("fanStopped", "Fan stopped", "critical", 30 * S, plain("fanStopped")),
  rule("fanWeak", "Fan weak", "warning", 10 * MIN, limit("fanWeak")),
  rule("hwErrors", "Hardware errors", "warning", 5 * MIN, limit("hwErrors")),
  rule("rejects", "Rejected shares", "warning", 5 * MIN, limit("rejects")),
  rule("stales", "Stale shares", "info", 5 * MIN, limit("stales")),
  rule("poolDead", "Every pool dead", "warning", MIN, plain("poolDead")),
  rule("poolFallback", "On a fallback pool", "info", 10 * MIN, plain("poolFallback")),
  rule("poolOutside", "Pool or worker that is not allowed", "critical", 0, { kind: "poolOutside", pools: [], workers: [] }),
  rule("rebootLoop", "Restarts again and again", "warning", 0, limit("rebootLoop")),
  rule("identityChanged", "Firmware or identity changed", "info", 0, plain("identityChanged")),
  rule("efficiency", "More power than its peers", "info", 30 * MIN, limit("efficiency")),
  rule("hotNeighbours", "Hotter than its neighbours", "warning", 10 * MIN, limit("hotNeighbours")),
  rule("clockSkew", "Clock of an agent wrong", "warning", 2 * MIN, limit("clockSkew")),
  rule("diskFilling", "Disk fills up", "warning", 0, limit("diskFilling")),
  rule("diskFillingCritical", "Disk nearly full", "critical", 0, limit("diskFilling", { enter: 3, leave: 4 })),
];

/** Of a built-in rule as it is at the first start. */
export const defaultRule = ({ id, name, condition, holdMs, severity }: RuleDefault) => ({
  ...{ id, name, builtIn: true, enabled: true, condition, holdMs, severity, scope: EVERYWHERE },
});

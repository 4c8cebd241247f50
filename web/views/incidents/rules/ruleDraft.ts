import type { AlertCondition, AlertRule, AlertRuleBody, RuleScope, Severity } from "../../../../server/contract/incidents.ts";
import {
  isThreshold,
  isTemperature,
  keptDegrees,
  keptLimit,
  SCOPE_FIELDS,
  scopeFieldsOf,
  shownDegrees,
  shownLimit,
  type ConditionKind,
} from "./conditions.ts";

/** A rule as it is typed. */
export interface RuleDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly kind: ConditionKind;
  /** Empty: by the settings, or as is usual for the kind. */
  readonly enter: string;
  readonly leave: string;
  readonly offset: string;
  /** One pattern on each line. */
  readonly pools: string;
  readonly workers: string;
  readonly holdS: string;
  readonly severity: Severity;
  readonly scope: RuleScope;
}

/** Sentences by the name that the server gives the field. */
export type Problems = Readonly<Record<string, string>>;

export const EVERYWHERE: RuleScope = { siteIds: [], rackIds: [], models: [], firmwares: [], tags: [], agentIds: [] };

const NEW: RuleDraft = {
  ...{ name: "", enabled: true, kind: "chipTemp", enter: "", leave: "", offset: "", pools: "", workers: "" },
  ...{ holdS: "60", severity: "warning", scope: EVERYWHERE },
};

/** null: a new one. */
export function draftOf(rule: AlertRule | null): RuleDraft {
  if (rule === null) return NEW;
  const { name, enabled, condition, holdMs, severity, scope } = rule;
  return { ...NEW, name, enabled, kind: condition.kind, holdS: String(holdMs / 1000), severity, scope, ...limitsOf(condition) };
}

function limitsOf(condition: AlertCondition): Partial<RuleDraft> {
  if (condition.kind === "poolOutside") return { pools: condition.pools.join("\n"), workers: condition.workers.join("\n") };
  if (!("enter" in condition)) return {};
  const { kind, enter, leave, offset } = condition;
  const text = (value: number | null): string => (value === null ? "" : String(shownLimit(kind, value)));
  return { enter: text(enter), leave: text(leave), offset: offset === 0 ? "" : String(shownDegrees(offset)) };
}

/** What the server is sent, or what is wrong with what was typed. */
export function bodyOf(draft: RuleDraft): { readonly body: AlertRuleBody | null; readonly problems: Problems } {
  const problems: Record<string, string> = {};
  const number = (field: string, text: string, toKept: (shown: number) => number): number | null => {
    const value = Number(text.trim().replace(",", "."));
    if (text.trim() === "") return null;
    if (!Number.isFinite(value)) problems[field] = `“${text.trim()}” is no number`;
    return toKept(value);
  };
  if (draft.name.trim() === "") problems["name"] = "A rule needs a name";
  const holdMs = number("holdMs", draft.holdS, (seconds) => Math.round(seconds * 1000)) ?? 0;
  const condition = conditionOf(draft, number);
  const used = scopeFieldsOf(draft.kind);
  const scope = {
    ...EVERYWHERE,
    ...Object.fromEntries(SCOPE_FIELDS.filter((field) => used.includes(field)).map((field) => [field, draft.scope[field]])),
  };
  const { enabled, severity } = draft;
  const body = { name: draft.name.trim(), enabled, condition, holdMs, severity, scope };
  return { body: Object.keys(problems).length === 0 ? body : null, problems };
}

type ReadNumber = (field: string, text: string, toKept: (shown: number) => number) => number | null;

function conditionOf({ kind, enter, leave, offset, pools, workers }: RuleDraft, number: ReadNumber): AlertCondition {
  if (kind === "poolOutside") return { kind, pools: linesOf(pools), workers: linesOf(workers) };
  if (!isThreshold(kind)) return { kind };
  return {
    kind,
    enter: number("condition.enter", enter, (shown) => keptLimit(kind, shown)),
    leave: number("condition.leave", leave, (shown) => keptLimit(kind, shown)),
    offset: isTemperature(kind) ? (number("condition.offset", offset, keptDegrees) ?? 0) : 0,
  };
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

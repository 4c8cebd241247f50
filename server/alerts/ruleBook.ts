import { z } from "zod";
import { AlertRule, type AlertCondition, type AlertRuleBody, type AlertRulePatch, type RuleScope } from "../contract/incidents.ts";
import { ChangeError } from "../fleet/changeError.ts";
import type { Directory } from "../fleet/directory.ts";
import { createSerial, mirrorChange, RecordMirror, writeThrough } from "../fleet/recordMirror.ts";
import { newId } from "../fleet/secrets.ts";
import { DEFAULT_THRESHOLDS } from "../fleet/thresholds.ts";
import type { RecordStore } from "../store/store.ts";
import { BUILT_IN_RULES, defaultRule } from "./builtInRules.ts";
import { isBelow, limitsOf } from "./limits.ts";

/** A rule as it is kept. */
export const StoredRule = AlertRule.omit({ pendingCount: true, firingCount: true });
export type StoredRule = z.infer<typeof StoredRule>;

const OWN_RULES_MAX = 200;
const AGENT_KINDS: ReadonlySet<AlertCondition["kind"]> = new Set(["agentDown", "agentBehind", "clockSkew"]);
export const isAboutAgents = ({ kind }: AlertCondition): boolean => AGENT_KINDS.has(kind);
export const isAboutServer = ({ kind }: AlertCondition): boolean => kind === "diskFilling";

export interface RuleBookParts {
  readonly records: RecordStore;
  readonly directory: Pick<Directory, "site" | "racks" | "agent">;
}

/** The rules: those that are built in, as people have changed them, and their own. */
export async function openRuleBook(parts: RuleBookParts): Promise<RuleBook> {
  const mirror = new RecordMirror("alertRule", StoredRule);
  await mirror.reload(parts.records);
  return new RuleBook(parts, mirror);
}

/** Changes answer null or false where the rule is not there, and reject with ChangeError where it could not be evaluated. */
export class RuleBook {
  readonly #parts: RuleBookParts;
  readonly #mirror: RecordMirror<StoredRule>;
  readonly #serial = createSerial();
  readonly #listeners = new Set<() => void>();

  constructor(parts: RuleBookParts, mirror: RecordMirror<StoredRule>) {
    this.#parts = parts;
    this.#mirror = mirror;
  }

  rules(): StoredRule[] {
    const builtIn = BUILT_IN_RULES.map((rule) => this.#mirror.get(rule.id) ?? defaultRule(rule));
    return [...builtIn, ...this.#mirror.values().filter((rule) => !rule.builtIn)];
  }

  rule(id: string): StoredRule | null {
    return this.rules().find((rule) => rule.id === id) ?? null;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  create(body: AlertRuleBody): Promise<StoredRule> {
    return this.#serial(async () => {
      if (this.#mirror.values().filter((rule) => !rule.builtIn).length >= OWN_RULES_MAX)
        throw new ChangeError("conflict", `There are ${OWN_RULES_MAX} own rules already, which is the limit; delete one first`);
      const rule = { id: newId(), builtIn: false, ...body };
      this.#requireSound(rule);
      await this.#write(rule.id, rule);
      return rule;
    });
  }

  change(id: string, patch: AlertRulePatch): Promise<StoredRule | null> {
    return this.#serial(async () => {
      const rule = this.rule(id);
      if (rule === null) return null;
      if (rule.builtIn && patch.condition !== undefined && patch.condition.kind !== rule.condition.kind)
        throw new ChangeError("conflict", "A built-in rule keeps what it looks at; make a rule of your own for another", "condition.kind");
      const changed = StoredRule.parse({ ...rule, ...patch });
      this.#requireSound(changed);
      await this.#write(id, changed);
      return changed;
    });
  }

  remove(id: string): Promise<boolean> {
    return this.#serial(async () => {
      const rule = this.rule(id);
      if (rule === null) return false;
      if (rule.builtIn) throw new ChangeError("conflict", "A built-in rule cannot be deleted; switch it off instead");
      await this.#write(id, null);
      return true;
    });
  }

  async #write(id: string, rule: StoredRule | null): Promise<void> {
    await writeThrough(this.#parts.records, [mirrorChange(this.#mirror, id, rule)]);
    for (const listener of this.#listeners) listener();
  }

  /** Throws ChangeError (naming the place) where a rule could never be evaluated, or never end. */
  requireEvaluable({ condition, scope }: Pick<AlertRuleBody, "condition" | "scope">): void {
    requireLimits(condition);
    requireKnown(scope, this.#parts.directory);
    if (isAboutAgents(condition)) requireEmpty(scope, ["rackIds", "models", "firmwares", "tags"], "agents");
    if (isAboutServer(condition)) requireEmpty(scope, ["siteIds", "agentIds", "rackIds", "models", "firmwares", "tags"], "the server");
  }

  #requireSound(rule: StoredRule): void {
    if (this.rules().some((other) => other.id !== rule.id && other.name.toLowerCase() === rule.name.toLowerCase()))
      throw new ChangeError("conflict", `There is a rule “${rule.name}” already; choose another name`, "name");
    this.requireEvaluable(rule);
  }
}

const RATIOS: ReadonlySet<string> = new Set(["lowHashrate", "hashrateDecline", "fanWeak", "hwErrors", "rejects", "stales"]);

function requireLimits(condition: AlertCondition): void {
  if (!("enter" in condition)) return;
  const { kind, enter, leave } = condition;
  if (enter === 0 && kind !== "diskFilling")
    throw new ChangeError(
      "invalid",
      `enter: 0 would ${isBelow(kind) ? "never be reached" : "always hold"}; give a larger value`,
      "condition.enter",
    );
  for (const [field, value] of Object.entries({ enter, leave }))
    if (RATIOS.has(kind) && value !== null && value > 1)
      throw new ChangeError("invalid", `${field}: a ratio is between 0 and 1, not ${value}`, `condition.${field}`);
  if (leave === null) return;
  const limits = limitsOf(condition, DEFAULT_THRESHOLDS[0]);
  if (isBelow(kind) ? limits.leave < limits.enter : limits.leave > limits.enter)
    throw new ChangeError(
      "invalid",
      `leave: ${limits.leave} must be ${isBelow(kind) ? "at least" : "at most"} ${limits.enter}, where the condition begins, or it would end as it begins`,
      "condition.leave",
    );
}

function requireKnown({ siteIds, rackIds, agentIds }: RuleScope, directory: RuleBookParts["directory"]): void {
  const unknownSite = siteIds.find((id) => directory.site(id) === null);
  if (unknownSite !== undefined) throw new ChangeError("invalid", `There is no site ${unknownSite}`, "scope.siteIds");
  const racks = new Set(directory.racks().map(({ id }) => id));
  const unknownRack = rackIds.find((id) => !racks.has(id));
  if (unknownRack !== undefined) throw new ChangeError("invalid", `There is no rack ${unknownRack}`, "scope.rackIds");
  const unknownAgent = agentIds.find((id) => directory.agent(id) === null);
  if (unknownAgent !== undefined) throw new ChangeError("invalid", `There is no agent ${unknownAgent}`, "scope.agentIds");
}

function requireEmpty(scope: RuleScope, fields: readonly (keyof RuleScope)[], what: string): void {
  const filled = fields.find((field) => scope[field].length > 0);
  if (filled !== undefined) throw new ChangeError("invalid", `A rule about ${what} cannot be narrowed by ${filled}`, `scope.${filled}`);
}

import type { AlertRule, AlertRuleBody, RulePreview, Silence, SilenceBody } from "../../server/contract/incidents.ts";
import { list, ok, type Answer } from "./fakeAnswer.ts";

type Body = Record<string, unknown>;

const EVERYWHERE = { siteIds: [], rackIds: [], models: [], firmwares: [], tags: [], agentIds: [] };
const rule = (id: string, name: string, change: Partial<AlertRule>): AlertRule => ({
  ...{ id, name, builtIn: true, enabled: true, holdMs: 60_000, scope: EVERYWHERE, severity: "warning", pendingCount: 0, firingCount: 0 },
  condition: { kind: "unreachable" },
  ...change,
});

/** Rules and silences behind the page, changed by its requests. */
export class FakeAlerting {
  rules: AlertRule[] = [
    rule("unreachable", "Unreachable", { holdMs: 10_000, firingCount: 3, pendingCount: 1 }),
    rule("lowHashrate", "Hashrate below its rating", { condition: { kind: "lowHashrate", enter: null, leave: null, offset: 0 } }),
    rule("chipTempCritical", "Chips far too hot", {
      severity: "critical",
      condition: { kind: "chipTemp", enter: null, leave: null, offset: 7 },
    }),
    rule("poolOutside", "Pool or worker that is not allowed", { holdMs: 0, condition: { kind: "poolOutside", pools: [], workers: [] } }),
    rule("agentDown", "Agent down", { condition: { kind: "agentDown" } }),
  ];
  silences: Silence[] = [];
  preview: RulePreview = {
    ...{ scopeCount: 50, metCount: 2, unknownCount: 1 },
    met: [
      { id: "m3", name: "A01-03", siteId: "site1", value: 97, detail: "97 °C, limit 95 °C" },
      { id: "m4", name: "A01-04", siteId: "site1", value: 98, detail: "98 °C, limit 95 °C" },
    ],
    history: {
      ...{ fromMs: Date.now() - 7 * 86_400_000, toMs: Date.now(), firedCount: 9, firedMinerCount: 4, readMinerCount: 50, detail: "" },
      perDay: [0, 0, 1, 5, 3, 0, 0],
    },
  };
  /** What the next change or preview is refused with, null for nothing. */
  refusal: Answer | null = null;
  /** Bodies of what was made or changed, and of previews, in order. */
  readonly changes: Body[] = [];
  #count = 0;

  /** null: not about these. */
  answer(call: string, body: Body): Answer | null {
    const [, method = "", kind = "", id = ""] = /^(\w+) \/(alert-rules|silences)(?:\/([^/?]+))?$/.exec(call) ?? [];
    if (method === "") return null;
    if (method === "GET") return list(kind === "silences" ? this.silences : this.rules);
    if (this.refusal !== null) {
      const refusal = this.refusal;
      this.refusal = null;
      return refusal;
    }
    if (method !== "DELETE") this.changes.push(body);
    if (id === "preview") return ok(this.preview);
    return kind === "silences" ? this.#changeSilences(method, id, body) : this.#changeRules(method, id, body);
  }

  #changeRules(method: string, id: string, body: Body): Answer {
    if (method === "DELETE") {
      this.rules = this.rules.filter((each) => each.id !== id);
      return ok(null, 204);
    }
    if (method === "PATCH") {
      this.rules = this.rules.map((each) => (each.id === id ? { ...each, ...body } : each));
      return ok(this.rules.find((each) => each.id === id));
    }
    const made = rule(`rule${++this.#count}`, "", { ...(body as unknown as AlertRuleBody), builtIn: false });
    this.rules = [...this.rules, made];
    return ok(made, 201);
  }

  #changeSilences(method: string, id: string, body: Body): Answer {
    if (method === "DELETE") {
      this.silences = this.silences.filter((each) => each.id !== id);
      return ok(null, 204);
    }
    if (method === "PATCH") {
      this.silences = this.silences.map((each) => (each.id === id ? shown({ ...each, ...body }) : each));
      return ok(this.silences.find((each) => each.id === id));
    }
    const made = shown({ ...(body as unknown as SilenceBody), id: `silence${++this.#count}`, createdBy: "maria", createdAtMs: Date.now() });
    this.silences = [...this.silences, made];
    return ok(made, 201);
  }
}

/** With the window that is open or comes next; of a cron expression, tomorrow at this time. */
function shown(silence: Omit<Silence, "active" | "startsAtMs" | "endsAtMs">): Silence {
  const nowMs = Date.now();
  const { when } = silence;
  const beginMs = when.kind === "once" ? when.fromMs : nowMs + 86_400_000;
  const endMs = when.kind === "once" ? when.toMs : beginMs + when.durationMs;
  const isOver = !silence.enabled || endMs <= nowMs;
  return {
    ...silence,
    active: silence.enabled && beginMs <= nowMs && nowMs < endMs,
    startsAtMs: isOver ? null : beginMs,
    endsAtMs: isOver ? null : endMs,
  };
}

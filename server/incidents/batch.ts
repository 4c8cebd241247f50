import type { StoredAlert } from "../store/store.ts";
import type { Effect } from "./gatherer.ts";
import type { LogEvent } from "./log.ts";
import type { IncidentNews } from "./news.ts";
import type { GatheredIncident } from "./state.ts";

/** What has happened since the last commit. */
export class Batch {
  readonly events: LogEvent[] = [];
  readonly #alerts = new Map<string, StoredAlert>();
  readonly #effects = new Map<GatheredIncident, Effect[]>();

  get isEmpty(): boolean {
    return this.events.length === 0 && this.#alerts.size === 0;
  }

  addAlert(alert: StoredAlert): void {
    this.#alerts.set(`${alert.ruleId} ${alert.subjectId}`, alert);
  }

  addEvent(event: LogEvent, effects: readonly Effect[]): void {
    this.events.push(event);
    for (const effect of effects) this.#effects.set(effect.incident, [...(this.#effects.get(effect.incident) ?? []), effect]);
  }

  alerts(): StoredAlert[] {
    return [...this.#alerts.values()];
  }

  closed(): GatheredIncident[] {
    return [...this.#effects.keys()].filter(({ state }) => state === "closed");
  }

  /** One piece of news for each incident, the end apart and last: whoever took another in is told of before that one's end. */
  told(): { kind: IncidentNews["kind"]; reason: IncidentNews["reason"]; incident: GatheredIncident }[] {
    const entries = [...this.#effects];
    const before = entries.flatMap(([incident, effects]) => {
      const strongest = ["opened", "changed", "updated"].map((kind) => effects.find((effect) => effect.kind === kind)).find(Boolean);
      if (strongest === undefined || (strongest.kind === "updated" && incident.state === "closed")) return [];
      return [{ kind: strongest.kind, reason: reasonOf(strongest, effects), incident }];
    });
    const ends = this.closed().map((incident) => ({ kind: "closed" as const, reason: null, incident }));
    return [...before, ...ends];
  }

  /** Puts what came before in front, after a commit of it failed. */
  prepend(earlier: Batch): void {
    const later = [...this.#alerts.values()];
    this.#alerts.clear();
    for (const alert of [...earlier.alerts(), ...later]) this.addAlert(alert);
    this.events.unshift(...earlier.events);
    for (const [incident, effects] of earlier.#effects) this.#effects.set(incident, [...effects, ...(this.#effects.get(incident) ?? [])]);
  }
}

/** A larger scope says more than a higher severity. */
function reasonOf({ kind, reason }: Effect, effects: readonly Effect[]): IncidentNews["reason"] {
  if (kind !== "changed") return null;
  return effects.some((effect) => effect.reason === "scopeUp") ? "scopeUp" : reason;
}

import type { Logger } from "pino";
import type { AlertRule, AlertRuleBody, RulePreview } from "../contract/incidents.ts";
import type { Directory } from "../fleet/directory.ts";
import type { AgentLinkPort, FleetWatchPort } from "../fleet/ports.ts";
import { openIncidents, type Incidents } from "../incidents/incidents.ts";
import type { Store } from "../store/store.ts";
import { Baselines } from "./baselines.ts";
import { AlertEngine } from "./engine.ts";
import { Facts } from "./factsOf.ts";
import { PoolHabits } from "./poolHabits.ts";
import { previewRule } from "./preview.ts";
import { openRuleBook, type RuleBook, type StoredRule } from "./ruleBook.ts";
import { openSilences, type Silences } from "./silences.ts";

export interface AlertParts {
  readonly fleet: FleetWatchPort;
  readonly directory: Directory;
  readonly agentLink: Pick<AgentLinkPort, "describe">;
  readonly store: Pick<Store, "alerts" | "records" | "forecast" | "readEvents" | "readSeries">;
  readonly clock: () => number; // epoch ms
  readonly log: Logger;
}

/** Opens rules, silences and incidents, takes back the alerts that were, and begins to watch. Rejects with StoreError where something cannot be read. */
export async function openAlerts(parts: AlertParts): Promise<Alerts> {
  const { store, directory, clock, log } = parts;
  const { records } = store;
  const rules = await openRuleBook({ records, directory });
  const silences = await openSilences({ records, directory, clock });
  const habits = await PoolHabits.open(records);
  const { incidents, restored } = await openIncidents({ store: store.alerts, clock, log });
  const baselines = new Baselines(parts);
  const facts = new Facts({ ...parts, baselines });
  const engine = new AlertEngine({ ...parts, rules, silences, incidents, habits, facts });
  await engine.start(restored);
  return new Alerts(parts, { rules, silences, habits, incidents, baselines, facts, engine });
}

interface Opened {
  readonly rules: RuleBook;
  readonly silences: Silences;
  readonly habits: PoolHabits;
  readonly incidents: Incidents;
  readonly baselines: Baselines;
  readonly facts: Facts;
  readonly engine: AlertEngine;
}

/** Alerts as a whole: what the timetable drives, what HTTP and the live stream ask, what ends with `close`. */
export class Alerts {
  readonly rules: RuleBook;
  readonly silences: Silences;
  readonly incidents: Incidents;
  readonly engine: AlertEngine;
  readonly #parts: AlertParts;
  readonly #opened: Opened;
  #evaluatedAtMs: number | null = null;

  constructor(parts: AlertParts, opened: Opened) {
    this.#parts = parts;
    this.#opened = opened;
    this.rules = opened.rules;
    this.silences = opened.silences;
    this.incidents = opened.incidents;
    this.engine = opened.engine;
  }

  /** Each second: looks at what changed and writes what came of it. */
  async evaluate(nowMs: number): Promise<void> {
    this.engine.tick(nowMs);
    await this.incidents.commit();
    this.#evaluatedAtMs = nowMs;
  }

  /** When everything that changed was last looked at; null: not yet. */
  get evaluatedAtMs(): number | null {
    return this.#evaluatedAtMs;
  }

  /** Each minute: compares a few machines with their own past. */
  async refreshBaselines(nowMs: number): Promise<void> {
    this.engine.lookAgain(await this.#opened.baselines.refresh(nowMs));
  }

  /** Each ten minutes: how long the disk lasts. */
  readForecast(): Promise<void> {
    return this.engine.readForecast();
  }

  ruleNow(rule: StoredRule): AlertRule {
    const { pending, firing } = this.engine.countOf(rule.id);
    return { ...rule, pendingCount: pending, firingCount: firing };
  }

  /** Rejects with ChangeError where the rule could not be evaluated. */
  preview(rule: AlertRuleBody, siteIds: readonly string[] | null, nowMs: number): Promise<RulePreview> {
    const { habits, facts } = this.#opened;
    return previewRule(rule, { ...this.#parts, habits, facts, siteIds }, nowMs);
  }

  async close(): Promise<void> {
    this.engine.close();
    await this.incidents.close();
  }
}

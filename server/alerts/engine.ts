import type { Logger } from "pino";
import type { Directory } from "../fleet/directory.ts";
import type { Miner } from "../fleet/miner.ts";
import type { AgentLinkPort, AgentRecord, FleetWatchPort } from "../fleet/ports.ts";
import type { Incidents, Restored } from "../incidents/incidents.ts";
import type { FiredEvent, Quiet, Subject } from "../incidents/log.ts";
import type { Store } from "../store/store.ts";
import { ActiveRule, StoredAlertState, VERDICTS } from "./activeRule.ts";
import { agentDetail, evaluateAgent, evaluateDisk, type AgentFacts } from "./agents.ts";
import { evaluate, MET, UNKNOWN, type Code, type MinerFacts } from "./conditions.ts";
import { detailOf, familyOf, valueText } from "./detail.ts";
import { DueHeap } from "./dueHeap.ts";
import type { Facts } from "./factsOf.ts";
import { LossMeter } from "./loss.ts";
import type { PoolHabits } from "./poolHabits.ts";
import { isAboutAgents, isAboutServer, type RuleBook } from "./ruleBook.ts";
import type { Silences } from "./silences.ts";
import { dueAtMs, isForgettable, transition, type Alert } from "./transition.ts";
import { subjectOfMiner, Tree } from "./tree.ts";

const COMPARE_MS = 60_000;
const SERVER: Subject = { kind: "server", id: "server", name: "The Hashwatch server", address: null, siteId: null, minerCount: 0 };

export interface EngineParts {
  readonly fleet: FleetWatchPort;
  readonly directory: Pick<Directory, "site" | "racks" | "nodes" | "agents" | "threshold" | "onChange">;
  readonly agentLink: Pick<AgentLinkPort, "describe">;
  readonly store: Pick<Store, "forecast" | "readEvents" | "records">;
  readonly rules: RuleBook;
  readonly silences: Pick<Silences, "tick" | "quietOf" | "covers">;
  readonly incidents: Incidents;
  readonly habits: PoolHabits;
  readonly facts: Facts;
  readonly clock: () => number; // epoch ms
  readonly log: Logger;
}

/** How long it took to look at what changed, for /metrics. */
export interface EvaluationCounters {
  seconds: number;
  count: number;
}

/**
 * Watches the fleet: only machines that changed are looked at, and what waits for its time stands in one heap. Alerts that begin or end to fire go to the
 * incidents; every change of an alert is written with them.
 */
export class AlertEngine {
  readonly counters: EvaluationCounters = { seconds: 0, count: 0 };
  readonly #parts: EngineParts;
  readonly #facts: Facts;
  readonly #tree: Tree;
  readonly #loss: LossMeter;
  readonly #due = new DueHeap<{ readonly active: ActiveRule; readonly subjectId: string }>();
  readonly #dirty = new Set<number>();
  readonly #quiet = new Map<string, Quiet>();
  readonly #newestSamples = new Map<string, { newestMs: number; atMs: number }>();
  readonly #unlisten: (() => void)[] = [];
  readonly #startedAtMs: number;
  #active: ActiveRule[] = [];
  #comparedAtMs = -Infinity;
  #fullInDays: number | null = null;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#facts = parts.facts;
    this.#tree = new Tree(parts);
    this.#loss = new LossMeter(parts);
    this.#startedAtMs = parts.clock();
  }

  /** Takes back the alerts that were, and begins to listen. Nothing fires a second time; who waited goes on waiting, the time without a server left out. */
  async start(restored: Restored): Promise<void> {
    this.#active = this.#parts.rules.rules().map((rule) => new ActiveRule(rule, this.#parts.habits));
    for (const stored of restored.alerts) this.#restore(stored, restored.writtenAtMs);
    await this.#readPast();
    const { fleet, directory, rules } = this.#parts;
    this.#unlisten.push(
      fleet.onRowChange((row, what) => this.#rowChanged(row, what)),
      fleet.onEvent((event) => this.#facts.note(event, this.#parts.clock())),
      rules.onChange(() => this.#rulesChanged()),
      directory.onChange(({ kind }) => {
        if (kind === "settings") this.#facts.settingsChanged();
        this.#tree.changed();
      }),
    );
    for (let row = 0; row < fleet.rowCount; row++) this.#rowChanged(row, "added");
  }

  close(): void {
    for (const end of this.#unlisten.splice(0)) end();
  }

  /** Looks at what changed, and lets time pass. Once a second. */
  tick(nowMs: number): void {
    const startedAt = performance.now();
    this.#windowsChanged(nowMs);
    if (nowMs - this.#comparedAtMs >= COMPARE_MS) this.#eachMinute(nowMs);
    for (const row of this.#dirty) this.#look(row, nowMs);
    this.#dirty.clear();
    this.#lookAtAgents(nowMs);
    this.#lookAtServer(nowMs);
    for (let due = this.#due.pop(nowMs); due !== null; due = this.#due.pop(nowMs)) this.#wake(due, nowMs);
    this.#loss.tick(nowMs);
    this.#parts.incidents.tick(nowMs, { isWaiting: this.#count().pending > 0 });
    this.counters.seconds += (performance.now() - startedAt) / 1000;
    this.counters.count++;
  }

  /** Once in some minutes: how long the disk lasts. */
  async readForecast(): Promise<void> {
    this.#fullInDays = (await this.#parts.store.forecast()).fullInDays ?? Infinity;
  }

  /** Machines whose baseline was read anew. */
  lookAgain(rows: readonly number[]): void {
    for (const row of rows) this.#dirty.add(row);
  }

  countOf(ruleId: string): { pending: number; firing: number } {
    const counts = { pending: 0, firing: 0 };
    for (const { rule, alerts } of this.#active)
      if (rule.id === ruleId) for (const { state } of alerts.values()) if (state === "pending" || state === "firing") counts[state]++;
    return counts;
  }

  countByState(): { pending: number; firing: number } {
    return this.#count();
  }

  #count(): { pending: number; firing: number } {
    const counts = { pending: 0, firing: 0 };
    for (const { alerts } of this.#active)
      for (const { state } of alerts.values()) if (state === "pending" || state === "firing") counts[state]++;
    return counts;
  }

  /* Machines */

  #rowChanged(row: number, what: "values" | "identity" | "added" | "removed"): void {
    if (what === "removed") {
      this.#removed(row);
      return;
    }
    this.#dirty.add(row);
    if (what === "values") return;
    this.#tree.changed();
    const miner = this.#parts.fleet.minerAt(row);
    for (const active of this.#active) {
      active.reserve(row + 1);
      active.place(row, miner);
      if (miner !== null && active.applies[row] === 0) this.#drop(active, miner.id);
    }
  }

  #removed(row: number): void {
    this.#dirty.delete(row);
    this.#tree.changed();
    for (const active of this.#active) {
      active.reserve(row + 1);
      active.applies[row] = 0;
      for (const subjectId of [...active.alerts.keys()])
        if (subjectId.startsWith("m") && !isAboutAgents(active.rule.condition) && this.#parts.fleet.miner(subjectId) === null)
          this.#drop(active, subjectId);
    }
  }

  #look(row: number, nowMs: number): void {
    const miner = this.#parts.fleet.minerAt(row);
    const facts = this.#facts.at(row, nowMs);
    if (miner === null || facts === null) return;
    if (!facts.blind && miner.sample !== null) this.#parts.habits.learn(miner.sample, miner.siteId, nowMs);
    for (const active of this.#active) {
      if (active.applies[row] === 0 || !active.rule.enabled) continue;
      const code = evaluate(active.ready, facts, active.wasMet[row] === 1);
      if (code === active.codes[row]) continue;
      active.codes[row] = code;
      if (code !== UNKNOWN) active.wasMet[row] = code;
      if (code !== MET && !active.alerts.has(miner.id)) continue;
      this.#advance(active, miner.id, code, { nowMs, describe: (alert) => this.#ofMiner(active, miner, { facts, alert, nowMs }) });
    }
  }

  #wake({ active, subjectId }: { active: ActiveRule; subjectId: string }, nowMs: number): void {
    const alert = active.alerts.get(subjectId);
    if (alert === undefined || (dueAtMs(alert, active.rule.holdMs) ?? Infinity) > nowMs) return;
    const miner = this.#parts.fleet.miner(subjectId);
    if (miner === null) {
      const code = active.codeOf.get(subjectId);
      if (code !== undefined)
        this.#advance(active, subjectId, code, { nowMs, describe: (next) => this.#ofOther(active, subjectId, next, nowMs) });
      return;
    }
    const facts = this.#facts.at(miner.row, nowMs);
    if (facts === null) return;
    const code = active.codes[miner.row] as Code;
    this.#advance(active, subjectId, code, { nowMs, describe: (next) => this.#ofMiner(active, miner, { facts, alert: next, nowMs }) });
  }

  #ofMiner(
    active: ActiveRule,
    miner: Readonly<Miner>,
    { facts, alert, nowMs }: { facts: MinerFacts; alert: Alert; nowMs: number },
  ): FiredEvent {
    const family = familyOf(active.rule.condition, facts);
    const { sample } = facts;
    const ratedFirst = family === "hash" || family === "heat";
    const beforeHs = ratedFirst ? (sample?.ratedHashrateHs ?? sample?.hashrateMeanHs) : (sample?.hashrateMeanHs ?? sample?.ratedHashrateHs);
    return {
      ...firedBy(active, alert, nowMs),
      ...{ family, subject: subjectOfMiner(miner), nodes: this.#tree.nodesOf(miner), detail: detailOf(active.ready, facts) },
      ...{ beforeHs: beforeHs ?? null, quiet: this.#parts.silences.quietOf(miner, nowMs) },
    };
  }

  /* Agents and the server */

  #lookAtAgents(nowMs: number): void {
    const rules = this.#active.filter(({ rule }) => rule.enabled && isAboutAgents(rule.condition));
    if (rules.length === 0) return;
    for (const agent of this.#parts.directory.agents()) {
      const seen = this.#factsOfAgent(agent, nowMs);
      for (const active of rules) {
        const { siteIds, agentIds } = active.rule.scope;
        if ((siteIds.length > 0 && !siteIds.includes(agent.siteId)) || (agentIds.length > 0 && !agentIds.includes(agent.id))) continue;
        const wasMet = active.codeOf.get(agent.id) === MET;
        this.#takeCode(active, agent.id, evaluateAgent(active.ready, seen, { nowMs, wasMet }), nowMs);
      }
    }
  }

  #factsOfAgent(agent: AgentRecord, nowMs: number): AgentFacts {
    const facts = this.#parts.fleet.agentFacts(agent.id);
    const before = this.#newestSamples.get(agent.id);
    const newestMs = facts.newestSampleAtMs ?? 0;
    const isCatchingUp = before !== undefined && newestMs - before.newestMs > 2 * (nowMs - before.atMs);
    if (before === undefined || nowMs - before.atMs >= 10_000) this.#newestSamples.set(agent.id, { newestMs, atMs: nowMs });
    return { agent, facts, link: this.#parts.agentLink.describe(agent, nowMs), startedAtMs: this.#startedAtMs, isCatchingUp };
  }

  #lookAtServer(nowMs: number): void {
    for (const active of this.#active) {
      if (!active.rule.enabled || !isAboutServer(active.rule.condition)) continue;
      this.#takeCode(active, SERVER.id, evaluateDisk(active.ready, this.#fullInDays, active.codeOf.get(SERVER.id) === MET), nowMs);
    }
  }

  #takeCode(active: ActiveRule, subjectId: string, code: Code, nowMs: number): void {
    if (code === (active.codeOf.get(subjectId) ?? UNKNOWN)) return;
    active.codeOf.set(subjectId, code);
    if (code === MET || active.alerts.has(subjectId))
      this.#advance(active, subjectId, code, { nowMs, describe: (alert) => this.#ofOther(active, subjectId, alert, nowMs) });
  }

  #ofOther(active: ActiveRule, subjectId: string, alert: Alert, nowMs: number): FiredEvent {
    const fired = { ...firedBy(active, alert, nowMs), family: familyOf(active.rule.condition, null), beforeHs: null };
    const agent = this.#parts.directory.agents().find(({ id }) => id === subjectId);
    if (agent === undefined) {
      const detail = `${valueText("diskFilling", this.#fullInDays ?? 0)} left`;
      return { ...fired, subject: SERVER, nodes: [], detail, quiet: null };
    }
    const { id, name, siteId } = agent;
    const seen = this.#factsOfAgent(agent, nowMs);
    const subject: Subject = { kind: "agent", id, name, address: null, siteId, minerCount: seen.facts.minerCount };
    const quiet = this.#parts.silences.covers({ siteId, rackId: null, tags: [] }, nowMs);
    return { ...fired, subject, nodes: this.#tree.nodesOfAgent(agent), detail: agentDetail(active.ready, seen, nowMs), quiet };
  }

  /* Alerts */

  #advance(
    active: ActiveRule,
    subjectId: string,
    code: Code,
    { nowMs, describe }: { nowMs: number; describe: (alert: Alert) => FiredEvent },
  ): void {
    const before = active.alertOf(subjectId);
    const alert = transition(before, VERDICTS[code], { nowMs, heldMs: active.rule.holdMs });
    if (alert === before) return;
    this.#keep(active, subjectId, alert);
    const dueMs = dueAtMs(alert, active.rule.holdMs);
    if (dueMs !== null) this.#due.push(dueMs, { active, subjectId });
    if (before.state !== "firing" && alert.state === "firing")
      this.#fire(describe({ ...alert, sinceMs: before.state === "pending" ? before.sinceMs : nowMs }));
    else if (before.state === "firing" && alert.state !== "firing") this.#resolve(active, subjectId, nowMs);
  }

  #fire(event: FiredEvent): void {
    if (event.quiet !== null) this.#quiet.set(event.subject.id, event.quiet);
    this.#parts.incidents.record(event);
  }

  #resolve(active: ActiveRule, subjectId: string, nowMs: number): void {
    this.#parts.incidents.record({ type: "resolved", atMs: nowMs, ruleId: active.rule.id, subjectId });
    if (!this.#isFiring(subjectId)) this.#quiet.delete(subjectId);
  }

  #isFiring(subjectId: string): boolean {
    return this.#active.some(({ alerts }) => alerts.get(subjectId)?.state === "firing");
  }

  #keep(active: ActiveRule, subjectId: string, alert: Alert | null): void {
    if (alert === null) active.alerts.delete(subjectId);
    else active.alerts.set(subjectId, alert);
    this.#parts.incidents.keepAlert({ ruleId: active.rule.id, subjectId, document: alert });
  }

  /** The rule is no longer about it: whatever it said ends. */
  #drop(active: ActiveRule, subjectId: string): void {
    const alert = active.alerts.get(subjectId);
    if (alert === undefined) return;
    this.#keep(active, subjectId, null);
    if (alert.state === "firing") this.#resolve(active, subjectId, this.#parts.clock());
  }

  /** Rules that stay as they were keep their alerts; of those that changed, are off or gone, all that they said ends. */
  #rulesChanged(): void {
    const before = new Map(this.#active.map((active) => [active.rule.id, active]));
    const next = this.#parts.rules.rules().map((rule) => {
      const known = before.get(rule.id);
      if (known === undefined || !isSameRule(known, rule)) return new ActiveRule(rule, this.#parts.habits);
      before.delete(rule.id);
      return known;
    });
    for (const active of before.values()) for (const subjectId of [...active.alerts.keys()]) this.#drop(active, subjectId);
    this.#active = next;
    for (let row = 0; row < this.#parts.fleet.rowCount; row++) this.#rowChanged(row, "identity");
  }

  /** Silences and maintenance windows that began, ended or were changed. */
  #windowsChanged(nowMs: number): void {
    const { silences, fleet, incidents } = this.#parts;
    if (!silences.tick(nowMs)) return;
    fleet.setMaintenance((miner) => silences.quietOf(miner, nowMs) === "maintenance");
    const firing = new Set(
      this.#active.flatMap(({ alerts }) => [...alerts].flatMap(([id, { state }]) => (state === "firing" ? [id] : []))),
    );
    for (const subjectId of firing) {
      const quiet = this.#quietOfSubject(subjectId, nowMs);
      if (quiet === (this.#quiet.get(subjectId) ?? null)) continue;
      if (quiet === null) this.#quiet.delete(subjectId);
      else this.#quiet.set(subjectId, quiet);
      incidents.record({ type: "quiet", atMs: nowMs, subjectId, quiet });
    }
  }

  #quietOfSubject(subjectId: string, nowMs: number): Quiet | null {
    const miner = this.#parts.fleet.miner(subjectId);
    if (miner !== null) return this.#parts.silences.quietOf(miner, nowMs);
    const agent = this.#parts.directory.agents().find(({ id }) => id === subjectId);
    return agent === undefined ? null : this.#parts.silences.covers({ siteId: agent.siteId, rackId: null, tags: [] }, nowMs);
  }

  #eachMinute(nowMs: number): void {
    this.#comparedAtMs = nowMs;
    this.#tree.changed(); // switches and power strips change without a word
    this.#facts.compare();
    this.#facts.trim(nowMs);
    for (const active of this.#active)
      for (const [subjectId, alert] of active.alerts) {
        if (isForgettable(alert, nowMs)) this.#keep(active, subjectId, null);
        const row = this.#parts.fleet.miner(subjectId)?.row;
        if (row !== undefined) this.#dirty.add(row); // what passes with time alone
      }
    this.#parts.habits
      .save(this.#parts.store.records)
      .catch((err: unknown) => this.#parts.log.error({ err }, "pools that were learnt could not be stored"));
  }

  /* Start */

  #restore({ ruleId, subjectId, document }: Restored["alerts"][number], writtenAtMs: number): void {
    const active = this.#active.find(({ rule }) => rule.id === ruleId);
    const read = StoredAlertState.safeParse(document);
    if (active === undefined || !read.success) return;
    const alert: Alert = read.data;
    const isWaiting = alert.state === "pending" || alert.calmSinceMs !== null;
    active.alerts.set(
      subjectId,
      isWaiting ? { ...alert, blindSinceMs: alert.blindSinceMs ?? Math.max(alert.sinceMs, writtenAtMs) } : alert,
    );
    const miner = this.#parts.fleet.miner(subjectId);
    active.reserve(this.#parts.fleet.rowCount);
    const holds = alert.state === "firing" && alert.calmSinceMs === null;
    if (miner !== null) active.wasMet[miner.row] = holds ? 1 : 0;
  }

  /** Restarts and changes of identity of those who have an alert for it: they are told once and stand in the events. */
  async #readPast(): Promise<void> {
    const toMs = this.#parts.clock();
    const keys = new Set<number>();
    for (const { rule, alerts } of this.#active)
      if (rule.condition.kind === "rebootLoop" || rule.condition.kind === "identityChanged")
        for (const subjectId of alerts.keys()) keys.add(this.#parts.fleet.miner(subjectId)?.key ?? 0);
    keys.delete(0);
    for (const minerKey of keys) {
      const events = await this.#parts.store.readEvents({ minerKey, fromMs: toMs - COMPARE_MS * 60, toMs, limit: 100 });
      for (const event of events.toReversed()) this.#facts.note({ ...event, minerKey }, toMs, COMPARE_MS * 60);
    }
  }
}

function firedBy(
  { rule }: ActiveRule,
  { sinceMs, flapping }: Alert,
  nowMs: number,
): Pick<FiredEvent, "type" | "atMs" | "ruleId" | "cause" | "severity" | "sinceMs" | "flapping"> {
  return { type: "fired", atMs: nowMs, ruleId: rule.id, cause: rule.condition.kind, severity: rule.severity, sinceMs, flapping };
}

const isSameRule = ({ rule }: ActiveRule, other: ActiveRule["rule"]): boolean =>
  JSON.stringify({ ...rule, name: "" }) === JSON.stringify({ ...other, name: "" });

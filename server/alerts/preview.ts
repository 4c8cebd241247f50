import type { AlertRuleBody, RulePreview } from "../contract/incidents.ts";
import type { MinerEvent } from "../contract/api.ts";
import type { Directory } from "../fleet/directory.ts";
import type { Miner } from "../fleet/miner.ts";
import type { AgentLinkPort, FleetWatchPort } from "../fleet/ports.ts";
import type { Store } from "../store/store.ts";
import { readyCondition } from "./activeRule.ts";
import { agentDetail, evaluateAgent, type AgentFacts } from "./agents.ts";
import { evaluate, MET, UNKNOWN } from "./conditions.ts";
import { detailOf, valueOf } from "./detail.ts";
import type { Facts } from "./factsOf.ts";
import { isBelow, isMet, limitsOf, type ThresholdCondition } from "./limits.ts";
import type { PoolHabits } from "./poolHabits.ts";
import { isAboutAgents, isAboutServer } from "./ruleBook.ts";
import { isInScope } from "./scope.ts";

const DAY_MS = 86_400_000;
const DAYS = 7;
const MET_SHOWN = 200;
/** Machines whose history is read; of a larger scope an even sample. */
const READ_MAX = 200;
const EVENTS_MAX = 5000;
/** The finest step of seven days that a series has room for. */
const STEP_MS = 10 * 60_000;

export interface PreviewParts {
  readonly fleet: FleetWatchPort;
  readonly directory: Pick<Directory, "agents" | "threshold">;
  readonly agentLink: Pick<AgentLinkPort, "describe">;
  readonly store: Pick<Store, "readSeries" | "readEvents">;
  readonly habits: PoolHabits;
  readonly facts: Facts;
  /** Sites that the asker may see; null: all. */
  readonly siteIds: readonly string[] | null;
}

/** Whom a rule would touch now, and how often it would have fired in the last seven days. */
export async function previewRule(rule: AlertRuleBody, parts: PreviewParts, nowMs: number): Promise<RulePreview> {
  if (isAboutAgents(rule.condition))
    return { ...previewAgents(rule, parts, nowMs), history: noHistory(nowMs, "What agents did is not in the history") };
  if (isAboutServer(rule.condition))
    return {
      scopeCount: 0,
      metCount: 0,
      unknownCount: 0,
      met: [],
      history: noHistory(nowMs, "The size of the disk is not in the history"),
    };
  const miners = minersInScope(rule, parts);
  return { ...previewMiners(rule, miners, parts, nowMs), history: await previewHistory(rule, miners, parts, nowMs) };
}

function minersInScope({ scope }: AlertRuleBody, { fleet, siteIds }: PreviewParts): Readonly<Miner>[] {
  const miners: Readonly<Miner>[] = [];
  for (let row = 0; row < fleet.rowCount; row++) {
    const miner = fleet.minerAt(row);
    if (miner !== null && isInScope(scope, miner) && (siteIds === null || siteIds.includes(miner.siteId))) miners.push(miner);
  }
  return miners;
}

function previewMiners(
  rule: AlertRuleBody,
  miners: readonly Readonly<Miner>[],
  { facts, habits }: PreviewParts,
  nowMs: number,
): Omit<RulePreview, "history"> {
  const ready = readyCondition(rule, habits);
  const met: RulePreview["met"] = [];
  let [metCount, unknownCount] = [0, 0];
  for (const { row, id, siteId, name, address } of miners) {
    const seen = facts.at(row, nowMs);
    const code = seen === null ? UNKNOWN : evaluate(ready, seen, false);
    if (code === UNKNOWN) unknownCount++;
    if (code !== MET || seen === null) continue;
    metCount++;
    if (met.length < MET_SHOWN)
      met.push({ id, siteId, name: name === "" ? address : name, value: valueOf(ready, seen), detail: detailOf(ready, seen) });
  }
  return { scopeCount: miners.length, metCount, unknownCount, met };
}

function previewAgents(
  rule: AlertRuleBody,
  { fleet, directory, agentLink, habits, siteIds }: PreviewParts,
  nowMs: number,
): Omit<RulePreview, "history"> {
  const ready = readyCondition(rule, habits);
  const { scope } = rule;
  const fits = (list: readonly string[], id: string): boolean => list.length === 0 || list.includes(id);
  const agents = directory
    .agents()
    .filter(({ id, siteId }) => fits(scope.siteIds, siteId) && fits(scope.agentIds, id) && (siteIds === null || siteIds.includes(siteId)));
  const preview: Omit<RulePreview, "history"> = { scopeCount: agents.length, metCount: 0, unknownCount: 0, met: [] };
  for (const agent of agents) {
    const seen: AgentFacts = {
      agent,
      facts: fleet.agentFacts(agent.id),
      link: agentLink.describe(agent, nowMs),
      startedAtMs: 0,
      isCatchingUp: false,
    };
    const code = evaluateAgent(ready, seen, { nowMs, wasMet: false });
    if (code === UNKNOWN) preview.unknownCount++;
    if (code !== MET) continue;
    preview.metCount++;
    preview.met.push({ id: agent.id, siteId: agent.siteId, name: agent.name, value: null, detail: agentDetail(ready, seen, nowMs) });
  }
  return preview;
}

/* History */

type History = RulePreview["history"];

function noHistory(nowMs: number, detail: string): History {
  return { fromMs: nowMs - DAYS * DAY_MS, toMs: nowMs, firedCount: null, firedMinerCount: null, perDay: [], readMinerCount: 0, detail };
}

async function previewHistory(
  rule: AlertRuleBody,
  miners: readonly Readonly<Miner>[],
  parts: PreviewParts,
  nowMs: number,
): Promise<History> {
  const read = readerOf(rule, parts, nowMs);
  if (read === null) return noHistory(nowMs, "The history does not hold what this condition looks at");
  const sample = evenSample(miners);
  const fromMs = nowMs - DAYS * DAY_MS;
  const perDay = new Array<number>(DAYS).fill(0);
  let firedMinerCount = 0;
  for (const miner of sample) {
    const firedAtMs = await read(miner);
    if (firedAtMs.length > 0) firedMinerCount++;
    for (const atMs of firedAtMs) perDay[Math.min(DAYS - 1, Math.max(0, Math.floor((atMs - fromMs) / DAY_MS)))]++;
  }
  const detail = sample.length < miners.length ? `Read of ${sample.length} of ${miners.length} machines, evenly chosen` : "";
  const firedCount = perDay.reduce((sum, count) => sum + count, 0);
  return { fromMs, toMs: nowMs, firedCount, firedMinerCount, perDay, readMinerCount: sample.length, detail };
}

function evenSample<T>(all: readonly T[]): T[] {
  if (all.length <= READ_MAX) return [...all];
  return Array.from({ length: READ_MAX }, (_, i) => all[Math.floor((i * all.length) / READ_MAX)]);
}

type Reader = (miner: Readonly<Miner>) => Promise<number[]>;

/** How to find out when a rule would have fired for a machine; null: it cannot be told. */
function readerOf(rule: AlertRuleBody, parts: PreviewParts, nowMs: number): Reader | null {
  const { condition } = rule;
  const ofStatus = STATUS_HOLDS[condition.kind];
  if (ofStatus !== undefined) return (miner) => fromEvents(miner, { rule, parts, nowMs, holds: ofStatus });
  if (condition.kind === "rebootLoop") return (miner) => fromRestarts(miner, { condition, parts, nowMs });
  if (!("enter" in condition)) return null;
  const metric = METRIC[condition.kind];
  return metric === undefined ? null : (miner) => fromSeries(miner, { rule, condition, metric, parts, nowMs });
}

type Holds = (event: Pick<MinerEvent, "status" | "reason">) => boolean;
/** Conditions that the recorded changes of status tell. Of faults the status tells the gravest: one that hides behind another is not counted. */
const STATUS_HOLDS: Partial<Record<AlertRuleBody["condition"]["kind"], Holds>> = {
  unreachable: ({ status, reason }) => status === "unreachable" && reason !== "apiDown",
  apiDown: ({ reason }) => reason === "apiDown",
  notHashing: ({ status, reason }) => status === "notHashing" && reason !== "starting" && reason !== "poolDead",
  boardMissing: ({ reason }) => reason === "boardMissing",
  boardDead: ({ reason }) => reason === "boardDead",
  fanStopped: ({ reason }) => reason === "fanStopped",
  poolDead: ({ reason }) => reason === "poolDead",
  poolFallback: ({ reason }) => reason === "poolFallback",
};
const METRIC: Partial<Record<ThresholdCondition["kind"], string>> = {
  lowHashrate: "hashrateHs",
  chipTemp: "chipTempCMax:max",
  boardTemp: "boardTempCMax:max",
};

async function fromEvents(
  miner: Readonly<Miner>,
  { rule, parts, nowMs, holds }: { rule: AlertRuleBody; parts: PreviewParts; nowMs: number; holds: Holds },
): Promise<number[]> {
  const events = await parts.store.readEvents({ minerKey: miner.key, fromMs: nowMs - DAYS * DAY_MS, toMs: nowMs, limit: EVENTS_MAX });
  const changes = events.filter(({ kind }) => kind === "status").toReversed();
  const fired: number[] = [];
  for (const [index, change] of changes.entries()) {
    const wasHolding = index > 0 && holds(changes[index - 1]);
    if (!holds(change) || wasHolding) continue;
    const end = changes.slice(index).find((later) => !holds(later) && later.status !== "unknown");
    if ((end?.atMs ?? nowMs) - change.atMs >= rule.holdMs) fired.push(change.atMs + rule.holdMs);
  }
  return fired;
}

async function fromRestarts(
  miner: Readonly<Miner>,
  { condition, parts, nowMs }: { condition: AlertRuleBody["condition"]; parts: PreviewParts; nowMs: number },
): Promise<number[]> {
  if (!("enter" in condition)) return [];
  const { enter } = limitsOf(condition, parts.directory.threshold(miner.model, miner.siteId));
  const events = await parts.store.readEvents({ minerKey: miner.key, fromMs: nowMs - DAYS * DAY_MS, toMs: nowMs, limit: EVENTS_MAX });
  const restarts = events.flatMap(({ kind, atMs }) => (kind === "restart" ? [atMs] : [])).reverse();
  const isLoop = restarts.map((atMs) => restarts.filter((other) => other <= atMs && atMs - other <= 3_600_000).length >= enter);
  return restarts.filter((_, index) => isLoop[index] && !(index > 0 && isLoop[index - 1]));
}

interface SeriesReading {
  readonly rule: AlertRuleBody;
  readonly condition: ThresholdCondition;
  readonly metric: string;
  readonly parts: PreviewParts;
  readonly nowMs: number;
}

async function fromSeries(miner: Readonly<Miner>, { rule, condition, metric, parts, nowMs }: SeriesReading): Promise<number[]> {
  const scale = condition.kind === "lowHashrate" ? (miner.sample?.ratedHashrateHs ?? null) : 1;
  if (scale === null) return [];
  const limits = limitsOf(condition, parts.directory.threshold(miner.model, miner.siteId));
  const { timesMs, series } = await parts.store.readSeries({
    ...{ target: { minerKey: miner.key }, metrics: [metric], fromMs: nowMs - DAYS * DAY_MS, toMs: nowMs, stepMs: STEP_MS },
  });
  const fired: number[] = [];
  let [wasMet, sinceMs, hasFired] = [false, 0, false];
  for (const [step, value] of (series[metric] ?? []).entries()) {
    if (value === null) continue;
    const met = isMet(value / scale, limits, { below: isBelow(condition.kind), wasMet });
    if (met && !wasMet) [sinceMs, hasFired] = [timesMs[step], false];
    if (met && !hasFired && timesMs[step] - sinceMs >= Math.floor(rule.holdMs / STEP_MS) * STEP_MS) {
      fired.push(timesMs[step]);
      hasFired = true;
    }
    wasMet = met;
  }
  return fired;
}

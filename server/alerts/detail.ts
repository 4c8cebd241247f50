import { CONDITION_UNITS, type AlertCondition } from "../contract/incidents.ts";
import type { Family } from "../incidents/log.ts";
import { measureOf, type MinerFacts, type ReadyCondition } from "./conditions.ts";

const FAMILY: Record<AlertCondition["kind"], Family> = {
  ...{ unreachable: "reach", apiDown: "reach" },
  ...{ agentDown: "agent", agentBehind: "agent", clockSkew: "agent" },
  ...{ notHashing: "hash", lowHashrate: "hash", hashrateDecline: "hash", boardMissing: "hash", boardDead: "hash" },
  ...{ chipsBad: "hash", hwErrors: "hash", rebootLoop: "hash", efficiency: "hash" },
  ...{ chipTemp: "heat", boardTemp: "heat", fanStopped: "heat", fanWeak: "heat", hotNeighbours: "heat" },
  ...{ poolDead: "pool", poolFallback: "pool", rejects: "pool", stales: "pool" },
  ...{ poolOutside: "hijack", identityChanged: "identity", diskFilling: "server" },
};

/** With which others an alert gathers. A machine that stopped because it was too hot belongs with the heat. */
export function familyOf({ kind }: AlertCondition, facts: MinerFacts | null): Family {
  return kind === "notHashing" && facts?.agreed?.reason === "overTemperatureStop" ? "heat" : FAMILY[kind];
}

/** What was seen, in a few words: the value with its limit, the pool, the reason. Empty where the condition says all. */
export function detailOf(ready: ReadyCondition, facts: MinerFacts): string {
  const { condition } = ready;
  const { sample, agreed } = facts;
  if (condition.kind === "unreachable" || condition.kind === "notHashing")
    return agreed === null ? "" : (REASON[agreed.reason] ?? agreed.reason);
  if (condition.kind === "poolOutside") return sample === null ? "" : outsideText(ready, facts);
  if (condition.kind === "boardMissing" || condition.kind === "boardDead") return boardsText(condition.kind, facts);
  if (condition.kind === "fanStopped") return `fans at ${sample?.fansRpm.join(", ") ?? ""} rpm`;
  if (!("enter" in condition) || sample === null) return "";
  const limit = ready.limits(facts.threshold).enter;
  return `${valueText(condition.kind, measureOf(condition.kind, facts, sample))}, limit ${valueText(condition.kind, limit)}`;
}

const REASON: Partial<Record<string, string>> = {
  timeout: "no answer",
  refused: "the connection is refused",
  noRoute: "no route to it",
  undecodable: "its answer cannot be read",
  overTemperatureStop: "too hot",
  stopped: "it answers, and does not hash",
};

function outsideText(ready: ReadyCondition, { sample, siteId }: MinerFacts): string {
  const outside = sample?.pools.filter((pool) => !ready.isPoolAllowed({ ...sample, pools: [pool] }, siteId)) ?? [];
  const shown = outside.find(({ active }) => active) ?? outside.at(0);
  return shown === undefined ? "" : `${shown.url} as ${shown.worker}`;
}

function boardsText(kind: "boardMissing" | "boardDead", { sample }: MinerFacts): string {
  const chains = sample?.hashboards
    .filter((board) => (kind === "boardMissing" ? !board.present : board.hashrateHs === 0))
    .map(({ chain }) => chain);
  return chains === undefined || chains.length === 0 ? "" : `chain ${chains.join(", ")}`;
}

/** A value in the unit of its condition. */
export function valueText(kind: keyof typeof CONDITION_UNITS, value: number): string {
  switch (CONDITION_UNITS[kind]) {
    case "ratio":
      return `${(value * 100).toFixed(1)} %`;
    case "°C":
      return `${value.toFixed(0)} °C`;
    case "ms":
      return `${Math.round(value / 1000)} s`;
    case "z":
      return `${value.toFixed(1)} deviations`;
    case "chips":
      return `${value} chips`;
    case "restarts":
      return `${value} restarts`;
    case "days":
      return `${Math.round(value)} days`;
  }
}

/** The value of a machine for a preview; null where the condition has none. */
export function valueOf({ condition }: ReadyCondition, facts: MinerFacts): number | null {
  if (!("enter" in condition) || facts.sample === null) return null;
  const value = measureOf(condition.kind, facts, facts.sample);
  return Number.isNaN(value) ? null : value;
}

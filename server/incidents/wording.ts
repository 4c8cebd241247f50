import type { TreeNode } from "./log.ts";
import { isFiring, type GatheredIncident, type Member } from "./state.ts";

/** What became of a miner, after its name or "46 of 48 miners in rack B07". */
const BECAME: Record<string, string> = {
  unreachable: "became unreachable",
  apiDown: "answer no longer on the API",
  notHashing: "stopped hashing",
  lowHashrate: "fell below their hashrate",
  hashrateDecline: "lost hashrate over the week",
  boardMissing: "lost a hashboard",
  boardDead: "have a dead hashboard",
  chipsBad: "have bad chips",
  chipTemp: "have chips that are too hot",
  boardTemp: "have boards that are too hot",
  fanStopped: "have a fan that stopped",
  fanWeak: "have a weak fan",
  hwErrors: "make too many hardware errors",
  rejects: "have too many shares rejected",
  stales: "have too many stale shares",
  poolDead: "lost every pool",
  poolFallback: "went to a fallback pool",
  poolOutside: "mine for a pool or worker that is not allowed",
  rebootLoop: "restart again and again",
  identityChanged: "changed their firmware or identity",
  efficiency: "need more power than their peers",
  hotNeighbours: "run hotter than their neighbours",
  agentDown: "are unknown: their agent is silent",
  agentBehind: "are behind: their agent delivers late",
};
const BECAME_ONE: Record<string, string> = {
  ...BECAME,
  apiDown: "answers no longer on its API",
  lowHashrate: "fell below its hashrate",
  boardDead: "has a dead hashboard",
  chipsBad: "has bad chips",
  chipTemp: "has chips that are too hot",
  boardTemp: "has a board that is too hot",
  fanStopped: "has a fan that stopped",
  fanWeak: "has a weak fan",
  hwErrors: "makes too many hardware errors",
  rejects: "has too many shares rejected",
  stales: "has too many stale shares",
  poolOutside: "mines for a pool or worker that is not allowed",
  rebootLoop: "restarts again and again",
  identityChanged: "changed its firmware or identity",
  efficiency: "needs more power than its peers",
  hotNeighbours: "runs hotter than its neighbours",
  agentDown: "is silent",
  agentBehind: "delivers late",
  clockSkew: "has a clock that is wrong",
  diskFilling: "runs out of disk",
};
const NODE_WORD: Record<TreeNode["kind"], string> = {
  ...{ server: "", site: "site ", agent: "agent ", subnet: "subnet ", rack: "rack ", switch: "switch ", pdu: "PDU ", miner: "" },
};

/** The cause that most members have: of those that fire, or where none does of all; the one that came first among equals. */
export function causeOf(members: readonly Member[]): string {
  const firing = members.filter(isFiring);
  const counts = new Map<string, number>();
  for (const { last, alerts } of firing.length > 0 ? firing : members)
    for (const cause of new Set(alerts.length > 0 ? alerts.map((alert) => alert.cause) : [last.cause]))
      counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return [...counts].reduce<[string, number]>((best, entry) => (entry[1] > best[1] ? entry : best), ["", 0])[0];
}

/** One sentence: how much of what changed how, and how fast. */
export function explanationOf({ scope, members }: Pick<GatheredIncident, "scope" | "members">): string {
  const cause = causeOf(members);
  if (members.length === 1) return ofOne(members[0], cause, scope);
  const changedCount = members.reduce((sum, { subject }) => sum + subject.minerCount, 0);
  const where = `${NODE_WORD[scope.kind]}${scope.name}`;
  return `${number(changedCount)} of ${number(Math.max(scope.minerCount, changedCount))} miners in ${where} ${BECAME[cause] ?? `have trouble (${cause})`}${within(members)}`;
}

function ofOne({ subject, alerts, last }: Member, cause: string, scope: GatheredIncident["scope"]): string {
  const what = `${subject.kind === "agent" ? "Agent " : ""}${subject.name} ${BECAME_ONE[cause] ?? `has trouble (${cause})`}`;
  const where = scope.kind === "site" ? `, all of site ${scope.name},` : "";
  const rest = cause === "agentDown" ? `; its ${number(subject.minerCount)} miners${where} are unknown` : "";
  const { detail } = alerts.find((alert) => alert.cause === cause) ?? last;
  return `${what}${rest}${detail === "" ? "" : `: ${detail}`}`;
}

/** Stragglers that joined long after say nothing about how fast it went. */
const WAVE_MS = 10 * 60_000;

function within(members: readonly Member[]): string {
  const firstMs = members.reduce((first, { sinceMs }) => Math.min(first, sinceMs), Infinity);
  const lastMs = members.reduce((last, { sinceMs }) => (sinceMs - firstMs <= WAVE_MS ? Math.max(last, sinceMs) : last), firstMs);
  const spanS = Math.max(1, Math.round((lastMs - firstMs) / 1000));
  return ` within ${spanS < 120 ? `${spanS} s` : `${Math.round(spanS / 60)} min`}`;
}

const number = (value: number): string => value.toLocaleString("en-US");

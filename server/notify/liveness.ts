import type { PartState } from "../contract/channels.ts";
import type { AgentRecord, DirectoryPort, FleetWatchPort } from "../fleet/ports.ts";

/** What must be alive for people to hear of anything, but for delivery, which knows itself. */
export type PartsBefore = Readonly<Record<"polling" | "ingest" | "evaluation", PartState>>;

export interface LivenessParts {
  readonly fleet: Pick<FleetWatchPort, "rowCount" | "minerAt" | "statusOf" | "agentFacts">;
  readonly directory: Pick<DirectoryPort, "agents" | "ranges">;
  readonly ingest: { healthy(): boolean };
  /** When the rules were last evaluated; null: not yet. */
  readonly alerts: { readonly evaluatedAtMs: number | null };
}

/** How long the clockwork may stand still. */
export const STANDSTILL_MS = 30_000;
const SILENT_MS = 10_000;
const ALIVE: PartState = { alive: true, detail: "" };

/** Looks at each part now. */
export function partsBefore(parts: LivenessParts, nowMs: number): PartsBefore {
  const { ingest, alerts } = parts;
  const isEvaluating = alerts.evaluatedAtMs !== null && nowMs - alerts.evaluatedAtMs < STANDSTILL_MS;
  return {
    polling: isPolling(parts, nowMs) ? ALIVE : down("no agent delivers"),
    ingest: ingest.healthy() ? ALIVE : down("samples cannot be stored"),
    evaluation: isEvaluating ? ALIVE : down("rules are not being evaluated"),
  };
}

export function down(detail: string): PartState {
  return { alive: false, detail };
}

/** At least one agent delivers, or none is expected to. That a miner fails to answer is a result as well. */
function isPolling({ fleet, directory }: LivenessParts, nowMs: number): boolean {
  const agents = directory.agents().filter(({ revoked, embedded, enrolledAtMs }) => !revoked && (embedded || enrolledAtMs !== null));
  const expected = agents.filter(({ id }) => fleet.agentFacts(id).minerCount > 0 || directory.ranges(id).length > 0);
  if (expected.length === 0) return true;
  const withMiners = new Set(expected.filter(({ id }) => fleet.agentFacts(id).minerCount > 0).map(({ id }) => id));
  return expected.some((agent) => !withMiners.has(agent.id) && isHeard(fleet, agent, nowMs)) || hasResult(fleet, withMiners);
}

function isHeard(fleet: LivenessParts["fleet"], { id }: AgentRecord, nowMs: number): boolean {
  const { lastFrameAtMs, pollIntervalMs } = fleet.agentFacts(id);
  return lastFrameAtMs !== null && nowMs - lastFrameAtMs <= Math.max(SILENT_MS, 2 * pollIntervalMs);
}

/** Something is known of one of their miners: a status other than `unknown` says that there was a result in time. */
function hasResult(fleet: LivenessParts["fleet"], agentIds: ReadonlySet<string>): boolean {
  for (let row = 0; row < fleet.rowCount; row++) {
    const agentId = fleet.minerAt(row)?.agentId;
    if (agentId != null && agentIds.has(agentId) && fleet.statusOf(row).status !== "unknown") return true;
  }
  return false;
}

import type { Threshold } from "../contract/api.ts";
import type { AgentSample, FailedPoll, Hashboard, PollFailure, Pool } from "../contract/sample.ts";
import type { Reason, Status, StatusReason } from "../contract/status.ts";

/** Grace after a start before a low hashrate counts. */
export const WARM_UP_MS = 15 * 60_000;
/** A miner without hashrate and younger than this is still starting. */
const STARTING_MS = 5 * 60_000;
/** An agent is given this long without a frame, or two intervals where they are longer. */
const AGENT_SILENT_MS = 10_000;

/** What the last hour and the last five minutes say; null: too little is known. */
export interface Windows {
  readonly meanHashrateHs: number | null; // 5 min
  readonly rejectRatio: number | null; // 1 h
  readonly staleRatio: number | null; // 1 h
  readonly hwErrorRatio: number | null; // 1 h
}

export interface StatusInput {
  readonly agent: { readonly lastFrameAtMs: number | null; readonly pollIntervalMs: number };
  readonly lastPollAtMs: number | null; // last result of any kind
  readonly spacingMs: number; // at which this miner is polled now
  readonly hasSample: boolean; // it has answered at some time
  readonly maintenance: boolean;
  readonly curtailed: boolean;
  /** What the last poll says by itself, and the one before it; null where there is none. */
  readonly last: StatusReason | null;
  readonly beforeLast: StatusReason | null;
  /** The status on which polls agreed last; null: none since the miner was last unknown. */
  readonly before: StatusReason | null;
}

/** The status of a miner, design section 6: the first that holds of unknown, paused on purpose, and what two polls agree on. Pure. */
export function statusOf(input: StatusInput, nowMs: number): StatusReason {
  const unknown = unknownReason(input, nowMs);
  if (unknown !== null) return { status: "unknown", reason: unknown };
  if (input.maintenance) return { status: "paused", reason: "maintenance" };
  if (input.curtailed) return { status: "paused", reason: "curtailed" };
  // One failure or one 0 after nothing: the next poll will tell.
  return agreedStatus(input) ?? { status: "unknown", reason: input.hasSample ? "stale" : "neverPolled" };
}

/** Why nothing can be known now, or null. */
export function unknownReason(
  { agent, lastPollAtMs, spacingMs }: Pick<StatusInput, "agent" | "lastPollAtMs" | "spacingMs">,
  nowMs: number,
): Extract<Reason, "agentDown" | "stale" | "neverPolled"> | null {
  const silentMs = Math.max(AGENT_SILENT_MS, 2 * agent.pollIntervalMs);
  if (agent.lastFrameAtMs === null || nowMs - agent.lastFrameAtMs > silentMs) return "agentDown";
  if (lastPollAtMs === null) return "neverPolled";
  return nowMs - lastPollAtMs > 3 * spacingMs ? "stale" : null;
}

/**
 * What the polls agree on: the last one's word when the one before has the same status, else the status before.
 * After unknown there is no status before; then a miner that works or says that it sleeps is taken at its first word, while silence and a hashrate of 0 need two.
 */
export function agreedStatus({ last, beforeLast, before }: Pick<StatusInput, "last" | "beforeLast" | "before">): StatusReason | null {
  if (last === null) return before;
  if (beforeLast?.status === last.status) return last;
  if (before !== null) return before.status === last.status ? last : before;
  return FIRST_WORD_COUNTS.has(last.status) ? last : null;
}
const FIRST_WORD_COUNTS: ReadonlySet<Status> = new Set(["hashing", "degraded", "paused"]);

const FAILURE_REASONS: Record<PollFailure, Reason> = {
  timeout: "timeout",
  closed: "timeout",
  refused: "refused",
  noRoute: "noRoute",
  undecodable: "undecodable",
  truncated: "undecodable",
  notMiner: "undecodable",
};

/** What one failed poll says. */
export function verdictOfFailure({ failure, apiDown }: Pick<FailedPoll, "failure" | "apiDown">): StatusReason {
  return { status: "unreachable", reason: apiDown ? "apiDown" : FAILURE_REASONS[failure] };
}

/** What one sample says, with what the windows before it know. */
export function verdictOf(sample: AgentSample, windows: Windows, threshold: Threshold): StatusReason {
  const stopped = sample.hashrateHs === 0 || (sample.hashrateHs === null && (sample.mode === "stopped" || sample.mode === "starting"));
  if (sample.mode === "sleeping" && (stopped || sample.hashrateHs === null)) return { status: "paused", reason: "sleeping" };
  if (stopped) return { status: "notHashing", reason: stopReason(sample, threshold) };
  const fault = FAULTS.find(([, holds]) => holds(sample, windows, threshold));
  if (fault) return { status: "degraded", reason: fault[0] };
  return { status: "hashing", reason: sample.mode === "tuning" ? "tuning" : "ok" };
}

function stopReason(sample: AgentSample, threshold: Threshold): Reason {
  if (sample.mode === "starting" || (sample.mode === null && sample.uptimeMs !== null && sample.uptimeMs < STARTING_MS)) return "starting";
  if (isTooHot(sample, threshold)) return "overTemperatureStop";
  const used = sample.pools.filter((pool) => pool.status !== "disabled");
  return used.length > 0 && used.every((pool) => pool.status === "dead") ? "poolDead" : "stopped";
}

type Fault = (sample: AgentSample, windows: Windows, threshold: Threshold) => boolean;
/** In the order in which the first that holds is the reason. */
const FAULTS: readonly (readonly [Reason, Fault])[] = [
  ["overTemperature", (sample, _, threshold) => isTooHot(sample, threshold)],
  ["fanStopped", (sample) => isFanStopped(sample)],
  ["boardMissing", (sample) => isBoardMissing(sample)],
  ["boardDead", (sample) => sample.hashboards.some((board) => board.present && board.hashrateHs === 0)],
  ["lowHashrate", isHashrateLow],
  ["chipsBad", (sample, _, threshold) => sample.hashboards.some((board) => hasBadChips(board, threshold))],
  ["highHwErrors", (_, { hwErrorRatio }, threshold) => hwErrorRatio !== null && hwErrorRatio > threshold.hwErrorRatio],
  ["highRejects", (_, { rejectRatio }, threshold) => rejectRatio !== null && rejectRatio > threshold.rejectRatio],
  ["poolFallback", (sample) => isOnFallbackPool(sample.pools)],
];

function isTooHot(sample: AgentSample, { chipTempC, boardTempC, inletTempC }: Threshold): boolean {
  const reaches = (value: number | null, limit: number): boolean => value !== null && value >= limit;
  return reaches(sample.chipTempCMax, chipTempC) || reaches(sample.boardTempCMax, boardTempC) || reaches(sample.inletTempC, inletTempC);
}

/** Some replies list fan slots that the model does not have at 0 rpm, so what counts is how many should turn; without that nothing is claimed. */
export function isFanStopped({ fansRpm, expectedFanCount }: AgentSample): boolean {
  return expectedFanCount !== null && fansRpm.includes(0) && fansRpm.filter((rpm) => rpm > 0).length < expectedFanCount;
}

export function isBoardMissing({ hashboards, expectedHashboardCount }: AgentSample): boolean {
  if (hashboards.some((board) => !board.present)) return true;
  return expectedHashboardCount !== null && hashboards.length > 0 && hashboards.length < expectedHashboardCount;
}

/** A miner that tunes itself is slow on purpose. */
function isHashrateLow(sample: AgentSample, { meanHashrateHs }: Windows, threshold: Threshold): boolean {
  if (sample.mode === "tuning" || meanHashrateHs === null || sample.ratedHashrateHs === null) return false;
  if (sample.uptimeMs !== null && sample.uptimeMs < WARM_UP_MS) return false;
  return meanHashrateHs < threshold.lowHashrateRatio * sample.ratedHashrateHs;
}

export function hasBadChips({ present, chipBadCount, expectedChipCount, chipCount }: Hashboard, threshold: Threshold): boolean {
  if (!present || chipBadCount === null || chipBadCount === 0) return false;
  const chips = expectedChipCount ?? chipCount;
  return chipBadCount >= threshold.chipsBadCount || (chips !== null && chips > 0 && chipBadCount / chips >= threshold.chipsBadRatio);
}

/** The work comes from a pool although one with a better priority is set up. */
export function isOnFallbackPool(pools: readonly Pool[]): boolean {
  const rank = (pool: Pool): number => pool.priority ?? pool.index;
  const active = pools.find((pool) => pool.active);
  return active !== undefined && pools.some((pool) => pool.status !== "disabled" && rank(pool) < rank(active));
}

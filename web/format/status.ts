import type { PollFailure } from "../../server/contract/sample.ts";
import type { Reason, Status } from "../../server/contract/status.ts";

export const STATUS_LABELS: Readonly<Record<Status, string>> = {
  hashing: "Hashing",
  degraded: "Degraded",
  notHashing: "Not hashing",
  unreachable: "Unreachable",
  paused: "Paused",
  unknown: "Unknown",
};

export const REASON_LABELS: Readonly<Record<Reason, string>> = {
  ok: "ok",
  tuning: "tuning",
  overTemperature: "over temperature",
  fanStopped: "fan stopped",
  boardMissing: "board missing",
  boardDead: "board dead",
  lowHashrate: "low hashrate",
  chipsBad: "chips bad",
  highHwErrors: "high HW errors",
  highRejects: "high rejects",
  poolFallback: "on fallback pool",
  starting: "starting",
  overTemperatureStop: "stopped by heat",
  poolDead: "pool dead",
  stopped: "stopped",
  timeout: "timeout",
  refused: "refused",
  noRoute: "no route",
  apiDown: "API down",
  undecodable: "undecodable",
  sleeping: "sleeping",
  curtailed: "curtailed",
  maintenance: "maintenance",
  agentDown: "agent down",
  stale: "stale",
  neverPolled: "never polled",
};

/** What a reason means, as a sentence that stands behind the status on the machine page. */
export const REASON_SENTENCES: Readonly<Record<Reason, string>> = {
  ok: "Works as expected.",
  tuning: "Hashes while its firmware tunes the chips.",
  overTemperature: "A chip or board is over its temperature threshold.",
  fanStopped: "A fan that the model has stands at 0 rpm.",
  boardMissing: "A hashboard that the model has is missing from the reply.",
  boardDead: "A hashboard answers and does not hash.",
  lowHashrate: "The hashrate is well under rated.",
  chipsBad: "Several chips of a hashboard are bad.",
  highHwErrors: "The share of hardware errors is high.",
  highRejects: "The pool rejects many shares.",
  poolFallback: "The first pool does not answer; a later one is in use.",
  starting: "The mining program is starting.",
  overTemperatureStop: "The firmware stopped hashing because of heat.",
  poolDead: "No pool answers.",
  stopped: "The miner answers and does not hash.",
  timeout: "No answer within the deadline.",
  refused: "The machine is there; its API port refuses connections.",
  noRoute: "The network has no way to this address.",
  apiDown: "The machine's web page answers, its mining API does not.",
  undecodable: "Answers, but the replies cannot be read.",
  sleeping: "Put to sleep on purpose.",
  curtailed: "Curtailed on purpose.",
  maintenance: "Marked as under maintenance.",
  agentDown: "The agent of this site sends nothing, so nobody can tell.",
  stale: "There was no poll for a while, so nobody can tell.",
  neverPolled: "Not polled yet.",
};

/** Why a poll or a probe gave no sample. */
export const FAILURE_LABELS: Readonly<Record<PollFailure, string>> = {
  timeout: "no answer",
  refused: "refused",
  noRoute: "no route",
  closed: "closed before a reply",
  truncated: "reply cut short",
  undecodable: "reply cannot be read",
  notMiner: "not a miner",
};

/** The word beside a mark: the reason where it says more than the status. */
export function statusWord(status: Status, reason: Reason): string {
  return reason === "ok" ? STATUS_LABELS[status] : REASON_LABELS[reason];
}

import { POLL_FAILURES, type PollFailure } from "../contract/sample.ts";

/** Upper bounds in seconds of the histogram of poll durations. */
export const POLL_SECONDS_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** What /metrics shows of the agents' connections; everything counts from the start of the server. */
export interface IngestCounters {
  /** dropped: lost to the bounds of the agents' outboxes, as they report it. */
  readonly samples: Record<"stored" | "duplicate" | "dropped" | "refused", number>;
  readonly polls: Record<"ok" | PollFailure, number>;
  /** Polls at most as long as each bucket's bound, not cumulative; the last entry holds the longer ones. */
  readonly pollSecondsCounts: number[];
  pollSecondsSum: number;
  /** Connections that the server ended or turned away. */
  readonly cutOff: Record<"unauthorized" | "contract" | "malformed" | "tooMuch" | "replaced" | "silent", number>;
}

export function createCounters(): IngestCounters {
  return {
    samples: { stored: 0, duplicate: 0, dropped: 0, refused: 0 },
    polls: { ok: 0, ...(Object.fromEntries(POLL_FAILURES.map((failure) => [failure, 0])) as Record<PollFailure, number>) },
    pollSecondsCounts: Array.from({ length: POLL_SECONDS_BUCKETS.length + 1 }, () => 0),
    pollSecondsSum: 0,
    cutOff: { unauthorized: 0, contract: 0, malformed: 0, tooMuch: 0, replaced: 0, silent: 0 },
  };
}

export function countPoll(counters: IngestCounters, result: "ok" | PollFailure, durationMs: number): void {
  const seconds = durationMs / 1000;
  const bucket = POLL_SECONDS_BUCKETS.findIndex((bound) => seconds <= bound);
  counters.polls[result]++;
  counters.pollSecondsCounts[bucket < 0 ? POLL_SECONDS_BUCKETS.length : bucket]++;
  counters.pollSecondsSum += seconds;
}

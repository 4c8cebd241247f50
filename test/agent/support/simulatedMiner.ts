import type { Clock } from "../../../agent/clock.ts";
import type { Endpoint, MinerPoller, PollDeadlines, PollOutcome } from "../../../agent/poll/ports.ts";
import type { AgentSample } from "../../../server/contract/sample.ts";
import type { ReportedIdentity } from "../../../server/contract/identity.ts";

export const IDENTITY: ReportedIdentity = {
  make: "Antminer",
  model: "S19",
  modelReported: "Antminer S19",
  firmware: { family: "stock", version: null },
  controlBoard: null,
  mac: null,
  serial: null,
  hostname: null,
  algorithm: "sha256d",
  evidence: [],
};

export function sampleOf(agentAtMs: number, durationMs: number): AgentSample {
  return {
    agentAtMs,
    durationMs,
    uptimeMs: 1000,
    algorithm: "sha256d",
    mode: null,
    hashrateHs: 95e12,
    hashrateMeanHs: null,
    hashrate30mHs: null,
    ratedHashrateHs: 95e12,
    powerW: null,
    powerSource: null,
    efficiencyJPerTh: null,
    chipTempCMax: 70,
    boardTempCMax: null,
    inletTempC: null,
    outletTempC: null,
    fansRpm: [5000],
    expectedFanCount: 4,
    hwErrorCount: 0,
    acceptedCount: 1,
    rejectedCount: 0,
    staleCount: 0,
    expectedHashboardCount: 3,
    hashboards: [],
    pools: [],
  };
}

type MinerClock = Pick<Clock, "monotonicMs" | "after">;

/** A miner on the test's clock: answers after `answerMs`, or hangs until its deadline when that is null. */
export class SimulatedMiner implements MinerPoller {
  readonly endpoint: Endpoint;
  answerMs: number | null;
  readonly startedAtMs: number[] = [];
  readonly deadlines: PollDeadlines[] = [];
  private readonly clock: MinerClock;
  private cancel: (() => void) | null = null;

  constructor(clock: MinerClock, endpoint: Endpoint, answerMs: number | null) {
    this.clock = clock;
    this.endpoint = endpoint;
    this.answerMs = answerMs;
  }

  poll(deadlines: PollDeadlines, done: (outcome: PollOutcome) => void): void {
    if (this.cancel !== null) throw new TypeError("a poll is in flight");
    this.startedAtMs.push(this.clock.monotonicMs());
    this.deadlines.push(deadlines);
    const answerMs = this.answerMs;
    const answers = answerMs !== null && answerMs <= deadlines.replyTimeoutMs;
    this.cancel = this.clock.after(answers ? answerMs : deadlines.replyTimeoutMs, () => {
      this.cancel = null;
      done(answers ? this.success(answerMs) : this.failure(deadlines.replyTimeoutMs));
    });
  }

  abort(): void {
    this.cancel?.();
    this.cancel = null;
  }

  replies(): [] {
    return [];
  }

  learn(): void {}

  private success(durationMs: number): PollOutcome {
    return { ok: true, sample: sampleOf(Math.round(this.clock.monotonicMs()), durationMs), identity: IDENTITY, identityChanged: false };
  }

  private failure(durationMs: number): PollOutcome {
    const agentAtMs = Math.round(this.clock.monotonicMs());
    return { ok: false, agentAtMs, durationMs, failure: "timeout", detail: "no answer", answered: false, identity: null, malformed: null };
  }
}

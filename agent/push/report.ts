import { RAW_REPLY_MAX_BYTES, type FrameEntry } from "../../server/contract/agentLink.ts";
import type { ReportedIdentity } from "../../server/contract/identity.ts";
import type { PollFailure } from "../../server/contract/sample.ts";
import { endpointKey } from "../poll/endpoint.ts";
import type { Endpoint, MinerPoller, PollOutcome } from "../poll/ports.ts";

const MALFORMED_AGAIN_AFTER_MS = 3_600_000;
const MALFORMED_REMEMBERED = 10_000;

export interface ReportDeps {
  add(entry: FrameEntry): void;
  isApiDown(endpoint: Endpoint, outcome: PollOutcome): Promise<boolean>;
  readonly nowMs: () => number;
}
type Failed = Extract<PollOutcome, { ok: false }>;

/** Turns the outcomes of polls into entries of frames: samples, failures with the witness's word, identities and malformed replies. */
export class Report {
  private readonly deps: ReportDeps;
  private connectionNumber = 0;
  private readonly identitySentOn = new Map<string, number>();
  private readonly malformedSentAtMs = new Map<string, number>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(deps: ReportDeps) {
    this.deps = deps;
  }

  /** A new connection: each miner tells again who it is, once. */
  connected(): void {
    this.connectionNumber++;
  }

  polled(poller: MinerPoller, outcome: PollOutcome, spacingMs: number): void {
    const endpoint = { address: poller.endpoint.address, port: poller.endpoint.port };
    if (outcome.ok) {
      this.identity(endpoint, outcome.sample.agentAtMs, outcome.identity, outcome.identityChanged);
      this.deps.add({ kind: "sample", ...endpoint, spacingMs, sample: outcome.sample });
      return;
    }
    const work = this.failed(endpoint, outcome, spacingMs).finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  /** Resolves when the witness has spoken about every failure so far. */
  async settled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  forget(endpoint: Endpoint): void {
    this.identitySentOn.delete(endpointKey(endpoint));
  }

  private identity(endpoint: Endpoint, agentAtMs: number, identity: ReportedIdentity, changed: boolean): void {
    const key = endpointKey(endpoint);
    if (!changed && this.identitySentOn.get(key) === this.connectionNumber) return;
    this.identitySentOn.set(key, this.connectionNumber);
    this.deps.add({ kind: "identity", ...endpoint, agentAtMs, identity });
  }

  private async failed(endpoint: Endpoint, outcome: Failed, spacingMs: number): Promise<void> {
    const { agentAtMs, durationMs, failure, answered, malformed, identity } = outcome;
    const detail = outcome.detail.slice(0, 500);
    const apiDown = await this.deps.isApiDown(endpoint, outcome);
    if (identity !== null) this.identity(endpoint, agentAtMs, identity, false);
    this.deps.add({ kind: "failure", ...endpoint, spacingMs, agentAtMs, durationMs, failure, detail, apiDown, answered });
    if (malformed !== null) this.malformed(endpoint, agentAtMs, { ...malformed, failure });
  }

  private malformed(endpoint: Endpoint, agentAtMs: number, reply: { command: string; bytes: Uint8Array; failure: PollFailure }): void {
    const key = `${endpointKey(endpoint)} ${reply.command} ${reply.failure}`;
    const nowMs = this.deps.nowMs();
    if (nowMs - (this.malformedSentAtMs.get(key) ?? -Infinity) < MALFORMED_AGAIN_AFTER_MS) return;
    if (this.malformedSentAtMs.size >= MALFORMED_REMEMBERED) this.malformedSentAtMs.clear();
    this.malformedSentAtMs.set(key, nowMs);
    const base64 = Buffer.from(reply.bytes.subarray(0, RAW_REPLY_MAX_BYTES)).toString("base64");
    this.deps.add({ kind: "malformedReply", ...endpoint, agentAtMs, command: reply.command.slice(0, 60), failure: reply.failure, base64 });
  }
}

import type { RawReply } from "../../server/contract/agentLink.ts";
import type { ReportedIdentity } from "../../server/contract/identity.ts";
import type { AgentSample, PollFailure } from "../../server/contract/sample.ts";

/** Where a miner answers. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What one poll of one miner came to: an everyday failure is a value. */
export type PollOutcome =
  | { readonly ok: true; readonly sample: AgentSample; readonly identity: ReportedIdentity; readonly identityChanged: boolean }
  | {
      readonly ok: false;
      readonly agentAtMs: number;
      readonly durationMs: number;
      readonly failure: PollFailure;
      readonly detail: string;
      readonly answered: boolean; // something came back from 4028, if only a refusal
      readonly identity: ReportedIdentity | null; // what could be told in spite of the failure (a machine known by `version` alone)
      readonly malformed: { readonly command: string; readonly bytes: Uint8Array } | null;
    };

export interface PollDeadlines {
  readonly connectTimeoutMs: number;
  readonly replyTimeoutMs: number;
}

/** One miner and all that is remembered about how to ask it. Never two polls at once: `poll` throws TypeError while one is in flight. */
export interface MinerPoller {
  readonly endpoint: Endpoint;
  poll(deadlines: PollDeadlines, done: (outcome: PollOutcome) => void): void;
  /** Ends a poll in flight; its callback is not called. */
  abort(): void;
  /** The last raw reply of each command, pool passwords masked. */
  replies(): RawReply[];
  /** Facts that came by another way (web API, neighbour table), laid over what 4028 tells. */
  learn(facts: Partial<Pick<ReportedIdentity, "mac" | "serial" | "controlBoard" | "hostname" | "model" | "evidence">>): void;
}

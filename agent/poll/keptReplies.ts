import type { RawReply } from "../../server/contract/agentLink.ts";
import type { PollFailure } from "../../server/contract/sample.ts";
import { withoutPasswords } from "./masking.ts";

interface Kept {
  bytes: Buffer; // UTF-8, the first `length`
  length: number;
  atMs: number;
  failure: PollFailure | null;
}

/** Room beyond the reply at hand: the next one differs in a few digits. */
const SPARE_BYTES = 128;
const STEP_BYTES = 256;
/** Room for this many times the reply at hand is given back: one odd reply must not hold a large buffer for good. */
const MAX_SLACK = 4;

/**
 * A miner's latest reply to each command, to be shown on demand. Each overwrites the one before in the same bytes: ten thousand texts that live until
 * the next poll would all be carried through the garbage collector's generations.
 */
export class KeptReplies {
  private readonly byCommand = new Map<string, Kept>();

  keep(command: string, reply: Buffer, { atMs, failure }: Pick<RawReply, "atMs" | "failure">): void {
    const { length } = reply;
    const kept = this.byCommand.get(command);
    if (kept === undefined || !fits(kept.bytes, length)) {
      this.byCommand.set(command, { bytes: roomy(reply), length, atMs, failure });
      return;
    }
    reply.copy(kept.bytes);
    kept.length = length;
    kept.atMs = atMs;
    kept.failure = failure;
  }

  forget(command: string): void {
    this.byCommand.delete(command);
  }

  /** All of them, passwords masked. */
  all(): RawReply[] {
    return [...this.byCommand].map(([command, { bytes, length, atMs, failure }]) => ({
      command,
      atMs,
      text: withoutPasswords(bytes.toString("utf8", 0, length)),
      failure,
    }));
  }
}

function fits(bytes: Buffer, length: number): boolean {
  return length <= bytes.length && bytes.length <= MAX_SLACK * (length + SPARE_BYTES + STEP_BYTES);
}

function roomy(reply: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(Math.ceil((reply.length + SPARE_BYTES) / STEP_BYTES) * STEP_BYTES);
  reply.copy(bytes);
  return bytes;
}

import type { RawReply } from "../../server/contract/agentLink.ts";
import { REPLY_MAX_BYTES } from "../cgminer/client.ts";
import type { ReplyTemplate } from "../cgminer/template.ts";
import type { PollFailure } from "../../server/contract/sample.ts";
import { withoutPasswords } from "./masking.ts";

interface Kept {
  bytes: Buffer; // UTF-8, the first `length`
  length: number;
  template: ReplyTemplate | null; // null: the bytes are the reply; else its values
  atMs: number;
  failure: PollFailure | null;
}

/** Where values are gathered before they are kept. */
const scratch = Buffer.allocUnsafeSlow(2 * REPLY_MAX_BYTES);
/** Room beyond the reply at hand: the next one differs in a few digits. */
const SPARE_BYTES = 64;
const STEP_BYTES = 128;
/** Room for this many times the reply at hand is given back: one odd reply must not hold a large buffer for good. */
const MAX_SLACK = 4;

/**
 * A miner's latest reply to each command, to be shown on demand. Each overwrites the one before in the same bytes: ten thousand texts that live until
 * the next poll would all be carried through the garbage collector's generations.
 */
export class KeptReplies {
  private readonly byCommand = new Map<string, Kept>();

  /** Where `template` has just read the reply, its values alone are kept. */
  keep(command: string, reply: Buffer, { atMs, failure }: Pick<RawReply, "atMs" | "failure">, template: ReplyTemplate | null = null): void {
    const valuesLength = template?.writeValues(reply, scratch) ?? -1;
    const [source, length] = valuesLength < 0 ? [reply, reply.length] : [scratch, valuesLength];
    let kept = this.byCommand.get(command);
    if (kept === undefined || !fits(kept.bytes, length)) {
      kept = { bytes: roomFor(length), length, template, atMs, failure };
      this.byCommand.set(command, kept);
    }
    source.copy(kept.bytes, 0, 0, length);
    kept.length = length;
    kept.template = valuesLength < 0 ? null : template;
    kept.atMs = atMs;
    kept.failure = failure;
  }

  forget(command: string): void {
    this.byCommand.delete(command);
  }

  /** All of them, passwords masked. */
  all(): RawReply[] {
    return [...this.byCommand].map(([command, kept]) => ({
      command,
      atMs: kept.atMs,
      text: withoutPasswords(textOf(kept)),
      failure: kept.failure,
    }));
  }
}

function textOf({ bytes, length, template }: Kept): string {
  const text = bytes.toString("utf8", 0, length);
  return template === null ? text : template.textOf(text);
}

function fits(bytes: Buffer, length: number): boolean {
  return length <= bytes.length && bytes.length <= MAX_SLACK * (length + SPARE_BYTES + STEP_BYTES);
}

function roomFor(length: number): Buffer {
  return Buffer.allocUnsafe(Math.ceil((length + SPARE_BYTES) / STEP_BYTES) * STEP_BYTES);
}

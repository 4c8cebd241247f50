import { isAscii } from "node:buffer";
import type { PollFailure } from "../../server/contract/sample.ts";
import { repairJson } from "./repair.ts";
import { readTextAnswer } from "./textAnswer.ts";

export type RawObject = Readonly<Record<string, unknown>>;

/** What the text of one reply turned out to be: an object to decode, or the reason why there is none. */
export type FramedReply = { readonly ok: true; readonly value: RawObject } | FramingFailure;
export interface FramingFailure {
  readonly ok: false;
  readonly failure: PollFailure;
  readonly detail: string;
  readonly http: boolean; // the port speaks HTTP, as ePIC firmware does
}

/** Text of a reply; what is no UTF-8 becomes U+FFFD (malformation 9). The ASCII path is the common and the cheap one. */
export function textOfReply(bytes: Buffer): string {
  return isAscii(bytes) ? bytes.toString("latin1") : bytes.toString("utf8");
}

/**
 * Reads the text of one reply (bytes up to the NUL or the end of the stream, decoded) as the object that it holds.
 *
 * `JSON.parse` comes first; only what it refuses is repaired, and only outside strings. A reply that stops short is `truncated` and never
 * repaired into numbers. A TEXT answer (the firmware did not take the request for JSON) is read far enough to tell its STATUS.
 */
export function frameReply(text: string): FramedReply {
  try {
    return objectOrFailure(JSON.parse(text));
  } catch {
    return frameDamaged(text.trim());
  }
}

function frameDamaged(text: string): FramedReply {
  if (text === "") return failure("closed", "took the request and answered nothing: not allowed for this address, busy, or restarting");
  if (text.startsWith("HTTP/")) return { ...failure("undecodable", "answers HTTP on the miner port, as ePIC firmware does"), http: true };
  const answer = readTextAnswer(text);
  if (answer !== null) return { ok: true, value: answer };
  if (!text.startsWith("{")) return failure("notMiner", `answered something that is no miner's reply: ${excerpt(text)}`);
  return frameRepaired(text);
}

function frameRepaired(text: string): FramedReply {
  const repaired = repairJson(text);
  if (repaired === null)
    return failure("truncated", `reply of ${text.length} characters stops in the middle: …${excerpt(text.slice(-40))}`);
  try {
    return objectOrFailure(JSON.parse(repaired));
  } catch (error) {
    return failure("undecodable", `reply is no JSON, not even after the known repairs: ${reason(error)}`);
  }
}

function objectOrFailure(value: unknown): FramedReply {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ok: true, value: value as RawObject };
  return failure("notMiner", `answered JSON that is no object: ${excerpt(JSON.stringify(value))}`);
}

/** True when text that came without any end mark can be taken for a whole reply: it ends as replies end, and it parses. */
export function looksWhole(text: string): boolean {
  const trimmed = text.trimEnd();
  if (trimmed.startsWith("HTTP/")) return trimmed.length > 12;
  const last = trimmed.at(-1);
  return (last === "}" || last === "|") && frameReply(trimmed).ok;
}

function failure(word: PollFailure, detail: string): FramingFailure {
  return { ok: false, failure: word, detail, http: false };
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : String(error);
}

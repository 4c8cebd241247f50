import { isAscii } from "node:buffer";
import type { RawObject } from "./framing.ts";
import { Literal } from "./literal.ts";
import { endOfText, TextPool } from "./textPool.ts";
import { tokensOf, type Token } from "./tokens.ts";

const LINE_FEED = 10; // in no value: those hold no control characters
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const SMALL_E = 101;
const LARGE_E = 69;
/** Up to here digits fit a double exactly, so that digits / power of ten rounds as JSON.parse does. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** A value that differs from reply to reply, where it belongs in the parsed object, and the text that stands between it and the one before. */
interface Slot {
  readonly before: Literal;
  readonly container: Record<string, unknown> | unknown[];
  readonly key: string;
  readonly isText: boolean;
  readonly isLong: boolean;
}

/**
 * What replies of one layout have in common: literal text between the values that change. A reply that fits it is read in one pass over its bytes,
 * and reads exactly as `JSON.parse` would read its text; anything unusual (escapes, exponents, a value of another type, other characters than those
 * of ASCII) does not fit and is parsed.
 */
export class ReplyTemplate {
  /** The text without its values: equal for replies of one layout. */
  readonly shape: string;
  private readonly base: RawObject;
  private readonly slots: Slot[] = [];
  private readonly tail: Literal;
  private readonly values: readonly string[];
  private readonly isSlot: readonly boolean[];
  private readonly spans: Int32Array; // of the reply that was read last: start and end of the value in each slot
  private lastRead: Buffer | null = null;

  private constructor(text: string, base: RawObject, tokens: readonly Token[], isSlot: readonly boolean[]) {
    this.base = base;
    this.shape = shapeOf(text, tokens);
    this.values = tokens.map(({ start, end }) => text.slice(start, end));
    this.isSlot = isSlot;
    let from = 0;
    for (const [index, { start, end, isText, container, key }] of tokens.entries()) {
      if (!isSlot[index]) continue;
      this.slots.push({ before: new Literal(text.slice(from, start)), container, key, isText, isLong: isText && end - start >= LONG_TEXT });
      from = end;
    }
    this.tail = new Literal(text.slice(from));
    this.spans = new Int32Array(2 * this.slots.length);
  }

  /** A template of this one reply, which generalises from there; null for text whose values cannot be placed in `value`. */
  static of(text: string, value: RawObject, like: ReplyTemplate | null): ReplyTemplate | null {
    const tokens = isAscii(Buffer.from(text)) ? tokensOf(text, value) : null;
    if (tokens === null) return null;
    const known = like !== null && like.values.length === tokens.length ? like : null;
    const isSlot = tokens.map(
      ({ start, end }, index) => known?.isSlot[index] === true || (known !== null && known.values[index] !== text.slice(start, end)),
    );
    return new ReplyTemplate(text, value, tokens, isSlot);
  }

  /** The object that the text stands for, or null when it does not fit. The object is the template's own: valid until the next call. */
  read(bytes: Buffer): RawObject | null {
    const { slots, tail, spans } = this;
    this.lastRead = null;
    const reading = new Reading(bytes);
    let at = 0;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i];
      if (!slot.before.standsAt(bytes, at)) return null;
      spans[2 * i] = at + slot.before.length;
      at = fill(slot, reading, at + slot.before.length);
      if (at < 0) return null;
      spans[2 * i + 1] = at;
    }
    if (bytes.length !== at + tail.length || !tail.standsAt(bytes, at)) return null;
    this.lastRead = bytes;
    return this.base;
  }

  /**
   * Writes the values of the reply that was read last to the start of `target`, a line each: a fifth of its text or less, and with the template all of
   * it. Returns the number of bytes, -1 where these bytes are not that reply.
   */
  writeValues(bytes: Buffer, target: Buffer): number {
    if (this.lastRead !== bytes) return -1;
    const { spans } = this;
    let to = 0;
    for (let i = 0; i < spans.length; i += 2) {
      for (let at = spans[i]; at < spans[i + 1]; at++) target[to++] = bytes[at];
      target[to++] = LINE_FEED;
    }
    return to;
  }

  /** The reply's text again, of the values as `writeValues` wrote them. */
  textOf(values: string): string {
    const lines = values.split("\n");
    return this.slots.map(({ before }, index) => before.text + lines[index]).join("") + this.tail.text;
  }
}

/** The text without its values. */
export function shapeOf(text: string, tokens: readonly Token[]): string {
  let shape = "";
  let from = 0;
  for (const { start, end } of tokens) {
    shape += `${text.slice(from, start)}\u0000`;
    from = end;
  }
  return shape + text.slice(from);
}

/** V8 copies what is shorter than this; longer parts of a string point into it. */
const SLICED_LENGTH = 13;

/** The reply that is being read. */
class Reading {
  readonly bytes: Buffer;
  private text: string | null = null;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Part of the text. One string is made for all short parts of a reply; a longer part would keep all of that in memory for as long as it lives itself. */
  slice(at: number, end: number): string {
    if (end - at >= SLICED_LENGTH) return this.bytes.toString("latin1", at, end);
    this.text ??= this.bytes.toString("latin1");
    return this.text.slice(at, end);
  }
}

/** Puts the value that starts at `at` into its place and returns the index behind it, -1 for a value that needs a parser. */
function fill(slot: Slot, reading: Reading, at: number): number {
  return slot.isText ? fillText(slot, reading, at) : fillNumber(slot, reading.bytes, at);
}

/** From this length on a text is sought among those that were read before. */
const LONG_TEXT = 48;
const longTexts = new TextPool();

function fillText({ container, key, isLong }: Slot, reading: Reading, at: number): number {
  const end = isLong ? -1 : endOfText(reading.bytes, at);
  const text = isLong ? longTexts.textAt(reading.bytes, at) : end < 0 ? null : reading.slice(at, end);
  if (text === null) return -1;
  (container as Record<string, unknown>)[key] = text;
  return at + text.length;
}

/** Reads `-?digits(.digits)?` without leading zeros; the rest of JSON's numbers is left to the parser. */
function fillNumber({ container, key }: Slot, bytes: Buffer, at: number): number {
  const isNegative = bytes[at] === MINUS;
  const start = isNegative ? at + 1 : at;
  let end = start;
  let digits = 0;
  let code = bytes[end];
  for (; code >= ZERO && code <= NINE; code = bytes[++end]) digits = digits * 10 + code - ZERO;
  const wholeCount = end - start;
  if (wholeCount === 0 || (wholeCount > 1 && bytes[start] === ZERO)) return -1;
  let fractionCount = 0;
  if (code === DOT) {
    for (code = bytes[++end]; code >= ZERO && code <= NINE; code = bytes[++end], fractionCount++) digits = digits * 10 + code - ZERO;
    if (fractionCount === 0) return -1;
  }
  if (wholeCount + fractionCount > EXACT_DIGITS || code === SMALL_E || code === LARGE_E) return -1;
  const value = fractionCount === 0 ? digits : digits / POWERS[fractionCount];
  (container as Record<string, unknown>)[key] = isNegative ? -value : value;
  return end;
}

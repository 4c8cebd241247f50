import type { RawObject } from "./framing.ts";
import { tokensOf, type Token } from "./tokens.ts";

const QUOTE = 34;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const BACKSLASH = 92;
const SPACE = 32;
/** Up to here digits fit a double exactly, so that digits / power of ten rounds as JSON.parse does. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** A value that differs from reply to reply, and where it belongs in the parsed object. */
interface Slot {
  readonly container: Record<string, unknown> | unknown[];
  readonly key: string;
  readonly isText: boolean;
}

/**
 * What replies of one layout have in common: literal text between the values that change. A text that fits it is read without a parser, and reads
 * exactly as `JSON.parse` would read it; anything unusual (escapes, exponents, a value of another type) does not fit and is parsed.
 */
export class ReplyTemplate {
  /** The text without its values: equal for replies of one layout. */
  readonly shape: string;
  private readonly base: RawObject;
  private readonly literals: string[] = [];
  private readonly slots: Slot[] = [];
  private readonly values: readonly string[];
  private readonly isSlot: readonly boolean[];

  private constructor(text: string, base: RawObject, tokens: readonly Token[], isSlot: readonly boolean[]) {
    this.base = base;
    this.shape = shapeOf(text, tokens);
    this.values = tokens.map(({ start, end }) => text.slice(start, end));
    this.isSlot = isSlot;
    let from = 0;
    for (const [index, token] of tokens.entries()) {
      if (!isSlot[index]) continue;
      this.literals.push(text.slice(from, token.start));
      this.slots.push({ container: token.container, key: token.key, isText: token.isText });
      from = token.end;
    }
    this.literals.push(text.slice(from));
  }

  /** A template of this one reply, which generalises from there; null for text whose values cannot be placed in `value`. */
  static of(text: string, value: RawObject, like: ReplyTemplate | null): ReplyTemplate | null {
    const tokens = tokensOf(text, value);
    if (tokens === null) return null;
    const known = like !== null && like.values.length === tokens.length ? like : null;
    const isSlot = tokens.map(
      ({ start, end }, index) => known?.isSlot[index] === true || (known !== null && known.values[index] !== text.slice(start, end)),
    );
    return new ReplyTemplate(text, value, tokens, isSlot);
  }

  /** The object that the text stands for, or null when it does not fit. The object is the template's own: valid until the next call. */
  read(text: string): RawObject | null {
    let at = 0;
    for (let i = 0; i < this.slots.length; i++) {
      const literal = this.literals[i];
      if (!continues(text, literal, at)) return null;
      at = fill(this.slots[i], text, at + literal.length);
      if (at < 0) return null;
    }
    const tail = this.literals[this.slots.length];
    return text.length === at + tail.length && text.endsWith(tail) ? this.base : null;
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

/** Whether `part` stands in the text at `at`. Five times as fast as startsWith, which V8 runs character by character. */
function continues(text: string, part: string, at: number): boolean {
  // The last character first: where it differs, indexOf would look through all that is left of the text.
  return text.charCodeAt(at + part.length - 1) === part.charCodeAt(part.length - 1) && text.indexOf(part, at) === at;
}

/** Puts the value that starts at `at` into its place and returns the index behind it, -1 for a value that needs a parser. */
function fill(slot: Slot, text: string, at: number): number {
  return slot.isText ? fillText(slot, text, at) : fillNumber(slot, text, at);
}

/** Chip maps and the like are the same in most replies: the string that is there already keeps its hash. */
const LONG_TEXT = 48;

function fillText({ container, key }: Slot, text: string, at: number): number {
  const held = (container as Record<string, unknown>)[key];
  if (typeof held === "string" && held.length >= LONG_TEXT && text.charCodeAt(at + held.length) === QUOTE && continues(text, held, at))
    return at + held.length;
  let end = at;
  for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(++end)) {
    if (!(code >= SPACE) || code === BACKSLASH) return -1;
  }
  (container as Record<string, unknown>)[key] = text.slice(at, end);
  return end;
}

/** Reads `-?digits(.digits)?` without leading zeros; the rest of JSON's numbers is left to the parser. */
function fillNumber({ container, key }: Slot, text: string, at: number): number {
  const isNegative = text.charCodeAt(at) === MINUS;
  const start = isNegative ? at + 1 : at;
  let end = start;
  let digits = 0;
  let code = text.charCodeAt(end);
  for (; code >= ZERO && code <= NINE; code = text.charCodeAt(++end)) digits = digits * 10 + code - ZERO;
  const wholeCount = end - start;
  if (wholeCount === 0 || (wholeCount > 1 && text.charCodeAt(start) === ZERO)) return -1;
  let fractionCount = 0;
  if (code === DOT) {
    for (code = text.charCodeAt(++end); code >= ZERO && code <= NINE; code = text.charCodeAt(++end), fractionCount++)
      digits = digits * 10 + code - ZERO;
    if (fractionCount === 0) return -1;
  }
  if (wholeCount + fractionCount > EXACT_DIGITS || code === 101 || code === 69) return -1;
  const value = fractionCount === 0 ? digits : digits / POWERS[fractionCount];
  (container as Record<string, unknown>)[key] = isNegative ? -value : value;
  return end;
}

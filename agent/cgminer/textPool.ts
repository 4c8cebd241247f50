import { hashOfBytes, Literal } from "./literal.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const DELETE = 127;
/** Slots; the texts are chip maps and the like, of up to some hundred characters each: a few MB at most. */
const POOL_SIZE = 4096;
const MAX_TEXT_LENGTH = 512;

/** Index of the quote that ends the text that starts at `at`, -1 where anything comes before it that a parser must read. */
export function endOfText(bytes: Buffer, at: number): number {
  let end = at;
  for (let code = bytes[end]; code !== QUOTE; code = bytes[++end]) {
    if (!(code >= SPACE && code < DELETE) || code === BACKSLASH) return -1; // also behind the end of the bytes, where there is no code
  }
  return end;
}

/**
 * Long texts that were read lately, so that one which comes again is the same string as before: it is not looked at character by character, nothing is
 * allocated, and it keeps its hash. One slot per hash; the later text takes it.
 */
export class TextPool {
  private readonly texts: (Literal | undefined)[] = new Array<Literal | undefined>(POOL_SIZE).fill(undefined);

  /** The text of at least four characters that starts at `at`, up to its quote; null where a parser must read it. */
  textAt(bytes: Buffer, at: number): string | null {
    const end = bytes.indexOf(QUOTE, at);
    if (end < at + 4) return null;
    const slot = hashOfBytes(bytes, at, end) % POOL_SIZE;
    const held = this.texts[slot];
    if (held?.length === end - at && held.standsAt(bytes, at)) return held.text;
    if (endOfText(bytes, at) !== end) return null;
    const text = bytes.toString("latin1", at, end);
    if (text.length <= MAX_TEXT_LENGTH) this.texts[slot] = new Literal(text);
    return text;
  }
}

const WORD = 4;

/** The view of the memory that was looked at last: replies of one turn lie in one. */
let view = new DataView<ArrayBufferLike>(new ArrayBuffer(0));

function viewOf(bytes: Buffer): DataView {
  if (view.buffer !== bytes.buffer) view = new DataView(bytes.buffer);
  return view;
}

/** ASCII text to be found again in the bytes of replies. Compares words of four bytes. */
export class Literal {
  readonly text: string;
  readonly length: number;
  private readonly words: Uint32Array;
  private readonly lastWord: number; // the last four bytes, which overlap the words; of shorter text all of it

  constructor(text: string) {
    const bytes = Buffer.alloc(Math.max(text.length, WORD));
    bytes.write(text, "latin1");
    this.text = text;
    this.length = text.length;
    this.words = Uint32Array.from({ length: text.length >> 2 }, (_, index) => bytes.readUInt32LE(index * WORD));
    this.lastWord = bytes.readUInt32LE(bytes.length - WORD);
  }

  /** Whether the bytes hold this text at `at`. */
  standsAt(bytes: Buffer, at: number): boolean {
    const { length, words } = this;
    if (at + length > bytes.length) return false;
    if (length < WORD) return this.shortStandsAt(bytes, at);
    const seen = viewOf(bytes);
    const from = bytes.byteOffset + at;
    for (let i = 0; i < words.length; i++) if (seen.getUint32(from + i * WORD, true) !== words[i]) return false;
    return seen.getUint32(from + length - WORD, true) === this.lastWord;
  }

  private shortStandsAt(bytes: Buffer, at: number): boolean {
    for (let i = 0; i < this.length; i++) if (bytes[at + i] !== ((this.lastWord >>> (8 * i)) & 255)) return false;
    return true;
  }
}

/** A number that the bytes from `at` to `end`, at least four, decide. */
export function hashOfBytes(bytes: Buffer, at: number, end: number): number {
  const seen = viewOf(bytes);
  const from = bytes.byteOffset + at;
  const last = bytes.byteOffset + end - WORD;
  let hash = seen.getUint32(last, true);
  for (let i = from; i < last; i += WORD) {
    hash = Math.imul(hash ^ seen.getUint32(i, true), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

/** Memory for many short texts of bytes that grow and vanish: pages cut from large pieces, so that nothing is copied to grow and nothing is left to collect. */
const PAGE_BYTES = 512;
const PAGES_PER_PIECE = 2048;

export class Slab {
  readonly #pieces: Uint8Array[] = [];
  readonly #free: number[] = [];

  /** A new empty text. */
  open(): SlabText {
    return { pages: [], length: 0 };
  }

  append(text: SlabText, source: Uint8Array, start: number, end: number): void {
    for (let from = start; from < end;) {
      const offset = text.length % PAGE_BYTES;
      if (offset === 0) text.pages.push(this.#take());
      const page = text.pages[text.pages.length - 1];
      const to = Math.min(end, from + PAGE_BYTES - offset);
      const piece = this.#pieces[Math.floor(page / PAGES_PER_PIECE)];
      let at = (page % PAGES_PER_PIECE) * PAGE_BYTES + offset;
      text.length += to - from;
      while (from < to) piece[at++] = source[from++];
    }
  }

  /** A copy of the bytes from start to end. */
  read(text: SlabText, start = 0, end = text.length): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(end - start);
    for (let from = start; from < end;) {
      const page = text.pages[Math.floor(from / PAGE_BYTES)];
      const offset = from % PAGE_BYTES;
      const count = Math.min(end - from, PAGE_BYTES - offset);
      const at = (page % PAGES_PER_PIECE) * PAGE_BYTES + offset;
      bytes.set(this.#pieces[Math.floor(page / PAGES_PER_PIECE)].subarray(at, at + count), from - start);
      from += count;
    }
    return bytes;
  }

  /** Gives the pages back; the text must not be used again. */
  release(text: SlabText): void {
    for (const page of text.pages) this.#free.push(page);
  }

  #take(): number {
    if (this.#free.length === 0) {
      const first = this.#pieces.length * PAGES_PER_PIECE;
      this.#pieces.push(new Uint8Array(PAGE_BYTES * PAGES_PER_PIECE));
      for (let page = first + PAGES_PER_PIECE - 1; page >= first; page--) this.#free.push(page);
    }
    return this.#free.pop() ?? 0;
  }
}

export interface SlabText {
  readonly pages: number[];
  length: number;
}

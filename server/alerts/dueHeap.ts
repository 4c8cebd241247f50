export interface Due<T> {
  readonly dueMs: number;
  readonly what: T;
}

/** What becomes due, the next first: a binary heap. Entries are not taken back: whoever is woken looks whether there is still something to do. */
export class DueHeap<T> {
  readonly #entries: Due<T>[] = [];

  get size(): number {
    return this.#entries.length;
  }

  push(dueMs: number, what: T): void {
    const entries = this.#entries;
    let at = entries.length;
    const entry = { dueMs, what };
    entries.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (entries[parent].dueMs <= dueMs) break;
      entries[at] = entries[parent];
      at = parent;
    }
    entries[at] = entry;
  }

  /** The next that is due at this instant; null: none is. */
  pop(nowMs: number): T | null {
    const entries = this.#entries;
    if (entries.length === 0 || entries[0].dueMs > nowMs) return null;
    const { what } = entries[0];
    const last = entries.pop();
    if (last !== undefined && entries.length > 0) this.#sink(last);
    return what;
  }

  #sink(entry: Due<T>): void {
    const entries = this.#entries;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && entries[child + 1].dueMs < entries[child].dueMs) child++;
      if (entries[child].dueMs >= entry.dueMs) break;
      entries[at] = entries[child];
      at = child;
    }
    entries[at] = entry;
  }
}

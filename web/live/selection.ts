const NONE: ReadonlySet<string> = new Set();

/** Which miners are selected, by id; one selection for table and map. */
export class Selection {
  /** A new set with every change, never changed in place. */
  ids: ReadonlySet<string> = NONE;
  #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  replace(ids: Iterable<string>): void {
    this.#set(new Set(ids));
  }

  add(ids: Iterable<string>): void {
    this.#set(new Set([...this.ids, ...ids]));
  }

  toggle(id: string): void {
    const ids = new Set(this.ids);
    if (!ids.delete(id)) ids.add(id);
    this.#set(ids);
  }

  clear(): void {
    this.#set(NONE);
  }

  #set(ids: ReadonlySet<string>): void {
    if (ids.size === 0 && this.ids.size === 0) return;
    this.ids = ids.size === 0 ? NONE : ids;
    for (const listener of this.#listeners) listener();
  }
}

/** Kinds of places that miners belong to by id. */
export type PlaceKind = "site" | "rack" | "agent";

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Names of sites, racks and agents: the identity of a miner holds their ids alone. */
export class Places {
  /** Grows with every change, so that what is derived from the names can be kept until then. */
  revision = 0;
  #listeners = new Set<() => void>();
  #names: Record<PlaceKind, ReadonlyMap<string, string>> = { site: new Map(), rack: new Map(), agent: new Map() };

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Nobody is told of names that are held already. */
  take(kind: PlaceKind, items: readonly Named[]): void {
    const held = this.#names[kind];
    if (held.size === items.length && items.every(({ id, name }) => held.get(id) === name)) return;
    this.#names = { ...this.#names, [kind]: new Map(items.map(({ id, name }) => [id, name])) };
    this.revision += 1;
    for (const listener of this.#listeners) listener();
  }

  /** The id itself where the name is not known. */
  nameOf(kind: PlaceKind, id: string): string {
    return this.#names[kind].get(id) ?? id;
  }

  has(kind: PlaceKind, id: string): boolean {
    return this.#names[kind].has(id);
  }
}

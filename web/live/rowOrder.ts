import type { RowSource } from "./fields.ts";
import { orderRows, type TextRanks } from "./order.ts";
import type { RowQuery } from "./rowQuery.ts";

/** Live values move rows at most this often. */
const REORDER_MS = 1000;

export interface Timers {
  nowMs(): number;
  /** Returns the function that cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

export interface RowOrderParts {
  readonly source: RowSource;
  /** Outlive the order, as they are dear. */
  readonly ranks: TextRanks;
  readonly timers: Timers;
}

/**
 * The rows of the table in order, kept up to date with the fleet: at once when the question changes, at most once a second when values do, and
 * not at all while it is held (the pointer is inside the table), so that nobody clicks what just moved.
 */
export class RowOrder {
  rows: Uint32Array = new Uint32Array(0);
  revision = 0;
  #query: RowQuery;
  #held = false;
  #anonymous = true;
  #numbering = -1;
  #placesRevision = -1;
  #orderedAtMs = -Infinity;
  #cancelTimer: (() => void) | null = null;
  #listeners = new Set<() => void>();
  readonly #ranks: TextRanks;
  readonly #source: RowSource;
  readonly #timers: Timers;

  constructor({ source, ranks, timers }: RowOrderParts, query: RowQuery) {
    this.#source = source;
    this.#ranks = ranks;
    this.#timers = timers;
    this.#query = query;
    this.#order();
  }

  /** Follows the fleet until the returned function is called. */
  open(): () => void {
    this.#valuesChanged();
    const unsubscribe = this.#source.fleet.subscribe(() => this.#valuesChanged());
    return () => {
      unsubscribe();
      this.#cancelTimer?.();
      this.#cancelTimer = null;
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  setQuery(query: RowQuery): void {
    if (JSON.stringify(query) === JSON.stringify(this.#query)) return;
    this.#query = query;
    this.#order();
  }

  /** Names of places came or changed: texts stand in another order. */
  placesChanged(): void {
    if (this.#source.places.revision !== this.#placesRevision) this.#order();
  }

  /** While held, values change in place and rows keep theirs. */
  hold(held: boolean): void {
    this.#held = held;
    if (!held) this.#valuesChanged();
  }

  #valuesChanged(): void {
    const { fleet } = this.#source;
    // A fresh snapshot may number the rows anew: an order of the old numbers would show the wrong miners. Without names and ratings it was none.
    if (fleet.numbering !== this.#numbering || (this.#anonymous && fleet.identity.count > 0)) {
      this.#order();
      return;
    }
    if (this.#held || this.#cancelTimer !== null) return;
    const waitMs = this.#orderedAtMs + REORDER_MS - this.#timers.nowMs();
    if (waitMs <= 0) {
      this.#order();
      return;
    }
    this.#cancelTimer = this.#timers.after(waitMs, () => {
      this.#cancelTimer = null;
      if (!this.#held) this.#order();
    });
  }

  #order(): void {
    const isRenumbered = this.#source.fleet.numbering !== this.#numbering;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#orderedAtMs = this.#timers.nowMs();
    this.#numbering = this.#source.fleet.numbering;
    this.#placesRevision = this.#source.places.revision;
    this.#anonymous = this.#source.fleet.identity.count === 0;
    const rows = orderRows(this.#source, this.#query, this.#ranks);
    if (!isRenumbered && isSame(rows, this.rows)) return;
    this.rows = rows;
    this.revision += 1;
    for (const listener of this.#listeners) listener();
  }
}

function isSame(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((row, position) => row === b[position]);
}

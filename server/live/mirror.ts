import type { LiveColumn } from "../contract/live.ts";
import { codeOf, PACKED_COLUMNS } from "../contract/packed.ts";
import type { FleetColumnsPort } from "../fleet/ports.ts";

/** A bit per column of PACKED_COLUMNS. */
export type ColumnMask = number;
export const maskOf = (columns: readonly LiveColumn[]): ColumnMask =>
  columns.reduce((mask, column) => mask | (1 << PACKED_COLUMNS.indexOf(column)), 0);

/**
 * What browsers were told last, as codes of the wire: a value that changes within its quantum is not a change. Holds the columns that somebody has
 * subscribed to; a column that nobody wants any more is dropped and filled anew when it is asked for again.
 */
export class Mirror {
  readonly #fleet: FleetColumnsPort;
  readonly #codes = new Map<number, Float64Array>();
  readonly #users = new Map<number, number>();

  constructor(fleet: FleetColumnsPort) {
    this.#fleet = fleet;
  }

  /** Counts a user of these columns; the function that is returned takes it back. */
  use(columns: readonly LiveColumn[]): () => void {
    const indexes = columns.map((column) => PACKED_COLUMNS.indexOf(column));
    for (const index of indexes) {
      this.#users.set(index, (this.#users.get(index) ?? 0) + 1);
      if (!this.#codes.has(index)) this.#fill(index);
    }
    return () => {
      for (const index of indexes) this.#release(index);
    };
  }

  /** Takes over the row's values; returns the columns whose code is another now. */
  update(row: number): ColumnMask {
    let mask = 0;
    for (const [index, codes] of this.#codes) {
      const column = PACKED_COLUMNS[index];
      const code = codeOf(column, this.#fleet.value(row, column));
      const held = row < codes.length ? codes : this.#grow(index);
      if (Object.is(held[row], code)) continue;
      held[row] = code;
      mask |= 1 << index;
    }
    return mask;
  }

  #fill(index: number): void {
    const column = PACKED_COLUMNS[index];
    const codes = Float64Array.from({ length: this.#fleet.rowCount }, (_, row) => codeOf(column, this.#fleet.value(row, column)));
    this.#codes.set(index, codes);
  }

  #grow(index: number): Float64Array {
    const grown = new Float64Array(this.#fleet.rowCount * 2).fill(NaN);
    grown.set(this.#codes.get(index) ?? []);
    this.#codes.set(index, grown);
    return grown;
  }

  #release(index: number): void {
    const count = (this.#users.get(index) ?? 1) - 1;
    this.#users.set(index, count);
    if (count === 0) this.#codes.delete(index);
  }
}

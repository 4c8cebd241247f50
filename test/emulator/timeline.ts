/** What is to happen when, in order of time; what is due at the same instant happens in the order in which it was planned. */
export class Timeline {
  readonly #entries: { readonly atMs: number; readonly run: (atMs: number) => void }[] = [];

  get nextAtMs(): number | null {
    return this.#entries.at(0)?.atMs ?? null;
  }

  plan(atMs: number, run: (atMs: number) => void): void {
    let at = this.#entries.length;
    while (at > 0 && this.#entries[at - 1].atMs > atMs) at--;
    this.#entries.splice(at, 0, { atMs, run });
  }

  /** Runs everything due by `nowMs`, each at its own instant, and what that plans in turn. */
  advance(nowMs: number): void {
    for (;;) {
      const next = this.#entries.at(0);
      if (next === undefined || next.atMs > nowMs) return;
      this.#entries.shift();
      next.run(next.atMs);
    }
  }
}

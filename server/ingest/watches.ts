import type { Timers } from "../clock.ts";

/** An agent stops watching after 60 s unless it is asked again. */
const RENEW_EVERY_MS = 25_000;

/** Which miners somebody looks at: the agent is asked when the first looks, again and again while somebody does, and told when the last one leaves. */
export class Watches {
  readonly #counts = new Map<string, number>();
  readonly #send: (minerId: string, type: "watch" | "unwatch") => void;
  readonly #endRenewals: () => void;

  constructor(send: (minerId: string, type: "watch" | "unwatch") => void, timers: Pick<Timers, "every">) {
    this.#send = send;
    this.#endRenewals = timers.every(RENEW_EVERY_MS, () => this.renew());
  }

  add(minerId: string): () => void {
    const before = this.#counts.get(minerId) ?? 0;
    this.#counts.set(minerId, before + 1);
    if (before === 0) this.#send(minerId, "watch");
    let ended = false;
    return () => {
      if (!ended) this.#leave(minerId);
      ended = true;
    };
  }

  renew(): void {
    for (const minerId of this.#counts.keys()) this.#send(minerId, "watch");
  }

  close(): void {
    this.#endRenewals();
  }

  #leave(minerId: string): void {
    const count = (this.#counts.get(minerId) ?? 1) - 1;
    if (count > 0) {
      this.#counts.set(minerId, count);
      return;
    }
    this.#counts.delete(minerId);
    this.#send(minerId, "unwatch");
  }
}

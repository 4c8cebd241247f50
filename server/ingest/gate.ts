import { RateLimit } from "../rateLimit.ts";

/** Connections that have not said who they are, in all and from one address. */
const STRANGERS_MAX = 100;
const STRANGERS_PER_ADDRESS_MAX = 20;
/** Wrong keys and codes from one address. */
const WRONG_KEYS = { perS: 0.2, burst: 20 };
const ADDRESSES_MAX = 10_000;

export interface Stranger {
  readonly remoteAddress: string;
}

/** Who may connect at all: bounds those who have not said hello, and slows down an address that guesses keys. */
export class Gate {
  readonly #wrongKeys = new Map<string, RateLimit>();

  admits(address: string, strangers: readonly Stranger[], nowMs: number): boolean {
    const near = strangers.filter(({ remoteAddress }) => remoteAddress === address).length;
    return strangers.length < STRANGERS_MAX && near < STRANGERS_PER_ADDRESS_MAX && (this.#wrongKeys.get(address)?.has(nowMs) ?? true);
  }

  countWrongKey(address: string, nowMs: number): void {
    const limit = this.#wrongKeys.get(address) ?? new RateLimit({ ...WRONG_KEYS, nowMs });
    limit.take(nowMs);
    this.#wrongKeys.set(address, limit);
    for (const oldest of this.#wrongKeys.keys()) if (this.#wrongKeys.size > ADDRESSES_MAX) this.#wrongKeys.delete(oldest);
  }
}

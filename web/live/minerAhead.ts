import type { MinerDetail } from "../../server/contract/api.ts";

/** What was asked for ahead is used within this time; later it would be old. */
const FRESH_MS = 3000;
/** An answer that comes later than this is not waited for: it is asked for anew. */
const LIMIT_MS = 10_000;

type LoadMiner = (minerId: string, signal: AbortSignal) => Promise<MinerDetail>;

/** Asks for one machine as soon as somebody is about to open its page: the answer is on its way while the button is still down. */
export class MinerAhead {
  #held: { readonly minerId: string; readonly atMs: number; readonly answer: Promise<MinerDetail> } | null = null;
  readonly #load: LoadMiner;
  readonly #nowMs: () => number;

  constructor(load: LoadMiner, nowMs: () => number) {
    this.#load = load;
    this.#nowMs = nowMs;
  }

  ask(minerId: string): void {
    if (this.#isFresh(minerId)) return;
    const answer = this.#load(minerId, AbortSignal.timeout(LIMIT_MS));
    answer.catch(() => undefined); // told to whoever takes it, or to nobody
    this.#held = { minerId, atMs: this.#nowMs(), answer };
  }

  /** The machine, once from what was asked for ahead. Where that failed it is asked for as if nobody had. */
  take(minerId: string, signal: AbortSignal): Promise<MinerDetail> {
    const held = this.#isFresh(minerId) ? this.#held : null;
    this.#held = null;
    return held === null ? this.#load(minerId, signal) : held.answer.catch(() => this.#load(minerId, signal));
  }

  #isFresh(minerId: string): boolean {
    return this.#held?.minerId === minerId && this.#nowMs() - this.#held.atMs < FRESH_MS;
  }
}

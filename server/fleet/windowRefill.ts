import type { Store } from "../store/store.ts";
import type { Miner } from "./miner.ts";
import { RATIO_SPAN_MS, type WindowRings, type WindowSample } from "./windows.ts";

/** Miners read at a time: what is polled meanwhile waits for a few milliseconds, and the store's threads stay free for others between. */
const BATCH_MINERS = 16;

interface RefillParts {
  readonly store: Pick<Store, "readRecent">;
  readonly nowMs: number;
  /** Called where new samples came while the miner waited. */
  readonly onFilled: (miner: Miner) => void;
}

/** A sample with the instant it is of, epoch ms on the server's clock. */
export type TimedSample = WindowSample & { readonly polledAtMs: number };

/**
 * Fills the sliding windows again after a restart, from what the store holds of their span. Until it is a miner's turn, its new samples wait here and
 * its windows are empty, so that each sample is counted once and in order.
 */
export class WindowRefill {
  readonly #windows: WindowRings;
  readonly #waiting = new Map<Miner, TimedSample[]>();

  constructor(windows: WindowRings) {
    this.#windows = windows;
  }

  /** Keeps a sample for later where the miner still waits for its turn. */
  holds(miner: Miner, sample: TimedSample): boolean {
    const held = this.#waiting.get(miner);
    held?.push(sample);
    return held !== undefined;
  }

  /** A miner that is gone. */
  forget(miner: Miner): void {
    this.#waiting.delete(miner);
  }

  /** From the call on these miners' samples wait, and batch by batch no longer. Where the store fails, the windows fill by new samples alone, and it rejects. */
  async run(all: Iterable<Miner>, { store, nowMs, onFilled }: RefillParts): Promise<void> {
    const miners = [...all];
    for (const miner of miners) this.#waiting.set(miner, []);
    try {
      for (let at = 0; at < miners.length; at += BATCH_MINERS) {
        const batch = miners.slice(at, at + BATCH_MINERS);
        const recent = await store.readRecent({ minerKeys: batch.map(({ key }) => key), fromMs: nowMs - RATIO_SPAN_MS, toMs: nowMs });
        batch.forEach((miner, index) => this.#fill(miner, recent[index] ?? [], onFilled));
      }
    } finally {
      for (const miner of [...this.#waiting.keys()]) this.#fill(miner, [], onFilled);
    }
  }

  #fill(miner: Miner, stored: readonly Omit<TimedSample, "algorithm">[], onFilled: (miner: Miner) => void): void {
    const held = this.#waiting.get(miner);
    if (held === undefined) return;
    const firstHeldMs = held.at(0)?.polledAtMs ?? Infinity;
    const algorithm = miner.sample?.algorithm ?? "unknown";
    const before = stored.filter(({ polledAtMs }) => polledAtMs < firstHeldMs).map((sample) => ({ ...sample, algorithm }));
    this.#waiting.delete(miner);
    let previous: TimedSample | null = null;
    for (const sample of [...before, ...held]) {
      const { polledAtMs } = sample;
      this.#windows.add(miner.row, sample, { polledAtMs, previous: previous && { sample: previous, polledAtMs: previous.polledAtMs } });
      previous = sample;
    }
    if (held.length > 0) onFilled(miner);
  }
}

import type { FleetFrame } from "../../../server/contract/api.ts";

/** Frames of this many steps are kept; each of 10,000 miners takes about a megabyte. */
const KEPT = 60;

/** A frame stands for the minutes after it that have none, up to this. */
const FRAME_REACH_MS = 600_000;

export type LoadFrame = (atMs: number, signal: AbortSignal) => Promise<FleetFrame | null>;

/** Past frames by instant, those used last at the end; what nobody used for longest goes first. */
export class FrameCache {
  readonly #frames = new Map<number, Promise<FleetFrame | null>>();
  readonly #abort = new AbortController();
  readonly #load: LoadFrame;

  constructor(load: LoadFrame) {
    this.#load = load;
  }

  close(): void {
    this.#abort.abort();
  }

  /** Asks once for each instant, and again for one that failed. */
  frameAt(atMs: number): Promise<FleetFrame | null> {
    const held = this.#frames.get(atMs);
    if (held !== undefined) {
      this.#frames.delete(atMs);
      this.#frames.set(atMs, held);
      return held;
    }
    const loading = this.#load(atMs, this.#abort.signal);
    loading.catch(() => this.#frames.delete(atMs));
    this.#frames.set(atMs, loading);
    const [oldest] = this.#frames.keys();
    if (this.#frames.size > KEPT) this.#frames.delete(oldest);
    return loading;
  }

  /** Frames of this time have changed. */
  forget(fromMs: number, toMs: number): void {
    for (const atMs of [...this.#frames.keys()]) if (atMs >= fromMs && atMs <= toMs + FRAME_REACH_MS) this.#frames.delete(atMs);
  }

  /** Has the next frames ready while the past is played. */
  prefetch(timesMs: readonly number[]): void {
    for (const atMs of timesMs) if (!this.#frames.has(atMs)) void this.frameAt(atMs).catch(() => undefined);
  }
}

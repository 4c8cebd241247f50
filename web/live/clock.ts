/** A clock further off than this is taken as set anew rather than as a slow message. */
const CLOCK_JUMP_MS = 5000;

/**
 * The server's clock as this browser can tell it.
 *
 * Each message carries the server's time at sending; the one that travelled fastest gives the best guess, so the largest offset holds, and ages
 * by a millisecond per message so that a drifting clock is followed.
 */
export class ServerClock {
  #offsetMs: number | null = null;
  readonly #localNowMs: () => number;

  constructor(localNowMs: () => number) {
    this.#localNowMs = localNowMs;
  }

  heard(serverAtMs: number): void {
    const seen = serverAtMs - this.#localNowMs();
    const held = this.#offsetMs;
    this.#offsetMs = held === null || Math.abs(seen - held) > CLOCK_JUMP_MS ? seen : Math.max(seen, held - 1);
  }

  /** Epoch ms of the server now; the browser's own clock until the first message. */
  nowMs(): number {
    return this.#localNowMs() + (this.#offsetMs ?? 0);
  }
}

/** Time as the agent's moving parts see it, passed in so that tests can turn the hands. */
export interface Clock {
  /** Milliseconds that never jump back; the origin is arbitrary. */
  nowMs(): number;
  /** Runs once after a delay; returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

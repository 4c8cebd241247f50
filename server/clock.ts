/** Time as the server's moving parts see it, passed in so that a test can turn the hands for all of them at once. */
export interface Clock extends Timers {
  nowMs(): number; // epoch
}
export interface Timers {
  /** Runs once after a delay; returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs again and again, `periodMs` apart; returns what ends it. */
  every(periodMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs);
    return () => clearInterval(timer);
  },
};

/** Time as the miners see it, passed in so that a test can turn the hands. */
export interface EmulatorClock {
  nowMs(): number; // epoch
  /** Runs once after a delay; returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The system's; what waits does not keep the process alive. */
export const systemClock: EmulatorClock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** Measurements that are remembered: at one every 2.5 s about 40 s. */
const MEASURED_MAX = 16;
/** A skew up to this is taken for the line's delay and left alone. */
const TOLERATED_MS = 1000;

/**
 * How far an agent's clock is ahead of the server's. A message that was held up makes the agent look behind, never ahead, so the largest of the last
 * measurements is the truest.
 */
export class ClockSkew {
  #measured: number[] = [];

  measure(agentNowMs: number, nowMs: number): void {
    this.#measured = [...this.#measured, agentNowMs - nowMs].slice(-MEASURED_MAX);
  }

  get skewMs(): number {
    return this.#measured.length === 0 ? 0 : Math.max(...this.#measured);
  }

  /** An instant of the agent on the server's clock. */
  toServerMs(agentAtMs: number): number {
    const { skewMs } = this;
    return Math.round(Math.abs(skewMs) > TOLERATED_MS ? agentAtMs - skewMs : agentAtMs);
  }
}

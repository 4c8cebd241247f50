/** A token bucket: `burst` at once, `perS` in the long run. */
export class RateLimit {
  readonly #perS: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  constructor({ perS, burst, nowMs }: { perS: number; burst: number; nowMs: number }) {
    this.#perS = perS;
    this.#burst = burst;
    this.#tokens = burst;
    this.#atMs = nowMs;
  }

  /** True when there is one to take. */
  has(nowMs: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#atMs) / 1000) * this.#perS);
    this.#atMs = nowMs;
    return this.#tokens >= 1;
  }

  /** Takes one; false when there is none left. */
  take(nowMs: number): boolean {
    if (!this.has(nowMs)) return false;
    this.#tokens--;
    return true;
  }
}

const REMEMBERED = 20;

/** How long one miner took for its last answers. */
export class AnswerTimes {
  private readonly times: number[] = [];
  private next = 0;

  add(durationMs: number): void {
    this.times[this.next] = Math.round(durationMs);
    this.next = (this.next + 1) % REMEMBERED;
  }

  /** 95th percentile of the last 20 answers in milliseconds, null before the first. */
  p95Ms(): number | null {
    if (this.times.length === 0) return null;
    const sorted = [...this.times].sort((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null;
  }

  /** The longest of the last 20; 0 before the first. Never below the percentile, and cheaper. */
  maxMs(): number {
    let max = 0;
    for (const time of this.times) if (time > max) max = time;
    return max;
  }
}

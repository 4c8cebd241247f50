/** A poll that starts later than this after it was due is late. */
export const LATE_AFTER_MS = 1000;
const BUCKET_MS = 5000;
const BUCKETS = 12;

/** How late polls start: a count since the start, and the worst of the last minute. */
export class Lateness {
  lateCount = 0;
  private readonly worstMs = new Float64Array(BUCKETS);
  private newestBucket = -1;

  record(lateMs: number, nowMs: number): void {
    if (lateMs > LATE_AFTER_MS) this.lateCount++;
    const slot = this.turnTo(nowMs);
    if (lateMs > (this.worstMs[slot] ?? 0)) this.worstMs[slot] = lateMs;
  }

  maxMs(nowMs: number): number {
    this.turnTo(nowMs);
    return Math.max(...this.worstMs);
  }

  private turnTo(nowMs: number): number {
    const bucket = Math.floor(nowMs / BUCKET_MS);
    const from = Math.max(this.newestBucket + 1, bucket - BUCKETS + 1);
    for (let passed = from; passed <= bucket; passed++) this.worstMs[passed % BUCKETS] = 0;
    this.newestBucket = Math.max(this.newestBucket, bucket);
    return this.newestBucket % BUCKETS;
  }
}

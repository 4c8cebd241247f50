/** Something that waits; `expired` runs once its time is over and says for how much longer it waits then, 0 for not at all. */
export interface Waiting {
  /** False once nobody waits any more: the entry is dropped. */
  readonly isWaiting: (token: number) => boolean;
  readonly expired: (token: number) => void;
}

interface Entry {
  readonly atMs: number;
  readonly waiting: Waiting;
  readonly token: number;
}

/** All waits of one length, in order of their end: new ones go to the back, the sweep takes from the front. */
class DeadlineQueue {
  private entries: Entry[] = [];
  private head = 0;

  push(entry: Entry): void {
    this.entries.push(entry);
  }
  sweep(nowMs: number): void {
    for (let entry = this.entries.at(this.head); entry !== undefined; entry = this.entries.at(this.head)) {
      const waits = entry.waiting.isWaiting(entry.token);
      if (waits && entry.atMs > nowMs) break;
      this.head++;
      if (waits) entry.waiting.expired(entry.token);
    }
    if (this.head > 512 || this.head === this.entries.length) {
      this.entries = this.entries.slice(this.head);
      this.head = 0;
    }
  }
}

const SWEEP_MS = 50;
const STALL_MS = 4 * SWEEP_MS;

/**
 * Deadlines of many sockets without a timer each: one queue per length of time, swept every 50 ms while anything waits.
 * Lengths are rounded up to the sweep, so the number of queues stays small when deadlines adapt to each miner.
 */
export class Deadlines {
  private readonly queues = new Map<number, DeadlineQueue>();
  private readonly monotonicMs: () => number;
  private timer: NodeJS.Timeout | null = null;
  private sweptAtMs = 0;

  constructor(monotonicMs: () => number) {
    this.monotonicMs = monotonicMs;
  }

  /** Calls `waiting.expired(token)` after `lengthMs`, unless `waiting.isWaiting(token)` has become false by then. */
  add(lengthMs: number, waiting: Waiting, token: number): void {
    const length = Math.max(1, Math.ceil(lengthMs / SWEEP_MS)) * SWEEP_MS;
    let queue = this.queues.get(length);
    if (queue === undefined) this.queues.set(length, (queue = new DeadlineQueue()));
    queue.push({ atMs: this.monotonicMs() + length, waiting, token });
    if (this.timer === null) this.start();
  }

  /** Ends the sweep until the next `add`: nothing waits any more. */
  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.queues.clear();
  }

  private start(): void {
    this.sweptAtMs = this.monotonicMs();
    this.timer = setInterval(() => this.sweep(), SWEEP_MS);
  }

  private sweep(): void {
    const nowMs = this.monotonicMs();
    const stalled = nowMs - this.sweptAtMs > STALL_MS;
    this.sweptAtMs = nowMs;
    if (stalled) return; // after a stall the answers that wait in the kernel come first, then verdicts
    for (const queue of this.queues.values()) queue.sweep(nowMs);
  }
}

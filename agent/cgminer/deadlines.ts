import type { Clock } from "../clock.ts";

/** One wait, ended or not. Whoever waits keeps it and uses it again, so that waiting allocates nothing that would outlive what it waits for. */
export class Wait {
  readonly expired: () => void;
  atMs = 0;
  queue: WaitQueue | null = null; // null while it does not wait
  before: Wait | null = null;
  behind: Wait | null = null;

  constructor(expired: () => void) {
    this.expired = expired;
  }

  end(): void {
    this.queue?.remove(this);
  }
}

/** All waits of one length, in order of their end: new ones go to the back, the sweep takes from the front, any can leave at once. */
class WaitQueue {
  private front: Wait | null = null;
  private back: Wait | null = null;

  push(wait: Wait): void {
    wait.queue = this;
    wait.before = this.back;
    if (this.back === null) this.front = wait;
    else this.back.behind = wait;
    this.back = wait;
  }

  remove(wait: Wait): void {
    const { before, behind } = wait;
    if (before === null) this.front = behind;
    else before.behind = behind;
    if (behind === null) this.back = before;
    else behind.before = before;
    wait.queue = wait.before = wait.behind = null;
  }

  sweep(nowMs: number): void {
    for (let wait = this.front; wait !== null && wait.atMs <= nowMs; wait = this.front) {
      this.remove(wait);
      wait.expired();
    }
  }
}

export type DeadlineClock = Pick<Clock, "monotonicMs" | "every">;

const SWEEP_MS = 50;
const STALL_MS = 4 * SWEEP_MS;

/**
 * Deadlines of many sockets without a timer each: one queue per length of time, swept every 50 ms while anything waits.
 * Lengths are rounded up to the sweep, so the number of queues stays small when deadlines adapt to each miner.
 */
export class Deadlines {
  private readonly queues = new Map<number, WaitQueue>();
  private readonly clock: DeadlineClock;
  private endSweeps: (() => void) | null = null;
  private sweptAtMs = 0;

  constructor(clock: DeadlineClock) {
    this.clock = clock;
  }

  /** Calls `wait.expired()` after `lengthMs` unless the wait is ended or started anew before. */
  start(wait: Wait, lengthMs: number): void {
    wait.end();
    const length = Math.max(1, Math.ceil(lengthMs / SWEEP_MS)) * SWEEP_MS;
    let queue = this.queues.get(length);
    if (queue === undefined) this.queues.set(length, (queue = new WaitQueue()));
    wait.atMs = this.clock.monotonicMs() + length;
    queue.push(wait);
    if (this.endSweeps === null) this.sweepFromNow();
  }

  /** Ends the sweep until the next `start`: nothing waits any more. */
  stop(): void {
    this.endSweeps?.();
    this.endSweeps = null;
    this.queues.clear();
  }

  private sweepFromNow(): void {
    this.sweptAtMs = this.clock.monotonicMs();
    this.endSweeps = this.clock.every(SWEEP_MS, () => this.sweep());
  }

  private sweep(): void {
    const nowMs = this.clock.monotonicMs();
    const stalled = nowMs - this.sweptAtMs > STALL_MS;
    this.sweptAtMs = nowMs;
    if (stalled) return; // after a stall the answers that wait in the kernel come first, then verdicts
    for (const queue of this.queues.values()) queue.sweep(nowMs);
  }
}

import type { Clock } from "../../../agent/clock.ts";

interface Timer {
  atMs: number;
  run: () => void;
}

/** A clock whose hands the test turns: timers run in order of their time, each at exactly its time. */
export class FakeClock implements Pick<Clock, "monotonicMs" | "after"> {
  private time = 0;
  private readonly timers: Timer[] = [];

  monotonicMs(): number {
    return this.time;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.time + Math.max(0, delayMs), run };
    let index = this.timers.length;
    while (index > 0 && this.timers[index - 1].atMs < timer.atMs) index--;
    this.timers.splice(index, 0, timer); // latest first, so that the next one is popped
    return () => {
      const at = this.timers.indexOf(timer);
      if (at >= 0) this.timers.splice(at, 1);
    };
  }

  advance(ms: number): void {
    const untilMs = this.time + ms;
    for (let next = this.timers.at(-1); next !== undefined && next.atMs <= untilMs; next = this.timers.at(-1)) {
      this.timers.pop();
      this.time = next.atMs;
      next.run();
    }
    this.time = untilMs;
  }
}

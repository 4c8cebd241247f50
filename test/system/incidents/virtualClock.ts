import type { Clock } from "../../../agent/clock.ts";

interface Task {
  atMs: number;
  run: () => void;
}

/**
 * The one clock of a rehearsal. Time stands still until `advance`, which goes from each instant at which something is due to the next, and from none before
 * all that it set in motion has come to rest.
 */
export class VirtualClock implements Clock {
  readonly #rest: () => Promise<void>;
  readonly #tasks: Task[] = []; // latest first, so that the next one is popped
  #nowMs: number;

  constructor(startMs: number, rest: () => Promise<void>) {
    this.#nowMs = startMs;
    this.#rest = rest;
  }

  readonly nowMs = (): number => this.#nowMs;
  readonly monotonicMs = (): number => this.#nowMs;

  after(delayMs: number, run: () => void): () => void {
    const task = { atMs: this.#nowMs + Math.max(0, Math.ceil(delayMs)), run };
    let index = this.#tasks.length;
    while (index > 0 && this.#tasks[index - 1].atMs <= task.atMs) index--;
    this.#tasks.splice(index, 0, task);
    return () => {
      const at = this.#tasks.indexOf(task);
      if (at >= 0) this.#tasks.splice(at, 1);
    };
  }

  every(periodMs: number, run: () => void): () => void {
    const again = (): void => {
      cancel = this.after(periodMs, again);
      run();
    };
    let cancel = this.after(periodMs, again);
    return () => cancel();
  }

  /** Lets so much time pass. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await this.#rest();
    for (let next = this.#tasks.at(-1); next !== undefined && next.atMs <= untilMs; next = this.#tasks.at(-1)) {
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      for (let due = this.#tasks.at(-1); due !== undefined && due.atMs <= this.#nowMs; due = this.#tasks.at(-1)) {
        this.#tasks.pop();
        due.run();
      }
      await this.#rest();
    }
    this.#nowMs = untilMs;
  }

  /** Jumps ahead, as a machine that sleeps and wakes up: what was due meanwhile happens once, with the next `advance`. */
  leap(ms: number): void {
    this.#nowMs += ms;
  }

  /** The same time for one program that may die: once it is stopped, nothing that it waits for happens any more. */
  branch(): { readonly clock: Clock; stop(): void } {
    let isAlive = true;
    const ifAlive = (run: () => void) => (): void => {
      if (isAlive) run();
    };
    const clock: Clock = {
      nowMs: this.nowMs,
      monotonicMs: this.monotonicMs,
      after: (delayMs, run) => this.after(delayMs, ifAlive(run)),
      every: (periodMs, run) => this.every(periodMs, ifAlive(run)),
    };
    return { clock, stop: () => (isAlive = false) };
  }
}

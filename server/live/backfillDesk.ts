import type { LiveBackfill } from "../contract/live.ts";

/** A backlog that comes in for minutes is told of no more often than this. */
const EVERY_MS = 5000;

/** Gathers the news of late history until they go out, one for each site and kind. */
export class BackfillDesk {
  #due = new Map<string, LiveBackfill>();
  #toldAtMs = -Infinity;

  add(news: LiveBackfill): void {
    const key = `${news.what} ${news.siteId}`;
    const held = this.#due.get(key) ?? news;
    this.#due.set(key, { ...news, fromMs: Math.min(held.fromMs, news.fromMs), toMs: Math.max(held.toMs, news.toMs) });
  }

  /** What is to go out now; nothing too soon after the last. */
  take(nowMs: number): LiveBackfill[] {
    if (this.#due.size === 0 || nowMs - this.#toldAtMs < EVERY_MS) return [];
    const due = [...this.#due.values()];
    this.#due = new Map();
    this.#toldAtMs = nowMs;
    return due;
  }

  clear(): void {
    this.#due.clear();
  }
}

export interface SlowdownOptions {
  readonly clock: () => number;
  /** Attempts in a row that cost no wait. */
  readonly freeCount: number;
  /** Wait after the first attempt beyond those, doubled by each further one. */
  readonly baseMs: number;
  readonly maxMs: number;
  /** Keys remembered; beyond it the one seen longest ago goes. */
  readonly keyLimit: number;
}

export interface Slowdown {
  /** Milliseconds until the key may try again, 0 for now. */
  waitMs(key: string): number;
  /** Counts an attempt before its outcome is known, so that many at once are no way around the wait. */
  begin(key: string): void;
  succeed(key: string): void;
}

/**
 * Slows down guessing: each failure in a row doubles the wait, up to maxMs, so that nobody is locked out for ever.
 * A key is forgotten maxMs after its wait is over, or when others need its place.
 */
export function createSlowdown({ clock, freeCount, baseMs, maxMs, keyLimit }: SlowdownOptions): Slowdown {
  const entries = new Map<string, { count: number; untilMs: number }>();

  function current(key: string): { count: number; untilMs: number } | null {
    const entry = entries.get(key);
    if (entry === undefined) return null;
    if (clock() < entry.untilMs + maxMs) return entry;
    entries.delete(key);
    return null;
  }

  return {
    waitMs: (key) => Math.max(0, (current(key)?.untilMs ?? 0) - clock()),
    begin(key) {
      const count = (current(key)?.count ?? 0) + 1;
      const waitMs = count <= freeCount ? 0 : Math.min(maxMs, baseMs * 2 ** Math.min(30, count - freeCount - 1));
      entries.delete(key); // the newest stands last
      entries.set(key, { count, untilMs: clock() + waitMs });
      for (const oldest of entries.keys()) {
        if (entries.size <= keyLimit) break;
        entries.delete(oldest);
      }
    },
    succeed: (key) => void entries.delete(key),
  };
}

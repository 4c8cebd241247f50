const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/** Waiting time before the next attempt, ms: doubling from 1 s to 30 s, of which a random half, so that a thousand agents do not come back at once. */
export function reconnectDelayMs(failureCount: number, random: () => number): number {
  const fullMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failureCount, 10));
  return Math.round(fullMs * (0.5 + random() / 2));
}

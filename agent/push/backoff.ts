const FIRST_MS = 2000;
const LONGEST_MS = 30_000;

/** Waiting time before the next attempt, ms: 1 to 2 s at first, doubling up to 15 to 30 s; chance decides within, so that a thousand agents do not come back at once. */
export function reconnectDelayMs(failureCount: number, random: () => number): number {
  const fullMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failureCount, 10));
  return Math.round(fullMs * (0.5 + random() / 2));
}

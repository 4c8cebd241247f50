const FIRST_MS = 5000;
const LONGEST_MS = 120_000;
const SPREAD = 0.2;
/** A longer wait is one that the far end asked for. */
export const OWN_WAIT_MAX_MS = LONGEST_MS * (1 + SPREAD);
const RETRY_AFTER_MAX_MS = 3_600_000;

/**
 * How long to wait after a failed attempt: twice as long each time, up to two minutes, a fifth shorter or longer by chance so that those who failed
 * together do not come back together; or as long as the far end asks for, within an hour. `chance` is from 0 to 1.
 */
export function retryDelayMs(attemptCount: number, { chance, retryAfterMs }: { chance: number; retryAfterMs: number | null }): number {
  const doubledMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attemptCount - 1));
  const ownMs = Math.round(doubledMs * (1 - SPREAD + 2 * SPREAD * chance));
  return Math.max(ownMs, Math.min(retryAfterMs ?? 0, RETRY_AFTER_MAX_MS));
}

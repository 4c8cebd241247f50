/** A miner that missed this many polls in a row is suspect. */
export const SUSPECT_AFTER_MISSES = 2;
const BACKOFF_LIMIT_MS = 60_000;

/**
 * How many intervals lie between two polls of a miner that missed `misses` polls in a row: 1 while it is well, then 1, 2, 4 … as long as that is at
 * most 60 s. Whole intervals, so that a miner keeps its place in the interval.
 */
export function intervalsBetweenPolls(misses: number, intervalMs: number): number {
  const doublings = Math.min(Math.max(0, misses - SUSPECT_AFTER_MISSES), 16);
  return Math.min(2 ** doublings, Math.max(1, Math.floor(BACKOFF_LIMIT_MS / intervalMs)));
}

/** The first instant after `afterMs` that belongs to a miner with this phase. */
export function nextInGrid(afterMs: number, { phaseMs, intervalMs }: { phaseMs: number; intervalMs: number }): number {
  return phaseMs + (Math.floor((afterMs - phaseMs) / intervalMs) + 1) * intervalMs;
}

import type { MinerDetail, Series } from "../../../server/contract/api.ts";
import type { Sample } from "../../../server/contract/sample.ts";

const HOUR_MS = 3_600_000;
export const ERROR_STEP_MS = 60_000;
export const ERROR_WINDOW_MS = HOUR_MS;
/** Counts that lie closer together than this say little about an hour. */
const LEAST_SPAN_MS = 5 * 60_000;
/** The server takes this many metrics in one question. */
const BOARDS_MAX = 20;

/** A counter as it stood at one time; null where it was not reported. */
export interface CountAt {
  readonly atMs: number;
  readonly count: number | null;
}

/** Counts of hardware errors of each board, oldest first, by chain. */
export type ErrorCounts = ReadonlyMap<number, readonly CountAt[]>;

/**
 * How much a counter grew per hour between its first and its last count; null where they are too close together to tell. A counter that falls began
 * anew at 0, so that what it counts then is growth.
 */
export function growthPerHour(counts: readonly CountAt[]): number | null {
  const known = counts.filter((each): each is { atMs: number; count: number } => each.count !== null);
  const [first, last] = [known.at(0), known.at(-1)];
  if (first === undefined || last === undefined || last.atMs - first.atMs < LEAST_SPAN_MS) return null;
  let growth = 0;
  for (let i = 1; i < known.length; i++) {
    const [before, now] = [known[i - 1].count, known[i].count];
    growth += now >= before ? now - before : now;
  }
  return (growth * HOUR_MS) / (last.atMs - first.atMs);
}

/** Chains of the boards whose errors are asked for. */
export function countedChains({ sample }: Pick<MinerDetail, "sample">): number[] {
  return (sample?.hashboards ?? [])
    .filter(({ hwErrorCount }) => hwErrorCount !== null)
    .map(({ chain }) => chain)
    .slice(0, BOARDS_MAX);
}

export function errorMetric(chain: number): string {
  return `hashboard.${chain}.hwErrorCount:max`;
}

/** The counts that a series holds: each is the greatest of its step, and so stands at the step's end. */
export function countsOf({ series, timesMs, stepMs }: Series, chains: readonly number[]): ErrorCounts {
  return new Map(chains.map((chain) => [chain, timesMs.map((atMs, i) => ({ atMs: atMs + stepMs, count: series[errorMetric(chain)][i] }))]));
}

/** The counts with those of a sample, when it came a step later than the last; what is older than the window goes. */
export function withErrors(counts: ErrorCounts, { polledAtMs, hashboards }: Sample): ErrorCounts {
  const lastMs = Math.max(...[...counts.values()].map((each) => each.at(-1)?.atMs ?? -Infinity));
  if (polledAtMs < lastMs + ERROR_STEP_MS) return counts;
  const longer = [...counts].map(([chain, each]): [number, readonly CountAt[]] => {
    const count = hashboards.find((board) => board.chain === chain)?.hwErrorCount ?? null;
    return [chain, [...each.filter(({ atMs }) => atMs >= polledAtMs - ERROR_WINDOW_MS), { atMs: polledAtMs, count }]];
  });
  return new Map(longer);
}

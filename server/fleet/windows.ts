import type { AgentSample } from "../contract/sample.ts";
import type { Windows } from "./status.ts";

const MEAN_SLOTS = 5;
const MEAN_SLOT_MS = 60_000;
const RATIO_SLOTS = 12;
const RATIO_SLOT_MS = 5 * 60_000;
/** As far back as the windows reach. */
export const RATIO_SPAN_MS = RATIO_SLOTS * RATIO_SLOT_MS;
/** A ratio over fewer shares or nonces says nothing. */
const SHARES_MIN = 20;
const NONCES_MIN = 1000;
/** Hashes behind one share of difficulty 1, against which cgminer's own "Device Hardware%" counts. */
const HASHES_PER_NONCE: Record<string, number> = { sha256d: 2 ** 32, scrypt: 2 ** 16 };

/** What the windows read of a sample. */
export type WindowSample = Pick<
  AgentSample,
  "algorithm" | "hashrateHs" | "hashrateMeanHs" | "uptimeMs" | "acceptedCount" | "rejectedCount" | "hwErrorCount"
> &
  Partial<Pick<AgentSample, "staleCount">>;

/**
 * Sliding windows of every miner in typed rings: the mean hashrate of 5 minutes (slots of 1 min) and, over an hour (slots of 5 min), what the share and
 * error counters grew by. A counter that dropped has restarted and counts from 0. After a restart of the server WindowRefill fills them from the store.
 */
export class WindowRings {
  #capacity = 0;
  #hashrateSums = new Float64Array();
  #hashrateCounts = new Uint16Array();
  #accepted = new Float32Array();
  #rejected = new Float32Array();
  #stale = new Float32Array();
  #hwErrors = new Float32Array();
  #nonces = new Float32Array();
  /** Slot number (time / slot length) that was written last, per row, and since when the mean has no hole. */
  #meanSlot = new Float64Array();
  #ratioSlot = new Float64Array();
  #meanSinceMs = new Float64Array();

  #reserve(row: number): void {
    if (row < this.#capacity) return;
    const capacity = Math.max(256, this.#capacity * 2, row + 1);
    const grow = <T extends Float64Array | Float32Array | Uint16Array>(old: T, grown: T): T => {
      grown.set(old);
      return grown;
    };
    this.#hashrateSums = grow(this.#hashrateSums, new Float64Array(capacity * MEAN_SLOTS));
    this.#hashrateCounts = grow(this.#hashrateCounts, new Uint16Array(capacity * MEAN_SLOTS));
    this.#accepted = grow(this.#accepted, new Float32Array(capacity * RATIO_SLOTS));
    this.#rejected = grow(this.#rejected, new Float32Array(capacity * RATIO_SLOTS));
    this.#stale = grow(this.#stale, new Float32Array(capacity * RATIO_SLOTS));
    this.#hwErrors = grow(this.#hwErrors, new Float32Array(capacity * RATIO_SLOTS));
    this.#nonces = grow(this.#nonces, new Float32Array(capacity * RATIO_SLOTS));
    this.#meanSlot = grow(this.#meanSlot, new Float64Array(capacity));
    this.#ratioSlot = grow(this.#ratioSlot, new Float64Array(capacity));
    this.#meanSinceMs = grow(this.#meanSinceMs, new Float64Array(capacity));
    this.#capacity = capacity;
  }

  /** Takes in a sample and what came before it (null for the first); times must ascend per row. */
  add(row: number, sample: WindowSample, { polledAtMs, previous }: { polledAtMs: number; previous: PreviousSample | null }): void {
    this.#reserve(row);
    const restarted = previous !== null && hasRestarted(previous.sample, sample);
    this.#addMean(row, sample, { polledAtMs, restarted });
    this.#addCounters(row, sample, { polledAtMs, previous, restarted });
  }

  read(row: number, nowMs: number): Windows {
    this.#reserve(row);
    return {
      meanHashrateHs: this.#mean(row, nowMs),
      ...this.#ratios(row, nowMs),
    };
  }

  clear(row: number): void {
    this.#reserve(row);
    this.#meanSlot[row] = this.#ratioSlot[row] = 0;
  }

  #addMean(row: number, sample: WindowSample, { polledAtMs, restarted }: { polledAtMs: number; restarted: boolean }): void {
    const slot = Math.floor(polledAtMs / MEAN_SLOT_MS);
    const last = this.#meanSlot[row];
    if (restarted || slot - last >= MEAN_SLOTS) this.#meanSinceMs[row] = polledAtMs;
    const gap = restarted ? MEAN_SLOTS : Math.min(slot - last, MEAN_SLOTS);
    for (let i = 0; i < gap; i++)
      this.#hashrateSums[at(row, slot - i, MEAN_SLOTS)] = this.#hashrateCounts[at(row, slot - i, MEAN_SLOTS)] = 0;
    this.#meanSlot[row] = slot;
    if (sample.hashrateHs === null) return;
    this.#hashrateSums[at(row, slot, MEAN_SLOTS)] += sample.hashrateHs;
    this.#hashrateCounts[at(row, slot, MEAN_SLOTS)]++;
  }

  #mean(row: number, nowMs: number): number | null {
    if (nowMs - this.#meanSinceMs[row] < MEAN_SLOTS * MEAN_SLOT_MS) return null;
    const slot = Math.floor(nowMs / MEAN_SLOT_MS);
    let sum = 0;
    let count = 0;
    for (let s = Math.max(slot, this.#meanSlot[row]) - MEAN_SLOTS + 1; s <= this.#meanSlot[row]; s++) {
      sum += this.#hashrateSums[at(row, s, MEAN_SLOTS)];
      count += this.#hashrateCounts[at(row, s, MEAN_SLOTS)];
    }
    return count === 0 ? null : sum / count;
  }

  #addCounters(
    row: number,
    sample: WindowSample,
    { polledAtMs, previous, restarted }: { polledAtMs: number; previous: PreviousSample | null; restarted: boolean },
  ): void {
    const slot = Math.floor(polledAtMs / RATIO_SLOT_MS);
    const gap = Math.min(slot - this.#ratioSlot[row], RATIO_SLOTS);
    for (let i = 0; i < gap; i++)
      for (const ring of [this.#accepted, this.#rejected, this.#stale, this.#hwErrors, this.#nonces])
        ring[at(row, slot - i, RATIO_SLOTS)] = 0;
    this.#ratioSlot[row] = slot;
    if (previous === null) return;
    const before = restarted ? null : previous.sample;
    const index = at(row, slot, RATIO_SLOTS);
    this.#accepted[index] += growth(before?.acceptedCount, sample.acceptedCount);
    this.#rejected[index] += growth(before?.rejectedCount, sample.rejectedCount);
    this.#stale[index] += growth(before?.staleCount, sample.staleCount);
    this.#hwErrors[index] += growth(before?.hwErrorCount, sample.hwErrorCount);
    const elapsedMs = restarted ? Math.min(sample.uptimeMs ?? 0, polledAtMs - previous.polledAtMs) : polledAtMs - previous.polledAtMs;
    const rateHs = sample.hashrateMeanHs ?? sample.hashrateHs ?? 0;
    this.#nonces[index] += (rateHs * elapsedMs) / 1000 / (HASHES_PER_NONCE[sample.algorithm] ?? Infinity);
  }

  #ratios(row: number, nowMs: number): Omit<Windows, "meanHashrateHs"> {
    const last = this.#ratioSlot[row];
    let [accepted, rejected, stale, hwErrors, nonces] = [0, 0, 0, 0, 0];
    for (let s = Math.max(Math.floor(nowMs / RATIO_SLOT_MS), last) - RATIO_SLOTS + 1; s <= last; s++) {
      accepted += this.#accepted[at(row, s, RATIO_SLOTS)];
      rejected += this.#rejected[at(row, s, RATIO_SLOTS)];
      stale += this.#stale[at(row, s, RATIO_SLOTS)];
      hwErrors += this.#hwErrors[at(row, s, RATIO_SLOTS)];
      nonces += this.#nonces[at(row, s, RATIO_SLOTS)];
    }
    return {
      rejectRatio: accepted + rejected < SHARES_MIN ? null : rejected / (accepted + rejected),
      staleRatio: accepted + rejected + stale < SHARES_MIN ? null : stale / (accepted + rejected + stale),
      hwErrorRatio: nonces < NONCES_MIN ? null : hwErrors / (hwErrors + nonces),
    };
  }
}

export interface PreviousSample {
  readonly sample: WindowSample;
  readonly polledAtMs: number;
}

/** What grows until the mining program starts anew. */
type Counters = Pick<WindowSample, "uptimeMs" | "acceptedCount" | "rejectedCount" | "hwErrorCount">;

/** The mining program started anew between two samples: its age or one of its counters went back. */
export function hasRestarted(before: Counters, after: Counters): boolean {
  return (
    wentBack(before.uptimeMs, after.uptimeMs) ||
    wentBack(before.acceptedCount, after.acceptedCount) ||
    wentBack(before.rejectedCount, after.rejectedCount) ||
    wentBack(before.hwErrorCount, after.hwErrorCount)
  );
}

const wentBack = (before: number | null, after: number | null): boolean => before !== null && after !== null && after < before;
const growth = (before: number | null | undefined, after: number | null | undefined): number =>
  before === null || after == null ? 0 : after - (before ?? 0);
const at = (row: number, slot: number, slots: number): number => row * slots + (slot % slots);

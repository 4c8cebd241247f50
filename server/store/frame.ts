import { statusCode, STATUS_CODES } from "../contract/status.ts";
import { decodeBlock, encodeBlock } from "./codec.ts";
import type { StoredFrame } from "./store.ts";

const STATUS = 0;
const HASHRATE = 1;
const CHIP_TEMP = 2;

/** A frame as a block whose ascending first column is the miners' keys instead of times. */
export function encodeFrame(frame: StoredFrame): Uint8Array<ArrayBuffer> {
  const rows = Uint32Array.from(frame.minerKeys, (_, row) => row).sort((a, b) => (frame.minerKeys[a] ?? 0) - (frame.minerKeys[b] ?? 0));
  const pick = (values: ArrayLike<number>) => Float64Array.from(rows, (row) => values[row] ?? NaN);
  return encodeBlock({
    timesMs: pick(frame.minerKeys),
    columns: new Map([
      [STATUS, pick(frame.statusCodes)],
      [HASHRATE, pick(frame.hashrateHs)],
      [CHIP_TEMP, pick(frame.chipTempCMax)],
    ]),
  });
}

export function decodeFrame(atMs: number, bytes: Uint8Array): StoredFrame {
  const { timesMs, columns } = decodeBlock(bytes);
  const none = () => new Float64Array(timesMs.length).fill(NaN);
  return {
    atMs,
    minerKeys: Uint32Array.from(timesMs),
    statusCodes: Uint8Array.from(columns.get(STATUS) ?? []),
    hashrateHs: columns.get(HASHRATE) ?? none(),
    chipTempCMax: columns.get(CHIP_TEMP) ?? none(),
  };
}

/** What a sample says of its miner; NaN for not reported. */
export interface LateSample {
  readonly siteKey: number;
  readonly hashrateHs: number;
  readonly ratedHashrateHs: number;
  readonly chipTempC: number;
}

/** A miner whose status was unknown until its sample came. */
export interface Learnt {
  readonly sample: LateSample;
  readonly before: number;
  readonly after: number;
}

/**
 * The frame with the values of samples that came late. A status that was known stays as it was; one that was unknown, as the agent was away, becomes
 * what the sample alone says. `learnt` tells of these.
 */
export function correctFrame(frame: StoredFrame, late: ReadonlyMap<number, LateSample>): { frame: StoredFrame; learnt: Learnt[] } {
  const corrected = {
    ...frame,
    statusCodes: frame.statusCodes.slice(),
    hashrateHs: frame.hashrateHs.slice(),
    chipTempCMax: frame.chipTempCMax.slice(),
  };
  const learnt: Learnt[] = [];
  frame.minerKeys.forEach((key, row) => {
    const sample = late.get(key);
    if (sample === undefined) return;
    corrected.hashrateHs[row] = sample.hashrateHs;
    corrected.chipTempCMax[row] = sample.chipTempC;
    const before = frame.statusCodes[row];
    const after = STATUS_CODES.at(before)?.status === "unknown" ? statusOfSample(sample, before) : before;
    if (after === before) return;
    corrected.statusCodes[row] = after;
    learnt.push({ sample, before, after });
  });
  return { frame: corrected, learnt };
}

/** Below this share of its rating a miner is degraded: the default of `lowHashrate`. */
const LOW_SHARE = 0.8;
const HASHING = statusCode({ status: "hashing", reason: "ok" });
const LOW = statusCode({ status: "degraded", reason: "lowHashrate" });
const STOPPED = statusCode({ status: "notHashing", reason: "stopped" });

/** Still `unknown` where the sample has no hashrate. */
function statusOfSample({ hashrateHs, ratedHashrateHs }: LateSample, unknown: number): number {
  if (Number.isNaN(hashrateHs)) return unknown;
  if (hashrateHs === 0) return STOPPED;
  return hashrateHs < LOW_SHARE * ratedHashrateHs ? LOW : HASHING;
}

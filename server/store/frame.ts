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

/** The frame with the values of samples that came late; statuses stay as they were known then. */
export function correctFrame(frame: StoredFrame, late: ReadonlyMap<number, { hashrateHs: number; chipTempC: number }>): StoredFrame {
  const hashrateHs = frame.hashrateHs.slice();
  const chipTempCMax = frame.chipTempCMax.slice();
  frame.minerKeys.forEach((key, row) => {
    const values = late.get(key);
    if (values === undefined) return;
    hashrateHs[row] = values.hashrateHs;
    chipTempCMax[row] = values.chipTempC;
  });
  return { ...frame, hashrateHs, chipTempCMax };
}

/** 20 whole numbers a sample: METRICS names them. */
export const METRICS: readonly string[];
export const NM: number;
/** 2026-11-23 00:00 UTC, seconds. */
export const T0: number;
export class Fleet {
  constructor(n: number, seed?: number);
  readonly n: number;
  /** Miner i's values begin at i × NM. */
  readonly v: Int32Array;
  /** One sweep. */
  step(seconds?: number): void;
}

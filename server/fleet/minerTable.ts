import type { LiveColumn } from "../contract/live.ts";
import type { Sample } from "../contract/sample.ts";
import { STATUS_CODES, statusCode, type StatusReason } from "../contract/status.ts";
import type { Windows } from "./status.ts";

const FIRST_CAPACITY = 256;
/** In a column of status codes: none. */
export const NO_STATUS = 255;

type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array;
const columns = {
  /* live values, as browsers get them; NaN: not reported */
  status: new Float64Array(),
  hashrateHs: new Float64Array(),
  powerW: new Float64Array(),
  chipTempCMax: new Float64Array(),
  boardTempCMax: new Float64Array(),
  fanRpmMin: new Float64Array(),
  rejectRatio: new Float64Array(),
  staleRatio: new Float64Array(), // of the last hour, as hwErrorRatio
  hwErrorRatio: new Float64Array(),
  hashrate5mHs: new Float64Array(), // mean
  polledAtMs: new Float64Array(),
  statusSinceMs: new Float64Array(),
  lastSeenAtMs: new Float64Array(),
  hashrateMeanHs: new Float64Array(),
  hashrate30mHs: new Float64Array(),
  efficiencyJPerTh: new Float64Array(),
  inletTempC: new Float64Array(),
  outletTempC: new Float64Array(),
  uptimeMs: new Float64Array(),
  hwErrorCount: new Float64Array(),
  acceptedCount: new Float64Array(),
  rejectedCount: new Float64Array(),
  staleCount: new Float64Array(),
  fanRpm1: new Float64Array(),
  fanRpm2: new Float64Array(),
  fanRpm3: new Float64Array(),
  fanRpm4: new Float64Array(),
  /* what the status is made of */
  lastPollAtMs: new Float64Array(), // last result, failures included
  spacingMs: new Float64Array(),
  lastVerdict: new Uint8Array(), // status codes, NO_STATUS for none
  verdictBefore: new Uint8Array(),
  agreed: new Uint8Array(),
  /* who and where */
  key: new Uint32Array(), // 0: the row was forgotten
  siteKey: new Uint32Array(),
  agentIndex: new Uint16Array(),
} satisfies Record<LiveColumn, Float64Array> & Record<string, Column>;
type Columns = typeof columns;

/** The hot values of all miners, one typed array per column and one row per miner. Rows are never reused, so that a row means one miner for as long as the program runs. */
export class MinerTable {
  readonly columns: Columns = { ...columns };
  #rowCount = 0;
  #capacity = 0;

  get rowCount(): number {
    return this.#rowCount;
  }

  addRow(key: number, siteKey: number, agentIndex: number): number {
    const row = this.#rowCount++;
    if (row >= this.#capacity) this.#grow(Math.max(FIRST_CAPACITY, this.#capacity * 2));
    for (const column of Object.values(this.columns)) column[row] = NaN; // 0 in the columns of whole numbers
    this.columns.lastVerdict[row] = this.columns.verdictBefore[row] = this.columns.agreed[row] = NO_STATUS;
    this.columns.key[row] = key;
    this.columns.siteKey[row] = siteKey;
    this.columns.agentIndex[row] = agentIndex;
    return row;
  }

  #grow(capacity: number): void {
    for (const name of Object.keys(this.columns) as (keyof Columns)[]) {
      const old: Column = this.columns[name];
      const Type = old.constructor as new (length: number) => Column;
      const grown = new Type(capacity);
      grown.set(old);
      Object.assign(this.columns, { [name]: grown });
    }
    this.#capacity = capacity;
  }

  statusAt(row: number): StatusReason {
    return STATUS_CODES[this.columns.status[row]];
  }

  verdictAt(column: "lastVerdict" | "verdictBefore" | "agreed", row: number): StatusReason | null {
    const code = this.columns[column][row];
    return code === NO_STATUS ? null : STATUS_CODES[code];
  }

  setVerdict(column: "lastVerdict" | "verdictBefore" | "agreed", row: number, verdict: StatusReason | null): void {
    this.columns[column][row] = verdict === null ? NO_STATUS : statusCode(verdict);
  }

  /** Lays a sample's scalars over the row. windows: null where they are not known yet; the ratio of rejects is then told by the counters. */
  setSample(row: number, sample: Sample, windows: Windows | null): void {
    const c = this.columns;
    c.hashrateHs[row] = sample.hashrateHs ?? NaN;
    c.powerW[row] = sample.powerW ?? NaN;
    c.chipTempCMax[row] = sample.chipTempCMax ?? NaN;
    c.boardTempCMax[row] = sample.boardTempCMax ?? NaN;
    c.fanRpmMin[row] = lowestFanRpm(sample);
    c.rejectRatio[row] = windows?.rejectRatio ?? lifetimeRejectRatio(sample);
    c.staleRatio[row] = windows?.staleRatio ?? NaN;
    c.hwErrorRatio[row] = windows?.hwErrorRatio ?? NaN;
    c.hashrate5mHs[row] = windows?.meanHashrateHs ?? NaN;
    c.polledAtMs[row] = sample.polledAtMs;
    c.hashrateMeanHs[row] = sample.hashrateMeanHs ?? NaN;
    c.hashrate30mHs[row] = sample.hashrate30mHs ?? NaN;
    c.efficiencyJPerTh[row] = sample.efficiencyJPerTh ?? NaN;
    c.inletTempC[row] = sample.inletTempC ?? NaN;
    c.outletTempC[row] = sample.outletTempC ?? NaN;
    c.uptimeMs[row] = sample.uptimeMs ?? NaN;
    c.hwErrorCount[row] = sample.hwErrorCount ?? NaN;
    c.acceptedCount[row] = sample.acceptedCount ?? NaN;
    c.rejectedCount[row] = sample.rejectedCount ?? NaN;
    c.staleCount[row] = sample.staleCount ?? NaN;
    c.fanRpm1[row] = sample.fansRpm[0] ?? NaN;
    c.fanRpm2[row] = sample.fansRpm[1] ?? NaN;
    c.fanRpm3[row] = sample.fansRpm[2] ?? NaN;
    c.fanRpm4[row] = sample.fansRpm[3] ?? NaN;
  }
}

/** The slowest fan that the model has: slots beyond the expected count that read 0 are not there. */
function lowestFanRpm({ fansRpm, expectedFanCount }: Sample): number {
  const fastestFirst = [...fansRpm].sort((a, b) => b - a);
  const there = expectedFanCount === null ? fastestFirst : fastestFirst.slice(0, expectedFanCount);
  return there.at(-1) ?? NaN;
}

function lifetimeRejectRatio({ acceptedCount, rejectedCount }: Sample): number {
  if (acceptedCount === null || rejectedCount === null || acceptedCount + rejectedCount === 0) return NaN;
  return rejectedCount / (acceptedCount + rejectedCount);
}

import type { LiveColumn, LiveDelta, LiveSnapshot, LiveTotals } from "./live.ts";
import { ByteReader, ByteWriter, readInts, writeInts } from "./packedInts.ts";
import { STATUSES } from "./status.ts";

/**
 * The packed messages of the live stream. Values are quantised, as coarsely as keeps what a page shows true, to whole numbers ("codes"), and the codes
 * packed column by column. Stateless: a message decodes without the ones before it. Layout: kind, version, atMs, then keys, columns and totals.
 */
const SNAPSHOT = 1;
const DELTA = 2;
/** More rows than any fleet; bounds what malformed bytes can make a reader allocate. */
export const PACKED_ROWS_MAX = 1 << 20;

/** Value ↔ code. `instant`: sent relative to the message's atMs. `coarse`: tenths that most miners give as whole degrees. */
interface Quantum {
  readonly code: (value: number) => number;
  readonly value: (code: number) => number;
  readonly unit?: number;
  readonly instant?: boolean;
  readonly coarse?: boolean;
}

const steps = (unit: number): Quantum => ({ unit, code: (value) => Math.round(value / unit), value: (code) => code * unit });
/** 1e-4 has no exact reciprocal: dividing gives 0.0123 back, multiplying 0.012300000000000002. */
const parts = (perUnit: number): Quantum => ({ code: (value) => Math.round(value * perUnit), value: (code) => code / perUnit });
const tenths: Quantum = { ...parts(10), coarse: true };
const instants = (unit: number): Quantum => ({ ...steps(unit), instant: true });

/** Codes stay whole numbers after the steps of packing. */
const CODE_MAX = 2 ** 50;
const FLOAT32_MAX = 3.4e38;
const float = new Float32Array(1);
const pattern = new Uint32Array(float.buffer);
/** The top 24 bits of the float32 pattern: 15 bits of mantissa, an error below 1.6e-5 from kSol/s to EH/s. */
const float24: Quantum = {
  code: (value) => {
    float[0] = Math.max(-FLOAT32_MAX, Math.min(FLOAT32_MAX, value));
    return (pattern[0] + 0x80) >>> 8;
  },
  value: (code) => {
    pattern[0] = code << 8;
    return float[0];
  },
};

/** In wire order: append only. */
const QUANTA: Record<LiveColumn, Quantum> = {
  status: steps(1),
  hashrateHs: float24,
  powerW: steps(1),
  chipTempCMax: tenths,
  boardTempCMax: tenths,
  fanRpmMin: steps(10),
  rejectRatio: parts(10_000),
  polledAtMs: instants(100),
  statusSinceMs: instants(1000),
  lastSeenAtMs: instants(100),
  hashrateMeanHs: float24,
  hashrate30mHs: float24,
  efficiencyJPerTh: float24,
  inletTempC: tenths,
  outletTempC: tenths,
  uptimeMs: steps(1000),
  hwErrorCount: steps(1),
  acceptedCount: steps(1),
  rejectedCount: steps(1),
  staleCount: steps(1),
  fanRpm1: steps(10),
  fanRpm2: steps(10),
  fanRpm3: steps(10),
  fanRpm4: steps(10),
};
export const PACKED_COLUMNS = Object.keys(QUANTA) as LiveColumn[];

/** The whole number that stands for a value on the wire, NaN for NaN: two values with one code look the same to a browser. */
export function codeOf(column: LiveColumn, value: number): number {
  if (!Number.isFinite(value)) return NaN;
  return Math.max(-CODE_MAX, Math.min(CODE_MAX, QUANTA[column].code(value))) + 0; // + 0: no -0
}

/** The value that a browser gets for `value`. */
export function quantised(column: LiveColumn, value: number): number {
  const code = codeOf(column, value);
  return Number.isNaN(code) ? NaN : QUANTA[column].value(code);
}

export function encodeSnapshot(snapshot: LiveSnapshot): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writeHead(writer, SNAPSHOT, snapshot);
  writer.varint(snapshot.keys.length);
  writeInts(writer, differences(snapshot.keys));
  const columns = PACKED_COLUMNS.filter((column) => snapshot.values[column] !== undefined);
  writer.u8(columns.length);
  for (const column of columns) {
    const values = snapshot.values[column] ?? new Float64Array();
    if (values.length !== snapshot.keys.length)
      throw new RangeError(`${column} has ${values.length} values for ${snapshot.keys.length} rows`);
    writeColumn(writer, column, values, snapshot.atMs);
  }
  writeTotals(writer, snapshot.totals, snapshot.atMs);
  return writer.finish();
}

/** Throws RangeError on anything that `encodeSnapshot` did not write. */
export function decodeSnapshot(bytes: Uint8Array): LiveSnapshot {
  const reader = new ByteReader(bytes);
  const head = readHead(reader, SNAPSHOT);
  const keys = sums(readInts(reader, readRowCount(reader)));
  const values: Partial<Record<LiveColumn, Float64Array>> = {};
  for (let count = readColumnCount(reader); count > 0; count--) {
    const column = readColumnName(reader);
    if (values[column]) throw new RangeError(`Column ${column} comes twice`);
    values[column] = readValues(reader, column, keys.length, head.atMs);
  }
  const totals = readTotals(reader, head.atMs);
  reader.end();
  return { ...head, keys, values, totals };
}

/** The rows of every column must ascend. */
export function encodeDelta(delta: LiveDelta): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writeHead(writer, DELTA, delta);
  writer.varint(delta.addedKeys.length);
  writeInts(writer, differences(delta.addedKeys));
  const changes = delta.changes.filter((change) => change.rows.length > 0);
  const rows = union(changes.map((change) => change.rows));
  writer.varint(rows.length);
  writeInts(writer, differences(rows));
  writer.u8(changes.length);
  for (const change of changes) writeChange(writer, change, { rows, atMs: delta.atMs });
  writeInstant(writer, delta.oldestSampleAtMs, delta.atMs);
  writeInstant(writer, delta.oldestAgentAtMs, delta.atMs);
  writer.u8(delta.totals === null ? 0 : 1);
  if (delta.totals !== null) writeTotals(writer, delta.totals, delta.atMs);
  return writer.finish();
}

/** Throws RangeError on anything that `encodeDelta` did not write. */
export function decodeDelta(bytes: Uint8Array): LiveDelta {
  const reader = new ByteReader(bytes);
  const head = readHead(reader, DELTA);
  const addedKeys = sums(readInts(reader, readRowCount(reader)));
  const rows = sums(readInts(reader, readRowCount(reader)));
  const changes: LiveDelta["changes"][number][] = [];
  for (let count = readColumnCount(reader); count > 0; count--) changes.push(readChange(reader, rows, head.atMs));
  const oldestSampleAtMs = readInstant(reader, head.atMs);
  const oldestAgentAtMs = readInstant(reader, head.atMs);
  const totals = reader.u8() === 0 ? null : readTotals(reader, head.atMs);
  reader.end();
  return { ...head, addedKeys, changes, oldestSampleAtMs, oldestAgentAtMs, totals };
}

function writeHead(writer: ByteWriter, kind: number, { version, atMs }: { version: number; atMs: number }): void {
  writer.u8(kind);
  writer.varint(version);
  writer.varint(atMs);
}

function readHead(reader: ByteReader, kind: number): { version: number; atMs: number } {
  const seen = reader.u8();
  if (seen !== kind) throw new RangeError(`Packed message is of kind ${seen}, expected ${kind}`);
  return { version: reader.varint(), atMs: reader.varint() };
}

function readRowCount(reader: ByteReader): number {
  const count = reader.varint();
  if (count > PACKED_ROWS_MAX) throw new RangeError(`Packed message claims ${count} rows`);
  return count;
}

function readColumnCount(reader: ByteReader): number {
  const count = reader.u8();
  if (count > PACKED_COLUMNS.length) throw new RangeError(`Packed message claims ${count} columns`);
  return count;
}

function readColumnName(reader: ByteReader): LiveColumn {
  const index = reader.u8();
  if (index >= PACKED_COLUMNS.length) throw new RangeError(`Packed message names column ${index}`);
  return PACKED_COLUMNS[index];
}

/** A subset of the rows is written as positions among them; a column that changed in all of them costs one byte. */
function writeChange(
  writer: ByteWriter,
  { column, rows: own, values }: LiveDelta["changes"][number],
  { rows, atMs }: { rows: Uint32Array; atMs: number },
): void {
  writer.varint(rows.length - own.length);
  if (own.length < rows.length) writeInts(writer, differences(positions(own, rows)));
  writeColumn(writer, column, values, atMs);
}

function readChange(reader: ByteReader, rows: Uint32Array, atMs: number): LiveDelta["changes"][number] {
  const count = rows.length - reader.varint();
  if (count < 0) throw new RangeError("A column changed in fewer than no rows");
  const own = count === rows.length ? rows : sums(readInts(reader, count)).map((position) => rowAt(rows, position));
  const column = readColumnName(reader);
  return { column, rows: own, values: readValues(reader, column, count, atMs) };
}

function rowAt(rows: Uint32Array, position: number): number {
  if (position >= rows.length) throw new RangeError(`Position ${position} of ${rows.length} rows`);
  return rows[position];
}

function writeColumn(writer: ByteWriter, column: LiveColumn, values: Float64Array, atMs: number): void {
  const quantum = QUANTA[column];
  const origin = quantum.instant ? Math.floor(atMs / (quantum.unit ?? 1)) : 0;
  writer.u8(PACKED_COLUMNS.indexOf(column));
  const codes = values.map((value) => {
    const code = codeOf(column, value);
    return quantum.instant ? origin - code : code;
  });
  writeInts(writer, codes, quantum.coarse);
}

function readValues(reader: ByteReader, column: LiveColumn, count: number, atMs: number): Float64Array {
  const quantum = QUANTA[column];
  const origin = quantum.instant ? Math.floor(atMs / (quantum.unit ?? 1)) : 0;
  const codes = readInts(reader, count);
  return codes.map((code) => (Number.isNaN(code) ? NaN : quantum.value(quantum.instant ? origin - code : code)));
}

function writeTotals(writer: ByteWriter, totals: LiveTotals, atMs: number): void {
  writer.varint(totals.minerCount);
  writer.varint(totals.reportingCount);
  for (const status of STATUSES) writer.varint(totals.statusCounts[status]);
  for (const value of [totals.hashrateHs, totals.ratedHashrateHs, totals.powerW, totals.efficiencyJPerTh, totals.chipTempCMax])
    writer.f64(value ?? NaN);
  writeInstant(writer, totals.oldestSampleAtMs, atMs);
  writeInstant(writer, totals.oldestAgentAtMs, atMs);
}

function readTotals(reader: ByteReader, atMs: number): LiveTotals {
  const minerCount = reader.varint();
  const reportingCount = reader.varint();
  const statusCounts = Object.fromEntries(STATUSES.map((status) => [status, reader.varint()])) as LiveTotals["statusCounts"];
  const hashrateHs = reader.f64();
  const ratedHashrateHs = reader.f64();
  const [powerW, efficiencyJPerTh, chipTempCMax] = [readNullable(reader), readNullable(reader), readNullable(reader)];
  const oldestSampleAtMs = readInstant(reader, atMs);
  const oldestAgentAtMs = readInstant(reader, atMs);
  return {
    minerCount,
    reportingCount,
    statusCounts,
    hashrateHs,
    ratedHashrateHs,
    powerW,
    efficiencyJPerTh,
    chipTempCMax,
    oldestSampleAtMs,
    oldestAgentAtMs,
  };
}

function readNullable(reader: ByteReader): number | null {
  const value = reader.f64();
  return Number.isNaN(value) ? null : value;
}

/** 0 is null; otherwise tenths of a second before atMs, signed and moved by one. */
function writeInstant(writer: ByteWriter, instantMs: number | null, atMs: number): void {
  if (instantMs === null) writer.varint(0);
  else {
    const age = Math.round((atMs - instantMs) / 100);
    writer.varint(age < 0 ? -2 * age : 2 * age + 1);
  }
}

function readInstant(reader: ByteReader, atMs: number): number | null {
  const code = reader.varint();
  if (code === 0) return null;
  return atMs - 100 * (code % 2 === 0 ? -code / 2 : (code - 1) / 2);
}

/** First value, then differences less one for ascending neighbours: consecutive keys cost nothing. */
function differences(ascending: Uint32Array): Float64Array {
  let last = -1;
  return Float64Array.from(ascending, (value) => {
    const difference = value - last - 1;
    last = value;
    return difference;
  });
}

function sums(gaps: Float64Array): Uint32Array {
  let last = -1;
  return Uint32Array.from(gaps, (gap) => {
    last += gap + 1;
    if (!(last >= 0 && last < 2 ** 32)) throw new RangeError(`Packed message holds the row or key ${last}`);
    return last;
  });
}

function union(lists: readonly Uint32Array[]): Uint32Array {
  if (lists.length > 0 && lists.every((list) => list === lists[0])) return lists[0];
  const all = new Set<number>();
  for (const list of lists) for (const row of list) all.add(row);
  return Uint32Array.from(all).sort();
}

function positions(own: Uint32Array, rows: Uint32Array): Uint32Array {
  let at = 0;
  return own.map((row) => {
    while (rows[at] !== row) {
      if (at >= rows.length) throw new RangeError(`Rows of a change do not ascend at ${row}`);
      at++;
    }
    return at;
  });
}

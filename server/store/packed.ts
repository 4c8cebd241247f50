import type { Sample } from "../contract/sample.ts";
import { ByteReader, ByteWriter, unzigzag, zigzag } from "./bytes.ts";
import type { Block } from "./codec.ts";
import { columnsOfShape, MAX_CHAIN, MAX_FANS, SITE_COLUMN, type RowShape } from "./columns.ts";
import { HASHBOARD_METRICS, SCALAR_METRICS, type HASHBOARD_METRICS as Boards } from "./store.ts";

/**
 * Samples on their way to disk: a batch is entries one after the other, each
 * `minerKey, siteKey, polledAtMs, length` as varints and then a row of `length` bytes: the shape (chains, fans), a bitmap of the values that are
 * there, and the values as tagged varints. About 70 bytes a sample. Every row says what it holds, so none depends on another.
 */
export interface Entry {
  minerKey: number;
  siteKey: number;
  atMs: number;
  /** Where the entry, and its row, begin and end in the batch. */
  start: number;
  rowStart: number;
  end: number;
}

/** One sample as plain numbers; `values` in the order of `columnsOfShape(shape)`, NaN for not reported. */
interface PlainRow {
  minerKey: number; // 1 to 2^20 - 1
  siteKey: number; // from 1
  atMs: number;
  shape: RowShape;
  values: ArrayLike<number>;
}

const INTEGER = 0;
const THOUSANDTHS = 1;
const MILLIONS = 2;
const DOUBLE = 3;
const COLUMNS_PER_ALLOCATION = 24;
const MAX_TAGGED = 2 ** 50; // zigzag and two bits of tag stay below 2^53

/** Collects samples into a batch for `appendPacked`. Reusable: `take` empties it. */
export class BatchPacker {
  readonly #batch = new ByteWriter(1 << 16);
  readonly #row = new ByteWriter(512);
  #values = new Float64Array(256);

  get isEmpty(): boolean {
    return this.#batch.length === 0;
  }

  addSample(minerKey: number, siteKey: number, sample: Sample): void {
    const boards = sample.hashboards.filter((board) => board.chain <= MAX_CHAIN);
    const shape = { chains: boards.map((board) => board.chain), fanCount: Math.min(sample.fansRpm.length, MAX_FANS) };
    const width = SCALAR_METRICS.length + boards.length * HASHBOARD_METRICS.length + shape.fanCount;
    if (this.#values.length < width) this.#values = new Float64Array(width * 2);
    const values = this.#values;
    let at = 0;
    for (const metric of SCALAR_METRICS) values[at++] = sample[metric] ?? NaN;
    for (const board of boards) for (const metric of HASHBOARD_METRICS) values[at++] = boardValue(board, metric);
    for (let fan = 0; fan < shape.fanCount; fan++) values[at++] = sample.fansRpm[fan];
    this.add({ minerKey, siteKey, atMs: sample.polledAtMs, shape, values });
  }

  add(row: PlainRow): void {
    this.#row.clear();
    packRow(this.#row, row.shape, row.values);
    const bytes = this.#row.view();
    this.#batch.varint(row.minerKey);
    this.#batch.varint(row.siteKey);
    this.#batch.varint(row.atMs);
    this.#batch.varint(bytes.length);
    this.#batch.bytes(bytes);
  }

  take(): Uint8Array<ArrayBuffer> {
    const batch = this.#batch.toBytes();
    this.#batch.clear();
    return batch;
  }
}

function boardValue(board: Sample["hashboards"][number], metric: (typeof Boards)[number]): number {
  if (metric === "chipTempCMax") return hottest(board.chipTempsC);
  if (metric === "boardTempCMax") return hottest(board.boardTempsC);
  return board[metric] ?? NaN;
}

function hottest(temps: readonly number[]): number {
  let max = NaN;
  for (const temp of temps) if (!(temp <= max)) max = temp;
  return max;
}

function packRow(out: ByteWriter, shape: RowShape, values: ArrayLike<number>): void {
  const width = SCALAR_METRICS.length + shape.chains.length * HASHBOARD_METRICS.length + shape.fanCount;
  out.byte(shape.chains.length);
  for (const chain of shape.chains) out.byte(chain);
  out.byte(shape.fanCount);
  for (let at = 0; at < width; at += 8) {
    let bits = 0;
    for (let bit = 0; bit < 8 && at + bit < width; bit++) if (!Number.isNaN(values[at + bit])) bits |= 1 << bit;
    out.byte(bits);
  }
  for (let at = 0; at < width; at++) {
    const value = values[at];
    if (!Number.isNaN(value)) packValue(out, value);
  }
}

function packValue(out: ByteWriter, value: number): void {
  const magnitude = Math.abs(value);
  if (Number.isInteger(value) && magnitude < MAX_TAGGED) {
    if (magnitude >= 1e9 && value % 1e6 === 0) out.varint(zigzag(value / 1e6) * 4 + MILLIONS);
    else out.varint(zigzag(value) * 4 + INTEGER);
    return;
  }
  const thousandths = Math.round(value * 1000);
  if (Math.abs(thousandths) < MAX_TAGGED && thousandths / 1000 === value) {
    out.varint(zigzag(thousandths) * 4 + THOUSANDTHS);
    return;
  }
  out.varint(DOUBLE);
  out.double(value);
}

function unpackValue(reader: ByteReader): number {
  const tagged = reader.varint();
  const tag = tagged < 0x80000000 ? tagged & 3 : tagged % 4;
  if (tag === DOUBLE) return reader.double();
  const integer = unzigzag((tagged - tag) / 4);
  if (tag === MILLIONS) return integer * 1e6;
  return tag === THOUSANDTHS ? integer / 1000 : integer;
}

/** Steps through the entries of a batch without making anything; rows are not read. */
export class EntryCursor implements Entry {
  minerKey = 0;
  siteKey = 0;
  atMs = 0;
  start = 0;
  rowStart = 0;
  end = 0;
  readonly #reader: ByteReader;

  constructor(batch: Uint8Array) {
    this.#reader = new ByteReader(batch);
  }

  /** False at the end. Throws RangeError where the bytes end early. */
  next(): boolean {
    const reader = this.#reader;
    if (reader.done) return false;
    this.start = reader.at;
    this.minerKey = reader.varint();
    this.siteKey = reader.varint();
    this.atMs = reader.varint();
    const length = reader.varint();
    this.rowStart = reader.at;
    reader.skip(length);
    this.end = reader.at;
    return true;
  }
}

/** Reads one row: values in the order of `columnsOfShape(shape)`. */
export function unpackRow(bytes: Uint8Array, rowStart: number): { shape: RowShape; values: Float64Array } {
  const reader = new ByteReader(bytes, rowStart);
  const shape = readShape(reader);
  const width = SCALAR_METRICS.length + shape.chains.length * HASHBOARD_METRICS.length + shape.fanCount;
  const values = new Float64Array(width);
  readValues(reader, values, width);
  return { shape, values };
}

/** The first `into.length` scalars of a row, without reading the rest; at most SCALAR_METRICS. */
export function unpackScalars(bytes: Uint8Array, rowStart: number, into: Float64Array): void {
  const chainCount = bytes[rowStart];
  const bitmapStart = rowStart + shapeLength(bytes, rowStart);
  const width = SCALAR_METRICS.length + chainCount * HASHBOARD_METRICS.length + bytes[bitmapStart - 1];
  const reader = new ByteReader(bytes, bitmapStart + Math.ceil(width / 8));
  for (let at = 0; at < into.length; at++) {
    const present = (bytes[bitmapStart + (at >> 3)] >> (at & 7)) & 1;
    into[at] = present === 1 ? unpackValue(reader) : NaN;
  }
}

function readShape(reader: ByteReader): RowShape {
  const chains = Array.from({ length: reader.byte() }, () => reader.byte());
  return { chains, fanCount: reader.byte() };
}

function readValues(reader: ByteReader, values: Float64Array, width: number): void {
  const bitmap = reader.bytes(Math.ceil(width / 8));
  for (let at = 0; at < width; at++) {
    const present = (bitmap[at >> 3] >> (at & 7)) & 1;
    values[at] = present === 1 ? unpackValue(reader) : NaN;
  }
}

/** Entries of one miner, in any order and each of another instant, as a block in order of time, the site as one more column. */
export function blockOfEntries(bytes: Uint8Array): Block {
  const { timesMs, sites, rowStarts } = entriesInOrder(bytes);
  const columns = new Map<number, Float64Array>([[SITE_COLUMN, sites]]);
  const reader = new ByteReader(bytes);
  const allocate = columnAllocator(rowStarts.length);
  let shapeStart = -1; // of the row that `ids` and `targets` were made for
  let ids: number[] = [];
  let targets: (Float64Array | undefined)[] = [];
  for (let row = 0; row < rowStarts.length; row++) {
    reader.at = rowStarts[row];
    if (shapeStart === -1 || !isSameShape(bytes, shapeStart, reader.at)) {
      shapeStart = reader.at;
      ids = columnsOfShape(readShape(reader));
      targets = ids.map((id) => columns.get(id));
    } else reader.at += shapeLength(bytes, shapeStart);
    const bitmapStart = reader.at;
    reader.skip(Math.ceil(ids.length / 8));
    for (let at = 0; at < ids.length; at++) {
      if (((bytes[bitmapStart + (at >> 3)] >> (at & 7)) & 1) === 0) continue;
      let target = targets[at];
      if (target === undefined) {
        target = targets[at] = allocate();
        columns.set(ids[at], target);
      }
      target[row] = unpackValue(reader);
    }
  }
  return { timesMs, columns };
}

function entriesInOrder(bytes: Uint8Array): { timesMs: Float64Array; sites: Float64Array; rowStarts: number[] } {
  const times: number[] = [];
  const sites: number[] = [];
  const rowStarts: number[] = [];
  let isAscending = true;
  for (const cursor = new EntryCursor(bytes); cursor.next();) {
    if (times.length > 0 && cursor.atMs <= times[times.length - 1]) isAscending = false;
    times.push(cursor.atMs);
    sites.push(cursor.siteKey);
    rowStarts.push(cursor.rowStart);
  }
  if (isAscending) return { timesMs: Float64Array.from(times), sites: Float64Array.from(sites), rowStarts };
  const order = times.map((_, row) => row).sort((a, b) => times[a] - times[b]);
  return {
    timesMs: Float64Array.from(order, (row) => times[row]),
    sites: Float64Array.from(order, (row) => sites[row]),
    rowStarts: order.map((row) => rowStarts[row]),
  };
}

/** Chains with their number in front, and the number of fans. */
function shapeLength(bytes: Uint8Array, rowStart: number): number {
  return bytes[rowStart] + 2;
}

function isSameShape(bytes: Uint8Array, one: number, other: number): boolean {
  for (let at = 0, length = shapeLength(bytes, one); at < length; at++) if (bytes[one + at] !== bytes[other + at]) return false;
  return true;
}

/** Columns cut from a few large arrays: one allocation for each would cost more than what is read into it. */
function columnAllocator(rowCount: number): () => Float64Array {
  let large = new Float64Array(0);
  let used = 0;
  return () => {
    if (used + rowCount > large.length) {
      large = new Float64Array(rowCount * COLUMNS_PER_ALLOCATION).fill(NaN);
      used = 0;
    }
    used += rowCount;
    return large.subarray(used - rowCount, used);
  };
}

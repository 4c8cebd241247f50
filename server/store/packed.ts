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
export interface PlainRow {
  minerKey: number; // 1 to 2^20 - 1
  siteKey: number; // from 1
  atMs: number;
  shape: RowShape;
  values: ArrayLike<number>;
}

const INTEGER = 0;
const HUNDREDTHS = 1;
const MILLIONS = 2;
const DOUBLE = 3;
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
  const hundredths = Math.round(value * 100);
  if (Math.abs(hundredths) < MAX_TAGGED && hundredths / 100 === value) {
    out.varint(zigzag(hundredths) * 4 + HUNDREDTHS);
    return;
  }
  out.varint(DOUBLE);
  out.double(value);
}

function unpackValue(reader: ByteReader): number {
  const tagged = reader.varint();
  const tag = tagged % 4;
  if (tag === DOUBLE) return reader.double();
  const integer = unzigzag((tagged - tag) / 4);
  if (tag === MILLIONS) return integer * 1e6;
  return tag === HUNDREDTHS ? integer / 100 : integer;
}

/** The entries of a batch, in order; rows are not read. Throws RangeError where the bytes end early. */
export function* entriesOf(batch: Uint8Array): Generator<Entry> {
  const reader = new ByteReader(batch);
  while (!reader.done) {
    const start = reader.at;
    const minerKey = reader.varint();
    const siteKey = reader.varint();
    const atMs = reader.varint();
    const length = reader.varint();
    const rowStart = reader.at;
    reader.bytes(length);
    yield { minerKey, siteKey, atMs, start, rowStart, end: reader.at };
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
  const reader = new ByteReader(bytes, rowStart);
  const shape = readShape(reader);
  const width = SCALAR_METRICS.length + shape.chains.length * HASHBOARD_METRICS.length + shape.fanCount;
  const bitmap = reader.bytes(Math.ceil(width / 8));
  for (let at = 0; at < into.length; at++) {
    const present = (bitmap[at >> 3] >> (at & 7)) & 1;
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

/**
 * Entries of one miner, in any order, as a block in order of time, the site as one more column. Of two entries of one instant the first stays.
 */
export function blockOfEntries(bytes: Uint8Array): Block {
  const entries = inOrder([...entriesOf(bytes)]);
  const timesMs = new Float64Array(entries.length);
  const sites = new Float64Array(entries.length);
  const columns = new Map<number, Float64Array>();
  const reader = new ByteReader(bytes);
  let shapeStart = -1; // of the row that `targets` were made for
  let targets: Float64Array[] = [];
  entries.forEach((entry, row) => {
    timesMs[row] = entry.atMs;
    sites[row] = entry.siteKey;
    reader.at = entry.rowStart;
    if (shapeStart === -1 || !isSameShape(bytes, shapeStart, entry.rowStart)) {
      shapeStart = entry.rowStart;
      targets = columnsOfShape(readShape(reader)).map((id) => columnFor(columns, id, entries.length));
    } else reader.at += shapeLength(bytes, shapeStart);
    readValuesInto(reader, targets, row);
  });
  columns.set(SITE_COLUMN, sites);
  return { timesMs, columns };
}

function readValuesInto(reader: ByteReader, targets: readonly Float64Array[], row: number): void {
  const bitmap = reader.bytes(Math.ceil(targets.length / 8));
  for (let at = 0; at < targets.length; at++) {
    if (((bitmap[at >> 3] >> (at & 7)) & 1) === 1) targets[at][row] = unpackValue(reader);
  }
}

/** Chains with their number in front, and the number of fans. */
function shapeLength(bytes: Uint8Array, rowStart: number): number {
  return bytes[rowStart] + 2;
}

function isSameShape(bytes: Uint8Array, one: number, other: number): boolean {
  for (let at = 0, length = shapeLength(bytes, one); at < length; at++) if (bytes[one + at] !== bytes[other + at]) return false;
  return true;
}

function columnFor(columns: Map<number, Float64Array>, id: number, count: number): Float64Array {
  const known = columns.get(id);
  if (known !== undefined) return known;
  const created = new Float64Array(count).fill(NaN);
  columns.set(id, created);
  return created;
}

function inOrder(entries: Entry[]): Entry[] {
  const isAscending = entries.every((entry, index) => index === 0 || entry.atMs > entries[index - 1].atMs);
  if (isAscending) return entries;
  return entries.sort((a, b) => a.atMs - b.atMs).filter((entry, index, all) => index === 0 || entry.atMs !== all[index - 1].atMs);
}

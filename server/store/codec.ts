import { ByteReader, ByteWriter, bitLength, unzigzag, zigzag } from "./bytes.ts";

/** Samples as columns: one instant per row, ascending; in every column one value per row, NaN for not reported. */
export interface Block {
  timesMs: Float64Array;
  columns: Map<number, Float64Array>;
}

const LAYOUT = 1;
const CONSTANT = 0; // base for every row
const OFFSET = 1; // base + step × k
const DELTA = 2; // first = base, then last + step × (low + k)
const SIGNED_DELTA = 3; // first = base, then last + step × unzigzag(k)
const DOUBLE = 4; // 8 bytes each
const MODE_BITS = 7;
const HAS_NULLS = 8;
const HAS_EXCEPTIONS = 16;
const HAS_EXPONENT = 32;
const HAS_STEP = 64;

const MAX_EXPONENT = 6;
const MAX_INTEGER = 2 ** 49; // so that differences of differences and their zigzag stay exact
const MAX_WIDTH = 53;
const WIDTHS = 64;
const RARE_FALL = 30; // one in this many changes
const POWERS_OF_TWO = Float64Array.from({ length: MAX_WIDTH + 1 }, (_, width) => 2 ** width);
/** What an exception of so many bits costs, by width. */
const EXCEPTION_BITS = Float64Array.from({ length: MAX_WIDTH + 1 }, (_, width) => 12 + 8 * Math.ceil(width / 7));
const POWERS = Array.from({ length: MAX_EXPONENT + 1 }, (_, exponent) => 10 ** exponent);

/** Scratch space of encodeBlock, which does not wait and does not call itself. */
const head = new ByteWriter(1 << 12);
const body = new ByteWriter(1 << 16);
const exceptions = new ByteWriter(1 << 10);
let offsets = new Float64Array(1 << 10);
let packed = new Float64Array(1 << 10);

/** Parameters of one column, as they stand in the head; enough to skip its bytes. */
interface Head {
  mode: number;
  valueCount: number; // rows that are not null
  hasNulls: boolean;
  exponent: number; // values are integers / 10^exponent
  base: number;
  step: number;
  low: number;
  width: number;
  exceptionBytes: number; // rows whose k needs more than `width` bits stand apart
}

/**
 * Packs a block without loss (but for -0, which becomes 0): each column as integers under a decimal exponent, relative to its minimum or to the
 * value before, whichever is smaller, divided by their common step and bit-packed; rare outliers stand apart (row distance and value) so that they do not widen the rest;
 * what is no short decimal number stays a double. Columns without any value are left out.
 */
export function encodeBlock(block: Block): Uint8Array<ArrayBuffer> {
  const count = block.timesMs.length;
  head.clear();
  body.clear();
  head.byte(LAYOUT);
  head.varint(count);
  const encoded = [...block.columns].filter(([, values]) => hasValue(values)).sort(([a], [b]) => a - b);
  head.varint(encoded.length);
  encodeColumn(block.timesMs, head, body);
  let last = 0;
  for (const [column, values] of encoded) {
    head.varint(column - last);
    last = column;
    encodeColumn(values, head, body);
  }
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head.view());
  whole.set(body.view(), head.length);
  return whole;
}

/** Unpacks a block; with `wanted` only these columns, the others are skipped unread. A column that the block does not hold is absent. */
export function decodeBlock(bytes: Uint8Array, wanted: ReadonlySet<number> | null = null): Block {
  const reader = new ByteReader(bytes);
  const layout = reader.byte();
  if (layout !== LAYOUT) throw new RangeError(`Cannot read a block of layout ${layout}`);
  const count = reader.varint();
  const columnCount = reader.varint();
  const heads: { column: number; head: Head }[] = [{ column: -1, head: readHead(reader, count) }];
  for (let i = 0, column = 0; i < columnCount; i++) {
    column += reader.varint();
    heads.push({ column, head: readHead(reader, count) });
  }
  const block: Block = { timesMs: new Float64Array(0), columns: new Map() };
  for (const { column, head } of heads) {
    if (column === -1) block.timesMs = readColumn(reader, head, count);
    else if (wanted === null || wanted.has(column)) block.columns.set(column, readColumn(reader, head, count));
    else reader.bytes(bodyLength(head, count));
  }
  return block;
}

function hasValue(values: Float64Array): boolean {
  for (let row = 0; row < values.length; row++) if (!Number.isNaN(values[row])) return true;
  return false;
}

function encodeColumn(values: Float64Array, head: ByteWriter, body: ByteWriter): void {
  const dense = withoutNulls(values);
  const nulls = dense.length < values.length ? HAS_NULLS : 0;
  const integers = toIntegers(dense);
  if (integers === null) {
    head.byte(DOUBLE | nulls);
    if (nulls !== 0) writeNulls(values, head, body, dense.length);
    for (const value of dense) body.double(value);
    return;
  }
  const { exponent } = integers;
  const plan = planIntegers(integers.values);
  exceptions.clear();
  pack(plan);
  const options = (exceptions.length > 0 ? HAS_EXCEPTIONS : 0) | (exponent > 0 ? HAS_EXPONENT : 0) | (plan.step !== 1 ? HAS_STEP : 0);
  head.byte(plan.mode | nulls | options);
  if (nulls !== 0) writeNulls(values, head, body, dense.length);
  if (exponent > 0) head.byte(exponent);
  head.zigzag(plan.base);
  if (plan.mode !== CONSTANT) {
    head.byte(plan.width);
    if (plan.step !== 1) head.varint(plan.step);
    if (plan.mode === DELTA) head.zigzag(plan.low);
  }
  if (exceptions.length > 0) {
    head.varint(exceptions.length);
    body.bytes(exceptions.view());
  }
  body.bits(packed, plan.count, plan.width);
}

function withoutNulls(values: Float64Array): Float64Array {
  let count = 0;
  for (let row = 0; row < values.length; row++) if (!Number.isNaN(values[row])) count++;
  return count === values.length ? values : values.filter((value) => !Number.isNaN(value));
}

function writeNulls(values: Float64Array, head: ByteWriter, body: ByteWriter, valueCount: number): void {
  head.varint(valueCount);
  const map = new Float64Array(values.length);
  values.forEach((value, row) => (map[row] = Number.isNaN(value) ? 0 : 1));
  body.bits(map, map.length, 1);
}

/** The values × 10^exponent with the smallest exponent under which all are integers and come back exactly; null where there is none. */
function toIntegers(values: Float64Array): { values: Float64Array; exponent: number } | null {
  let exponent = 0;
  for (let row = 0; row < values.length; row++) {
    while (!isScaledInteger(values[row], exponent)) if (++exponent > MAX_EXPONENT) return null;
  }
  if (exponent === 0) return { values, exponent };
  const power = POWERS[exponent];
  const scaled = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const integer = Math.round(values[i] * power);
    if (integer / power !== values[i] || Math.abs(integer) > MAX_INTEGER) return null;
    scaled[i] = integer;
  }
  return { values: scaled, exponent };
}

function isScaledInteger(value: number, exponent: number): boolean {
  if (exponent === 0) return Number.isInteger(value) && Math.abs(value) <= MAX_INTEGER;
  const power = POWERS[exponent];
  const integer = Math.round(value * power);
  return Math.abs(integer) <= MAX_INTEGER && integer / power === value;
}

interface Plan {
  mode: number;
  base: number;
  step: number;
  low: number;
  width: number;
  count: number; // of packed values
}

const offsetSizes = new Uint32Array(MAX_WIDTH + 1);
const deltaSizes = new Uint32Array(MAX_WIDTH + 1);
const signedSizes = new Uint32Array(MAX_WIDTH + 1);

/** Picks the cheapest of the three ways to write integers. `values` is never empty. Leaves (value - min) / step in `offsets`. */
function planIntegers(values: Float64Array): Plan {
  const { min, max, lowDelta } = rangeOf(values);
  if (min === max) return { mode: CONSTANT, base: min, step: 1, low: 0, width: 0, count: 0 };
  const step = commonStep(values);
  const low = lowDelta / step;
  if (offsets.length < values.length) offsets = new Float64Array(values.length * 2);
  const target = offsets; // in loops a local name is faster than a variable of the module
  for (let i = 0; i < values.length; i++) target[i] = step === 1 ? values[i] - min : (values[i] - min) / step;
  const top = Math.min(MAX_WIDTH, bitLength((max - min) / step) + 2); // differences need one bit more, their zigzag another
  measure(target, values.length, { low, top });
  const offset = cheapestWidth(offsetSizes, values.length, top);
  const delta = cheapestWidth(deltaSizes, values.length - 1, top);
  const signed = cheapestWidth(signedSizes, values.length - 1, top);
  if (offset <= delta && offset <= signed) {
    return { mode: OFFSET, base: min, step, low: 0, width: offset % WIDTHS, count: values.length };
  }
  const mode = signed < delta ? SIGNED_DELTA : DELTA;
  return { mode, base: values[0], step, low, width: Math.min(signed, delta) % WIDTHS, count: values.length - 1 };
}

/** Counts how many bits each of the offsets would need in each of the three ways; none needs more than `top`, or it can only be an exception. */
function measure(offsets: Float64Array, valueCount: number, { low, top }: { low: number; top: number }): void {
  for (const sizes of [offsetSizes, deltaSizes, signedSizes]) {
    for (let width = 0; width <= top; width++) sizes[width] = 0;
    sizes[MAX_WIDTH] = 0;
  }
  let last = offsets[0];
  count(offsetSizes, last);
  for (let i = 1; i < valueCount; i++) {
    const offset = offsets[i];
    const delta = offset - last;
    last = offset;
    count(offsetSizes, offset);
    count(deltaSizes, delta - low);
    count(signedSizes, zigzag(delta));
  }
}

/** Fills `packed` and `exceptions` from the offsets by the plan. */
function pack({ mode, low, width, count }: Plan): void {
  if (packed.length < count) packed = new Float64Array(count * 2);
  const source = offsets;
  const target = packed;
  const limit = POWERS_OF_TWO[width];
  let lastException = 0;
  for (let i = 0; i < count; i++) {
    const delta = source[i + 1] - source[i];
    const value = mode === OFFSET ? source[i] : mode === DELTA ? delta - low : zigzag(delta);
    const fits = value >= 0 && value < limit;
    target[i] = fits ? value : 0;
    if (fits) continue;
    exceptions.varint(i - lastException);
    exceptions.zigzag(value);
    lastException = i;
  }
}

/** What is negative can only be an exception. */
function count(sizes: Uint32Array, value: number): void {
  sizes[value < 0 ? MAX_WIDTH : bitLength(value)]++;
}

/** lowDelta: the least change; where changes below 0 are rare, as in a counter whose miner restarts, the least of the others. */
function rangeOf(values: Float64Array): { min: number; max: number; lowDelta: number } {
  let min = values[0];
  let max = values[0];
  let leastDelta = Infinity;
  let leastGrowth = Infinity;
  let fallCount = 0;
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    const delta = value - values[i - 1];
    if (value < min) min = value;
    if (value > max) max = value;
    if (delta < leastDelta) leastDelta = delta;
    if (delta < 0) fallCount++;
    else if (delta < leastGrowth) leastGrowth = delta;
  }
  const fallsAreRare = fallCount * RARE_FALL <= values.length && leastGrowth < Infinity;
  return { min, max, lowDelta: fallsAreRare ? leastGrowth : leastDelta };
}

/** Greatest common divisor of all differences, at least 1. */
function commonStep(values: Float64Array): number {
  const first = values[0];
  let step = 0;
  for (let i = 1; i < values.length && step !== 1; i++) {
    let rest = Math.abs(values[i] - first);
    if (Math.round(rest / step) * step === rest) continue; // much cheaper than the remainder of two doubles
    while (rest !== 0) [step, rest] = [rest, step % rest];
  }
  return step === 0 ? 1 : step;
}

/**
 * The width at which packed bits and exceptions together are smallest, as `bits × WIDTHS + width`. An exception costs its position and its value as
 * varints. `top`: no value needs more bits, but for those that can only be exceptions.
 */
function cheapestWidth(sizes: Uint32Array, valueCount: number, top: number): number {
  let exceptionBits = top < MAX_WIDTH ? sizes[MAX_WIDTH] * EXCEPTION_BITS[MAX_WIDTH] : 0;
  let best = Infinity;
  for (let width = top; width >= 0; width--) {
    const cost = (valueCount * width + exceptionBits) * WIDTHS + width;
    if (cost < best) best = cost;
    exceptionBits += sizes[width] * EXCEPTION_BITS[width];
  }
  return best;
}

function readHead(reader: ByteReader, count: number): Head {
  const flags = reader.byte();
  const mode = flags & MODE_BITS;
  const hasNulls = (flags & HAS_NULLS) !== 0;
  const head: Head = { mode, valueCount: count, hasNulls, exponent: 0, base: 0, step: 1, low: 0, width: 0, exceptionBytes: 0 };
  if (hasNulls) head.valueCount = reader.varint();
  if (mode === DOUBLE) return head;
  if ((flags & HAS_EXPONENT) !== 0) head.exponent = reader.byte();
  head.base = reader.zigzag();
  if (mode !== CONSTANT) {
    head.width = reader.byte();
    if ((flags & HAS_STEP) !== 0) head.step = reader.varint();
    if (mode === DELTA) head.low = reader.zigzag();
  }
  if ((flags & HAS_EXCEPTIONS) !== 0) head.exceptionBytes = reader.varint();
  return head;
}

function packedCount(head: Head): number {
  if (head.mode === CONSTANT) return 0;
  return head.mode === OFFSET ? head.valueCount : Math.max(0, head.valueCount - 1);
}

function bodyLength(head: Head, count: number): number {
  const nulls = head.hasNulls ? Math.ceil(count / 8) : 0;
  if (head.mode === DOUBLE) return nulls + head.valueCount * 8;
  return nulls + head.exceptionBytes + Math.ceil((packedCount(head) * head.width) / 8);
}

function readColumn(reader: ByteReader, head: Head, count: number): Float64Array {
  const present = head.hasNulls ? new Float64Array(count) : null;
  if (present !== null) reader.bits(present, count, 1);
  const dense = head.mode === DOUBLE ? readDoubles(reader, head.valueCount) : readIntegers(reader, head);
  if (present === null) return dense;
  let next = 0;
  return present.map((here) => (here === 1 ? dense[next++] : NaN));
}

function readDoubles(reader: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = reader.double();
  return values;
}

function readIntegers(reader: ByteReader, head: Head): Float64Array {
  const exceptions = new ByteReader(reader.bytes(head.exceptionBytes));
  const count = packedCount(head);
  if (packed.length < count) packed = new Float64Array(count * 2);
  reader.bits(packed, count, head.width);
  for (let row = 0; !exceptions.done;) {
    row += exceptions.varint();
    packed[row] = exceptions.zigzag();
  }
  const values = restoreIntegers(packed, count, head);
  if (head.exponent > 0) {
    const power = POWERS[head.exponent];
    for (let i = 0; i < values.length; i++) values[i] = values[i] / power;
  }
  return values;
}

function restoreIntegers(packed: Float64Array, count: number, { mode, base, step, low, valueCount }: Head): Float64Array {
  const values = new Float64Array(valueCount);
  if (mode === CONSTANT) return values.fill(base);
  if (mode === OFFSET) {
    for (let i = 0; i < count; i++) values[i] = base + step * packed[i];
    return values;
  }
  let value = base;
  values[0] = value;
  for (let i = 0; i < count; i++) {
    value += step * (mode === DELTA ? packed[i] + low : unzigzag(packed[i]));
    values[i + 1] = value;
  }
  return values;
}

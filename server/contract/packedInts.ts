/**
 * Bytes and packed integers of the live stream, for server and browser.
 *
 * A run of integers (NaN = not reported) is written as frame of reference with exceptions: one width for all, a base that is subtracted, NaN and 0 as
 * symbols of their own so that a stopped miner does not stretch the range, and what lies outside the window listed behind with its position.
 * Everything read is checked against the end of the bytes: malformed input throws RangeError, never loops and never allocates more than `count` values.
 */
const WIDTH_MAX = 24; // bits; with 7 left over from the last byte the accumulator stays below 32
const SAMPLE_MAX = 2048; // values looked at to choose width and base
const STEP = 0x80;
const HAS_NAN = 0x40;
const HAS_ZERO = 0x20;
const COARSE_STEP = 10;

export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Whole numbers 0 to 2^53 - 1, seven bits a byte. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`Not a whole number that can be packed: ${value}`);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.u8((rest % 0x80) | 0x80);
    this.u8(rest);
  }

  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  f64(value: number): void {
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** `width` bits of each symbol, lowest first, padded to a whole byte. */
  bits(symbols: Uint32Array, width: number): void {
    this.#reserve(Math.ceil((symbols.length * width) / 8));
    let held = 0;
    let heldBits = 0;
    for (const symbol of symbols) {
      held |= symbol << heldBits;
      for (heldBits += width; heldBits >= 8; heldBits -= 8) {
        this.#bytes[this.#length++] = held & 0xff;
        held >>>= 8;
      }
    }
    if (heldBits > 0) this.#bytes[this.#length++] = held & 0xff;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  #take(count: number): number {
    const from = this.#at;
    if (from + count > this.#bytes.length)
      throw new RangeError(`Packed message ends at byte ${this.#bytes.length}, ${count} more expected`);
    this.#at += count;
    return from;
  }

  u8(): number {
    return this.#bytes[this.#take(1)];
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 53; scale *= 0x80) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80 && Number.isSafeInteger(value)) return value;
    }
    throw new RangeError("Packed number is longer than 53 bits");
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  f64(): number {
    const from = this.#take(8);
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getFloat64(from, true);
  }

  bits(count: number, width: number): Uint32Array {
    const symbols = new Uint32Array(count);
    if (width === 0) return symbols;
    let at = this.#take(Math.ceil((count * width) / 8));
    const mask = 2 ** width - 1;
    let held = 0;
    let heldBits = 0;
    for (let i = 0; i < count; i++) {
      for (; heldBits < width; heldBits += 8) held |= this.#bytes[at++] << heldBits;
      symbols[i] = held & mask;
      held >>>= width;
      heldBits -= width;
    }
    return symbols;
  }

  /** Throws unless every byte was read. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new RangeError(`Packed message has ${this.#bytes.length - this.#at} bytes too many`);
  }
}

interface Plan {
  readonly width: number;
  readonly base: number;
  readonly step: number;
  readonly bits: number;
}

/** Writes `values` (whole numbers, NaN allowed) without their count. `coarse`: try steps of 10 as well, for tenths that are mostly whole. */
export function writeInts(writer: ByteWriter, values: Float64Array, coarse = false): void {
  const hasNan = values.some(Number.isNaN);
  const hasZero = values.includes(0);
  const plan = planFor(values, Number(hasNan) + Number(hasZero), coarse);
  const { symbols, exceptions } = symbolsOf(values, plan, { hasNan, hasZero });
  writer.u8(plan.width | (plan.step === 1 ? 0 : STEP) | (hasNan ? HAS_NAN : 0) | (hasZero ? HAS_ZERO : 0));
  writer.signed(plan.base);
  writer.varint(exceptions.length);
  writer.bits(symbols, plan.width);
  let last = -1;
  for (const index of exceptions) {
    writer.varint(index - last - 1);
    writer.signed(values[index]);
    last = index;
  }
}

export function readInts(reader: ByteReader, count: number): Float64Array {
  const head = reader.u8();
  const width = head & 0x1f;
  if (width > WIDTH_MAX) throw new RangeError(`Packed width ${width} is more than ${WIDTH_MAX}`);
  const base = reader.signed();
  const step = head & STEP ? COARSE_STEP : 1;
  const exceptionCount = reader.varint();
  if (exceptionCount > count) throw new RangeError(`${exceptionCount} exceptions among ${count} values`);
  const symbols = reader.bits(count, width);
  const nanSymbol = head & HAS_NAN ? 0 : -1;
  const zeroSymbol = head & HAS_ZERO ? nanSymbol + 1 : -1;
  const first = Math.max(nanSymbol, zeroSymbol) + 1;
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const symbol = symbols[i];
    values[i] = symbol === nanSymbol ? NaN : symbol === zeroSymbol ? 0 : (base + symbol - first) * step;
  }
  readExceptions(reader, values, exceptionCount);
  return values;
}

function readExceptions(reader: ByteReader, values: Float64Array, exceptionCount: number): void {
  let at = -1;
  for (let i = 0; i < exceptionCount; i++) {
    at += reader.varint() + 1;
    if (at >= values.length) throw new RangeError(`Exception at ${at} of ${values.length} values`);
    values[at] = reader.signed();
  }
}

function symbolsOf(
  values: Float64Array,
  { width, base, step }: Plan,
  { hasNan, hasZero }: { hasNan: boolean; hasZero: boolean },
): { symbols: Uint32Array; exceptions: number[] } {
  const zero = Number(hasNan);
  const first = zero + Number(hasZero);
  const capacity = 2 ** width - first;
  const symbols = new Uint32Array(values.length);
  const exceptions: number[] = [];
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return; // its symbol is 0
    if (value === 0) {
      symbols[i] = zero;
      return;
    }
    const offset = value / step - base;
    if (Number.isInteger(offset) && offset >= 0 && offset < capacity) symbols[i] = offset + first;
    else exceptions.push(i);
  });
  return { symbols, exceptions };
}

/** At most SAMPLE_MAX values, one at a shifting place in each stretch: fleets repeat with their racks, and an even stride would see one model only. */
function sampleOf(values: Float64Array): Float64Array {
  if (values.length <= SAMPLE_MAX) return values;
  const stretch = values.length / SAMPLE_MAX;
  return Float64Array.from({ length: SAMPLE_MAX }, (_, i) => values[Math.floor((i + ((i * 0.618_034) % 1)) * stretch)]);
}

function planFor(values: Float64Array, specialCount: number, coarse: boolean): Plan {
  const looked = sampleOf(values);
  const real = looked.filter((value) => value !== 0 && !Number.isNaN(value)).sort();
  const fine = bestWindow(real, { sampleCount: looked.length, exceptionCount: 0, specialCount, step: 1 });
  if (!coarse) return fine;
  const whole = real.filter((value) => value % COARSE_STEP === 0).map((value) => value / COARSE_STEP);
  const exceptionCount = real.length - whole.length;
  const rough = bestWindow(whole, { sampleCount: looked.length, exceptionCount, specialCount, step: COARSE_STEP });
  return rough.bits < fine.bits ? rough : fine;
}

/** The width and base that cost the fewest bits for sorted values; those outside the window are exceptions. */
function bestWindow(
  sorted: Float64Array,
  { sampleCount, exceptionCount, specialCount, step }: { sampleCount: number; exceptionCount: number; specialCount: number; step: number },
): Plan {
  const largest = sorted.length === 0 ? 0 : Math.max(Math.abs(sorted[0]), Math.abs(sorted[sorted.length - 1])) * step;
  const exceptionBits = 8 + varintBits(2 * largest);
  let best: Plan | null = null;
  for (let width = specialCount === 2 ? 1 : 0; width <= WIDTH_MAX; width++) {
    const { base, covered } = densestWindow(sorted, 2 ** width - specialCount);
    const bits = sampleCount * width + (exceptionCount + sorted.length - covered) * exceptionBits;
    if (best === null || bits < best.bits) best = { width, base, step, bits };
    if (covered === sorted.length) break;
  }
  return best ?? { width: 0, base: 0, step, bits: 0 };
}

function densestWindow(sorted: Float64Array, capacity: number): { base: number; covered: number } {
  let best = { base: 0, covered: 0 };
  if (capacity <= 0) return best;
  let end = 0;
  for (let start = 0; end < sorted.length; start++) {
    const base = sorted[start];
    while (end < sorted.length && sorted[end] - base < capacity) end++;
    if (end - start > best.covered) best = { base, covered: end - start };
  }
  return best;
}

const varintBits = (value: number): number => 8 * Math.max(1, Math.ceil(Math.log2(value + 1) / 7));

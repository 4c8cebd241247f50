/** Where a reader puts a double together: a view of each reader's own bytes would cost more than most reads. */
const eightBytes = new DataView(new ArrayBuffer(8));

/** Growable byte buffer with the number encodings of the store: varints up to 2^53, zigzag for signed values, little-endian doubles. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  byte(value: number): void {
    this.reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Non-negative integer below 2^53, seven bits a byte, low bits first. */
  varint(value: number): void {
    this.reserve(9);
    let rest = value;
    while (rest >= 0x10000000) {
      const high = Math.floor(rest / 0x10000000);
      let low = rest - high * 0x10000000;
      for (let i = 0; i < 4; i++) {
        this.#bytes[this.#length++] = (low & 127) | 128;
        low >>>= 7;
      }
      rest = high;
    }
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Signed integer, magnitude below 2^52. */
  zigzag(value: number): void {
    this.varint(zigzag(value));
  }

  double(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  bytes(source: Uint8Array): void {
    this.reserve(source.length);
    this.#bytes.set(source, this.#length);
    this.#length += source.length;
  }

  /** Packs the first `count` values, integers of `width` bits (0 to 53), low bits first, and ends at a whole byte. */
  bits(values: Float64Array, count: number, width: number): void {
    if (width === 0) return;
    this.reserve(Math.ceil((count * width) / 8) + 1);
    const out = this.#bytes;
    let at = this.#length;
    let pending = 0;
    let pendingBits = 0;
    for (let i = 0; i < count; i++) {
      let value = values[i];
      let left = width;
      while (left > 0) {
        const take = left > 24 ? 24 : left;
        const high = left > 24 ? Math.floor(value / 0x1000000) : 0;
        pending |= (value - high * 0x1000000) << pendingBits;
        pendingBits += take;
        while (pendingBits >= 8) {
          out[at++] = pending & 255;
          pending >>>= 8;
          pendingBits -= 8;
        }
        value = high;
        left -= take;
      }
    }
    if (pendingBits > 0) out[at++] = pending & 255;
    this.#length = at;
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** What was written, as a view that the next write may outdate. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }
}

/** Reads what ByteWriter wrote. Throws RangeError at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get done(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    if (this.at >= this.#bytes.length) throw new RangeError(`Read beyond the end of ${this.#bytes.length} bytes`);
    return this.#bytes[this.at++];
  }

  varint(): number {
    let byte = this.byte();
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    for (let factor = 0x10000000; ; factor *= 128) {
      byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  zigzag(): number {
    return unzigzag(this.varint());
  }

  double(): number {
    for (let i = 0; i < 8; i++) eightBytes.setUint8(i, this.byte());
    return eightBytes.getFloat64(0, true);
  }

  /** A view, not a copy. */
  bytes(count: number): Uint8Array {
    if (this.at + count > this.#bytes.length) throw new RangeError(`Read beyond the end of ${this.#bytes.length} bytes`);
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  skip(count: number): void {
    if (this.at + count > this.#bytes.length) throw new RangeError(`Read beyond the end of ${this.#bytes.length} bytes`);
    this.at += count;
  }

  /** Unpacks `count` integers of `width` bits into the front of `values`. */
  bits(values: Float64Array, count: number, width: number): void {
    if (width === 0) {
      values.fill(0, 0, count);
      return;
    }
    const source = this.#bytes;
    let at = this.at;
    this.at += Math.ceil((count * width) / 8);
    if (this.at > source.length) throw new RangeError(`Read beyond the end of ${source.length} bytes`);
    let pending = 0;
    let pendingBits = 0;
    if (width <= 24) {
      const mask = (1 << width) - 1;
      for (let i = 0; i < count; i++) {
        while (pendingBits < width) {
          pending |= source[at++] << pendingBits;
          pendingBits += 8;
        }
        values[i] = pending & mask;
        pending >>>= width;
        pendingBits -= width;
      }
      return;
    }
    for (let i = 0; i < count; i++) {
      let value = 0;
      let factor = 1;
      let left = width;
      while (left > 0) {
        const take = left > 24 ? 24 : left;
        while (pendingBits < take) {
          pending |= source[at++] << pendingBits;
          pendingBits += 8;
        }
        value += (pending & ((1 << take) - 1)) * factor;
        pending >>>= take;
        pendingBits -= take;
        factor *= 0x1000000;
        left -= take;
      }
      values[i] = value;
    }
  }
}

export function zigzag(value: number): number {
  return value >= 0 ? value * 2 : value * -2 - 1;
}

export function unzigzag(value: number): number {
  const half = Math.floor(value / 2);
  return half * 2 === value ? half : -half - 1;
}

/** Bits that a non-negative integer below 2^53 needs; 0 for 0. */
export function bitLength(value: number): number {
  return value < 0x100000000 ? 32 - Math.clz32(value) : 64 - Math.clz32(value / 0x100000000);
}

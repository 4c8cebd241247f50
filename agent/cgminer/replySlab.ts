/** Room for the replies of one turn of the event loop, each behind the other: about 70 of them. */
const SLAB_BYTES = 256 << 10;

/** Keeps replies until they are handed over, without memory of their own for each; what finds no room gets some. */
export class ReplySlab {
  private readonly bytes = Buffer.allocUnsafeSlow(SLAB_BYTES);
  private used = 0;

  /** A copy of the first `length` bytes, valid until `clear`. */
  copy(source: Buffer, length: number): Buffer {
    const start = this.used;
    if (start + length > SLAB_BYTES) return Buffer.from(source.subarray(0, length));
    this.used += length;
    source.copy(this.bytes, start, 0, length);
    return this.bytes.subarray(start, this.used);
  }

  clear(): void {
    this.used = 0;
  }
}

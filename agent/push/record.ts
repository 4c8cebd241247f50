import { crc32 } from "node:zlib";

/** 4 bytes length of the rest behind the checksum, 4 bytes CRC-32 of that rest, 8 bytes sequence number, 8 bytes time, 4 bytes samples, payload. */
const LENGTH_BYTES = 4;
const CHECKED_FROM = 8;
export const RECORD_HEADER_BYTES = 28;
const RECORD_MAX_BYTES = 16 << 20;

/** One frame in the outbox. `payload` is what goes over the wire. */
export interface OutboxRecord {
  readonly seq: number;
  readonly atMs: number;
  readonly sampleCount: number;
  readonly payload: Buffer;
}

export function encodeRecord({ seq, atMs, sampleCount, payload }: OutboxRecord): Buffer {
  const bytes = Buffer.allocUnsafe(RECORD_HEADER_BYTES + payload.length);
  bytes.writeUInt32BE(bytes.length - CHECKED_FROM, 0);
  bytes.writeBigUInt64BE(BigInt(seq), 8);
  bytes.writeBigUInt64BE(BigInt(Math.trunc(atMs)), 16);
  bytes.writeUInt32BE(sampleCount, 24);
  payload.copy(bytes, RECORD_HEADER_BYTES);
  bytes.writeUInt32BE(crc32(bytes.subarray(CHECKED_FROM)), LENGTH_BYTES);
  return bytes;
}

/** Bytes of the whole record that starts with this header; null when the header cannot be one. */
export function recordBytes(header: Buffer): number | null {
  if (header.length < RECORD_HEADER_BYTES) return null;
  const total = header.readUInt32BE(0) + CHECKED_FROM;
  return total >= RECORD_HEADER_BYTES && total <= RECORD_MAX_BYTES ? total : null;
}

/** null: cut short, or the checksum does not fit. */
export function decodeRecord(bytes: Buffer): OutboxRecord | null {
  if (recordBytes(bytes) !== bytes.length || crc32(bytes.subarray(CHECKED_FROM)) !== bytes.readUInt32BE(LENGTH_BYTES)) return null;
  return {
    seq: Number(bytes.readBigUInt64BE(8)),
    atMs: Number(bytes.readBigUInt64BE(16)),
    sampleCount: bytes.readUInt32BE(24),
    payload: bytes.subarray(RECORD_HEADER_BYTES),
  };
}

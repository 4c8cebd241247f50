import { writeSync } from "node:fs";
import { open, rename, unlink, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { decodeRecord, recordBytes, RECORD_HEADER_BYTES, type OutboxRecord } from "./record.ts";

/** `<first>.seg` is being written; `<first>-<last>-<samples>-<newest>.seg` is complete and tells by its name what is inside. */
const NAME = /^(\d+)(?:-(\d+)-(\d+)-(\d+))?\.seg$/;
const digits = (value: number): string => String(value).padStart(16, "0");

/** Writes all bytes at a position of a file; passed in, so that a test can be a full disk. */
export type WriteAll = (file: FileHandle, bytes: Buffer, position: number) => Promise<void>;

/** Into the page cache, which takes microseconds: going through the thread pool would cost a turn of a busy event loop for each frame. */
export const writeAll: WriteAll = (file, bytes, position) =>
  new Promise((resolve) => {
    for (let done = 0; done < bytes.length;) done += writeSync(file.fd, bytes, done, bytes.length - done, position + done);
    resolve();
  });

/** One append-only file of the outbox. Only the bytes below `bytes` count; what lies behind them is a write that failed. */
export class Segment {
  path: string;
  firstSeq: number;
  lastSeq: number;
  bytes = 0;
  sampleCount = 0;
  settledSampleCount = 0;
  newestAtMs = 0;
  sealed = false;
  deleted = false;
  private file: FileHandle | null = null;

  private constructor(path: string, firstSeq: number) {
    this.path = path;
    this.firstSeq = firstSeq;
    this.lastSeq = firstSeq - 1;
  }

  get unsettledSampleCount(): number {
    return this.sampleCount - this.settledSampleCount;
  }

  static async create(folder: string, firstSeq: number): Promise<Segment> {
    const segment = new Segment(join(folder, `${digits(firstSeq)}.seg`), firstSeq);
    segment.file = await open(segment.path, "wx+");
    return segment;
  }

  /** Opens what an earlier run left. A half-written last record is cut off; null for a name that is no segment's. */
  static async recover(path: string): Promise<Segment | null> {
    const parts = NAME.exec(basename(path));
    if (parts === null) return null;
    const segment = new Segment(path, Number(parts[1]));
    segment.file = await open(path, "r+");
    if (parts.at(2) === undefined) await segment.measure();
    else await segment.trustName(parts);
    return segment;
  }

  private async trustName(parts: RegExpExecArray): Promise<void> {
    this.lastSeq = Number(parts[2]);
    this.sampleCount = Number(parts[3]);
    this.newestAtMs = Number(parts[4]);
    this.bytes = (await this.handle().stat()).size;
    this.sealed = true;
  }

  private async measure(): Promise<void> {
    const sizeBytes = (await this.handle().stat()).size;
    for (let found = await this.read(0, sizeBytes); found !== null; found = await this.read(this.bytes, sizeBytes)) {
      this.count(found.record, found.nextOffset);
    }
    await this.handle().truncate(this.bytes);
  }

  /** Appends one encoded record. When the write fails the segment is as before. */
  async append(record: OutboxRecord, encoded: Buffer, write: WriteAll): Promise<void> {
    await write(this.handle(), encoded, this.bytes);
    this.count(record, this.bytes + encoded.length);
  }

  private count(record: OutboxRecord, endOffset: number): void {
    this.bytes = endOffset;
    this.lastSeq = record.seq;
    this.sampleCount += record.sampleCount;
    this.newestAtMs = Math.max(this.newestAtMs, record.atMs);
  }

  /** The record at an offset and where the next one starts; null at the end and where the bytes are damaged. */
  async read(offset: number, endOffset = this.bytes): Promise<{ record: OutboxRecord; nextOffset: number } | null> {
    if (offset + RECORD_HEADER_BYTES > endOffset) return null;
    const totalBytes = recordBytes(await this.readBytes(offset, RECORD_HEADER_BYTES));
    if (totalBytes === null || offset + totalBytes > endOffset) return null;
    const record = decodeRecord(await this.readBytes(offset, totalBytes));
    return record && { record, nextOffset: offset + totalBytes };
  }

  private async readBytes(offset: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.handle().read(Buffer.allocUnsafe(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  }

  /** No more records: the name tells the content from now on, so that a restart need not read it. */
  async seal(): Promise<void> {
    if (this.sealed) return;
    const name = `${[this.firstSeq, this.lastSeq, this.sampleCount, this.newestAtMs].map(digits).join("-")}.seg`;
    const sealedPath = join(dirname(this.path), name);
    await this.handle().datasync();
    await rename(this.path, sealedPath);
    this.path = sealedPath;
    this.sealed = true;
  }

  async sync(): Promise<void> {
    await this.handle().datasync();
  }

  async delete(): Promise<void> {
    this.deleted = true;
    await this.close();
    await unlink(this.path);
  }

  async close(): Promise<void> {
    const file = this.file;
    this.file = null;
    await file?.close();
  }

  private handle(): FileHandle {
    if (this.file === null) throw new TypeError(`Segment ${this.path} is closed`);
    return this.file;
  }
}

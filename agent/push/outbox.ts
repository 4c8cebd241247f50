import { randomUUID } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { z } from "zod";
import { readFileOrNull, writeFileAtomically } from "../atomicFile.ts";
import { Aside } from "./aside.ts";
import { outboxIdOf } from "./frameHeader.ts";
import { encodeRecord, type OutboxRecord } from "./record.ts";
import { Segment, writeAll, type WriteAll } from "./segment.ts";

export const OUTBOX_MAX_BYTES = 1 << 30;
export const OUTBOX_MAX_AGE_MS = 7 * 24 * 3_600_000;
const SEGMENT_MAX_BYTES = 4 << 20;
const MEMORY_MAX_BYTES = 32 << 20;
/** What was appended last is also kept in memory, so that a connection that keeps up reads nothing back from the disk. */
const RECENT_MAX_BYTES = 8 << 20;
const REFUSED_REMEMBERED = 10_000;
/**
 * Each start leaves this many numbers out, so that one which was sent from memory beside a full disk, or lost by a power cut before it was on disk,
 * never comes again: the server would take the new frame for the old one.
 */
const RESTART_GAP = 1 << 20;

const Meta = z.object({ id: z.uuid(), droppedSampleCount: z.number().int(), nextSeq: z.number().int() });
type Meta = z.infer<typeof Meta>;

export interface OutboxOptions {
  readonly folder: string;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly nowMs: () => number;
  readonly log: Logger;
  readonly write?: WriteAll;
  readonly memoryMaxBytes?: number;
}

/** A frame that knows its outbox and number only when it is appended. */
export interface FrameDraft {
  readonly sampleCount: number;
  build(outboxId: string, seq: number): Buffer;
}

/**
 * Frames that the server has not acknowledged, in order, in append-only files.
 *
 * Bounded by size and age: the oldest file goes first, and the samples lost with it are counted. A disk that takes nothing is a state (`diskFull`):
 * frames then wait in a bounded queue in memory and are written when there is room again. All operations run one after the other.
 */
export class Outbox {
  readonly id: string;
  private readonly options: OutboxOptions;
  private readonly aside: Aside;
  private readonly segments: Segment[];
  private meta: Meta;
  private nextSeq: number;
  private memory: OutboxRecord[] = [];
  private memoryBytes = 0;
  private recent: OutboxRecord[] = [];
  private recentBytes = 0;
  /** Up to this number records may be on the disk alone. */
  private coldThroughSeq: number;
  private readonly refused = new Set<number>();
  private readonly handedOut = new Map<number, OutboxRecord>();
  private readSeq = -1;
  private cursor: { segment: Segment; offset: number } | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private dirty = false;
  private diskFailed = false;

  private constructor(options: OutboxOptions, meta: Meta, segments: Segment[]) {
    this.options = options;
    this.id = meta.id;
    this.meta = meta;
    this.segments = segments;
    this.nextSeq = meta.nextSeq;
    this.coldThroughSeq = meta.nextSeq - 1;
    this.aside = new Aside(join(options.folder, "aside"));
  }

  /** Opens or makes the outbox in a folder that nobody else uses. Throws what the file system throws. */
  static async open(options: OutboxOptions): Promise<Outbox> {
    await mkdir(options.folder, { recursive: true });
    const segments = await recoverSegments(options.folder);
    const before = (await readMeta(options.folder)) ?? (await metaOfFirstFrame(segments));
    const afterLastSeq = Math.max(before?.nextSeq ?? 0, ...segments.map((segment) => segment.lastSeq + 1));
    const meta =
      before === null ? { id: randomUUID(), droppedSampleCount: 0, nextSeq: 0 } : { ...before, nextSeq: afterLastSeq + RESTART_GAP };
    const outbox = new Outbox(options, meta, segments);
    await outbox.writeMeta();
    return outbox;
  }

  /** Samples not yet acknowledged. */
  get sampleCount(): number {
    return (
      this.segments.reduce((sum, segment) => sum + segment.unsettledSampleCount, 0) +
      this.memory.reduce((sum, record) => sum + record.sampleCount, 0)
    );
  }

  /** Samples lost to the bounds since the outbox was made. */
  get droppedSampleCount(): number {
    return this.meta.droppedSampleCount;
  }

  /** True while the disk takes nothing. */
  get diskFull(): boolean {
    return this.diskFailed;
  }

  /** Numbers a frame and keeps it. After that a SIGKILL does not lose it, unless the disk takes nothing. */
  append(draft: FrameDraft): Promise<number> {
    return this.inTurn(async () => {
      const seq = this.nextSeq++;
      const payload = draft.build(this.id, seq);
      this.memory.push({ seq, atMs: this.options.nowMs(), sampleCount: draft.sampleCount, payload });
      this.memoryBytes += payload.length;
      await this.writeMemory();
      await this.keepBounds();
      return seq;
    });
  }

  /** The next frame in order that was not handed out since the last `rewind`; null: none at the moment. */
  next(): Promise<OutboxRecord | null> {
    return this.inTurn(async () => {
      let record = await this.readNext();
      while (record !== null && this.refused.has(record.seq)) record = await this.readNext();
      if (record !== null) this.handedOut.set(record.seq, record);
      return record;
    });
  }

  /** A new connection: the server has everything up to `lastSeq`; what is behind it is handed out again. */
  rewind(lastSeq: number): Promise<void> {
    return this.inTurn(async () => {
      this.nextSeq = Math.max(this.nextSeq, lastSeq + 1);
      this.handedOut.clear();
      this.cursor = null;
      this.readSeq = lastSeq;
      await this.forgetThrough(lastSeq);
      await this.recountFirst(lastSeq);
    });
  }

  /** Everything up to and including `seq` is on the server's disk. */
  acknowledge(seq: number): Promise<void> {
    return this.inTurn(async () => {
      for (const [handedSeq, record] of this.handedOut) if (handedSeq <= seq) this.settle(record);
      await this.forgetThrough(seq);
    });
  }

  /** The server will never take this frame: it is put aside with the reason. */
  refuse(seq: number, reason: string): Promise<void> {
    return this.inTurn(async () => {
      const record = this.handedOut.get(seq);
      if (record === undefined) return;
      this.settle(record);
      this.refused.add(seq);
      for (const oldest of this.refused) if (this.refused.size > REFUSED_REMEMBERED) this.refused.delete(oldest);
      await this.aside.keep(record, { reason, outboxId: this.id }).catch((error: unknown) => {
        this.options.log.error({ err: error, seq }, "refused frame could not be kept aside");
      });
    });
  }

  /** True when every frame was handed out since the last `rewind`. */
  isHandedOut(): Promise<boolean> {
    return this.inTurn(() => Promise.resolve(Math.max(this.segments.at(-1)?.lastSeq ?? -1, this.memory.at(-1)?.seq ?? -1) <= this.readSeq));
  }

  /** Brings what was written to the platter; called about once a second. */
  sync(): Promise<void> {
    return this.inTurn(async () => {
      if (!this.dirty) return;
      this.dirty = false;
      const active = this.segments.at(-1);
      if (active !== undefined && !active.sealed) await active.sync().catch((error: unknown) => this.diskTakesNothing(error));
    });
  }

  async close(): Promise<void> {
    await this.sync();
    await this.inTurn(async () => {
      await this.writeMeta().catch((error: unknown) => this.diskTakesNothing(error));
      await Promise.all(this.segments.map((segment) => segment.close()));
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async writeMemory(): Promise<void> {
    try {
      for (let record = this.memory.at(0); record !== undefined; record = this.memory.at(0)) {
        const encoded = encodeRecord(record);
        const segment = await this.activeSegment(record.seq, encoded.length);
        await segment.append(record, encoded, this.options.write ?? writeAll);
        if (record.seq <= this.readSeq && !this.handedOut.has(record.seq)) segment.settledSampleCount += record.sampleCount;
        this.takeFromMemory();
        this.keepRecent(record);
        this.dirty = true;
      }
      if (this.diskFailed) this.options.log.info("disk takes the outbox again");
      this.diskFailed = false;
    } catch (error) {
      this.diskTakesNothing(error);
      await this.boundMemory();
    }
  }

  private keepRecent(record: OutboxRecord): void {
    this.recent.push(record);
    this.recentBytes += record.payload.length;
    while (this.recentBytes > RECENT_MAX_BYTES) this.dropRecentThrough(this.recent[0].seq);
  }

  /** Forgets what memory holds up to `seq`: it is settled, gone, or read from the disk when it is needed. */
  private dropRecentThrough(seq: number): void {
    let count = 0;
    while (count < this.recent.length && this.recent[count].seq <= seq) this.recentBytes -= this.recent[count++].payload.length;
    if (count === 0) return;
    this.coldThroughSeq = Math.max(this.coldThroughSeq, this.recent[count - 1].seq);
    this.recent.splice(0, count);
  }

  private takeFromMemory(): OutboxRecord | undefined {
    const record = this.memory.shift();
    this.memoryBytes -= record?.payload.length ?? 0;
    return record;
  }

  private diskTakesNothing(error: unknown): void {
    if (!this.diskFailed) this.options.log.error({ err: error }, "outbox cannot be written: frames wait in memory");
    this.diskFailed = true;
  }

  private async boundMemory(): Promise<void> {
    while (this.memoryBytes > (this.options.memoryMaxBytes ?? MEMORY_MAX_BYTES)) {
      const record = this.takeFromMemory();
      if (record === undefined) return;
      if (this.handedOut.delete(record.seq) || record.seq > this.readSeq) await this.countDropped(record.sampleCount);
    }
  }

  private async activeSegment(seq: number, appendBytes: number): Promise<Segment> {
    const active = this.segments.at(-1);
    const limitBytes = Math.min(SEGMENT_MAX_BYTES, Math.ceil(this.options.maxBytes / 4));
    if (active !== undefined && !active.sealed) {
      if (active.bytes === 0 || active.bytes + appendBytes <= limitBytes) return active;
      await active.seal();
    }
    this.meta.nextSeq = seq;
    await this.writeMeta();
    const segment = await Segment.create(this.options.folder, seq);
    this.segments.push(segment);
    return segment;
  }

  private async keepBounds(): Promise<void> {
    const oldestKeptMs = this.options.nowMs() - this.options.maxAgeMs;
    let totalBytes = this.segments.reduce((sum, segment) => sum + segment.bytes, 0);
    for (const segment of [...this.segments]) {
      const tooOld = segment.newestAtMs < oldestKeptMs && segment.bytes > 0;
      if (!tooOld && (totalBytes <= this.options.maxBytes || this.segments.length === 1)) return;
      totalBytes -= segment.bytes;
      this.dropRecentThrough(segment.lastSeq);
      await this.countDropped(segment.unsettledSampleCount);
      await this.deleteSegment(segment);
    }
  }

  private async countDropped(sampleCount: number): Promise<void> {
    if (sampleCount === 0) return;
    this.meta.droppedSampleCount += sampleCount;
    this.options.log.warn({ sampleCount, droppedSampleCount: this.meta.droppedSampleCount }, "outbox dropped its oldest samples");
    await this.writeMeta().catch((error: unknown) => this.diskTakesNothing(error));
  }

  private async readNext(): Promise<OutboxRecord | null> {
    const recent = this.readSeq >= this.coldThroughSeq ? this.recent.find(({ seq }) => seq > this.readSeq) : undefined;
    if (recent !== undefined) {
      this.readSeq = recent.seq;
      return recent;
    }
    for (const segment of this.segments) {
      if (segment.lastSeq <= this.readSeq) continue;
      const record = await this.readFrom(segment);
      if (record !== null) return record;
    }
    const record = this.memory.find(({ seq }) => seq > this.readSeq) ?? null;
    if (record !== null) this.readSeq = record.seq;
    return record;
  }

  private async readFrom(segment: Segment): Promise<OutboxRecord | null> {
    if (this.cursor?.segment !== segment) this.cursor = { segment, offset: 0 };
    for (;;) {
      const found = await segment.read(this.cursor.offset);
      if (found === null) return this.skipDamage(segment);
      this.cursor.offset = found.nextOffset;
      if (found.record.seq <= this.readSeq) continue;
      this.readSeq = found.record.seq;
      return found.record;
    }
  }

  /** A segment that ends before its last record is damaged: what cannot be read counts as dropped once the rest is acknowledged. */
  private skipDamage(segment: Segment): null {
    this.options.log.error({ path: segment.path, readSeq: this.readSeq, lastSeq: segment.lastSeq }, "outbox segment is damaged");
    this.readSeq = segment.lastSeq;
    return null;
  }

  private settle(record: OutboxRecord): void {
    this.handedOut.delete(record.seq);
    const segment = this.segments.find(({ firstSeq, lastSeq }) => firstSeq <= record.seq && record.seq <= lastSeq);
    if (segment !== undefined) segment.settledSampleCount += record.sampleCount;
  }

  /** Deletes the segments that hold nothing behind `seq`; the one being written only once it has grown. */
  private async forgetThrough(seq: number): Promise<void> {
    while ((this.memory[0]?.seq ?? Infinity) <= seq) this.takeFromMemory();
    this.dropRecentThrough(seq);
    for (const segment of this.segments.filter(({ lastSeq }) => lastSeq <= seq)) {
      if (!segment.sealed && segment.bytes < SEGMENT_MAX_BYTES / 4) continue;
      await this.deleteSegment(segment);
    }
  }

  private async deleteSegment(segment: Segment): Promise<void> {
    this.segments.splice(this.segments.indexOf(segment), 1);
    if (this.cursor?.segment === segment) this.cursor = null;
    await segment.delete().catch((error: unknown) => this.options.log.error({ err: error, path: segment.path }, "outbox segment stays"));
  }

  /** What a partly acknowledged segment still owes is known only by reading it. */
  private async recountFirst(lastSeq: number): Promise<void> {
    for (const segment of this.segments) {
      segment.settledSampleCount = segment.lastSeq <= lastSeq ? segment.sampleCount : 0;
      if (segment.firstSeq > lastSeq || segment.lastSeq <= lastSeq) continue;
      for (let found = await segment.read(0); found !== null && found.record.seq <= lastSeq; found = await segment.read(found.nextOffset)) {
        segment.settledSampleCount += found.record.sampleCount;
      }
    }
  }

  private async writeMeta(): Promise<void> {
    await writeFileAtomically(join(this.options.folder, "outbox.json"), JSON.stringify({ ...this.meta, nextSeq: this.nextSeq }));
  }
}

async function readMeta(folder: string): Promise<Meta | null> {
  const text = await readFileOrNull(join(folder, "outbox.json"));
  if (text === null) return null;
  try {
    return Meta.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** A lost `outbox.json` does not make the frames strangers: each names the outbox it is from. */
async function metaOfFirstFrame(segments: readonly Segment[]): Promise<Meta | null> {
  const first = await segments[0]?.read(0);
  return first ? { id: outboxIdOf(first.record.payload), droppedSampleCount: 0, nextSeq: 0 } : null;
}

async function recoverSegments(folder: string): Promise<Segment[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".seg")).sort();
  const recovered = await Promise.all(names.map((name) => Segment.recover(join(folder, name))));
  const segments = recovered.filter((segment) => segment !== null).sort((a, b) => a.firstSeq - b.firstSeq);
  for (const segment of segments.filter(({ bytes }) => bytes === 0)) await segment.delete();
  const kept = segments.filter(({ deleted }) => !deleted);
  for (const segment of kept) await segment.seal();
  return kept;
}

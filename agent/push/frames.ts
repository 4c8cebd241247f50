import type { Logger } from "pino";
import type { FrameEntry } from "../../server/contract/agentLink.ts";
import type { Clock } from "../clock.ts";
import { packFrames } from "./frame.ts";
import type { Outbox } from "./outbox.ts";

const FRAME_EVERY_MS = 250;
const ENTRIES_MAX = 50_000;

export interface FramesOptions {
  readonly outbox: Pick<Outbox, "append">;
  /** Something is in the outbox that was not there before. */
  readonly onAppended: () => void;
  readonly clock: Pick<Clock, "nowMs" | "every">;
  readonly log: Logger;
}

/** Gathers what was polled and closes a frame every 250 ms. When the outbox is slow the entries wait, bounded: the oldest go and are counted. */
export class Frames {
  droppedSampleCount = 0;
  private readonly options: FramesOptions;
  private entries: FrameEntry[] = [];
  private flushing: Promise<void> | null = null;
  private readonly stopClock: () => void;

  constructor(options: FramesOptions) {
    this.options = options;
    this.stopClock = options.clock.every(FRAME_EVERY_MS, () => void this.flush());
  }

  add(entry: FrameEntry): void {
    this.entries.push(entry);
    if (this.entries.length > ENTRIES_MAX) this.dropOldest();
  }

  /** Closes a frame with what is there and resolves when it is in the outbox. Never rejects. */
  async flush(): Promise<void> {
    if (this.flushing !== null) return this.flushing;
    if (this.entries.length === 0) return;
    this.flushing = this.write().catch((error: unknown) => this.options.log.error({ err: error }, "frame could not be written"));
    await this.flushing;
    this.flushing = null;
  }

  /** Writes the last frame and stops the clock. */
  async close(): Promise<void> {
    this.stopClock();
    await this.flushing;
    await this.flush();
  }

  private async write(): Promise<void> {
    const entries = this.entries;
    this.entries = [];
    for (const draft of await packFrames(entries, this.options.clock.nowMs())) await this.options.outbox.append(draft);
    this.options.onAppended();
  }

  private dropOldest(): void {
    const dropped = this.entries.splice(0, ENTRIES_MAX / 10);
    this.droppedSampleCount += dropped.filter(({ kind }) => kind === "sample").length;
    this.options.log.warn({ entryCount: dropped.length }, "frames dropped their oldest entries");
  }
}

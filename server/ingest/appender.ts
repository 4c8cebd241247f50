import type { Logger } from "pino";
import type { Timers } from "../clock.ts";
import type { AppendBatch, Store } from "../store/store.ts";
import type { IngestCounters } from "./counters.ts";

/** A backlog that comes in faster than this per second is written in batches of about this many. */
const BATCH_SAMPLES = 5000;
/** Samples held in memory while the store is behind; beyond it the agents' sockets are paused. */
const HELD_SAMPLES_MAX = 30_000;
const RETRY_MAX_MS = 10_000;
/** Readiness ends when what came in is not on disk for this long. */
const BEHIND_MS = 10_000;

export type MalformedReply = Parameters<Store["saveMalformed"]>[0][number];
interface Ack {
  readonly agentId: string;
  readonly outboxId: string;
  readonly seq: number;
}
export interface AppenderParts {
  readonly store: Pick<Store, "append" | "saveMalformed">;
  readonly counters: IngestCounters;
  readonly clock: () => number;
  readonly timers: Pick<Timers, "after">;
  readonly appendMs: number; // how often
  readonly log: Logger;
  /** Runs before each append; what it writes is on disk before the samples are. */
  readonly before: () => Promise<unknown>;
  readonly onStored: (ack: Ack) => void;
  /** Runs after each append that succeeded. */
  readonly after: () => void;
  /** There is room again, or there is none. */
  readonly onPressure: (full: boolean) => void;
}

/** Gathers what the agents send and gives it to the store about once a second; what the store did not take is kept and tried again. */
export class Appender {
  readonly #parts: AppenderParts;
  #samples: AppendBatch["samples"] = [];
  #acks = new Map<string, Ack>();
  #malformed: MalformedReply[] = [];
  #cancelTick: () => void;
  #running: Promise<void> | null = null;
  #failureCount = 0;
  #oldestHeldAtMs: number | null = null;
  #full = false;
  #closed = false;

  constructor(parts: AppenderParts) {
    this.#parts = parts;
    this.#cancelTick = parts.timers.after(parts.appendMs, () => this.#tick());
  }

  get full(): boolean {
    return this.#full;
  }

  healthy(nowMs: number): boolean {
    return this.#failureCount === 0 && (this.#oldestHeldAtMs === null || nowMs - this.#oldestHeldAtMs < BEHIND_MS);
  }

  add(samples: AppendBatch["samples"], malformed: readonly MalformedReply[], ack: Ack): void {
    this.#samples.push(...samples);
    this.#malformed.push(...malformed);
    this.#acks.set(`${ack.agentId} ${ack.outboxId}`, ack);
    this.#oldestHeldAtMs ??= this.#parts.clock();
    this.#setFull(this.#samples.length >= HELD_SAMPLES_MAX);
    if (this.#samples.length >= BATCH_SAMPLES && this.#failureCount === 0) void this.#append();
  }

  /** Writes what is held, once; what fails then stays with the agents, which were not told that it is safe. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTick();
    await this.#running;
    await this.#append();
  }

  #tick(): void {
    void this.#append().finally(() => {
      const delayMs = Math.min(this.#parts.appendMs * 2 ** this.#failureCount, RETRY_MAX_MS);
      if (!this.#closed) this.#cancelTick = this.#parts.timers.after(delayMs, () => this.#tick());
    });
  }

  #append(): Promise<void> {
    this.#running ??= this.#appendNow().finally(() => (this.#running = null));
    return this.#running;
  }

  async #appendNow(): Promise<void> {
    if (this.#acks.size === 0) return;
    const batch: AppendBatch = { samples: this.#samples, acks: [...this.#acks.values()] };
    const malformed = this.#malformed;
    const heldAtMs = this.#oldestHeldAtMs;
    this.#samples = [];
    this.#acks = new Map();
    this.#malformed = [];
    this.#oldestHeldAtMs = null;
    try {
      await this.#parts.before();
      const { storedCount, duplicateCount } = await this.#parts.store.append(batch);
      this.#parts.counters.samples.stored += storedCount;
      this.#parts.counters.samples.duplicate += duplicateCount;
      this.#succeeded(batch);
    } catch (error) {
      this.#failed(error, { batch, malformed, heldAtMs });
      return;
    }
    await this.#saveMalformed(malformed);
  }

  /** For a look only: the samples do not wait for them. */
  async #saveMalformed(malformed: MalformedReply[]): Promise<void> {
    try {
      if (malformed.length > 0) await this.#parts.store.saveMalformed(malformed);
    } catch (error) {
      this.#parts.log.error({ err: error, replyCount: malformed.length }, "malformed replies could not be stored");
    }
  }

  #succeeded(batch: AppendBatch): void {
    if (this.#failureCount > 0) this.#parts.log.info({ sampleCount: batch.samples.length }, "samples are stored again");
    this.#failureCount = 0;
    this.#setFull(this.#samples.length >= HELD_SAMPLES_MAX);
    for (const ack of batch.acks) this.#parts.onStored(ack);
    this.#parts.after();
  }

  #failed(
    error: unknown,
    { batch, malformed, heldAtMs }: { batch: AppendBatch; malformed: MalformedReply[]; heldAtMs: number | null },
  ): void {
    this.#failureCount++;
    this.#samples = [...batch.samples, ...this.#samples];
    this.#malformed = [...malformed, ...this.#malformed];
    this.#acks = new Map([...batch.acks.map((ack) => [`${ack.agentId} ${ack.outboxId}`, ack] as const), ...this.#acks]);
    this.#oldestHeldAtMs = heldAtMs;
    this.#setFull(this.#samples.length >= HELD_SAMPLES_MAX);
    const { length: heldSampleCount } = this.#samples;
    this.#parts.log.error(
      { err: error, heldSampleCount, attempt: this.#failureCount },
      "samples could not be stored: nothing is acknowledged until they are",
    );
  }

  #setFull(full: boolean): void {
    if (full === this.#full) return;
    this.#full = full;
    this.#parts.onPressure(full);
  }
}

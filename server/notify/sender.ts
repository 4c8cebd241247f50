import type { Logger } from "pino";
import { StoreError } from "../errors.ts";
import { OWN_WAIT_MAX_MS, retryDelayMs } from "./backoff.ts";
import type { ChannelBook, StoredChannel } from "./channelBook.ts";
import type { DeliveryCounters } from "./counters.ts";
import { refused, type Outgoing, type SendResult } from "./deliver/farEnd.ts";
import { recognisesRepeats, sendTo } from "./deliver/send.ts";
import { ended, type StoredDelivery } from "./delivery.ts";
import type { DeliveryQueue } from "./queue.ts";

/** After so long without success a message is a dead letter. */
const GIVE_UP_MS = 24 * 3_600_000;
/** The server as a whole stops within 10 s. */
const CLOSE_WITHIN_MS = 3000;
/** How often a message may arrive where the far end does not recognise one that it has. */
const UNCERTAIN_MAX = 2;

export interface SenderParts {
  readonly queue: DeliveryQueue;
  readonly book: ChannelBook;
  readonly counters: DeliveryCounters;
  /** Tells this installation from others at a far end that serves several. */
  readonly installationId: string;
  readonly clock: () => number; // epoch ms
  readonly chance: () => number; // from 0 to 1
  readonly log: Logger;
}

/** Carries out deliveries: one after the other for each channel, channels apart, so that one whose far end is down delays no other. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #running = new Map<string, Promise<void>>();
  #sentAtMs: number;
  #closed = false;
  #isOver = false; // nobody waits any more, and the store may be closed

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#sentAtMs = parts.clock();
  }

  /** When a message last arrived, or nothing waited but what its far end asked to hold back for longer. */
  get movedAtMs(): number {
    return this.#sentAtMs;
  }

  /** Starts whatever is due. */
  wake(): void {
    const { queue, clock } = this.#parts;
    const channelIds = queue.waitingChannelIds();
    const soonMs = clock() + OWN_WAIT_MAX_MS;
    if (channelIds.every((channelId) => (queue.nextAttemptAtMs(channelId) ?? 0) > soonMs)) this.#sentAtMs = clock();
    for (const channelId of channelIds) {
      if (this.#closed || this.#running.has(channelId) || this.#due(channelId) === null) continue;
      this.#running.set(
        channelId,
        this.#run(channelId).finally(() => this.#running.delete(channelId)),
      );
    }
  }

  /** Leaves out what later ones make pointless. */
  async dropOvertaken(): Promise<void> {
    for (const delivery of this.#parts.queue.overtaken()) await this.#end(delivery, "dropped", "a newer one brings the message up to date");
  }

  /** Resolves when nothing is on its way. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Begins nothing more, and waits a moment for what is on its way; what takes longer counts as cut off at the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_WITHIN_MS))); // of real sockets, in real time
    await Promise.race([this.settled(), late]).finally(() => clearTimeout(timer));
    this.#isOver = true;
  }

  #due(channelId: string): StoredDelivery | null {
    return this.#parts.queue.nextDue(channelId, this.#parts.clock());
  }

  async #run(channelId: string): Promise<void> {
    try {
      for (let next = this.#due(channelId); next !== null && !this.#closed; next = this.#due(channelId)) await this.#deal(next);
    } catch (err) {
      this.#parts.log.error({ err, channelId }, "what became of a message could not be written; tried again");
    }
  }

  async #deal(delivery: StoredDelivery): Promise<void> {
    const { book, queue } = this.#parts;
    const channel = book.channel(delivery.channelId);
    if (channel === null) return this.#end(delivery, "dropped", "the channel was deleted");
    if (!channel.enabled) return this.#end(delivery, "dropped", "the channel is switched off");
    if (queue.isCrowded(delivery.channelId)) return this.#end(delivery, "dead", "too many messages wait for this channel");
    if (delivery.event !== "edited") return this.#attempt(delivery, channel, null);
    const ref = queue.refOf(delivery);
    if (ref === null) return this.#end(delivery, "dropped", "there is no message to bring up to date");
    return this.#attempt(delivery, channel, ref);
  }

  /** That it begins is on disk before a byte is sent, and how it ended before the next begins. */
  async #attempt(delivery: StoredDelivery, channel: StoredChannel, editRef: string | null): Promise<void> {
    const { queue, clock } = this.#parts;
    const isSafe = editRef !== null || recognisesRepeats(channel.target);
    if (!isSafe && delivery.uncertainCount >= UNCERTAIN_MAX)
      return this.#end(delivery, "dead", "it may have arrived, and is not sent again");
    const underway = { ...delivery, isUnderway: true, attemptCount: delivery.attemptCount + 1 };
    await queue.save(underway);
    const result = await this.#send(underway, channel, editRef);
    if (this.#isOver) return;
    if (!result.ok) return this.#failed(underway, result);
    this.#sentAtMs = clock();
    return this.#end({ ...underway, ref: result.ref }, "sent", result.detail);
  }

  async #send({ id, incidentId, summaryId, message }: StoredDelivery, channel: StoredChannel, editRef: string | null): Promise<SendResult> {
    const { book, installationId, clock } = this.#parts;
    if (message === null) return refused("the message is gone");
    const idempotencyKey = `${installationId}-${id}`;
    const incidentKey = incidentId === null ? `${installationId}-${summaryId ?? id}` : `hashwatch-${installationId}-${incidentId}`;
    return sendBy(book, channel, { message, idempotencyKey, incidentKey, editRef, nowMs: clock() });
  }

  async #failed(delivery: StoredDelivery, { detail, retry, retryAfterMs, uncertain }: Extract<SendResult, { ok: false }>): Promise<void> {
    const { queue, clock, chance, counters } = this.#parts;
    if (!retry || clock() - delivery.createdAtMs >= GIVE_UP_MS) return this.#end(delivery, "dead", detail);
    counters.count(delivery.channelId, "failed");
    const nextAttemptAtMs = clock() + retryDelayMs(delivery.attemptCount, { chance: chance(), retryAfterMs });
    const uncertainCount = delivery.uncertainCount + (uncertain ? 1 : 0);
    await queue.save({ ...delivery, isUnderway: false, uncertainCount, detail, nextAttemptAtMs });
  }

  async #end(delivery: StoredDelivery, state: "sent" | "dead" | "dropped", detail: string): Promise<void> {
    this.#parts.counters.count(delivery.channelId, state);
    await this.#parts.queue.save(ended(delivery, state, { detail, nowMs: this.#parts.clock() }));
  }
}

/** One attempt through a channel, by the rules for its far end. Never rejects but for a bug. */
export async function sendBy(book: ChannelBook, channel: StoredChannel, outgoing: Outgoing): Promise<SendResult> {
  try {
    const target = book.openTarget(channel);
    return await sendTo(target, outgoing, { allowPrivate: channel.allowPrivate, allowedTargets: book.settings().allowedTargets });
  } catch (error) {
    if (error instanceof StoreError) return refused(error.message); // a secret that cannot be read
    throw error;
  }
}

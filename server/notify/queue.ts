import type { Channel } from "../contract/channels.ts";
import { mirrorChange, RecordMirror, writeThrough, type MirrorChange } from "../fleet/recordMirror.ts";
import type { RecordStore } from "../store/store.ts";
import { numberOf, StoredDelivery } from "./delivery.ts";

/** What is done with and kept for a look; the oldest go first. */
const ENDED_MAX = 5000;
/** Dead letters that can be sent again; of older ones what they said is forgotten. */
const DEAD_MAX = 500;
/** What waits for one channel; the oldest goes first, as a dead letter. */
const WAITING_MAX = 2000;

type ChannelState = Pick<Channel, "queuedCount" | "deadCount" | "lastSentAtMs" | "lastError">;
const NOTHING: ChannelState = { queuedCount: 0, deadCount: 0, lastSentAtMs: null, lastError: null };

/** All deliveries, on disk before they are here; those that wait stand in order, one queue per channel. */
export class DeliveryQueue {
  readonly #records: RecordStore;
  readonly #mirror = new RecordMirror("delivery", StoredDelivery);
  readonly #waiting = new Map<string, StoredDelivery[]>();
  readonly #refs = new Map<string, string>();
  /** What could not be written; it goes along with the next that is. */
  #unwritten = new Map<string, MirrorChange>();

  private constructor(records: RecordStore) {
    this.#records = records;
  }

  /** Takes back what was. Rejects with StoreError where a record cannot be read. */
  static async open(records: RecordStore): Promise<DeliveryQueue> {
    const queue = new DeliveryQueue(records);
    await queue.#mirror.reload(records);
    for (const delivery of queue.#mirror.values().toSorted((a, b) => numberOf(a) - numberOf(b))) queue.#takeBack(delivery);
    return queue;
  }

  /** An attempt that a stop cut off may have arrived. */
  #takeBack(delivery: StoredDelivery): void {
    const cutOff = delivery.isUnderway ? { isUnderway: false, uncertainCount: delivery.uncertainCount + 1 } : {};
    const known = { ...delivery, ...cutOff };
    this.#mirror.put(known.id, known);
    this.#note(known);
  }

  /** What to write, together with why it is due; then comes `admit`. */
  changesOf(deliveries: readonly StoredDelivery[]): MirrorChange[] {
    return deliveries.map((delivery) => mirrorChange(this.#mirror, delivery.id, delivery));
  }

  /** Takes in new ones, which are on disk. */
  admit(deliveries: readonly StoredDelivery[]): void {
    for (const delivery of deliveries) this.#note(delivery);
  }

  #note(delivery: StoredDelivery): void {
    if (delivery.state === "queued") this.#enqueue(delivery);
    if (delivery.ref !== null && delivery.incidentId !== null) this.#refs.set(keyOf(delivery), delivery.ref);
  }

  #enqueue(delivery: StoredDelivery): void {
    const others = (this.#waiting.get(delivery.channelId) ?? []).filter(({ id }) => id !== delivery.id);
    const index = others.findIndex((other) => numberOf(other) > numberOf(delivery));
    this.#waiting.set(delivery.channelId, others.toSpliced(index < 0 ? others.length : index, 0, delivery));
  }

  /** What is due next for a channel. A message that waits for another attempt holds up those behind it; one that brings another up to date does not. */
  nextDue(channelId: string, nowMs: number): StoredDelivery | null {
    const waiting = this.#waiting.get(channelId) ?? [];
    const isDue = ({ nextAttemptAtMs }: StoredDelivery): boolean => (nextAttemptAtMs ?? 0) <= nowMs;
    const next = waiting.find((delivery) => delivery.event !== "edited" || isDue(delivery));
    return next !== undefined && isDue(next) ? next : null;
  }

  /** When the next attempt for a channel is made; null: nothing waits. */
  nextAttemptAtMs(channelId: string): number | null {
    const waiting = this.#waiting.get(channelId) ?? [];
    const next = waiting.find(({ event }) => event !== "edited") ?? waiting.at(0);
    return next?.nextAttemptAtMs ?? null;
  }

  /** Channels for which something waits. */
  waitingChannelIds(): string[] {
    return [...this.#waiting.keys()];
  }

  waitingCount(channelId: string): number {
    return this.#waiting.get(channelId)?.length ?? 0;
  }

  isCrowded(channelId: string): boolean {
    return this.waitingCount(channelId) > WAITING_MAX;
  }

  /** Those that wait to bring a message up to date, and that a later one makes pointless. */
  overtaken(): StoredDelivery[] {
    return [...this.#waiting.values()].flatMap((waiting) => {
      const last = new Map<string | null, string>();
      for (const { id, event, incidentId } of waiting) if (event === "edited") last.set(incidentId, id);
      return waiting.filter(({ id, event, incidentId, isUnderway }) => event === "edited" && !isUnderway && last.get(incidentId) !== id);
    });
  }

  /** The message about an incident at the far end; null where there is none to edit. */
  refOf(delivery: Pick<StoredDelivery, "channelId" | "incidentId">): string | null {
    return this.#refs.get(keyOf(delivery)) ?? null;
  }

  /** Takes a change of one that is known, and resolves when it is on disk; what cannot be written is kept for the next time, and this rejects. */
  async save(delivery: StoredDelivery): Promise<void> {
    this.#mirror.put(delivery.id, delivery);
    this.#note(delivery);
    if (delivery.state !== "queued") this.#leave(delivery);
    await this.#write([mirrorChange(this.#mirror, delivery.id, delivery)]);
  }

  #leave({ id, channelId }: StoredDelivery): void {
    const rest = (this.#waiting.get(channelId) ?? []).filter((other) => other.id !== id);
    if (rest.length === 0) this.#waiting.delete(channelId);
    else this.#waiting.set(channelId, rest);
  }

  async #write(changes: readonly MirrorChange[]): Promise<void> {
    for (const change of changes) this.#unwritten.set(change.id, change);
    const all = this.#unwritten;
    this.#unwritten = new Map();
    try {
      await this.#records.apply([...all.values()].map(({ mirror, id, document }) => ({ kind: mirror.kind, id, document })));
    } catch (error) {
      this.#unwritten = new Map([...all, ...this.#unwritten]);
      throw error;
    }
  }

  /** Forgets the oldest of what is done with, but for messages that can still be brought up to date. */
  async prune(isOpen: (incidentId: string) => boolean): Promise<void> {
    if (this.#mirror.size <= DEAD_MAX) return;
    const done = this.list().filter(({ state }) => state !== "queued");
    const old = done.slice(ENDED_MAX).filter(({ ref, incidentId }) => ref === null || incidentId === null || !isOpen(incidentId));
    const silent = done.filter(({ message }) => message !== null).slice(DEAD_MAX);
    if (old.length + silent.length === 0) return;
    for (const delivery of old) this.#refs.delete(keyOf(delivery));
    await writeThrough(this.#records, [
      ...silent.map((delivery) => mirrorChange(this.#mirror, delivery.id, { ...delivery, message: null })),
      ...old.map(({ id }) => mirrorChange(this.#mirror, id, null)),
    ]);
  }

  /** Newest first. */
  list(): StoredDelivery[] {
    return this.#mirror.values().toSorted((a, b) => numberOf(b) - numberOf(a));
  }

  get(deliveryId: string): StoredDelivery | null {
    return this.#mirror.get(deliveryId);
  }

  /** A dead letter goes back to where it stood. null: it is not dead. */
  async revive(deliveryId: string, nowMs: number): Promise<StoredDelivery | null> {
    const dead = this.#mirror.get(deliveryId);
    if (dead?.state !== "dead" || dead.message === null) return null;
    const again = { ...dead, state: "queued" as const, attemptCount: 0, uncertainCount: 0, nextAttemptAtMs: nowMs, endedAtMs: null };
    await this.save(again);
    return again;
  }

  /** What became of the messages of each channel. */
  channelStates(): (channelId: string) => ChannelState {
    const states = new Map<string, ChannelState>();
    for (const delivery of this.list().reverse()) {
      const before = states.get(delivery.channelId) ?? NOTHING;
      states.set(delivery.channelId, stateAfter(before, delivery));
    }
    return (channelId) => states.get(channelId) ?? NOTHING;
  }
}

function keyOf({ channelId, incidentId }: Pick<StoredDelivery, "channelId" | "incidentId">): string {
  return `${channelId} ${incidentId ?? ""}`;
}

function stateAfter(before: ChannelState, { state, attemptCount, endedAtMs, detail }: StoredDelivery): ChannelState {
  const counts = {
    queuedCount: before.queuedCount + (state === "queued" ? 1 : 0),
    deadCount: before.deadCount + (state === "dead" ? 1 : 0),
  };
  if (state === "sent") return { ...counts, lastSentAtMs: endedAtMs, lastError: null };
  const failed = attemptCount > 0 && detail !== "";
  return { ...before, ...counts, lastError: failed ? detail : before.lastError };
}

import type { Logger } from "pino";
import type {
  Channel,
  ChannelTested,
  Delivery,
  Heartbeat as HeartbeatShown,
  NotificationSettings,
  PartState,
  Preview,
  PreviewBody,
} from "../contract/channels.ts";
import { ChangeError } from "../fleet/changeError.ts";
import type { Directory } from "../fleet/directory.ts";
import { newId } from "../fleet/secrets.ts";
import type { IncidentNewsFeed } from "../incidents/news.ts";
import type { RecordStore } from "../store/store.ts";
import { maskTarget, openChannelBook, type ChannelBook, type StoredChannel } from "./channelBook.ts";
import { DeliveryCounters } from "./counters.ts";
import { shownDelivery } from "./delivery.ts";
import { Heartbeat } from "./heartbeat.ts";
import { down, STANDSTILL_MS, type PartsBefore } from "./liveness.ts";
import { messageOf, testMessage, type Wording } from "./message.ts";
import { openNotifier, type Notifier } from "./notifier.ts";
import { DeliveryQueue } from "./queue.ts";
import { sampleIncident } from "./sample.ts";
import { sendBy, Sender } from "./sender.ts";
import { requireKnownFields } from "./template.ts";
import type { Vault } from "./vault.ts";

export interface NotificationParts {
  readonly records: RecordStore;
  readonly vault: Vault;
  readonly feed: IncidentNewsFeed;
  readonly directory: Pick<Directory, "site">;
  /** Address that people use, without a slash at the end. */
  readonly publicUrl: () => string;
  /** Whether what comes before delivery is alive. */
  readonly alive: (nowMs: number) => PartsBefore;
  readonly clock: () => number; // epoch ms
  /** From 0 to 1: spreads attempts; Math.random unless told. */
  readonly chance?: () => number;
  readonly log: Logger;
}

/** Loads channels, routes, what people were told and what is still to be sent, and goes on from there. Rejects with StoreError where it cannot be read. */
export async function openNotifications(parts: NotificationParts): Promise<Notifications> {
  const { records, directory, chance = Math.random } = parts;
  const book = await openChannelBook(parts);
  const queue = await DeliveryQueue.open(records);
  const counters = new DeliveryCounters();
  const siteName = (siteId: string): string | null => directory.site(siteId)?.name ?? null;
  const notifier = await openNotifier({ ...parts, book, queue, counters, siteName });
  const sender = new Sender({ ...parts, book, queue, counters, chance, installationId: notifier.installationId });
  return new Notifications(parts, { book, queue, counters, notifier, sender, siteName });
}

interface Opened {
  readonly book: ChannelBook;
  readonly queue: DeliveryQueue;
  readonly counters: DeliveryCounters;
  readonly notifier: Notifier;
  readonly sender: Sender;
  readonly siteName: Wording["siteName"];
}

/** So long may messages wait while none arrives. */
const STUCK_MS = 300_000;
const PRUNE_MS = 60_000;

/** Who is told: what the timetable drives, what HTTP asks, what ends with `close`. */
export class Notifications {
  readonly book: ChannelBook;
  readonly counters: DeliveryCounters;
  readonly heartbeat: Heartbeat;
  readonly #parts: NotificationParts;
  readonly #opened: Opened;
  readonly #unlisten: () => void;
  #ticking: Promise<void> = Promise.resolve(); // the last to begin is the last to end
  #tickedAtMs: number;
  #prunedAtMs = -Infinity;
  #closed = false;

  constructor(parts: NotificationParts, opened: Opened) {
    this.#parts = parts;
    this.#opened = opened;
    this.book = opened.book;
    this.counters = opened.counters;
    this.#tickedAtMs = parts.clock();
    this.heartbeat = new Heartbeat({ ...parts, settings: () => opened.book.settings(), alive: (nowMs) => this.#alive(nowMs) });
    this.#unlisten = parts.feed.onNews(() => {
      this.tick().catch((err: unknown) => parts.log.error({ err }, "news of incidents could not be taken in; tried again within a second"));
    });
  }

  /** Each second, and whenever there is news: takes in what is new or due, and starts what is to be sent. */
  async tick(): Promise<void> {
    if (this.#closed) return;
    this.#ticking = this.#tick();
    await this.#ticking;
  }

  async #tick(): Promise<void> {
    const { notifier, sender } = this.#opened;
    await notifier.take();
    await this.#prune();
    await sender.dropOvertaken();
    sender.wake();
    this.#tickedAtMs = this.#parts.clock();
    this.heartbeat.beat();
  }

  async #prune(): Promise<void> {
    const { notifier, queue } = this.#opened;
    const nowMs = this.#parts.clock();
    if (nowMs - this.#prunedAtMs < PRUNE_MS) return;
    this.#prunedAtMs = nowMs;
    await queue.prune((incidentId) => notifier.isTold(incidentId));
  }

  #alive(nowMs: number): HeartbeatShown["parts"] {
    return { ...this.#parts.alive(nowMs), delivery: this.#deliveryAt(nowMs) };
  }

  #deliveryAt(nowMs: number): PartState {
    if (nowMs - this.#tickedAtMs >= STANDSTILL_MS) return down("news of incidents are not being taken in");
    if (nowMs - this.#opened.sender.movedAtMs >= STUCK_MS) return down("messages wait and none arrives; see the deliveries");
    return { alive: true, detail: "" };
  }

  /** Resolves when nothing is on its way to a far end. */
  async settled(): Promise<void> {
    await this.#opened.sender.settled();
    await this.heartbeat.settled();
  }

  async changeSettings(settings: NotificationSettings): Promise<NotificationSettings> {
    const changed = await this.book.changeSettings(settings);
    this.heartbeat.settingsChanged();
    return changed;
  }

  /** A channel as it is shown: no secrets, and how its messages fare. */
  shown(channel: StoredChannel): Channel {
    return this.#shownAll([channel])[0];
  }

  channels(): Channel[] {
    return this.#shownAll(this.book.channels());
  }

  #shownAll(channels: readonly StoredChannel[]): Channel[] {
    const stateOf = this.#opened.queue.channelStates();
    return channels.map((channel) => ({ ...channel, target: maskTarget(channel.target), ...stateOf(channel.id) }));
  }

  /** Sends one message that says that it is a test, outside of queue and budget, and tells what the far end answered. */
  async test(channel: StoredChannel): Promise<ChannelTested> {
    const { clock, publicUrl } = this.#parts;
    const startedAt = performance.now();
    const key = `test-${newId()}`;
    const message = testMessage(channel.name, publicUrl());
    const result = await sendBy(this.book, channel, { message, idempotencyKey: key, incidentKey: key, editRef: null, nowMs: clock() });
    return { ok: result.ok, detail: result.detail, durationMs: Math.round(performance.now() - startedAt) };
  }

  /** The message that a template makes. Rejects with ChangeError on an unknown field or incident. */
  async preview({ templates, event, incidentId, timeZone }: PreviewBody): Promise<Preview> {
    const { clock, feed, publicUrl } = this.#parts;
    for (const [each, template] of Object.entries(templates)) if (template !== null) requireKnownFields(template, `templates.${each}`);
    const incident = incidentId === null ? sampleIncident(event, clock()) : await feed.current(incidentId);
    if (incident === null) throw new ChangeError("invalid", `There is no incident ${incidentId ?? ""}`, "incidentId");
    const wording = { templates, timeZone, publicUrl: publicUrl(), siteName: this.#opened.siteName };
    const { title, text } = messageOf(event, incident, wording, clock());
    return { title, text };
  }

  /** Newest first. */
  deliveries(): Delivery[] {
    return this.#opened.queue.list().map(shownDelivery);
  }

  delivery(deliveryId: string): Delivery | null {
    const delivery = this.#opened.queue.get(deliveryId);
    return delivery === null ? null : shownDelivery(delivery);
  }

  /** Sends dead letters again, in their old place; those that are none are left out. */
  async retry(deliveryIds: readonly string[]): Promise<Delivery[]> {
    const again: Delivery[] = [];
    for (const deliveryId of deliveryIds) {
      const delivery = await this.#opened.queue.revive(deliveryId, this.#parts.clock());
      if (delivery !== null) again.push(shownDelivery(delivery));
    }
    this.#opened.sender.wake();
    return again;
  }

  /** Begins nothing more, and waits for what is on its way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unlisten();
    await this.#ticking.catch(() => undefined); // whoever began it has logged it
    await this.#opened.sender.close();
  }
}

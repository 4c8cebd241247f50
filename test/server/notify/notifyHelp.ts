import { onTestFinished } from "vitest";
import { ChannelBody, RouteBody, type Delivery } from "../../../server/contract/channels.ts";
import type { Incident } from "../../../server/contract/incidents.ts";
import type { IncidentNews, IncidentNewsFeed } from "../../../server/incidents/news.ts";
import type { PartsBefore } from "../../../server/notify/liveness.ts";
import { openNotifications, type Notifications } from "../../../server/notify/notifications.ts";
import { sampleIncident } from "../../../server/notify/sample.ts";
import { createVault } from "../../../server/notify/vault.ts";
import { MemoryRecords } from "../fakes/memoryRecords.ts";
import { quiet } from "../fleet/fakes.ts";

export const T0 = Date.UTC(2026, 10, 24, 3);
export const MINUTE_MS = 60_000;

const WELL = { alive: true, detail: "" };

/** News that a test tells; they outlive a restart, as they do on disk. */
class ToldNews implements IncidentNewsFeed {
  readonly all: IncidentNews[] = [];
  readonly #listeners = new Set<() => void>();
  /** Where it ends at a cut, nothing that was told is lost. */
  get lastSeq(): number {
    return this.all.at(-1)?.seq ?? 0;
  }
  after(seq: number, limit: number): Promise<IncidentNews[]> {
    return Promise.resolve(this.all.filter((news) => news.seq > seq).slice(0, limit));
  }
  onNews(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  current(incidentId: string): Promise<Incident | null> {
    return Promise.resolve(this.all.findLast(({ incident }) => incident.id === incidentId)?.incident ?? null);
  }
}

/** Notifications as in production, on records in memory and real sockets, under a clock that the test moves. */
export class NotifyStage {
  nowMs = T0;
  readonly feed = new ToldNews();
  records = new MemoryRecords();
  notifications!: Notifications;
  before: PartsBefore = { polling: WELL, ingest: WELL, evaluation: WELL };

  static async open(): Promise<NotifyStage> {
    const stage = new NotifyStage();
    await stage.start();
    onTestFinished(() => stage.notifications.close());
    return stage;
  }

  async start(): Promise<void> {
    this.notifications = await openNotifications({
      ...{ records: this.records, feed: this.feed, clock: () => this.nowMs, log: quiet, chance: () => 0.5 },
      vault: createVault(() => Buffer.alloc(32, 7)),
      directory: { site: () => null },
      publicUrl: () => "http://watch.example",
      alive: () => this.before,
    });
  }

  /** The server is killed as the disk is now, and starts again; what the old one still does reaches no disk. */
  async kill(): Promise<void> {
    const onDisk = new MemoryRecords();
    for (const [key, json] of this.records.documents) onDisk.documents.set(key, json);
    this.records = onDisk;
    await this.start();
  }

  async webhook(url: string, fields: Partial<ChannelBody> = {}): Promise<string> {
    return this.channel({ name: `hook ${url}`, target: { kind: "webhook", url, signingKey: "k" }, ...fields });
  }
  async channel(fields: Partial<ChannelBody>): Promise<string> {
    const body = ChannelBody.parse({ name: "channel", allowPrivate: true, ...fields });
    return (await this.notifications.book.createChannel(body)).id;
  }
  async route(fields: object): Promise<void> {
    await this.notifications.book.createRoute(RouteBody.parse({ name: "route", ...fields }));
  }

  /** Something happens to an incident, and whoever is to be told is. */
  async news(kind: IncidentNews["kind"], fields: Partial<Incident> = {}): Promise<void> {
    this.tell(kind, fields);
    await this.tick();
  }
  tell(kind: IncidentNews["kind"], fields: Partial<Incident> = {}): void {
    const state = kind === "closed" ? "closed" : "open";
    const incident: Incident = { ...sampleIncident("opened", this.nowMs), openedAtMs: T0, id: "i1", severity: "warning", state, ...fields };
    const { suppressedBy } = incident;
    this.feed.all.push({ seq: this.feed.all.length + 1, atMs: this.nowMs, kind, reason: null, suppressedBy, incident });
  }

  async tick(): Promise<void> {
    await this.notifications.tick();
    await this.notifications.settled();
  }

  /** Time passes second by second. */
  async pass(ms: number): Promise<void> {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs;) {
      this.nowMs = Math.min(endMs, this.nowMs + 1000);
      await this.tick();
    }
  }

  deliveries(state: Delivery["state"]): Delivery[] {
    return this.notifications.deliveries().filter((each) => each.state === state);
  }
}

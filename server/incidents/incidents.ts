import type { Logger } from "pino";
import { Incident, IncidentRow, type IncidentNote } from "../contract/incidents.ts";
import type { AlertCommit, AlertStore, StoredAlert } from "../store/store.ts";
import { Batch } from "./batch.ts";
import { Gatherer } from "./gatherer.ts";
import { LogEvent } from "./log.ts";
import type { IncidentNews, IncidentNewsFeed } from "./news.ts";
import { presentForMessage, presentIncident, rowOfIncident } from "./present.ts";
import { emptyState, GatheredState } from "./state.ts";

const SNAPSHOT_MS = 60_000;

export interface IncidentParts {
  readonly store: AlertStore;
  readonly clock: () => number; // epoch ms
  readonly log: Logger;
}

/** What was on disk at the start, for whoever keeps the alerts. */
export interface Restored {
  readonly alerts: readonly StoredAlert[];
  /** Up to when the server lived, as far as the disk tells. */
  readonly writtenAtMs: number;
}

/** Loads what was and goes on from there. Rejects with StoreError where it cannot be read. */
export async function openIncidents(parts: IncidentParts): Promise<{ incidents: Incidents; restored: Restored }> {
  const { alerts, snapshot, events, closed, lastSeq, writtenAtMs } = await parts.store.load();
  const gatherer = new Gatherer(snapshot === null ? emptyState() : GatheredState.parse(snapshot));
  for (const event of events) gatherer.apply(LogEvent.parse(event));
  const rows = closed.flatMap((row) => IncidentRow.safeParse(row).data ?? []);
  return { incidents: new Incidents(parts, { gatherer, rows, lastSeq }), restored: { alerts, writtenAtMs } };
}

/** Open incidents in memory, closed ones as rows; every change is on disk before anybody is told of it. */
export class Incidents implements IncidentNewsFeed {
  readonly #parts: IncidentParts;
  readonly #gatherer: Gatherer;
  /** Closed, newest first. */
  #closed: IncidentRow[];
  #lastSeq: number;
  #batch = new Batch();
  #committing: Promise<void> = Promise.resolve();
  #snapshotAtMs: number;
  #isSnapshotDue = false;
  readonly #listeners = new Set<() => void>();
  readonly #newsListeners = new Set<(news: readonly IncidentNews[]) => void>();

  constructor(parts: IncidentParts, { gatherer, rows, lastSeq }: { gatherer: Gatherer; rows: IncidentRow[]; lastSeq: number }) {
    this.#parts = parts;
    this.#gatherer = gatherer;
    this.#closed = rows;
    this.#lastSeq = lastSeq;
    this.#snapshotAtMs = parts.clock();
  }

  /* From the alerts */

  /** Takes an event in at once; it is on disk after the next commit. */
  record(event: LogEvent): void {
    this.#batch.addEvent(event, this.#gatherer.apply(event));
    this.#isSnapshotDue = true;
  }

  /** What an alert is now, to be written with the events that it made. */
  keepAlert(alert: StoredAlert): void {
    this.#batch.addAlert(alert);
  }

  /** Lets time pass. `isWaiting`: alerts wait for their time, so that how long the server lived must be known after a restart. */
  tick(nowMs: number, { isWaiting }: { isWaiting: boolean }): void {
    if (this.#gatherer.isTickDue(nowMs)) this.record({ type: "tick", atMs: nowMs });
    this.#isSnapshotDue ||= isWaiting;
  }

  /** Whose hashrate is lost: id of each open incident with the miners that are its members now. */
  open(): readonly Gatherer["state"]["incidents"][number][] {
    return this.#gatherer.state.incidents;
  }

  incidentsOf(subjectId: string): string[] {
    return this.#gatherer.incidentsOf(subjectId).map(({ id }) => id);
  }

  /** Writes what happened, then tells of it. One at a time; what could not be written is tried again with the next. */
  commit(): Promise<void> {
    this.#committing = this.#committing.then(() => this.#commit());
    return this.#committing;
  }

  async #commit(): Promise<void> {
    const nowMs = this.#parts.clock();
    const isSnapshotTime = this.#isSnapshotDue && nowMs - this.#snapshotAtMs >= SNAPSHOT_MS;
    if (this.#batch.isEmpty && !isSnapshotTime) return;
    await this.#write(nowMs, isSnapshotTime);
  }

  async #write(nowMs: number, withSnapshot: boolean): Promise<void> {
    const batch = this.#batch;
    this.#batch = new Batch();
    const news = this.#newsOf(batch, nowMs);
    const closed = batch.closed().map((incident) => presentIncident(incident, nowMs));
    try {
      await this.#parts.store.commit({
        ...{ nowMs, alerts: batch.alerts(), events: batch.events, snapshot: withSnapshot ? this.#gatherer.state : null },
        closed: closed.map((whole) => storedClosed(whole, nowMs)),
        news: news.map((each) => ({ seq: each.seq, atMs: each.atMs, incidentId: each.incident.id, kind: each.kind, document: each })),
      });
    } catch (err) {
      this.#batch.prepend(batch);
      this.#parts.log.error({ err, eventCount: batch.events.length }, "incidents could not be written; tried again with the next change");
      return;
    }
    if (withSnapshot) [this.#snapshotAtMs, this.#isSnapshotDue] = [nowMs, !this.#batch.isEmpty];
    this.#closed = [...closed.map(rowOfIncident).reverse(), ...this.#closed];
    this.#tell(news);
  }

  #newsOf(batch: Batch, nowMs: number): IncidentNews[] {
    let seq = this.#lastSeq;
    return batch.told().map(({ kind, reason, incident }) => {
      const shown = presentForMessage(incident, nowMs);
      return { seq: ++seq, atMs: nowMs, kind, reason, suppressedBy: shown.suppressedBy, incident: shown };
    });
  }

  #tell(news: readonly IncidentNews[]): void {
    if (news.length === 0) return;
    this.#lastSeq += news.length;
    for (const listener of this.#newsListeners) listener(news);
    for (const listener of this.#listeners) listener();
  }

  /** Writes all that is in memory, with a snapshot, so that the next start has nothing to read again. */
  async close(): Promise<void> {
    await this.#committing;
    if (this.#isSnapshotDue || !this.#batch.isEmpty) await this.#write(this.#parts.clock(), true);
  }

  /* IncidentNewsFeed */

  get lastSeq(): number {
    return this.#lastSeq;
  }

  async after(seq: number, limit: number): Promise<IncidentNews[]> {
    const rows = await this.#parts.store.readNews({ afterSeq: seq, limit });
    return rows.map(({ document }) => document as IncidentNews); // written by this class
  }

  onNews(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async current(incidentId: string): Promise<Incident | null> {
    const open = this.#gatherer.find(incidentId);
    return open === null ? this.#readClosed(incidentId) : presentForMessage(open, this.#parts.clock());
  }

  /** The news themselves, as they are committed; for the live stream, which needs no memory. */
  onCommitted(listener: (news: readonly IncidentNews[]) => void): () => void {
    this.#newsListeners.add(listener);
    return () => void this.#newsListeners.delete(listener);
  }

  /* For people */

  /** All that are known: open ones as they are now, then closed ones, newest first. */
  rows(nowMs: number): IncidentRow[] {
    const open = this.#gatherer.state.incidents.map((incident) => rowOfIncident(presentIncident(incident, nowMs, 0)));
    return [...open.reverse(), ...this.#closed];
  }

  row(incidentId: string, nowMs: number): IncidentRow | null {
    const open = this.#gatherer.find(incidentId);
    if (open !== null) return rowOfIncident(presentIncident(open, nowMs, 0));
    return this.#closed.find(({ id }) => id === incidentId) ?? null;
  }

  /** Ids of the incidents, open and closed, in which a machine is or was a member. */
  async idsOfMiner(minerId: string): Promise<string[]> {
    const open = this.#gatherer.state.incidents.filter(({ members }) => members.some(({ subject }) => subject.id === minerId));
    const closed = await this.#parts.store.readClosedOf(minerId);
    return [...open.map(({ id }) => id), ...closed.map(idOf)];
  }

  /** With all its members. */
  async whole(incidentId: string, nowMs: number): Promise<Incident | null> {
    const open = this.#gatherer.find(incidentId);
    return open === null ? this.#readClosed(incidentId) : presentIncident(open, nowMs);
  }

  /** Records what a person did and resolves when it is on disk. The incident must be open. */
  async act(event: Extract<LogEvent, { by: string }>): Promise<void> {
    this.record(event);
    await this.commit();
  }

  /** A note on an incident that is closed; one that is open takes it by `act`. */
  async noteClosed(incidentId: string, note: IncidentNote): Promise<boolean> {
    const incident = await this.#readClosed(incidentId);
    if (incident === null) return false;
    const whole: Incident = {
      ...incident,
      notes: [...incident.notes, note],
      timeline: [...incident.timeline, { atMs: note.atMs, kind: "noted", text: note.text, by: note.by }],
    };
    const closed = [storedClosed(whole, note.atMs)];
    await this.#parts.store.commit({ nowMs: note.atMs, alerts: [], events: [], snapshot: null, closed, news: [] });
    return true;
  }

  async #readClosed(incidentId: string): Promise<Incident | null> {
    const number = numberOf(incidentId);
    return Number.isNaN(number) ? null : (Incident.safeParse(await this.#parts.store.readClosed(number)).data ?? null);
  }

  countByState(): Record<"open" | "acknowledged", number> {
    const acknowledged = this.#gatherer.state.incidents.filter(({ state }) => state === "acknowledged").length;
    return { open: this.#gatherer.state.incidents.length - acknowledged, acknowledged };
  }
}

function storedClosed(whole: Incident, nowMs: number): AlertCommit["closed"][number] {
  const { id, closedAtMs, members } = whole;
  const minerIds = members.filter(({ kind }) => kind === "miner").map((member) => member.id);
  return { number: numberOf(id), closedAtMs: closedAtMs ?? nowMs, summary: rowOfIncident(whole), whole, minerIds };
}

const idOf = (number: number): string => `i${number}`;

/** The number in an id such as `i17`; NaN where it is none. */
function numberOf(incidentId: string): number {
  return /^i[1-9]\d{0,9}$/.test(incidentId) ? Number(incidentId.slice(1)) : NaN;
}

import type { AlertCommit, AlertStore, StoredAlert, StoredAlerts, StoredNews } from "../../../server/store/store.ts";

/** Alerts and incidents in memory, as JSON like on disk; `failing` makes commits reject. */
export class MemoryAlerts implements AlertStore {
  readonly alerts = new Map<string, StoredAlert>();
  readonly events: unknown[] = [];
  readonly news: StoredNews[] = [];
  readonly closed = new Map<number, { summary: unknown; whole: unknown; minerIds: string[] }>();
  snapshot: unknown = null;
  failing = false;
  #snapshotAt = 0;
  #writtenAtMs = 0;

  commit(commit: AlertCommit): Promise<void> {
    if (this.failing) return Promise.reject(new Error("No space left on device"));
    const { nowMs, alerts, events, snapshot, closed, news } = JSON.parse(JSON.stringify(commit)) as AlertCommit;
    for (const alert of alerts) {
      if (alert.document === null) this.alerts.delete(`${alert.ruleId} ${alert.subjectId}`);
      else this.alerts.set(`${alert.ruleId} ${alert.subjectId}`, alert);
    }
    this.events.push(...events);
    this.news.push(...news);
    for (const { number, ...kept } of closed) this.closed.set(number, kept);
    if (snapshot !== null) [this.snapshot, this.#snapshotAt] = [snapshot, this.events.length];
    this.#writtenAtMs = nowMs;
    return Promise.resolve();
  }

  load(): Promise<StoredAlerts> {
    return Promise.resolve({
      alerts: [...this.alerts.values()],
      snapshot: this.snapshot,
      events: this.events.slice(this.#snapshotAt),
      closed: [...this.closed.values()].map(({ summary }) => summary).reverse(),
      lastSeq: this.news.at(-1)?.seq ?? 0,
      writtenAtMs: this.#writtenAtMs,
    });
  }

  readNews({ afterSeq, limit }: { afterSeq: number; limit: number }): Promise<StoredNews[]> {
    return Promise.resolve(this.news.filter(({ seq }) => seq > afterSeq).slice(0, limit));
  }

  readClosed(number: number): Promise<unknown> {
    return Promise.resolve(this.closed.get(number)?.whole ?? null);
  }

  readClosedOf(minerId: string): Promise<number[]> {
    const of = [...this.closed].filter(([, { minerIds }]) => minerIds.includes(minerId));
    return Promise.resolve(of.map(([number]) => number).reverse());
  }
}

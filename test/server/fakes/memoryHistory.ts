import type { AuditEntry, MinerEvent, StorageForecast } from "../../../server/contract/api.ts";
import type { SeriesColumns, SeriesQuery, Store, StoredFrame } from "../../../server/store/store.ts";

type History = Pick<Store, "readSeries" | "readFrame" | "readEvents" | "readMalformed" | "readAudit" | "appendAudit" | "forecast">;

/** What the HTTP API reads of the store, answered from fields that a test sets; `queries` holds the series that were asked for. */
export class MemoryHistory implements History {
  readonly queries: SeriesQuery[] = [];
  readonly audit: AuditEntry[] = [];
  frame: StoredFrame | null = null;
  events: MinerEvent[] = [];
  malformed: Awaited<ReturnType<Store["readMalformed"]>> = [];
  storage: StorageForecast = { databaseBytes: 1000, bytesPerDay: 100, freeBytes: 5000, fullInDays: 50 };
  failing = false;
  /** Answers a series in place of the usual two points. */
  seriesOf: ((query: SeriesQuery) => SeriesColumns) | null = null;

  readSeries(query: SeriesQuery): Promise<SeriesColumns> {
    this.queries.push(query);
    if (this.failing) return Promise.reject(new Error("disk on fire at /secret/path"));
    if (this.seriesOf !== null) return Promise.resolve(this.seriesOf(query));
    const series = Object.fromEntries(query.metrics.map((metric) => [metric, [1, null]]));
    return Promise.resolve({ stepMs: 60_000, timesMs: [0, 60_000], series, coverage: [1, 0] });
  }

  readFrame = () => Promise.resolve(this.frame);
  readEvents = () => Promise.resolve(this.events);
  readMalformed = () => Promise.resolve(this.malformed);
  forecast = () => Promise.resolve(this.storage);

  readAudit({ beforeId, limit, actor, action }: Parameters<Store["readAudit"]>[0]) {
    const matching = this.audit.filter((entry) => (actor ?? entry.actor) === entry.actor && (action ?? entry.action) === entry.action);
    const before = matching.filter((entry) => beforeId === null || entry.id < beforeId);
    return Promise.resolve({ items: before.toReversed().slice(0, limit), totalCount: matching.length });
  }

  appendAudit(entries: Omit<AuditEntry, "id">[]): Promise<void> {
    for (const entry of entries) this.audit.push({ id: this.audit.length + 1, ...entry });
    return Promise.resolve();
  }
}

import type { Database } from "better-sqlite3";
import type { AuditEntry, MinerEvent } from "../../contract/api.ts";
import type { Block } from "../codec.ts";
import { blockOfEntries } from "../packed.ts";
import type { RecentSample, RecordKind, SeriesColumns, SeriesQuery, StoredAlerts, StoredFrame, StoredNews } from "../store.ts";
import { MINER_TIERS, SITE_TIERS, type Kept, type Tier } from "../tiers.ts";
import type { Span } from "../rollup.ts";
import { loadAlerts, readClosed, readClosedOf, readNews } from "./alerts.ts";
import { openForReading } from "./database.ts";
import { readFrame } from "./frames.ts";
import { getMark, keptFromMark } from "./marks.ts";
import { MinerSeries } from "./minerSeries.ts";
import { RawTables } from "./raw.ts";
import { readRecent } from "./recent.ts";
import { SiteSeries } from "./siteSeries.ts";
import { getRecord, loadRecords, readAudit, readEvents, readMalformed, type AuditQuery, type MalformedReply } from "./state.ts";

const RAW = { table: "raw", stepMs: 1 };

/** All that only reads, on threads of its own. Each method is a few short statements: no transaction outlives it. */
export class Reader {
  readonly #db: Database;
  readonly #raw: RawTables;
  readonly #minerSeries: MinerSeries;
  readonly #siteSeries: SiteSeries;

  constructor({ dataDir }: { dataDir: string }) {
    this.#db = openForReading(dataDir);
    this.#raw = new RawTables(this.#db);
    this.#minerSeries = new MinerSeries(this.#db);
    this.#siteSeries = new SiteSeries(this.#db);
  }

  minerSeries({ minerKey, query, open }: { minerKey: number; query: SeriesQuery; open: Uint8Array | null }): SeriesColumns {
    const block = open === null ? null : blockOfEntries(open);
    return this.#snapshot(() => this.#minerSeries.read(minerKey, query, { open: block, kept: this.#kept([RAW, ...MINER_TIERS]) }));
  }

  siteSeries({ siteKey, query, open }: { siteKey: number; query: SeriesQuery; open: Block }): SeriesColumns {
    return this.#snapshot(() => this.#siteSeries.read(siteKey, query, { open, kept: this.#kept(SITE_TIERS) }));
  }

  readFrame({ atMs }: { atMs: number }): StoredFrame | null {
    return readFrame(this.#db, atMs);
  }

  readRecent({ minerKeys, open, ...span }: Span & { minerKeys: number[]; open: (Uint8Array | null)[] }): RecentSample[][] {
    return this.#snapshot(() => minerKeys.map((minerKey, index) => readRecent(this.#raw, { minerKey, ...span, open: open[index] })));
  }

  readEvents(query: { minerKey: number; fromMs: number; toMs: number; limit: number }): MinerEvent[] {
    return readEvents(this.#db, query);
  }

  readMalformed({ minerKey }: { minerKey: number }): Omit<MalformedReply, "minerKey">[] {
    return readMalformed(this.#db, minerKey);
  }

  readAudit(query: AuditQuery): { items: AuditEntry[]; totalCount: number } {
    return readAudit(this.#db, query);
  }

  loadRecords({ kind }: { kind: RecordKind }): { id: string; document: unknown }[] {
    return loadRecords(this.#db, kind);
  }

  getRecord({ kind, id }: { kind: RecordKind; id: string }): unknown {
    return getRecord(this.#db, kind, id);
  }

  loadAlerts(): StoredAlerts {
    return this.#snapshot(() => loadAlerts(this.#db));
  }

  readNews(query: { afterSeq: number; limit: number }): StoredNews[] {
    return readNews(this.#db, query);
  }

  readClosed(query: { number: number }): unknown {
    return readClosed(this.#db, query);
  }

  readClosedOf(query: { minerId: string }): number[] {
    return readClosedOf(this.#db, query);
  }

  close(): void {
    this.#db.close();
  }

  /** All statements see the database of one moment. Synchronous, so that the transaction lasts for one query and no longer. */
  #snapshot<T>(read: () => T): T {
    return this.#db.transaction(read).deferred();
  }

  #kept(tiers: readonly Pick<Tier, "table" | "stepMs">[]): Kept[] {
    return tiers.map(({ table, stepMs }) => ({ stepMs, fromMs: getMark(this.#db, keptFromMark(table)) ?? -Infinity }));
  }
}

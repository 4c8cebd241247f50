import type { Database, Statement } from "better-sqlite3";
import type { Block } from "../codec.ts";
import { HOUR_MS, MINUTE_MS } from "../layout.ts";
import { EntryCursor, type Entry } from "../packed.ts";
import { rollupOfValues, type Span } from "../rollup.ts";
import { FLEET_KEY, stateChanges, stateValues } from "../site.ts";
import { SITE_INPUTS, SiteMinutes } from "../siteMinutes.ts";
import type { MinuteState } from "../store.ts";
import { amendFrame, putFrame } from "./frames.ts";
import type { Ingest } from "./ingest.ts";
import { getMark, setMark, SITE_FINAL_MARK } from "./marks.ts";
import { RawTables } from "./raw.ts";
import { SiteTables, type MinuteValues } from "./siteTables.ts";

const FINAL_AFTER_MS = 15_000; // samples of a minute arrive within this after its end, or count as late
const OPEN_MINUTES = 8;
const HOURS_PER_CALL = 6;
const MINERS_PER_STEP = 100;

/** Makes the minutes of sites and the fleet: from samples as they come, and again from raw samples where some came late. */
export class SiteRoller {
  readonly #db: Database;
  readonly #ingest: Ingest;
  readonly #tables: SiteTables;
  readonly #raw: RawTables;
  readonly #open = new SiteMinutes();
  readonly #dirty: Set<number>;
  readonly #putDirty: Statement<[number]>;
  readonly #removeDirty: Statement<[number]>;
  /** Minutes before this are written; a sample of one of them is late. */
  #finalMs: number;
  /** Minutes that were written and that `rollUp` has not told of yet. */
  #written: Span | null = null;

  constructor(db: Database, ingest: Ingest) {
    this.#db = db;
    this.#ingest = ingest;
    this.#tables = new SiteTables(db);
    this.#raw = new RawTables(db);
    this.#putDirty = db.prepare("INSERT OR IGNORE INTO site_dirty (hour_ms) VALUES (?)");
    this.#removeDirty = db.prepare("DELETE FROM site_dirty WHERE hour_ms = ?");
    this.#dirty = new Set(db.prepare<[], number>("SELECT hour_ms FROM site_dirty").pluck().all());
    this.#finalMs = getMark(db, SITE_FINAL_MARK) ?? -Infinity;
    this.#restoreOpen();
  }

  /** In the transaction of an append: remembers on disk which hours have to be told anew. */
  markLate(batch: Uint8Array, oldestMs: number): void {
    if (oldestMs >= this.#finalMs) return;
    for (const cursor = new EntryCursor(batch); cursor.next();) {
      const hour = Math.floor(cursor.atMs / HOUR_MS) * HOUR_MS;
      if (cursor.atMs < this.#finalMs && !this.#dirty.has(hour)) this.#putDirty.run(hour);
    }
  }

  /** After that transaction. */
  add(entry: Entry, batch: Uint8Array): void {
    if (entry.atMs < this.#finalMs) this.#dirty.add(Math.floor(entry.atMs / HOUR_MS) * HOUR_MS);
    else this.#open.addEntry(entry, batch);
  }

  /** Minutes that were open when the process ended, from the samples that are on disk. */
  #restoreOpen(): void {
    const miners = [...this.#ingest.newestByMiner()].filter(([, newestMs]) => newestMs >= this.#finalMs);
    const newest = miners.reduce((latest, [, newestMs]) => Math.max(latest, newestMs), 0);
    const fromMs = Math.max(this.#finalMs, newest - HOUR_MS);
    for (const [miner] of miners) this.#open.addBlock(miner, this.#samplesOf(miner, { fromMs, toMs: newest + 1 }));
  }

  /** Bounds the memory: writes the oldest minutes when more than OPEN_MINUTES are open. */
  trim(): void {
    const starts = this.#open.starts();
    if (starts.length > OPEN_MINUTES) this.#finish(starts.slice(0, starts.length - OPEN_MINUTES));
  }

  /**
   * Writes the minutes that are over, and then some of the hours that late samples touched. Returns these hours and, where no other waits, those
   * minutes: samples may have come late and still in time for them.
   */
  async rollUp(nowMs: number): Promise<Span[]> {
    this.#finish(this.#open.starts().filter((start) => start + MINUTE_MS + FINAL_AFTER_MS <= nowMs));
    const hours = [...this.#dirty].sort((a, b) => a - b).slice(0, HOURS_PER_CALL);
    for (const hour of hours) await this.#retell(hour);
    const told = hours.map((fromMs) => ({ fromMs, toMs: fromMs + HOUR_MS }));
    const written = this.#written;
    if (this.#dirty.size > 0 || written === null) return told;
    this.#written = null;
    return [...told, written];
  }

  appendMinute(minute: MinuteState): void {
    const { atMs, frame, siteKeys } = minute;
    const rowsOf = new Map<number, number[]>([[FLEET_KEY, [...siteKeys.keys()]]]);
    siteKeys.forEach((site, row) => {
      const rows = rowsOf.get(site) ?? [];
      rows.push(row);
      rowsOf.set(site, rows);
    });
    const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    this.#db
      .transaction(() => {
        putFrame(this.#db, { ...frame, atMs: minuteMs });
        for (const [site, rows] of rowsOf) {
          const row = { atMs: minuteMs, values: stateValues(minute, rows) };
          this.#tables.putState(site, row, { fromMs: minuteMs, toMs: minuteMs + MINUTE_MS });
        }
      })
      .immediate();
  }

  /** What is known of a site's minutes that are not written yet. */
  openMinutes(siteKey: number): Block {
    const rows = this.#open.starts().map((atMs) => ({ atMs, values: this.#open.totals(atMs).get(siteKey), coverage: 1 }));
    return rollupOfValues(rows.flatMap(({ values, ...row }) => (values === undefined ? [] : [{ ...row, values }])));
  }

  #finish(minutes: readonly number[]): void {
    const last = minutes.at(-1);
    if (last === undefined) return;
    const finalMs = last + MINUTE_MS;
    this.#db
      .transaction(() => {
        this.#putMinutes(this.#open, minutes, { fromMs: minutes[0] ?? last, toMs: finalMs });
        setMark(this.#db, SITE_FINAL_MARK, finalMs);
      })
      .immediate();
    this.#finalMs = finalMs;
    this.#written = { fromMs: this.#written?.fromMs ?? minutes[0], toMs: finalMs };
    for (const minute of minutes) this.#open.drop(minute);
  }

  #putMinutes(source: SiteMinutes, minutes: readonly number[], span: Span): void {
    const bySite = new Map<number, MinuteValues[]>();
    for (const atMs of minutes) {
      for (const [site, values] of source.totals(atMs)) {
        const rows = bySite.get(site) ?? [];
        rows.push({ atMs, values });
        bySite.set(site, rows);
      }
    }
    for (const [site, rows] of bySite) this.#tables.putSamples(site, span, rows);
  }

  /** Tells one hour's minutes anew; a few miners at a time, so that appends get their turn. */
  async #retell(hour: number): Promise<void> {
    const span = { fromMs: hour, toMs: Math.min(hour + HOUR_MS, this.#finalMs) };
    this.#dirty.delete(hour); // a sample that comes late meanwhile marks it again
    const minutes = new SiteMinutes();
    let step = 0;
    for (const [miner, newestMs] of [...this.#ingest.newestByMiner()]) {
      if (newestMs < span.fromMs) continue;
      minutes.addBlock(miner, this.#samplesOf(miner, span));
      if (++step % MINERS_PER_STEP === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    this.#db
      .transaction(() => {
        if (hour >= this.#ingest.rawFromMs) {
          this.#putMinutes(minutes, minutes.starts(), span);
          this.#amendStates(minutes, span);
        }
        if (!this.#dirty.has(hour)) this.#removeDirty.run(hour);
      })
      .immediate();
  }

  /** Frames, and the statuses that sites count, with what is known only now. */
  #amendStates(minutes: SiteMinutes, span: Span): void {
    const bySite = new Map<number, Map<number, ReadonlyMap<number, number>>>();
    for (const minute of minutes.starts()) {
      for (const [site, changes] of stateChanges(amendFrame(this.#db, minute, minutes.newest(minute)))) {
        const ofSite = bySite.get(site) ?? new Map<number, ReadonlyMap<number, number>>();
        bySite.set(site, ofSite.set(minute, changes));
      }
    }
    for (const [site, changes] of bySite) this.#tables.amendState(site, span, changes);
  }

  #samplesOf(miner: number, span: Span): Block {
    const open = this.#ingest.openBlockBetween(miner, span.fromMs, span.toMs);
    return this.#raw.read({ minerKey: miner, ...span, wanted: SITE_INPUTS, open });
  }
}

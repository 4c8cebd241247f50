import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Database } from "better-sqlite3";
import type { AuditEntry, MinerEvent } from "../../contract/api.ts";
import type { RecordKind, StoredEvent } from "../store.ts";
import { rowsOf } from "./driver.ts";

/** Records, audit, events, malformed replies, details: what is no series. Every method is one statement or one transaction. */

export interface RecordChange {
  kind: RecordKind;
  id: string;
  document: unknown; // null removes
}
export interface MalformedReply {
  minerKey: number;
  atMs: number;
  command: string;
  failure: string;
  bytes: Uint8Array;
}
export interface AuditQuery {
  beforeId: number | null;
  limit: number;
  actor?: string;
  action?: string;
}

export function loadRecords(db: Database, kind: RecordKind): { id: string; document: unknown }[] {
  const rows = db
    .prepare<[string], { id: string; document: string }>("SELECT id, document FROM record WHERE kind = ? ORDER BY id")
    .all(kind);
  return rows.map(({ id, document }) => ({ id, document: JSON.parse(document) as unknown }));
}

export function getRecord(db: Database, kind: RecordKind, id: string): unknown {
  const row = db.prepare<[string, string], { document: string }>("SELECT document FROM record WHERE kind = ? AND id = ?").get(kind, id);
  return row === undefined ? null : (JSON.parse(row.document) as unknown);
}

export function applyRecords(db: Database, changes: readonly RecordChange[]): void {
  const put = db.prepare("INSERT INTO record (kind, id, document) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document");
  const remove = db.prepare("DELETE FROM record WHERE kind = ? AND id = ?");
  db.transaction(() => {
    for (const { kind, id, document } of changes) {
      if (document === null || document === undefined) remove.run(kind, id);
      else put.run(kind, id, JSON.stringify(document));
    }
  }).immediate();
}

export function appendAudit(db: Database, entries: readonly Omit<AuditEntry, "id">[]): void {
  const insert = db.prepare("INSERT INTO audit (at_ms, actor, source, action, target, result, detail) VALUES (?, ?, ?, ?, ?, ?, ?)");
  db.transaction(() => {
    for (const entry of entries) {
      insert.run(entry.atMs, entry.actor, entry.from, entry.action, entry.target, entry.result, entry.detail);
    }
  }).immediate();
}

export function readAudit(db: Database, query: AuditQuery): { items: AuditEntry[]; totalCount: number } {
  const conditions: string[] = [];
  const values: Record<string, string> = {};
  for (const field of ["actor", "action"] as const) {
    const value = query[field];
    if (value === undefined) continue;
    conditions.push(`${field} = @${field}`);
    values[field] = value;
  }
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  const before = `${where === "" ? "WHERE" : `${where} AND`} id < @beforeId`;
  const items = db
    .prepare<unknown[], AuditEntry>(
      `SELECT id, at_ms AS atMs, actor, source AS "from", action, target, result, detail FROM audit ${before} ORDER BY id DESC LIMIT @limit`,
    )
    .all({ ...values, beforeId: query.beforeId ?? Number.MAX_SAFE_INTEGER, limit: query.limit });
  const totalCount = db.prepare<unknown[], number>(`SELECT count(*) FROM audit ${where}`).pluck().get(values) ?? 0;
  return { items, totalCount };
}

export function appendEvents(db: Database, events: readonly StoredEvent[]): void {
  const insert = db.prepare("INSERT INTO event (miner, at_ms, kind, text, status, reason) VALUES (?, ?, ?, ?, ?, ?)");
  db.transaction(() => {
    for (const event of events) insert.run(event.minerKey, event.atMs, event.kind, event.text, event.status, event.reason);
  }).immediate();
}

/** Newest first. */
export function readEvents(db: Database, query: { minerKey: number; fromMs: number; toMs: number; limit: number }): MinerEvent[] {
  return db
    .prepare<unknown[], MinerEvent>(
      `SELECT at_ms AS atMs, kind, text, status, reason FROM event
       WHERE miner = @minerKey AND at_ms >= @fromMs AND at_ms < @toMs ORDER BY at_ms DESC, id DESC LIMIT @limit`,
    )
    .all(query);
}

const MALFORMED_PER_MINER = 50;

/** Keeps the newest MALFORMED_PER_MINER of each miner. */
export function saveMalformed(db: Database, replies: readonly MalformedReply[]): void {
  const insert = db.prepare("INSERT INTO malformed (miner, at_ms, command, failure, bytes) VALUES (?, ?, ?, ?, ?)");
  const trim = db.prepare(
    "DELETE FROM malformed WHERE id IN (SELECT id FROM malformed WHERE miner = ? ORDER BY at_ms DESC LIMIT 1000 OFFSET ?)",
  );
  db.transaction(() => {
    for (const reply of replies) {
      insert.run(reply.minerKey, reply.atMs, reply.command, reply.failure, reply.bytes);
      trim.run(reply.minerKey, MALFORMED_PER_MINER);
    }
  }).immediate();
}

export function readMalformed(db: Database, minerKey: number): Omit<MalformedReply, "minerKey">[] {
  return db
    .prepare<[number], Omit<MalformedReply, "minerKey">>(
      "SELECT at_ms AS atMs, command, failure, bytes FROM malformed WHERE miner = ? ORDER BY at_ms DESC",
    )
    .all(minerKey);
}

/** `json` is a whole Sample. */
export function saveDetails(db: Database, details: readonly { minerKey: number; atMs: number; json: string }[]): void {
  const put = db.prepare(
    `INSERT INTO detail (miner, at_ms, sample) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, sample = excluded.sample WHERE excluded.at_ms >= detail.at_ms`,
  );
  db.transaction(() => {
    for (const { minerKey, atMs, json } of details) put.run(minerKey, atMs, deflateRawSync(json, { level: 1 }));
  }).immediate();
}

export function readDetails(db: Database): Map<number, string> {
  const page = db.prepare<[number], { miner: number; sample: Buffer }>(
    "SELECT miner, sample FROM detail WHERE miner > ? ORDER BY miner LIMIT 1000",
  );
  const details = new Map<number, string>();
  for (const { miner, sample } of rowsOf(page, (row) => row.miner)) details.set(miner, inflateRawSync(sample).toString("utf8"));
  return details;
}

/** Nothing that `readLastSamples` would show of the miner stays. */
export function forgetMiner(db: Database, minerKey: number): void {
  db.transaction(() => {
    db.prepare("DELETE FROM detail WHERE miner = ?").run(minerKey);
    db.prepare("DELETE FROM malformed WHERE miner = ?").run(minerKey);
    db.prepare("UPDATE miner SET newest = x'' WHERE miner = ?").run(minerKey);
  }).immediate();
}

import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Database } from "better-sqlite3";
import { DAY_MS } from "../layout.ts";
import type { AlertCommit, StoredAlerts, StoredNews } from "../store.ts";

/** Alerts, the log of incidents, closed incidents and news. Documents are JSON that only their owner reads. */

const LOG_DAYS = 7;
const NEWS_DAYS = 7;
/** Closed incidents that are kept; the oldest go first. */
const CLOSED_MAX = 10_000;
/** Closed incidents that a machine is found in; of more, the oldest are forgotten for it. */
const CLOSED_PER_MINER_MAX = 100;

/** Everything or nothing. News of an incident takes the place of an update of it that came before. */
export function commitAlerts(db: Database, { nowMs, alerts, events, snapshot, closed, news }: AlertCommit): void {
  const putAlert = db.prepare(
    "INSERT INTO alert (rule, subject, document) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document",
  );
  const removeAlert = db.prepare("DELETE FROM alert WHERE rule = ? AND subject = ?");
  const putClosed = db.prepare("INSERT OR REPLACE INTO incident (number, closed_ms, summary, whole) VALUES (?, ?, ?, ?)");
  const dropUpdates = db.prepare("DELETE FROM incident_news WHERE incident = ? AND kind = 'updated'");
  const putNews = db.prepare("INSERT INTO incident_news (seq, at_ms, incident, kind, document) VALUES (?, ?, ?, ?, ?)");
  db.transaction(() => {
    for (const { ruleId, subjectId, document } of alerts)
      if (document === null) removeAlert.run(ruleId, subjectId);
      else putAlert.run(ruleId, subjectId, JSON.stringify(document));
    if (events.length > 0) db.prepare("INSERT INTO incident_log (at_ms, events) VALUES (?, ?)").run(nowMs, JSON.stringify(events));
    for (const { number, closedAtMs, summary, whole, minerIds } of closed) {
      putClosed.run(number, closedAtMs, JSON.stringify(summary), deflateRawSync(JSON.stringify(whole), { level: 1 }));
      putMembers(db, number, minerIds);
    }
    for (const { seq, atMs, incidentId, kind, document } of news) {
      dropUpdates.run(incidentId);
      putNews.run(seq, atMs, incidentId, kind, JSON.stringify(document));
    }
    if (snapshot !== null) putSnapshot(db, nowMs, snapshot);
  }).immediate();
}

function putMembers(db: Database, number: number, minerIds: readonly string[]): void {
  const put = db.prepare("INSERT OR IGNORE INTO incident_member (miner, number) VALUES (?, ?)");
  const forget = db.prepare(
    `DELETE FROM incident_member WHERE miner = @minerId AND number <=
      (SELECT number FROM incident_member WHERE miner = @minerId ORDER BY number DESC LIMIT 1 OFFSET ${CLOSED_PER_MINER_MAX})`,
  );
  for (const minerId of minerIds) {
    put.run(minerId, number);
    forget.run({ minerId });
  }
}

function putSnapshot(db: Database, nowMs: number, state: unknown): void {
  db.prepare(
    "INSERT OR REPLACE INTO incident_snapshot (only, seq, at_ms, state) VALUES (1, (SELECT coalesce(max(seq), 0) FROM incident_log), ?, ?)",
  ).run(nowMs, JSON.stringify(state));
}

/** What a start goes on from: alerts, the last snapshot, and the events since. */
export function loadAlerts(db: Database): StoredAlerts {
  const alerts = db.prepare<[], { rule: string; subject: string; document: string }>("SELECT rule, subject, document FROM alert").all();
  const snapshot = db
    .prepare<[], { seq: number; atMs: number; state: string }>("SELECT seq, at_ms AS atMs, state FROM incident_snapshot")
    .get();
  const log = db
    .prepare<[number], { atMs: number; events: string }>("SELECT at_ms AS atMs, events FROM incident_log WHERE seq > ? ORDER BY seq")
    .all(snapshot?.seq ?? 0);
  const closed = db.prepare<[], string>("SELECT summary FROM incident ORDER BY number DESC").pluck().all();
  const lastSeq = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'incident_news'").pluck().get();
  return {
    alerts: alerts.map(({ rule, subject, document }) => ({ ruleId: rule, subjectId: subject, document: JSON.parse(document) as unknown })),
    snapshot: snapshot === undefined ? null : (JSON.parse(snapshot.state) as unknown),
    events: log.flatMap(({ events }) => JSON.parse(events) as unknown[]),
    closed: closed.map((summary) => JSON.parse(summary) as unknown),
    lastSeq: lastSeq ?? 0,
    writtenAtMs: Math.max(snapshot?.atMs ?? 0, log.at(-1)?.atMs ?? 0),
  };
}

export function readNews(db: Database, { afterSeq, limit }: { afterSeq: number; limit: number }): StoredNews[] {
  const rows = db
    .prepare<[number, number], Omit<StoredNews, "document"> & { document: string }>(
      "SELECT seq, at_ms AS atMs, incident AS incidentId, kind, document FROM incident_news WHERE seq > ? ORDER BY seq LIMIT ?",
    )
    .all(afterSeq, limit);
  return rows.map((row) => ({ ...row, document: JSON.parse(row.document) as unknown }));
}

/** A closed incident as a whole; null where it is not kept. */
export function readClosed(db: Database, { number }: { number: number }): unknown {
  const whole = db.prepare<[number], Buffer>("SELECT whole FROM incident WHERE number = ?").pluck().get(number);
  return whole === undefined ? null : (JSON.parse(inflateRawSync(whole).toString("utf8")) as unknown);
}

/** Numbers of the closed incidents in which a machine was a member, newest first. */
export function readClosedOf(db: Database, { minerId }: { minerId: string }): number[] {
  return db.prepare<[string], number>("SELECT number FROM incident_member WHERE miner = ? ORDER BY number DESC").pluck().all(minerId);
}

/** The log before the snapshot is kept for a look, news for whoever was not there, closed incidents by their count. */
export function retainAlerts(db: Database, nowMs: number): void {
  db.prepare("DELETE FROM incident_log WHERE at_ms < ? AND seq <= (SELECT coalesce(max(seq), 0) FROM incident_snapshot)").run(
    nowMs - LOG_DAYS * DAY_MS,
  );
  db.prepare("DELETE FROM incident_news WHERE at_ms < ?").run(nowMs - NEWS_DAYS * DAY_MS);
  const gone = db.prepare("DELETE FROM incident WHERE number <= (SELECT number FROM incident ORDER BY number DESC LIMIT 1 OFFSET ?)");
  if (gone.run(CLOSED_MAX).changes > 0) db.prepare("DELETE FROM incident_member WHERE number < (SELECT min(number) FROM incident)").run();
}

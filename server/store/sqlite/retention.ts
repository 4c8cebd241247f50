import { statfsSync, statSync } from "node:fs";
import type { Database } from "better-sqlite3";
import type { Settings, StorageForecast } from "../../contract/api.ts";
import { DAY_MS, firstIdAt, HOUR_MS, MINUTE_MS, rollupId } from "../layout.ts";
import { MINER_TIERS, SITE_TIERS, type Tier } from "../tiers.ts";
import { retainAlerts } from "./alerts.ts";
import { databaseFile } from "./database.ts";
import { keptFromMark, setMark } from "./marks.ts";

const ROWS_PER_STEP = 200;
const FRAME_MINUTES_MS = DAY_MS;
const FRAME_DAYS = 30;
const MALFORMED_DAYS = 7;
const SIZE_LOG_DAYS = 14;

type Retention = Settings["retention"];

/** Deletes what is older than its tier keeps, a few rows a transaction. Resolves with the start of the raw samples that stay. */
export async function retain(db: Database, nowMs: number, retention: Retention): Promise<number> {
  const rawFromMs = Math.floor((nowMs - retention.rawDays * DAY_MS) / DAY_MS) * DAY_MS;
  setMark(db, keptFromMark("raw"), rawFromMs);
  await removeWhere(db, "chunk", "id", `id < ${firstIdAt(rawFromMs)}`);
  await removeWhere(db, "piece", "id", `id < ${firstIdAt(rawFromMs)}`);
  db.prepare("DELETE FROM pending WHERE window_ms < ?").run(rawFromMs);
  db.prepare("DELETE FROM behind WHERE day_ms < ?").run(rawFromMs);
  db.prepare("DELETE FROM site_dirty WHERE hour_ms < ?").run(rawFromMs);
  for (const tier of [...MINER_TIERS, ...SITE_TIERS]) {
    const days = daysOf(tier, retention);
    if (days !== null) await removeTier(db, tier, nowMs - days * DAY_MS);
  }
  await removeWhere(db, "frame", "at_ms", `at_ms < ${nowMs - FRAME_DAYS * DAY_MS}`);
  await removeWhere(db, "frame", "at_ms", `at_ms < ${nowMs - FRAME_MINUTES_MS} AND at_ms % ${5 * MINUTE_MS} <> 0`);
  await removeWhere(db, "malformed", "id", `at_ms < ${nowMs - MALFORMED_DAYS * DAY_MS}`);
  await removeWhere(db, "event", "id", `at_ms < ${nowMs - retention.hourDays * DAY_MS}`);
  await removeWhere(db, "audit", "id", `at_ms < ${nowMs - retention.hourDays * DAY_MS}`);
  retainAlerts(db, nowMs);
  logSize(db, nowMs);
  return rawFromMs;
}

function daysOf(tier: Tier, retention: Retention): number | null {
  if (tier.stepMs === DAY_MS) return retention.dayDays;
  if (tier.stepMs === HOUR_MS) return retention.hourDays;
  return tier.stepMs === MINUTE_MS ? retention.rawDays : retention.fiveMinutesDays;
}

async function removeTier(db: Database, { table, spanMs }: Tier, beforeMs: number): Promise<void> {
  const fromMs = Math.floor(beforeMs / spanMs) * spanMs;
  setMark(db, keptFromMark(table), fromMs);
  await removeWhere(db, table, "id", `id < ${rollupId(0, fromMs, spanMs)}`);
}

/** `key` is the table's primary key. */
async function removeWhere(db: Database, table: string, key: string, condition: string): Promise<void> {
  const step = db.prepare(
    `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} ORDER BY ${key} LIMIT ${ROWS_PER_STEP})`,
  );
  while (step.run().changes === ROWS_PER_STEP) await new Promise((resolve) => setImmediate(resolve));
}

function usedBytes(db: Database): number {
  const pragma = (name: string) => db.pragma(name, { simple: true }) as number;
  return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
}

function logSize(db: Database, nowMs: number): void {
  db.prepare("INSERT OR REPLACE INTO size_log (at_ms, used_bytes) VALUES (?, ?)").run(Math.floor(nowMs / HOUR_MS) * HOUR_MS, usedBytes(db));
  db.prepare("DELETE FROM size_log WHERE at_ms < ?").run(nowMs - SIZE_LOG_DAYS * DAY_MS);
}

/** From the sizes noted at each `retain`; rates are null until these are an hour apart. */
export function forecast(db: Database, dataDir: string): StorageForecast {
  const log = db.prepare<[], { atMs: number; used: number }>("SELECT at_ms AS atMs, used_bytes AS used FROM size_log ORDER BY at_ms").all();
  const [first, last] = [log.at(0), log.at(-1)];
  const spanMs = first === undefined || last === undefined ? 0 : last.atMs - first.atMs;
  const bytesPerDay = first === undefined || last === undefined || spanMs < HOUR_MS ? null : ((last.used - first.used) * DAY_MS) / spanMs;
  const disk = statfsSync(dataDir);
  const freeBytes = disk.bavail * disk.bsize;
  const fullInDays = bytesPerDay === null || bytesPerDay <= 0 ? null : freeBytes / bytesPerDay;
  return {
    databaseBytes: fileBytes(databaseFile(dataDir)) + fileBytes(`${databaseFile(dataDir)}-wal`),
    bytesPerDay,
    freeBytes,
    fullInDays,
  };
}

function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

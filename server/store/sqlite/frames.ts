import type { Database } from "better-sqlite3";
import { correctFrame, decodeFrame, encodeFrame, type LateSample, type Learnt } from "../frame.ts";
import { MINUTE_MS } from "../layout.ts";
import type { StoredFrame } from "../store.ts";

const OLDEST_FRAME_MS = 10 * MINUTE_MS;

export function putFrame(db: Database, frame: StoredFrame): void {
  db.prepare("INSERT INTO frame (at_ms, block) VALUES (?, ?) ON CONFLICT DO UPDATE SET block = excluded.block").run(
    frame.atMs,
    encodeFrame(frame),
  );
}

/** The frame at or before atMs, not more than 10 min before; null for none. */
export function readFrame(db: Database, atMs: number): StoredFrame | null {
  const row = db
    .prepare<[number, number], { at_ms: number; block: Buffer }>(
      "SELECT at_ms, block FROM frame WHERE at_ms <= ? AND at_ms > ? ORDER BY at_ms DESC LIMIT 1",
    )
    .get(atMs, atMs - OLDEST_FRAME_MS);
  return row === undefined ? null : decodeFrame(row.at_ms, row.block);
}

/** Puts what late samples say into the frame of a minute, where there is one. Returns whose status is known only now. */
export function amendFrame(db: Database, atMs: number, late: ReadonlyMap<number, LateSample>): Learnt[] {
  const block = db.prepare<[number], Buffer>("SELECT block FROM frame WHERE at_ms = ?").pluck().get(atMs);
  if (block === undefined) return [];
  const { frame, learnt } = correctFrame(decodeFrame(atMs, block), late);
  putFrame(db, frame);
  return learnt;
}

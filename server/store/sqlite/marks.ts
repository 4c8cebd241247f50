import type { Database } from "better-sqlite3";

/** Named instants that the store remembers; null when never set. */
export function getMark(db: Database, name: string): number | null {
  return db.prepare<[string], number>("SELECT value FROM mark WHERE name = ?").pluck().get(name) ?? null;
}

export function setMark(db: Database, name: string, value: number): void {
  db.prepare("INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value").run(name, value);
}

/** Minutes of sites before this are written. */
export const SITE_FINAL_MARK = "site minutes final";

/** Mark of the instant before which retention has deleted a table's rows. */
export function keptFromMark(table: string): string {
  return `kept from ${table}`;
}

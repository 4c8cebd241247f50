import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { StoreError } from "../../errors.ts";
import { openDatabase } from "./driver.ts";

/**
 * Keeps a second server out of a data directory until the returned function is called or the process ends, however it ends: the lock is one of the
 * kernel's, on a small SQLite file of its own. Throws StoreError that says which process holds it.
 */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const pidFile = join(dataDir, "server.pid");
  const db = openDatabase(join(dataDir, "server.lock"), { timeout: 0 });
  try {
    db.pragma("locking_mode = EXCLUSIVE");
    db.exec("BEGIN EXCLUSIVE; PRAGMA user_version = 1; COMMIT");
  } catch (error) {
    db.close();
    if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith("SQLITE_BUSY")) throw error;
    throw new StoreError(
      `Cannot use ${dataDir}: the server with process id ${holderOf(pidFile)} holds it; stop that one or choose another --data-dir`,
      {
        cause: error,
      },
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return () => db.close();
}

function holderOf(pidFile: string): string {
  try {
    return readFileSync(pidFile, "utf8").trim();
  } catch {
    return "unknown";
  }
}

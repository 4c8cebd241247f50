import { join } from "node:path";
import Sqlite, { type Database } from "better-sqlite3";
import { StoreError } from "../../errors.ts";
import { openDatabase } from "./driver.ts";
import { migrate, refuseNewer } from "./migrate.ts";

const BUSY_TIMEOUT_MS = 5000;
/** Chunks of 2 to 13 KB waste least: what does not fit a page goes to pages of its own, filled whole. 8 KB pages took 12.9 bytes a sample, these 9.8. */
const PAGE_BYTES = 2048;
/** Of each connection: the writer's pages of some minutes, a reader's of the days that are looked at. */
const WRITER_CACHE_KB = 32_000;
const READER_CACHE_KB = 16_000;
/** The journal's pages are freed and used again within a checkpoint of this size, which so writes less than a smaller one. */
const CHECKPOINT_BYTES = 8 << 20;

export function databaseFile(dataDir: string): string {
  return join(dataDir, "hashwatch.db");
}

/** Opens the database for writing, made and migrated as needed. Throws StoreError when a newer program wrote it, with nothing changed. */
export function openForWriting(dataDir: string): Database {
  const db = openDatabase(databaseFile(dataDir), { timeout: BUSY_TIMEOUT_MS });
  try {
    refuseNewer(db);
    db.pragma(`page_size = ${PAGE_BYTES}`);
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.pragma(`cache_size = -${WRITER_CACHE_KB}`);
    db.pragma("temp_store = MEMORY");
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_BYTES / PAGE_BYTES}`);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw storeErrorOf(error, dataDir);
  }
}

/** Opens the database beside a writer, for reading alone. */
export function openForReading(dataDir: string): Database {
  const db = openDatabase(databaseFile(dataDir), { timeout: BUSY_TIMEOUT_MS, readonly: true });
  db.pragma(`cache_size = -${READER_CACHE_KB}`);
  return db;
}

/** What SQLite says, in words that name the directory and what to do. Other errors pass unchanged. */
export function storeErrorOf(error: unknown, dataDir: string): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error;
  return new StoreError(`Cannot use the database in ${dataDir}: ${reasonOf(error)}`, { cause: error });
}

function reasonOf(error: InstanceType<typeof Sqlite.SqliteError>): string {
  if (error.code === "SQLITE_FULL") return "the disk is full; nothing of this batch was kept, free some space and it goes on";
  if (error.code.startsWith("SQLITE_IOERR")) return `reading or writing failed (${error.code}); check the disk and its free space`;
  if (error.code.startsWith("SQLITE_BUSY")) return "another process holds it locked";
  if (error.code.startsWith("SQLITE_CORRUPT") || error.code === "SQLITE_NOTADB")
    return `the file is damaged (${error.message}); restore a backup`;
  if (error.code === "SQLITE_READONLY" || error.code === "SQLITE_CANTOPEN") return `no permission to write there (${error.message})`;
  return error.message;
}

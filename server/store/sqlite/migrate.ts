import { inflateRawSync } from "node:zlib";
import type { Database } from "better-sqlite3";
import { StoreError } from "../../errors.ts";
import { initial } from "./migrations/001.ts";
import { alerts } from "./migrations/002.ts";
import { incidentMembers } from "./migrations/003.ts";

/** In order; a released one never changes. The database's user_version is how many it has seen. */
const MIGRATIONS: readonly string[] = [initial, alerts, incidentMembers];
const SCHEMA_VERSION = MIGRATIONS.length;

/** Throws StoreError on a database that a newer version of the program wrote; writes nothing. */
export function refuseNewer(db: Database): void {
  const version = versionOf(db);
  if (version <= SCHEMA_VERSION) return;
  throw new StoreError(
    `Cannot open ${db.name}: its schema is version ${version}, this program knows up to version ${SCHEMA_VERSION}; run the newer program or restore a backup`,
  );
}

/** Brings the database to SCHEMA_VERSION, each step in a transaction of its own. A step may read packed documents with `inflate(blob)`. */
export function migrate(db: Database, migrations: readonly string[] = MIGRATIONS): void {
  db.function("inflate", { deterministic: true }, (packed) => inflateRawSync(packed as Buffer).toString("utf8"));
  migrations.slice(versionOf(db)).forEach((sql) => {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${versionOf(db) + 1}`);
    }).immediate();
  });
}

function versionOf(db: Database): number {
  return db.pragma("user_version", { simple: true }) as number;
}

import Sqlite from "better-sqlite3";
import { Fleet, METRICS, NM, T0 } from "../samples.mjs";

/** The fixed other side of `bytesRatio`: one row per sample, 20 columns, clustered by (at, miner), `at` in seconds. */
export function fillRowTable(file: string, { minerCount, sweepCount }: { minerCount: number; sweepCount: number }): void {
  const db = new Sqlite(file);
  db.pragma("journal_mode = WAL");
  const columns = METRICS.map((metric) => `${metric} INTEGER`).join(", ");
  db.exec(`CREATE TABLE sample (at INTEGER, miner INTEGER, ${columns}, PRIMARY KEY (at, miner)) WITHOUT ROWID`);
  const insert = db.prepare(`INSERT INTO sample VALUES (?, ?, ${METRICS.map(() => "?").join(", ")})`);
  const fleet = new Fleet(minerCount);
  for (let sweep = 0; sweep < sweepCount; sweep++) {
    fleet.step(60);
    db.transaction(() => {
      for (let miner = 0; miner < minerCount; miner++)
        insert.run(T0 + sweep * 60, miner + 1, ...fleet.v.subarray(miner * NM, (miner + 1) * NM));
    })();
  }
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
}

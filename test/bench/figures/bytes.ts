import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { fillRowTable } from "../baseline/rowTable.ts";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { T0 } from "../samples.mjs";
import { openBuiltStore, writeSweeps } from "../storeWriter.ts";
import { temporaryDirectory } from "../../system/program.ts";

const DAY_MINUTES = 1440;
const MINUTE_MS = 60_000;
/** A day, and the five hours after which the last miner's last window is joined and its day rolled up. */
const ALL_JOINED_MS = T0 * 1000 + 29 * 3_600_000;

/** Bytes of a day of the same samples, pages counted whole: a row each / our chunks, every hour sealed and joined. */
export const bytes: Figure = { ids: ["bytesRatio"], measure };

async function measure({ sizes, say }: FigureTools): Promise<Measurements> {
  const directory = temporaryDirectory();
  const minerCount = sizes.bytesMiners;
  const sampleCount = minerCount * DAY_MINUTES;
  const rowFile = join(directory.path, "rows.db");
  fillRowTable(rowFile, { minerCount, sweepCount: DAY_MINUTES });
  const rowBytes = (tableBytes(rowFile).get("sample") ?? NaN) / sampleCount;
  const store = await openBuiltStore(directory.path);
  await writeSweeps(store, { minerCount, startMs: T0 * 1000, stepMs: MINUTE_MS, sweepCount: DAY_MINUTES });
  await store.seal(ALL_JOINED_MS);
  await store.rollUp(ALL_JOINED_MS);
  await store.close();
  const tables = tableBytes(join(directory.path, "hashwatch.db"));
  directory.remove();
  const chunkBytes = (tables.get("chunk") ?? NaN) / sampleCount;
  const others = [...tables]
    .filter(([, size]) => size / sampleCount >= 0.05)
    .map(([name, size]) => `${name} ${(size / sampleCount).toFixed(2)}`);
  say(`bytes per sample: one row each ${rowBytes.toFixed(2)}; of ours by table: ${others.join(", ")}`);
  const ratio = rowBytes / chunkBytes;
  return { bytesRatio: { value: ratio, baseline: rowBytes, ratio } };
}

/** Bytes of the pages of each table, and of those that are free. */
function tableBytes(file: string): Map<string, number> {
  const db = new Sqlite(file, { readonly: true });
  const rows = db.prepare<[], { name: string; size: number }>("SELECT name, sum(pgsize) AS size FROM dbstat GROUP BY name").all();
  const free = Number(db.pragma("freelist_count", { simple: true })) * Number(db.pragma("page_size", { simple: true }));
  db.close();
  return new Map([...rows.map(({ name, size }) => [name, size] as const), ["free pages", free]]);
}

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { StoreError } from "../../../server/errors.ts";
import { BatchPacker } from "../../../server/store/packed.ts";
import { openForWriting } from "../../../server/store/sqlite/database.ts";
import { openDatabase } from "../../../server/store/sqlite/driver.ts";
import { Ingest } from "../../../server/store/sqlite/ingest.ts";
import { lockDataDir } from "../../../server/store/sqlite/lock.ts";
import { migrate } from "../../../server/store/sqlite/migrate.ts";
import { openRecords } from "../../../server/store/sqlite/records.ts";
import { makeSample, openTestStore, temporaryDir } from "./storeHelp.ts";

const T0 = Date.UTC(2026, 10, 23, 8);
const OUTBOX = "2f0c8d5e-6a7b-4c1d-9e2f-222222222222";
const MINERS = 40;

/** Appends one sample per miner and second of time, for ever, and prints each batch's number once it is acknowledged. */
const APPENDER = `
  const { openStore } = await import(process.argv[1]);
  const { BatchPacker } = await import(process.argv[2]);
  const [dataDir, first] = [process.argv[3], Number(process.argv[4])];
  const store = await openStore({ dataDir, readerCount: 1 });
  const packer = new BatchPacker();
  const values = new Float64Array(16).fill(NaN);
  for (let n = first; ; n++) {
    for (let miner = 1; miner <= ${MINERS}; miner++) {
      values[4] = n;
      packer.add({ minerKey: miner, siteKey: 1, atMs: ${T0} + n * 20_000, shape: { chains: [], fanCount: 0 }, values });
    }
    await store.appendPacked(packer.take(), [{ agentId: "a1", outboxId: "${OUTBOX}", seq: n }]);
    process.stdout.write(n + "\\n");
  }
`;

/** Runs the appender until it has acknowledged `enough` batches, kills it, and tells the last number it printed. */
async function appendAndKill(dataDir: string, first: number, enough: number): Promise<number> {
  const dist = (path: string) => new URL(`../../../dist/server/store/${path}`, import.meta.url).href;
  const child = spawn(
    process.execPath,
    ["--input-type=module", "-e", APPENDER, dist("sqlite/open.js"), dist("packed.js"), dataDir, `${first}`],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  let last = first - 1;
  for await (const line of createInterface(child.stdout)) {
    last = Number(line);
    if (last - first + 1 >= enough) child.kill("SIGKILL");
  }
  return last;
}

describe("store after SIGKILL", () => {
  it("has every acknowledged sample once, and its sequence number", { timeout: 120_000 }, async () => {
    const dataDir = temporaryDir();
    let acknowledged = -1;
    for (const enough of [3, 17, 260]) {
      const first = acknowledged + 1;
      acknowledged = await appendAndKill(dataDir, first, enough);
      expect(acknowledged).toBeGreaterThanOrEqual(first + enough - 1);
      const store = await openTestStore(dataDir);
      expect(await store.lastSeq("a1", OUTBOX)).toBeGreaterThanOrEqual(acknowledged);
      const count = (await store.lastSeq("a1", OUTBOX)) + 1;
      for (const minerKey of [1, 17, MINERS]) {
        const { series } = await store.readSeries({
          target: { minerKey },
          metrics: ["powerW"],
          fromMs: T0,
          toMs: T0 + count * 20_000,
          stepMs: 20_000,
        });
        expect(series["powerW"]).toEqual(Array.from({ length: count }, (_, n) => n));
      }
      acknowledged = count - 1;
      await store.close();
    }
  });
});

describe("Ingest on a full disk", () => {
  it("keeps nothing of the batch that does not fit, and goes on when there is space again", () => {
    const db = openForWriting(temporaryDir());
    onTestFinished(() => void db.close());
    const ingest = new Ingest(db);
    const packer = new BatchPacker();
    const batch = (n: number) => {
      for (let miner = 1; miner <= 500; miner++) packer.addSample(miner, 1, makeSample({ polledAtMs: T0 + n * 10_000 }));
      return packer.take();
    };
    const append = (n: number) =>
      ingest.append([{ batch: batch(n), acks: [{ agentId: "a1", outboxId: OUTBOX, seq: n }] }], {
        nowMs: T0,
        watcher: { markLate: () => undefined, add: () => undefined },
      })[0];
    const pages = db.pragma("page_count", { simple: true }) as number;
    db.pragma(`max_page_count = ${pages + 200}`);
    let stored = 0;
    expect(() => {
      for (; stored < 100; stored++) append(stored);
    }).toThrow(/full/);
    expect(ingest.lastSeq("a1", OUTBOX)).toBe(stored - 1);
    db.pragma("max_page_count = 1000000");
    expect(append(stored)).toMatchObject({ storedCount: 500, duplicateCount: 0 });
    expect(append(stored)).toMatchObject({ storedCount: 0, duplicateCount: 500 });
    expect(new Ingest(db).open.get(500)?.count).toBe(stored + 1);
  });
});

describe("data directory", () => {
  it("is refused to a second server, which is told who holds it, and free again after the first", async () => {
    const dataDir = temporaryDir();
    const first = await openTestStore(dataDir);
    await expect(openTestStore(dataDir)).rejects.toThrow(new RegExp(`${dataDir}.*process id ${process.pid}.*--data-dir`));
    await first.close();
    await (await openTestStore(dataDir)).close();
    lockDataDir(dataDir)();
  });

  it("of a newer program is refused, both versions named, with nothing written", async () => {
    const dataDir = temporaryDir();
    const db = openForWriting(dataDir);
    db.pragma("user_version = 99");
    db.close();
    const failure = await openTestStore(dataDir).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreError);
    expect((failure as Error).message).toMatch(/version 99.*up to version \d+/);
    expect(() => openForWriting(dataDir)).toThrow(StoreError);
  });

  it("with a migration that fails stays at the version before", () => {
    const db = openDatabase(join(temporaryDir(), "new.db"));
    onTestFinished(() => void db.close());
    const version = () => db.pragma("user_version", { simple: true });
    expect(() => migrate(db, ["", "CREATE TABLE one (a)", "CREATE TABLE two (a); CREATE TABLE two (a)"])).toThrow(/two/);
    expect(version()).toBe(2);
    expect(db.prepare("SELECT name FROM sqlite_master WHERE name IN ('one', 'two')").pluck().all()).toEqual(["one"]);
    migrate(db, ["", "CREATE TABLE one (a)", "CREATE TABLE two (a)"]);
    expect(version()).toBe(3);
  });
});

describe("openRecords() beside a running store", () => {
  it("is noticed by the store, which sees what it wrote", async () => {
    const dataDir = temporaryDir();
    const store = await openTestStore(dataDir);
    const noticed = new Promise<void>((resolve) => onTestFinished(store.records.onForeignChange(resolve)));
    const records = openRecords({ dataDir });
    records.apply([{ kind: "user", id: "u1", document: { username: "eve" } }]);
    records.appendAudit([{ atMs: 1, actor: "cli", from: "local", action: "user.add", target: "u1", result: "done", detail: "" }]);
    expect(records.get("user", "u1")).toEqual({ username: "eve" });
    records.close();
    await noticed;
    expect(await store.records.load("user")).toEqual([{ id: "u1", document: { username: "eve" } }]);
    expect((await store.readAudit({ beforeId: null, limit: 5 })).items[0]?.action).toBe("user.add");
  });
});

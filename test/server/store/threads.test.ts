import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { StoreError } from "../../../server/errors.ts";
import { openStore } from "../../../server/store/sqlite/open.ts";
import { makeSample, temporaryDir, WORKER_URL } from "./storeHelp.ts";

const T0 = Date.UTC(2026, 10, 23, 10);
const MINUTE = 60_000;

/** The store's thread, which dies instead of answering the next request once a file `die-ROLE` stands in its directory. */
const MORTAL_WORKER = `
  import { existsSync, rmSync } from "node:fs";
  import { parentPort, workerData } from "node:worker_threads";
  const order = workerData.dataDir + "/die-" + workerData.role;
  parentPort.on("message", () => {
    if (!existsSync(order)) return;
    rmSync(order);
    process.exit(1);
  });
  await import(${JSON.stringify(WORKER_URL.href)});
`;

async function openMortalStore() {
  const dataDir = temporaryDir();
  const worker = join(dataDir, "worker.mjs");
  writeFileSync(worker, MORTAL_WORKER);
  const failures: string[] = [];
  const store = await openStore({
    dataDir,
    workerUrl: pathToFileURL(worker),
    readerCount: 1,
    onFailure: (failure) => failures.push(failure.message),
  });
  onTestFinished(() => store.close());
  const append = (minute: number) =>
    store.append({
      acks: [{ agentId: "a1", outboxId: "6b9a1f0e-7a80-4f4b-8d7c-111111111111", seq: minute }],
      samples: [{ minerKey: 7, siteKey: 1, sample: makeSample({ polledAtMs: T0 + minute * MINUTE, powerW: 3000 + minute }) }],
    });
  const read = () => store.readSeries({ target: { minerKey: 7 }, metrics: ["powerW"], fromMs: T0, toMs: T0 + 3 * MINUTE, stepMs: MINUTE });
  const kill = (role: "writer" | "reader") => writeFileSync(join(dataDir, `die-${role}`), "");
  return { append, read, kill, failures };
}

describe("a store whose thread dies", () => {
  it("refuses what the dead writer was asked, and takes it once another is up, with everything from before", async () => {
    const { append, read, kill, failures } = await openMortalStore();
    await append(0);
    kill("writer");
    await expect(append(1)).rejects.toThrow(StoreError);
    expect(failures).toEqual(["The store's writer thread has ended"]);
    await expect.poll(() => append(1).then(({ storedCount }) => storedCount, String), { timeout: 20_000 }).toBe(1);
    await append(2);
    expect((await read()).series).toEqual({ powerW: [3000, 3001, 3002] });
  });

  it("answers reads again with another reader, while the writer goes on", async () => {
    const { append, read, kill, failures } = await openMortalStore();
    await append(0);
    kill("reader");
    await expect(read()).rejects.toThrow("reader thread has ended");
    expect(await append(1)).toMatchObject({ storedCount: 1 });
    await expect.poll(() => read().then(({ series }) => series, String), { timeout: 20_000 }).toEqual({ powerW: [3000, 3001, null] });
    expect(failures).toHaveLength(1);
  });
});

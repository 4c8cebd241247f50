import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { embeddedAgent } from "../../../server/cli/embedded.ts";

/** Notes the heap that it was given; fills it, unless it is four times the first, where it waits to be stopped. */
const GREEDY_AGENT = `
  import { appendFileSync } from "node:fs";
  import { parentPort, resourceLimits } from "node:worker_threads";
  const heapMb = resourceLimits.maxOldGenerationSizeMb;
  appendFileSync(new URL("heaps", import.meta.url), heapMb + "\\n");
  if (heapMb >= 64) parentPort.on("message", () => parentPort.close());
  else for (const kept = []; ; ) kept.push(Array.from({ length: 10_000 }, Math.random));
`;

it("starts an embedded agent that ran out of heap again, with twice as much each time", { timeout: 60_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), "hashwatch-embedded-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const entry = join(dir, "worker.mjs");
  writeFileSync(entry, GREEDY_AGENT);
  writeFileSync(join(dir, "heaps"), "");

  const start = embeddedAgent({ "data-dir": dir }, pino({ level: "silent" }), {
    entry: pathToFileURL(entry),
    firstHeapMb: 16,
    restartMs: 1,
  });
  const stop = await start({ server: "http://127.0.0.1:1", agentId: "a1", key: "k" });
  const heaps = () => readFileSync(join(dir, "heaps"), "utf8").trim().split("\n");
  await expect.poll(() => heaps().at(-1), { timeout: 50_000 }).toBe("64");
  await stop();
  expect(heaps()).toEqual(["16", "32", "64"]);
});

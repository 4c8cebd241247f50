import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { temporaryFolder, testConfig } from "./support/config.ts";
import type { LinkServer } from "./support/linkServer.ts";
import { runMiner, runServer } from "./support/running.ts";
import { until } from "./support/until.ts";

const CLI = new URL("../../dist/server/cli/main.js", import.meta.url).pathname;
const WORKER = new URL("../../dist/agent/worker.js", import.meta.url);

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

interface Ran {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
}

function hashwatch(...args: string[]): Ran {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (text.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text.stderr += chunk.toString()));
  return { child, stdout: () => text.stdout, stderr: () => text.stderr };
}

async function exitCode({ child }: Ran): Promise<number | null> {
  if (child.exitCode === null) await once(child, "exit");
  return child.exitCode;
}

function sampleTimes(link: LinkServer): number[] {
  return link.entries().flatMap((entry) => (entry.kind === "sample" ? [entry.sample.agentAtMs] : []));
}

describe("hashwatch agent", () => {
  it("loses nothing that it framed when it is killed, and stops in order at SIGTERM", async () => {
    const miner = await runMiner();
    const link = await runServer({ code: "c", acknowledge: false, lastSeq: () => -1 });
    const dataDir = temporaryFolder();
    const flags = ["--data-dir", dataDir, "--poll-interval-ms", "1000", "--witness-port", "0"];
    const where = ["--ranges", `127.0.0.1:${miner.port}`, "--allow-ranges", "127.0.0.0/8"];
    const first = hashwatch("agent", "--server", link.url, "--code", "c", ...flags, ...where);
    await until("two samples", () => sampleTimes(link).length >= 2, 15_000);
    first.child.kill("SIGKILL");
    await exitCode(first);
    const before = sampleTimes(link);
    const second = hashwatch("agent", ...flags, ...where);
    await until("those samples again, and a new one", () => sampleTimes(link).length >= 2 * before.length + 1, 15_000);
    expect(sampleTimes(link).slice(before.length, 2 * before.length)).toEqual(before);
    link.send({ type: "ack", outboxId: link.frames.at(-1)?.outboxId ?? "", seq: Number.MAX_SAFE_INTEGER });
    second.child.kill("SIGTERM");
    expect(await exitCode(second)).toBe(0);
    expect(second.stderr()).toContain('"connected"');
  });

  it("ends with one line and exit code 2 on a wrong setting or a code that is not taken", async () => {
    const link = await runServer({ code: "c" });
    const wrong = hashwatch("agent", "--server", link.url, "--code", "c", "--poll-interval-ms", "soon", "--data-dir", temporaryFolder());
    expect(await exitCode(wrong)).toBe(2);
    expect(wrong.stderr()).toBe('--poll-interval-ms must be a whole number from 1000 to 3600000, got "soon"\n');
    const refused = hashwatch("agent", "--server", link.url, "--code", "x", "--log-level", "silent", "--data-dir", temporaryFolder());
    expect(await exitCode(refused)).toBe(2);
    expect(refused.stderr()).toMatch(/^--code is not taken by .*\n$/);
  });
});

describe("hashwatch scan", () => {
  it("prints the miners as a table or as JSON lines, with progress on stderr", async () => {
    const miner = await runMiner();
    const table = hashwatch("scan", `127.0.0.1-127.0.0.4:${miner.port}`);
    expect(await exitCode(table)).toBe(0);
    expect(table.stdout()).toMatch(new RegExp(`^address +port +model +firmware\n127\\.0\\.0\\.1 +${miner.port} +S19 +stock`));
    expect(table.stderr()).toContain("probed 4 of 4: 1 found, 3 refused");
    const json = hashwatch("scan", "--json", `127.0.0.1:${miner.port}`);
    expect(await exitCode(json)).toBe(0);
    expect(JSON.parse(json.stdout())).toMatchObject({ address: "127.0.0.1", port: miner.port, model: "S19" });
  });

  it("names a range that cannot be read, and asks for one", async () => {
    const wrong = hashwatch("scan", "10.0.0.0/99");
    expect(await exitCode(wrong)).toBe(2);
    expect(wrong.stderr()).toContain('"10.0.0.0/99"');
    const none = hashwatch("scan");
    expect(await exitCode(none)).toBe(2);
    expect(none.stderr()).toContain("at least one range");
  });
});

describe("agent worker", () => {
  it("runs an agent on a thread until it is told to close", async () => {
    const miner = await runMiner();
    const link = await runServer();
    const worker = new Worker(WORKER, { workerData: testConfig(link.url, {}, { ranges: `127.0.0.1:${miner.port}` }) });
    await until("a sample", () => sampleTimes(link).length > 0, 15_000);
    worker.postMessage("close");
    const [code] = (await once(worker, "exit")) as [number];
    expect(code).toBe(0);
    const count = miner.connectionCount();
    expect(sampleTimes(link).length).toBeGreaterThan(0);
    expect(miner.connectionCount()).toBe(count);
  });
});

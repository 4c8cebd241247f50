import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Heartbeat } from "../../server/contract/channels.ts";
import { startProgram, stopAll, waitFor } from "./program.ts";
import { startSite, type TestSite } from "./site.ts";

/** The shortest that can be set. */
const INTERVAL_MS = 10_000;

describe("the heartbeat of a server whose only agent is killed", () => {
  const pingsAtMs: number[] = [];
  let site: TestSite;
  let watcher: Server;

  beforeAll(async () => {
    watcher = createServer((request, response) => {
      pingsAtMs.push(Date.now());
      response.end(`${request.method} is fine`);
    });
    await new Promise<void>((resolve) => watcher.listen(0, "127.0.0.1", resolve));
    site = await startSite({ minerCount: 4, firstAddress: "127.42.8.1", pollIntervalMs: 1000 });
  }, 240_000);
  afterAll(async () => {
    await stopAll();
    await new Promise((resolve) => watcher.close(resolve));
    site.remove();
  });

  const partsNow = async (): Promise<Heartbeat["parts"]> => {
    const response = await fetch(`${site.server.base}/readyz`);
    return ((await response.json()) as { parts: Heartbeat["parts"] }).parts;
  };

  it("pings while all is alive, stops when polling does, and goes on when the agent is back", async () => {
    const url = `http://127.0.0.1:${(watcher.address() as AddressInfo).port}/alive`;
    await waitFor(async () => Object.values(await partsNow()).every(({ alive }) => alive));
    await site.server.send("PUT", "/settings/notifications", {
      allowedTargets: [],
      heartbeat: { url, intervalMs: INTERVAL_MS, allowPrivate: true },
    });
    await waitFor(() => pingsAtMs.length >= 3, 60_000);

    site.agent.kill("SIGKILL");
    await site.agent.exited;
    const killedAtMs = Date.now();
    await waitFor(async () => !(await partsNow()).polling.alive, 60_000);
    const stillAlive = { alive: true, detail: "" };
    expect(await partsNow()).toEqual({
      polling: { alive: false, detail: "no agent delivers" },
      ...{ ingest: stillAlive, evaluation: stillAlive, delivery: stillAlive },
    });
    expect((await fetch(`${site.server.base}/readyz`)).status).toBe(200);
    const darkAtMs = Date.now();
    await waitFor(() => Date.now() >= darkAtMs + 2 * INTERVAL_MS + 5000, 120_000); // two were due
    expect(pingsAtMs.filter((atMs) => atMs > darkAtMs)).toEqual([]);
    expect(pingsAtMs.filter((atMs) => atMs > killedAtMs).length).toBeLessThanOrEqual(2); // until it counts as down

    const backAtMs = Date.now();
    site.agent = startProgram(["agent", ...site.agentFlags]);
    await waitFor(() => pingsAtMs.some((atMs) => atMs > backAtMs), 60_000);
    expect((await partsNow()).polling).toEqual(stillAlive);
    const { lastError, lastOkAtMs } = await site.server.get<Heartbeat>("/heartbeat");
    expect(lastError).toBe(null);
    expect(lastOkAtMs).toBeGreaterThan(backAtMs - 1000);
  }, 300_000);
});

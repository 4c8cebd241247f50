import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeDelta, decodeSnapshot } from "../../server/contract/packed.ts";
import type { FleetTotals, MinerDetail, Series } from "../../server/contract/api.ts";
import { openBrowser, type TestBrowser } from "../web/browser.ts";
import { startLinkProxy, type LinkProxy } from "./linkProxy.ts";
import { ADMIN_PASSWORD, startProgram, stopAll, waitFor } from "./program.ts";
import { samplesByStep, startSite, type TestSite } from "./site.ts";

const MINERS = 40;
const INTERVAL_MS = 1000;

/** An agent counts as down after max(10 s, 2 intervals) without a frame; the rest is slack for a busy machine. */
const DOWN_MS = 30_000;
/** What is on its way for longer came from a backlog. */
const LATE_MS = 30_000;

describe("a site from its miners to the page", () => {
  let site: TestSite;
  let proxy: LinkProxy;
  let browser: TestBrowser;

  beforeAll(async () => {
    let serverPort = 0;
    proxy = await startLinkProxy(() => serverPort);
    site = await startSite({
      minerCount: MINERS,
      firstAddress: "127.41.0.1",
      pollIntervalMs: INTERVAL_MS,
      linkPort: async (port) => await Promise.resolve(((serverPort = port), proxy.port)),
    });
    browser = await openBrowser();
  }, 240_000);

  afterAll(async () => {
    await stopAll();
    await browser.close();
    await proxy.close();
    site.remove();
  });

  const fleet = async (): Promise<FleetTotals> => await site.server.get("/fleet");
  const agentDown = async () => (await site.miners()).every((miner) => miner.status === "unknown" && miner.reason === "agentDown");
  const allBack = async () => {
    const totals = await fleet();
    return totals.statusCounts.unknown === 0 && totals.reportingCount === MINERS;
  };

  it("finds and polls every miner, with the model that it says it is", async () => {
    const rows = await site.miners();
    expect(rows.map((row) => `${row.address}:${row.port}`).sort()).toEqual(site.endpoints.map((at) => `${at.address}:${at.port}`).sort());
    const models = new Map(site.endpoints.map((at) => [at.address, at.model]));
    const told = rows.filter((row) => row.model !== null);
    expect(told.length).toBeGreaterThan(MINERS / 2);
    for (const row of told) expect(row.model).toBe(models.get(row.address));
  });

  it("sends each browser the fleet as a snapshot and then what changes", async () => {
    const socket: Socket = io(`${site.server.base}/live`, {
      extraHeaders: { cookie: site.server.cookie, origin: site.server.base },
      transports: ["websocket"],
    });
    const rows = new Set<number>();
    let total = 0;
    socket.on("snapshot", (bytes: ArrayBuffer) => (total = decodeSnapshot(new Uint8Array(bytes)).keys.length));
    socket.on("delta", (bytes: ArrayBuffer) => {
      for (const change of decodeDelta(new Uint8Array(bytes)).changes)
        if (change.column === "polledAtMs") change.rows.forEach((row) => rows.add(row));
    });
    socket.on("connect", () => socket.emit("subscribe", { scope: {}, columns: [] }));
    await waitFor(() => total === MINERS && rows.size === MINERS);
    socket.close();
    expect(total).toBe(MINERS);
  });

  it("shows a hashboard that dies, on the page and in the API", async () => {
    const row = (await site.miners()).find((miner) => miner.model === "S21" && miner.status === "hashing");
    if (row === undefined) throw new Error("The emulated fleet holds no hashing S21");
    const index = site.endpoints.findIndex((at) => at.address === row.address);
    const page = await browser.newPage();
    await page.goto(`${site.server.base}/miners`);
    await page.getByLabel("Name").fill("admin");
    await page.getByLabel("Password").fill(ADMIN_PASSWORD);
    await page.getByRole("button", { name: /sign in/i }).click();
    await page.getByRole("grid", { name: "Miners" }).waitFor();
    await page.getByLabel("Search miners").fill(row.address);
    const line = page.getByRole("row").filter({ hasText: row.address });
    await line.first().waitFor();

    site.inject({ fault: "deadBoard", miners: [index], atMs: 0, forMs: 60_000 });
    await line.filter({ hasText: /board (missing|dead)/i }).waitFor({ timeout: 30_000 });
    const detail = await site.server.get<MinerDetail>(`/miners/${row.id}`);
    expect(detail.status).toBe("degraded");
    expect(detail.sample?.hashboards.filter((board) => !board.present || (board.hashrateHs ?? 0) === 0)).toHaveLength(1);
    await page.close();
  }, 60_000);

  it("calls its miners unknown, not offline, when the agent is stopped in its tracks, and recovers", async () => {
    site.agent.kill("SIGSTOP");
    await waitFor(agentDown, DOWN_MS);
    site.agent.kill("SIGCONT");
    await waitFor(allBack, DOWN_MS);
  }, 90_000);

  it("calls them unknown when the line is cut without a FIN, and recovers", async () => {
    proxy.setSilent(true);
    await waitFor(agentDown, DOWN_MS);
    proxy.setSilent(false);
    await waitFor(allBack, 60_000);
  }, 120_000);

  it("calls them unknown when the agent is killed, and fills nothing in that was not polled", async () => {
    site.agent.kill("SIGKILL");
    await site.agent.exited;
    const killedAtMs = Date.now();
    await waitFor(agentDown, DOWN_MS);
    const [miner] = await site.miners();
    expect(miner.polledAtMs).toBeLessThan(killedAtMs + 1000);
    site.agent = startProgram(["agent", ...site.agentFlags]);
    await waitFor(allBack, DOWN_MS);
  }, 90_000);

  it("fills the gap afterwards when the uplink was away for a while", async () => {
    const cutAtMs = Date.now();
    proxy.setOpen(false);
    await waitFor(agentDown, DOWN_MS);
    await waitFor(() => Date.now() > cutAtMs + LATE_MS + 5000, 2 * LATE_MS);
    const mendedAtMs = Date.now();
    proxy.setOpen(true);
    await waitFor(allBack, 60_000);
    const passed = [...proxy.frames.values()].flat().filter((sample) => sample.agentAtMs > cutAtMs && sample.agentAtMs < mendedAtMs);
    expect(passed.length).toBeGreaterThan(MINERS * 2); // it went on polling meanwhile
    for (const miner of (await site.miners()).slice(0, 5)) {
      const sent = passed.filter((sample) => sample.endpoint === `${miner.address}:${miner.port}`);
      await waitFor(async () => {
        const stored = await samplesByStep(site.server, miner.id, { firstMs: cutAtMs, lastMs: mendedAtMs, stepMs: 100 });
        return sent.every((sample) => stored.get(Math.floor(sample.agentAtMs / 100) * 100) === sample.durationMs);
      });
    }
    const span = `metrics=hashrateHs&fromMs=${cutAtMs - 60_000}&toMs=${Date.now()}`;
    const { backfilled } = await site.server.get<Series>(`/fleet/series?${span}`);
    expect(backfilled).toHaveLength(1); // the outages before it were shorter than what counts as late
    const [[fromMs, toMs] = [0, 0]] = backfilled;
    expect(fromMs).toBeGreaterThan(cutAtMs - 2 * INTERVAL_MS);
    expect(toMs).toBeLessThan(mendedAtMs);
  }, 150_000);
});

import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { findings } from "./axe.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage } from "./stage.ts";

const PAGE_TEST_MS = 60_000;

describe("the machine page", { timeout: PAGE_TEST_MS }, () => {
  const stage = useStage();
  let server: FakeServer;

  async function start(minerCount = 60): Promise<FakeServer> {
    server = new FakeServer(minerCount);
    await stage.serve(server);
    return server;
  }

  async function open(path = "/miners/m8"): Promise<Page> {
    const page = await stage.newPage();
    await page.goto(server.url + path);
    await page.locator(".live-live").waitFor();
    return page;
  }

  const board = (page: Page, chain: number) => page.getByRole("article", { name: `Hashboard ${chain}` });

  it("edits name, tags and note, and shows markup and control characters of them as text", async () => {
    await start();
    const page = await open();
    await page.getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog", { name: "Edit A01-08" });
    await dialog.getByLabel("Name").fill("<b>Eight</b>");
    await dialog.getByLabel("Add tags").fill("hydro,");
    await dialog.getByLabel("Add tags").fill("to check");
    await dialog.getByLabel("Add tags").press("Enter");
    await dialog.getByLabel("Add tags").fill("late");
    await dialog.getByRole("button", { name: "Remove tag to check" }).click();
    await dialog.getByLabel("Note").fill("Board 2 <script>alert(1)</script>\nbell \u0007");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "<b>Eight</b>" }).waitFor();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expect(await page.getByRole("list", { name: "Tags" }).getByRole("link").allInnerTexts()).toEqual(["hydro", "late"]);
    expect(await page.locator(".note").innerText()).toBe("Board 2 <script>alert(1)</script>\nbell \u2407");
    expect(server.miners.changes).toEqual([
      { name: "<b>Eight</b>", tags: ["hydro", "late"], note: "Board 2 <script>alert(1)</script>\nbell \u0007" },
    ]);
    await page.getByRole("link", { name: "hydro" }).click();
    await expect.poll(() => new URL(page.url()).search).toBe("?tag=hydro");
  });

  it("draws what came late into the open history", async () => {
    await start();
    const page = await open();
    const history = page.getByRole("region", { name: "History" });
    await history.getByRole("slider", { name: "Hashrate" }).waitFor();
    const late: [number, number] = [Date.now() - 9 * 3_600_000, Date.now() - 8 * 3_600_000];
    server.miners.backfilled = [late];
    server.tellBackfill("samples", late, "another");
    server.tellBackfill("samples", late);
    await history.locator(".groundkey").getByText("backfilled").waitFor();
  });

  it("draws what came late while the connection was lost, once it stands again", async () => {
    await start();
    const page = await open();
    const history = page.getByRole("region", { name: "History" });
    await history.getByRole("slider", { name: "Hashrate" }).waitFor();
    server.isAway = true;
    server.dropConnections();
    await page.getByText("Reconnecting").waitFor();
    server.miners.backfilled = [[Date.now() - 9 * 3_600_000, Date.now() - 8 * 3_600_000]];
    server.isAway = false;
    await page.locator(".live-live").waitFor();
    await history.locator(".groundkey").getByText("backfilled").waitFor();
  });

  it("keeps the history that it has where a newer one cannot be loaded, and says so", async () => {
    await start();
    const page = await open();
    const history = page.getByRole("region", { name: "History" });
    await history.locator(".uplot canvas").first().waitFor();
    await page.route("**/miners/m8/series?*", (route) => route.fulfill({ status: 503, json: { detail: "The store is busy; try again" } }));
    server.tellBackfill("samples", [Date.now() - 9 * 3_600_000, Date.now()]);
    await history.getByText("The store is busy; try again").waitFor();
    expect(await history.locator(".uplot canvas").count()).toBe(3);
    await page.unroute("**/miners/m8/series?*");
    await history.getByRole("button", { name: "Try again" }).click();
    await history.getByRole("alert").waitFor({ state: "detached" });
  });

  it("keeps what was typed and says beside the field what is wrong with it", async () => {
    await start();
    const page = await open();
    server.miners.refusal = { field: "tags.0", detail: "tags.0: at most 40 characters" };
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Add tags").fill("long,");
    await page.getByLabel("Note").fill("kept");
    await page.getByRole("button", { name: "Save" }).click();
    const tags = page.getByLabel("Add tags");
    await expect.poll(() => tags.getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByRole("alert").innerText()).toBe("tags.0: at most 40 characters");
    expect(await page.getByLabel("Note").inputValue()).toBe("kept");
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator(".note", { hasText: "kept" }).waitFor();
  });

  it("offers no change to somebody who may only look", async () => {
    await start();
    server.session = { ...server.session, signInRequired: true, user: { username: "eve", role: "viewer", siteIds: null } };
    const page = await open();
    await page.getByRole("button", { name: "Raw replies" }).waitFor();
    expect(await page.getByRole("button", { name: "Edit" }).count()).toBe(0);
  });

  it("tells the errors per hour of each board, and says where they are not known", async () => {
    await start();
    const detail = server.miners.detail("m8");
    const sample = detail.sample!;
    const hashboards = sample.hashboards.map((each) => ({ ...each, hwErrorCount: each.chain === 1 ? null : each.hwErrorCount }));
    server.miners.change("m8", { sample: { ...sample, hashboards } });
    const page = await open();
    await board(page, 2).getByText("60 /h", { exact: true }).waitFor();
    expect(await board(page, 1).innerText()).toContain("not reported");
    expect(await board(page, 3).innerText()).toContain("not known yet");
  });

  it("draws the history as a whole, by hashboard and by temperature, with events on it and one cursor", async () => {
    await start();
    const page = await open();
    const charts = ["Hashrate", "By hashboard", "Temperature"].map((name) => page.getByRole("slider", { name, exact: true }));
    for (const chart of charts) await chart.waitFor();
    const described = await charts[1].getAttribute("aria-describedby");
    const summary = await page.locator(`[id="${described ?? ""}"]`).innerText();
    expect(summary).toMatch(/^board 1: first \d+\.\d TH\/s.*; board 2: .*; board 3: .*; 2 events$/);
    await charts[0].focus();
    await page.keyboard.press("Home");
    const shown = (await charts[1].getAttribute("aria-valuenow")) ?? "";
    expect(shown).toBe(await charts[0].getAttribute("aria-valuenow"));
    await page.getByRole("button", { name: "board 2" }).click();
    expect(await charts[1].getAttribute("aria-valuetext")).not.toContain("board 2");
  });

  it("watches the miner at about 2 s while it is open, or at its usual pace when told so", async () => {
    await start();
    const page = await open();
    const watch = page.getByRole("button", { name: "Watch every 2 s" });
    expect(await watch.getAttribute("aria-pressed")).toBe("true");
    await expect.poll(() => server.miners.watches.at(-1)).toEqual({ minerId: "m8", pace: "fast" });
    await watch.click();
    await expect.poll(() => server.miners.watches.at(-1)).toEqual({ minerId: "m8", pace: "usual" });
    expect(await watch.getAttribute("aria-pressed")).toBe("false");
  });

  it("copies a link that shows the same again", async () => {
    await start();
    await stage.browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await open("/miners/m8?range=7d");
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${server.url}/miners/m8?range=7d`);
  });

  it("shows raw replies with control characters made visible, and copies them as they are", async () => {
    await start();
    await stage.browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    server.miners.replies = [{ command: "stats", atMs: Date.now(), text: '{"x":"<i>1</i>\u001b"}', failure: "undecodable" }];
    const bytes = Buffer.from("HTTP/1.0 <b>400</b>\u0001");
    server.miners.malformed = [{ atMs: Date.now(), command: "summary", failure: "notMiner", base64: bytes.toString("base64") }];
    const page = await open();
    await page.getByRole("button", { name: "Raw replies" }).click();
    await page.getByText(/^not a miner, 20 characters, \d\d:\d\d$/).click();
    expect(await page.getByLabel("Reply to summary").innerText()).toBe("HTTP/1.0 <b>400</b>\u2401");
    expect(await page.getByLabel("Reply to stats").innerText()).toBe('{"x":"<i>1</i>\u241b"}');
    await page.getByRole("button", { name: "Copy the reply to stats" }).click();
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('{"x":"<i>1</i>\u001b"}');
    expect(await findings(page)).toEqual([]);
  });

  it("fetches raw replies anew when told so", async () => {
    await start();
    const page = await open();
    await page.getByRole("button", { name: "Raw replies" }).click();
    await page.getByText("stats", { exact: true }).click();
    await page.getByText('{"STATUS":[{"STATUS":"S"}]}').waitFor();
    server.miners.replies = [{ command: "stats", atMs: Date.now(), text: '{"STATUS":"later"}', failure: null }];
    await page.getByRole("button", { name: "Fetch again" }).click();
    await page.getByText('{"STATUS":"later"}').waitFor();
  });

  it("tells who the machine is by evidence, and what was different before", async () => {
    await start();
    const { evidence, events } = server.miners.detail("m8");
    const nowMs = Date.now();
    const former = {
      kind: "mac",
      value: "02:00:00:00:00:01",
      source: "config",
      firstSeenAtMs: nowMs - 9e7,
      lastSeenAtMs: nowMs - 8e7,
    } as const;
    const change = { atMs: nowMs - 7e7, kind: "identity", text: "MAC changed from 02:00:00:00:00:01", status: null, reason: null } as const;
    server.miners.change("m8", { evidence: [...evidence, former], events: [...events, change] });
    const page = await open();
    const identity = page.getByRole("region", { name: "Identity" });
    expect(await identity.innerText()).toMatch(/MAC, neighbour table, \d+ s ago/);
    expect(await identity.innerText()).toContain("control board, as last reported");
    await identity.getByText("History, 1 change, 1 seen before").click();
    const list = await identity.getByRole("listitem").allInnerTexts();
    expect(list[0]).toContain("MAC changed from 02:00:00:00:00:01");
    expect(list[1]).toMatch(/Last seen then: MAC 02:00:00:00:00:01 config, first on/);
    expect(await findings(page)).toEqual([]);
  });

  it.each(["dark", "light"] as const)("has no finding of axe with the form, replies and history open, %s", async (colorScheme) => {
    await start();
    const change = { atMs: Date.now(), kind: "identity", text: "firmware changed", status: null, reason: null } as const;
    server.miners.change("m8", { tags: ["hydro"], note: "Board 2 was swapped", events: [change] });
    const page = await open();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.locator(".uplot canvas").first().waitFor();
    await page.getByRole("button", { name: "Raw replies" }).click();
    await page.getByText("stats", { exact: true }).click();
    await page.getByText("History, 1 change").click();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Edit" }).click();
    expect(await findings(page)).toEqual([]);
  });

  it("names what it did not understand of a link, and the page that was most likely meant", async () => {
    await start();
    const page = await open("/miners/10.20.0.9");
    await page.getByRole("heading", { name: "There is no miner “10.20.0.9”" }).waitFor();
    await page.getByRole("link", { name: "Go to A01-08, whose address that is" }).click();
    await page.getByRole("heading", { level: 1, name: "A01-08" }).waitFor();
    await page.goto(`${server.url}/miners/A01-0`);
    await page.getByRole("link", { name: "Search all miners for “A01-0”" }).click();
    await expect.poll(() => new URL(page.url()).search).toBe("?q=A01-0");
    await page.goto(`${server.url}/miners/m999`);
    await page.getByRole("link", { name: "Go to all miners" }).waitFor();
  });
});

describe("the machine page on a phone", { timeout: PAGE_TEST_MS }, () => {
  const stage = useStage({ width: 390, height: 844, isTouch: true });

  it("shows each pool with its shares, nothing beyond the edge", async () => {
    const server = await stage.serve(new FakeServer(60));
    const page = await stage.newPage();
    await page.goto(`${server.url}/miners/m8`);
    const pools = page.getByRole("region", { name: "Pools" });
    await pools
      .getByText(/active/)
      .first()
      .waitFor();
    for (const label of ["Accepted", "Rejected", "Stale"]) {
      const box = await pools.getByText(label, { exact: true }).first().boundingBox();
      expect((box?.x ?? 390) + (box?.width ?? 0)).toBeLessThan(390);
    }
    const edges = await page.locator(".actions button").evaluateAll((buttons) => buttons.map((each) => each.getBoundingClientRect().right));
    expect(Math.max(...edges)).toBeLessThanOrEqual(378);
  });

  it("scrolls only downwards, also with a long note, raw replies and the form open", async () => {
    const server = await stage.serve(new FakeServer(60));
    server.miners.change("m8", { note: "x".repeat(300), tags: ["a".repeat(40), "b".repeat(40)], name: "n".repeat(100) });
    const page = await stage.newPage();
    await page.goto(`${server.url}/miners/m8`);
    await page.getByRole("button", { name: "Raw replies" }).click();
    await page.getByText("stats", { exact: true }).click();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBe(0);
    await page.getByRole("button", { name: "Edit" }).click();
    expect(await overflow()).toBe(0);
    expect(await findings(page)).toEqual([]);
  });
});

import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { incidentOf, rackIncident } from "./fakeIncidents.ts";
import { STATS } from "./fakePlaces.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage } from "./stage.ts";

const HOUR_MS = 3_600_000;

/** What the page says of times, clock times and ages alike, without the instant on hover. */
function withoutInstant(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isTime = (text: string): boolean => /(?<![:\w])\d\d:\d\d(?![:\w])|\d (s|min|h|d) (ago|old)\b/.test(text);
    const ownText = (element: Element): string =>
      [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent)
        .join("");
    const saysInstant = (element: Element): boolean =>
      /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(element.closest("[title]")?.getAttribute("title") ?? "");
    return [...document.body.querySelectorAll("*")]
      .filter((element) => isTime(ownText(element)) && !saysInstant(element) && element.closest(".unseen, canvas") === null)
      .map((element) => ownText(element));
  });
}

describe("times", { timeout: 60_000 }, () => {
  const stage = useStage();

  async function open(path: string, before: (server: FakeServer) => void = () => undefined): Promise<{ page: Page; server: FakeServer }> {
    const server = new FakeServer(100);
    before(server);
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(server.url + path);
    await page.locator(".live-live").waitFor();
    return { page, server };
  }

  /** Of the only time that the text is in. */
  const instantAt = async (page: Page, text: string | RegExp): Promise<number> =>
    Date.parse((await page.locator("time", { hasText: text }).first().getAttribute("title")) ?? "");
  const toSecond = (atMs: number): number => Math.floor(atMs / 1000) * 1000;

  it("say their instant on hover on the machine page: status, age, uptime, events, evidence, replies, and at the cursor", async () => {
    const { page } = await open("/miners/m8", (server) => {
      const { evidence, events } = server.miners.detail("m8");
      const nowMs = Date.now();
      const former = { kind: "mac", value: "02:00:00:00:00:01", source: "config", firstSeenAtMs: nowMs - 9e7, lastSeenAtMs: nowMs - 8e7 };
      const change = { atMs: nowMs - 7e7, kind: "identity", text: "MAC changed", status: null, reason: null } as const;
      server.miners.change("m8", { evidence: [...evidence, former as (typeof evidence)[number]], events: [...events, change] });
      server.miners.replies = [{ command: "stats", atMs: nowMs - 5000, text: "{}", failure: null }];
      server.miners.malformed = [{ atMs: nowMs - 6e6, command: "summary", failure: "notMiner", base64: "" }];
    });
    const { statusSinceMs, events, sample } = await page.evaluate(async () => {
      const answer = await fetch("/api/v1/miners/m8");
      return (await answer.json()) as { statusSinceMs: number; events: { atMs: number }[]; sample: { uptimeMs: number } };
    });
    const chart = page.getByRole("slider", { name: "Hashrate", exact: true });
    await chart.waitFor();
    await page.getByRole("button", { name: "Raw replies" }).click();
    await page.getByText("stats", { exact: true }).click();
    await page.getByText(/^History, 1 change/).click();
    await chart.focus();
    for (let step = 0; step < 12 && (await page.locator("figcaption .event").count()) === 0; step++) await page.keyboard.press("ArrowLeft");
    expect(await page.locator("figcaption .event").count()).toBeGreaterThan(0);
    expect(await withoutInstant(page)).toEqual([]);
    expect(Math.abs((await instantAt(page, "Since")) - statusSinceMs)).toBeLessThan(5000);
    const first = page.getByRole("region", { name: "Events" }).getByRole("time").first();
    expect(Math.abs(Date.parse((await first.getAttribute("title")) ?? "") - events[0].atMs)).toBeLessThan(5000);
    const now = page.getByRole("region", { name: "Now" });
    const [started, polled] = await now
      .getByRole("time")
      .evaluateAll((times) => times.map((time) => Date.parse((time as HTMLElement).title)));
    expect(polled - started).toBeGreaterThan(sample.uptimeMs - 2000);
    expect(Date.now() - polled).toBeLessThan(20_000);
    await chart.press("+");
    await page.getByRole("button", { name: "Whole range" }).waitFor();
    expect(await withoutInstant(page)).toEqual([]);
  });

  it("say their instant on hover in Sites & agents, for agents in every state and for a code", async () => {
    const heardMs = Date.now() - 8 * HOUR_MS;
    const { page } = await open("/sites", ({ places }) => {
      const [embedded] = places.agents;
      const other = { ...embedded, embedded: false };
      places.agents = [
        { ...embedded, stats: STATS },
        { ...other, id: "agent2", name: "Hall 2", state: "offline", connectedSinceMs: null, lastFrameAtMs: heardMs },
        { ...other, id: "agent3", name: "Hall 3", state: "waiting", codeExpiresAtMs: Date.now() + HOUR_MS / 2 },
      ];
    });
    await page.getByText(/^online/).waitFor();
    expect(await withoutInstant(page)).toEqual([]);
    expect(await instantAt(page, "last heard 8.0 h ago")).toBe(toSecond(heardMs));
    expect(await instantAt(page, "its code expires in")).toBeGreaterThan(Date.now());
    await page.getByRole("button", { name: "Enrol an agent for Pecos" }).click();
    await page.getByLabel(/^Name/).fill("Hall 4");
    await page.getByRole("button", { name: "Make a code" }).click();
    await page.getByRole("dialog").getByText("The code expires in").waitFor();
    expect(Math.abs((await instantAt(page, /^(59|60) min$/)) - Date.now() - HOUR_MS)).toBeLessThan(60_000);
  });

  it("say their instant on hover in the list of incidents and on the page of one", async () => {
    const openedAtMs = Date.now() - HOUR_MS;
    const { page, server } = await open("/incidents", ({ incidents }) => {
      incidents.items = [
        rackIncident(1, { openedAtMs, snoozedUntilMs: openedAtMs + 2 * HOUR_MS }),
        incidentOf(2, { state: "closed", openedAtMs, closedAtMs: openedAtMs + HOUR_MS / 6 }),
      ];
    });
    await page.getByText("48 of 48 miners").first().waitFor();
    expect(await withoutInstant(page)).toEqual([]);
    await page.goto(`${server.url}/incidents/i1`);
    await page.getByRole("region", { name: "Why here" }).waitFor();
    await page
      .getByText(/snoozed until/)
      .first()
      .waitFor();
    expect(await withoutInstant(page)).toEqual([]);
    const instants = await page.locator(".incidentlead time").evaluateAll((times) => times.map((time) => time.getAttribute("title") ?? ""));
    expect(instants.map((iso) => Date.parse(iso) - toSecond(openedAtMs))).toEqual([2 * HOUR_MS, 0, 0]);
    await page.goto(`${server.url}/incidents/i2`);
    await page.getByRole("region", { name: "Blast radius" }).getByText("as it was at").waitFor();
    expect(await withoutInstant(page)).toEqual([]);
  });

  it("say their instant on hover on the fleet page, in the table, and where the connection is lost", async () => {
    const { page, server } = await open("/");
    const oldest = page.getByRole("banner").locator(".fig", { hasText: "oldest agent’s data" }).getByRole("time");
    expect(Date.now() - Date.parse((await oldest.getAttribute("title")) ?? "")).toBeLessThan(60_000);
    await page.locator(".uplot canvas").first().waitFor();
    await page.getByRole("slider", { name: "Hashrate", exact: true }).focus();
    await page.keyboard.press("Home");
    await page.getByText(/^cursor/).waitFor();
    expect(await withoutInstant(page)).toEqual([]);
    await page.getByRole("link", { name: "Miners", exact: true }).click();
    const age = page.locator('[role="row"][aria-rowindex="2"] [role="gridcell"]').last();
    await expect.poll(() => age.getAttribute("title")).toMatch(/^\d{4}-\d\d-\d\dT/);
    server.isAway = true;
    server.dropConnections();
    await page.getByText("what you see is").waitFor();
    expect(await withoutInstant(page)).toEqual([]);
  });
});

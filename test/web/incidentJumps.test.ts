import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { findings } from "./axe.ts";
import { incidentOf, rackIncident } from "./fakeIncidents.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage, type Stage } from "./stage.ts";

const HOUR_MS = 3_600_000;

async function openMap(stage: Stage, change: (server: FakeServer) => void): Promise<{ page: Page; server: FakeServer }> {
  const server = new FakeServer(100);
  server.map.placeInRacks(100);
  change(server);
  await stage.serve(server);
  const page = await stage.newPage();
  await page.goto(`${server.url}/map`);
  await page.getByRole("region", { name: "Time machine" }).waitFor();
  return { page, server };
}

const minutesAgo = (page: Page): number => Math.round((Date.now() - Date.parse(new URL(page.url()).searchParams.get("at") ?? "")) / 60_000);
const somewhere = (minutes: number) => (count: number) => Math.abs(count - minutes) <= 2;

describe("Incidents in the time machine", { timeout: 60_000 }, () => {
  const stage = useStage();

  it("are jumped to one by one, both ways, and named with a link where they opened", async () => {
    const { page, server } = await openMap(stage, ({ incidents }) => {
      incidents.items = [
        rackIncident(1, { state: "closed", openedAtMs: Date.now() - 5 * HOUR_MS, closedAtMs: Date.now() - 4 * HOUR_MS }),
        incidentOf(2, { openedAtMs: Date.now() - 2 * HOUR_MS }),
      ];
    });
    const [previous, next] = ["Previous incident", "Next incident"].map((name) => page.getByRole("button", { name }));
    expect(await next.isDisabled()).toBe(true);
    await previous.click();
    await expect.poll(() => somewhere(120)(minutesAgo(page))).toBe(true);
    await page.getByRole("link", { name: "A01-02 became unreachable: no answer" }).waitFor();
    await previous.click();
    await expect.poll(() => somewhere(300)(minutesAgo(page))).toBe(true);
    expect(await previous.isDisabled()).toBe(true);
    expect(await findings(page)).toEqual([]);
    await next.click();
    await expect.poll(() => somewhere(120)(minutesAgo(page))).toBe(true);
    server.incidents.put(incidentOf(3, { openedAtMs: Date.now() - HOUR_MS }));
    await next.click();
    await expect.poll(() => somewhere(60)(minutesAgo(page))).toBe(true);
    await page.getByRole("link", { name: "A01-03 became unreachable: no answer" }).click();
    await page.waitForURL("**/incidents/i3");
  });

  it("offer no way where there were none", async () => {
    const { page } = await openMap(stage, () => undefined);
    await page.getByRole("button", { name: "No open incident" }).waitFor();
    expect(await page.getByRole("button", { name: "Previous incident" }).count()).toBe(0);
  });
});

describe("Incidents in the time machine at phone width", { timeout: 60_000 }, () => {
  const stage = useStage({ width: 390, height: 844, isTouch: true });

  it("are jumped to with a finger", async () => {
    const { page } = await openMap(stage, ({ incidents }) => {
      incidents.items = [rackIncident(1, { openedAtMs: Date.now() - 5 * HOUR_MS })];
    });
    await page.getByRole("button", { name: "Previous incident" }).tap();
    await expect.poll(() => somewhere(300)(minutesAgo(page))).toBe(true);
    await page.getByRole("button", { name: "Back to live" }).tap();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});

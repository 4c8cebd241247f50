import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { findings } from "./axe.ts";
import { incidentOf, memberOf, rackIncident } from "./fakeIncidents.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage } from "./stage.ts";

const PAGE_TEST_MS = 60_000;
const HOUR = 3_600_000;

describe("the incidents of the machine page", { timeout: PAGE_TEST_MS }, () => {
  const stage = useStage();
  let server: FakeServer;

  async function open(prepare: (server: FakeServer) => void = () => undefined): Promise<Page> {
    server = new FakeServer(60);
    prepare(server);
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(`${server.url}/miners/m8`);
    await page.locator(".live-live").waitFor();
    await history(page).getByRole("slider", { name: "Hashrate" }).waitFor();
    return page;
  }

  const top = (page: Page) => page.getByRole("region", { name: "Open incidents" });
  const history = (page: Page) => page.getByRole("region", { name: "History" });
  const events = (page: Page) => page.getByRole("region", { name: "Events" });
  const past = (number: number, hoursAgo: number) =>
    incidentOf(number, {
      state: "closed",
      explanation: `A01-08 had trouble ${number}`,
      members: [memberOf(8, { state: "resolved" })],
      openedAtMs: Date.now() - hoursAgo * HOUR,
      closedAtMs: Date.now() - hoursAgo * HOUR + 18 * 60_000,
    });

  it("says nothing where there are none", async () => {
    const page = await open((fake) => fake.incidents.items.push(incidentOf(3)));
    await events(page).getByRole("listitem").first().waitFor();
    expect(await top(page).count()).toBe(0);
    expect(await history(page).getByRole("group", { name: "Incidents in this time" }).count()).toBe(0);
  });

  it("show what is open at the top, with since when and whether somebody looks after it, and follow it to its end", async () => {
    const page = await open((fake) => fake.incidents.items.push(incidentOf(3)));
    server.incidents.put(rackIncident(5, { openedAtMs: Date.now() - 600_000 }));
    const line = top(page).getByRole("listitem");
    await line.getByText("Critical").waitFor();
    expect(await line.innerText()).toMatch(/Since ([\d-]+ )?\d\d:\d\d, \d+ min\. Open, not acknowledged\./);
    expect(await findings(page)).toEqual([]);
    await line.getByRole("button", { name: /^Acknowledge: 48 of 48 miners/ }).click();
    await line.getByText("Acknowledged by maria.").waitFor();
    expect(server.incidents.acts).toEqual([{ id: "i5", deed: "acknowledge", body: {} }]);
    expect(await line.getByRole("button").count()).toBe(0);
    server.incidents.change("i5", { state: "closed", closedAtMs: Date.now() });
    await expect.poll(() => top(page).count()).toBe(0);
    await events(page)
      .getByRole("link", { name: /^48 of 48 miners in rack A01/ })
      .click();
    await expect.poll(() => new URL(page.url()).pathname).toBe("/incidents/i5");
  });

  it("find the machine among the members of a large incident that the news leave out", async () => {
    const page = await open();
    const members = [...Array.from({ length: 110 }, (_, n) => memberOf(n + 100)), memberOf(8)];
    server.incidents.put(rackIncident(6, { members, memberCount: 111, explanation: "111 of 120 miners became unreachable" }));
    await top(page).getByRole("link", { name: "111 of 120 miners became unreachable" }).waitFor();
  });

  it("show an incident of the agent that polls the machine", async () => {
    const page = await open();
    const { agentId } = server.miners.detail("m8");
    const scope = { kind: "agent" as const, id: agentId ?? "", name: "pecos-1" };
    server.incidents.put(incidentOf(7, { scope, members: [], explanation: "Agent pecos-1 is down", cause: "agentDown" }));
    await top(page).getByRole("link", { name: "Agent pecos-1 is down" }).waitFor();
  });

  it("offer no acknowledging to somebody who may only look", async () => {
    const page = await open((fake) => {
      fake.session = { ...fake.session, signInRequired: true, user: { username: "eve", role: "viewer", siteIds: null } };
      fake.incidents.items.push(rackIncident(5));
    });
    await top(page).getByRole("link").waitFor();
    expect(await top(page).getByRole("button").count()).toBe(0);
  });

  it("stand in the events, and as marks above the charts that say what they are and lead there by keyboard", async () => {
    const page = await open((fake) => fake.incidents.items.push(past(1, 3), past(2, 9), past(4, 26)));
    const lines = events(page).getByRole("listitem").filter({ hasText: "Incident" });
    await expect.poll(() => lines.count()).toBe(3);
    expect(await lines.first().innerText()).toContain("A01-08 had trouble 1, for 18 min");
    const strip = history(page).getByRole("group", { name: "Incidents in this time" });
    const marks = strip.getByRole("link");
    await expect.poll(() => marks.count()).toBe(2);
    await strip.getByText("2 incidents in this time").waitFor();
    await marks.first().hover();
    await strip.getByText("A01-08 had trouble 2").waitFor();
    await marks.last().focus();
    await strip.getByText("A01-08 had trouble 1").waitFor();
    expect(await marks.last().getAttribute("aria-label")).toMatch(/^Warning: .*\d\d:\d\d to .*\d\d:\d\d: A01-08 had trouble 1$/);
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).pathname).toBe("/incidents/i1");
  });

  it("stand above the place where they began, whatever the width", async () => {
    const page = await open((fake) => fake.incidents.items.push(past(1, 12)));
    const mark = history(page).getByRole("group", { name: "Incidents in this time" }).getByRole("link");
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await expect.poll(async () => {
        const plot = await history(page).locator(".u-over").first().boundingBox();
        const { x } = (await mark.boundingBox()) ?? { x: 0 };
        return plot === null ? null : Math.abs((x - plot.x) / plot.width - 0.5) < 0.02;
      }).toBe(true); // prettier-ignore
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    }
  });
});

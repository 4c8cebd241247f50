import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Incident } from "../../server/contract/incidents.ts";
import { findings } from "./axe.ts";
import { incidentOf, rackIncident } from "./fakeIncidents.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage, type Stage } from "./stage.ts";

const SOME: readonly Incident[] = [
  rackIncident(1),
  incidentOf(2, {
    severity: "critical",
    cause: "chipTemp",
    explanation: "A01-02 has chips that are too hot",
    lostHashrateHs: 0,
    lostHashes: 1e16,
  }),
  incidentOf(3, { severity: "info", lostHashrateHs: 300e12, lostHashes: 9e18, siteId: "site2" }),
  incidentOf(4, { state: "acknowledged", acknowledgedBy: "jo", assignee: "maria", flapping: true }),
  incidentOf(5, { state: "closed", closedAtMs: Date.now() - 60_000 }),
];

async function openWith(stage: Stage, path: string, incidents: readonly Incident[]): Promise<{ page: Page; server: FakeServer }> {
  const server = new FakeServer(100);
  server.sites = [...server.sites, { id: "site2", name: "Minot", createdAtMs: 0 }];
  server.incidents.items = [...incidents];
  await stage.serve(server);
  const page = await stage.newPage();
  await page.goto(server.url + path);
  await page.getByText("of 100 reporting").waitFor();
  return { page, server };
}

const shownIds = (page: Page): Promise<(string | null)[]> =>
  page.locator("[data-incident]").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-incident")));
const seesIds = (page: Page, ids: readonly string[]): Promise<void> => expect.poll(() => shownIds(page), { timeout: 20_000 }).toEqual(ids);
const bell = (page: Page) => page.getByRole("button", { name: /open incident/ });

describe("Incidents", { timeout: 60_000 }, () => {
  const stage = useStage();
  const open = (path: string, incidents = SOME): Promise<{ page: Page; server: FakeServer }> => openWith(stage, path, incidents);

  it("lists what is not closed, the worst first, with place, people and cost", async () => {
    const { page } = await open("/incidents");
    await seesIds(page, ["i1", "i2", "i4", "i3"]);
    const rack = page.locator("[data-incident=i1]");
    for (const text of ["48 of 48 miners in rack A01", "Rack A01, Pecos", "Critical", "48 of 48", "9.60 PH/s", "PH/s·h"])
      await rack.getByText(text).first().waitFor();
    await page.getByText("Acknowledged by jo, assigned to maria, flapping").waitFor();
  });

  it("filters by state, severity and scope, and the address holds it", async () => {
    const { page } = await open("/incidents");
    await page.getByRole("button", { name: "Open 3" }).click();
    await seesIds(page, ["i1", "i2", "i3"]);
    await page.getByRole("group", { name: "Severity" }).getByRole("button", { name: "Critical" }).click();
    await seesIds(page, ["i1", "i2"]);
    await page.getByLabel("Scope").selectOption("Rack");
    await seesIds(page, ["i1"]);
    expect(new URL(page.url()).search).toBe("?state=open&severity=critical&scope=rack");
    await page.goBack();
    await seesIds(page, ["i1", "i2"]);
    await page.reload();
    await seesIds(page, ["i1", "i2"]);
    await page.getByRole("button", { name: "Acknowledged 1" }).click();
    await page.getByRole("group", { name: "Severity" }).getByRole("button", { name: "Critical" }).click();
    await seesIds(page, ["i4"]);
    await page.getByRole("button", { name: "Closed", exact: true }).click();
    await seesIds(page, ["i5"]);
  });

  it("sorts by a press on a head, the other way by a second one", async () => {
    const { page } = await open("/incidents");
    await page.getByRole("button", { name: "Lost so far" }).click();
    await seesIds(page, ["i3", "i1", "i4", "i2"]);
    await page.getByRole("button", { name: "Lost so far" }).click();
    await seesIds(page, ["i2", "i4", "i1", "i3"]);
    expect(new URL(page.url()).search).toBe("?sort=lostHashes");
    await page.getByRole("button", { name: "Open for" }).click();
    expect(await page.getByRole("columnheader", { name: "Open for" }).getAttribute("aria-sort")).toBe("descending");
  });

  it("shows the site that is picked alone, while the bell counts every site", async () => {
    const { page } = await open("/incidents?site=site2");
    await seesIds(page, ["i3"]);
    await page.locator(".figs").getByText("incident, 1 new").waitFor();
    expect(await bell(page).getAttribute("aria-label")).toBe("3 open incidents, the worst critical");
  });

  it("acknowledges several at once and says who was quicker", async () => {
    const { page, server } = await open("/incidents?state=open");
    await page.getByLabel("Pick every open one that is shown").check();
    await page.getByRole("region", { name: "Picked incidents" }).getByText("3 picked").waitFor();
    server.incidents.items = server.incidents.items.map((each) => (each.id === "i3" ? { ...each, state: "closed", closedAtMs: 1 } : each));
    await page.getByRole("button", { name: "Acknowledge", exact: true }).click();
    await page.getByText("2 incidents acknowledged; 1 were not open any more.").waitFor({ state: "attached" });
    expect(server.incidents.acts).toEqual([{ id: "i1,i2,i3", deed: "acknowledge", body: {} }]);
    await page.getByRole("button", { name: "Not closed" }).click();
    await page.locator("[data-incident=i1]").getByText("Acknowledged by maria").waitFor();
  });

  it("lets a pick be taken back, one by one or all", async () => {
    const { page } = await open("/incidents?state=open");
    const bar = page.getByRole("region", { name: "Picked incidents" });
    await page.getByLabel("Pick every open one that is shown").check();
    await page.locator("[data-incident=i2]").getByRole("checkbox").uncheck();
    await bar.getByText("2 picked").waitFor();
    await bar.getByRole("button", { name: "Clear" }).click();
    await bar.waitFor({ state: "detached" });
  });

  it("takes in what happens without moving what is under the pointer", async () => {
    const { page, server } = await open("/incidents");
    await seesIds(page, ["i1", "i2", "i4", "i3"]);
    await page.locator("[data-incident=i2]").hover();
    server.incidents.put(rackIncident(9, { explanation: "A second rack went dark", lostHashrateHs: 1e16 }));
    await seesIds(page, ["i1", "i2", "i4", "i3", "i9"]);
    server.incidents.change("i1", { state: "closed", closedAtMs: Date.now() });
    await page.locator("[data-incident=i1]").getByText("Closed").waitFor();
    await page
      .getByRole("status", { name: "New incidents" })
      .getByText("New incident, critical: A second rack went dark")
      .waitFor({ state: "attached" });
    await page.mouse.move(5, 5);
    await seesIds(page, ["i9", "i2", "i4", "i3"]);
  });

  it("leads from the bell to an incident and to all of them", async () => {
    const { page } = await open("/miners");
    await bell(page).click();
    await page.getByRole("link", { name: /48 of 48 miners/ }).click();
    await page.waitForURL("**/incidents/i1");
    await bell(page).click();
    await page.getByRole("link", { name: "All incidents" }).click();
    await page.waitForURL("**/incidents");
  });

  it("says what an empty list means", async () => {
    const { page, server } = await open("/incidents", []);
    await page.getByText("No incident is open.").waitFor();
    await page.getByText("cannot be seen now: of these nobody can say").waitFor();
    expect(await page.getByRole("button", { name: "No open incident" }).isVisible()).toBe(true);
    await page.getByRole("link", { name: "Show closed incidents" }).click();
    await page.getByText("No incident has closed yet.").waitFor();
    server.incidents.put(incidentOf(7, { state: "acknowledged", acknowledgedBy: "jo" }));
    await page.getByRole("button", { name: "Open 0" }).click();
    await page.getByText("1 incident is not closed: 0 open, 1 acknowledged.").waitFor();
    await page.getByRole("link", { name: "Show them" }).click();
    await seesIds(page, ["i7"]);
  });

  it("exports what matches as CSV", async () => {
    const { page } = await open("/incidents?severity=critical");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export CSV" }).click();
    const lines = readFileSync(await (await saved).path(), "utf8")
      .trim()
      .split("\r\n");
    expect(lines.map((line) => line.split(",").slice(0, 3).join())).toEqual([
      "Incident,State,Severity",
      "i1,open,critical",
      "i2,open,critical",
    ]);
  });

  it("shows closed ones page by page", async () => {
    const closed = Array.from({ length: 130 }, (_, n) => incidentOf(n + 1, { state: "closed", closedAtMs: Date.now() }));
    const { page } = await open("/incidents?state=closed", closed);
    await page.getByText("100 of 130 shown").waitFor();
    await page.getByRole("button", { name: "Show more" }).click();
    await expect.poll(async () => (await shownIds(page)).length).toBe(130);
  });

  it("shows many open ones bit by bit", async () => {
    const many = Array.from({ length: 450 }, (_, n) => incidentOf(n + 1));
    const { page } = await open("/incidents", many);
    await page.getByText("200 of 450 shown").waitFor();
    await page.getByRole("button", { name: "Show more" }).click();
    await page.getByText("400 of 450 shown").waitFor();
  });

  it("names what a link says wrongly", async () => {
    const { page } = await open("/incidents?severity=worst");
    await page.getByRole("alert").getByText("“severity=worst” is not known here").waitFor();
    await seesIds(page, ["i1", "i2", "i4", "i3"]);
  });

  it("offers a viewer nothing that is refused", async () => {
    const server = new FakeServer(100);
    server.session = { ...server.session, signInRequired: true, user: { username: "vic", role: "viewer", siteIds: null } };
    server.incidents.items = [...SOME];
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(`${server.url}/incidents`);
    await seesIds(page, ["i1", "i2", "i4", "i3"]);
    expect(await page.getByRole("checkbox").count()).toBe(0);
  });

  for (const scheme of ["dark", "light"] as const)
    it(`breaks no rule of accessibility, ${scheme}`, async () => {
      const { page } = await open("/incidents");
      await page.emulateMedia({ colorScheme: scheme });
      await page.getByLabel("Pick every open one that is shown").check();
      await bell(page).click();
      await page.getByRole("link", { name: "All incidents" }).waitFor();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Closed", exact: true }).click();
      await seesIds(page, ["i5"]);
      expect(await findings(page)).toEqual([]);
    });
});

describe("Incidents at phone width", { timeout: 60_000 }, () => {
  const stage = useStage({ width: 390, height: 844, isTouch: true });

  it("are cards that can be ordered, picked and acknowledged, without scrolling sideways", async () => {
    const { page, server } = await openWith(stage, "/incidents", SOME);
    await seesIds(page, ["i1", "i2", "i4", "i3"]);
    await page.getByLabel("Order").selectOption("Most lost first");
    await seesIds(page, ["i3", "i1", "i4", "i2"]);
    await page.getByLabel("Pick 48 of 48 miners").check();
    await page.getByRole("button", { name: "Acknowledge" }).last().click();
    await page.locator("[data-incident=i1]").getByText("Acknowledged by maria").waitFor();
    expect(server.incidents.acts).toHaveLength(1);
    await page.getByLabel("Pick all 2 that are open").check();
    await page.getByText("2 picked").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await findings(page)).toEqual([]);
  });
});

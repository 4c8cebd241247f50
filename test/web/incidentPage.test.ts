import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Incident } from "../../server/contract/incidents.ts";
import { findings } from "./axe.ts";
import { incidentOf, memberOf, rackIncident } from "./fakeIncidents.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage, type Stage } from "./stage.ts";

interface Opened {
  readonly page: Page;
  readonly server: FakeServer;
}

async function openIncident(stage: Stage, incident: Incident, change: (server: FakeServer) => void = () => undefined): Promise<Opened> {
  const server = new FakeServer(100);
  server.map.placeInRacks(100);
  server.incidents.items = [incident];
  change(server);
  await stage.serve(server);
  const page = await stage.newPage();
  await page.goto(`${server.url}/incidents/${incident.id}`);
  await page.getByRole("region", { name: "Why here" }).waitFor();
  return { page, server };
}

describe("Incident page", { timeout: 60_000 }, () => {
  const stage = useStage();
  const open = (incident: Incident, change?: (server: FakeServer) => void): Promise<Opened> => openIncident(stage, incident, change);
  const lead = (page: Page) => page.locator(".incidentlead");
  const figures = (page: Page) => page.getByRole("region", { name: "Incident in figures" });
  const members = (page: Page) => page.getByRole("region", { name: "Members", exact: true });

  it("says what happened, why it stands here, and what it costs", async () => {
    const { page } = await open(rackIncident(1));
    await page.getByRole("heading", { name: "48 of 48 miners in rack A01 became unreachable within 9 s" }).waitFor();
    for (const text of ["Critical", "Open, not acknowledged.", "Rack A01, Pecos"]) await lead(page).getByText(text).first().waitFor();
    for (const text of ["9.60 PH/s", "PH/s·h", "48 of 48"]) await figures(page).getByText(text).first().waitFor();
    const why = page.getByRole("region", { name: "Why here" });
    expect(await why.getByRole("listitem").allInnerTexts()).toEqual(["Pecos site\n48 of 500\n9.6 %", "A01 rack\n48 of 48\n100.0 %"]);
    expect(await why.locator("[aria-current=location]").innerText()).toContain("A01");
  });

  it("frames its members on the map, and leads to map and table with them selected", async () => {
    const { page, server } = await open(rackIncident(1));
    await page.getByRole("img", { name: "Map of 100 miners; 48 of them belong to the incident and are framed" }).waitFor();
    await members(page).getByRole("link", { name: "On the map" }).click();
    await page.waitForURL("**/map?select=*");
    await page.getByRole("region", { name: "Selection" }).getByText("48 selected").waitFor();
    await page.goto(`${server.url}/incidents/i1`);
    await members(page).getByRole("link", { name: "As table" }).click();
    await page.waitForURL("**/miners?*select=*");
    await page.getByRole("region", { name: "Selection" }).getByText("48 selected").waitFor();
  });

  it("tells who was told and what the far end said, as it happens, and sends a dead letter again", async () => {
    const { page, server } = await open(rackIncident(1), (fake) => {
      fake.channels.addDelivery({ incidentId: "i2", channelName: "Elsewhere" });
      fake.channels.addDelivery({ incidentId: "i1", channelName: "Ops" });
    });
    const messages = page.getByRole("region", { name: "Messages", exact: true });
    await messages.getByText("Opened, to Ops: sent").waitFor();
    await messages.getByText("200 OK").waitFor();
    expect(await messages.getByRole("listitem").count()).toBe(1);
    server.channels.addDelivery({ id: "d3", incidentId: "i1", channelName: "Night <b>shift</b>", state: "dead", attemptCount: 8, detail: "400 no such hook" }); // prettier-ignore
    server.incidents.change("i1", { flapping: true });
    await messages.getByText("Opened, to Night <b>shift</b>: dead letter after 8 tries").waitFor();
    await messages.getByText("400 no such hook").waitFor();
    await messages.getByRole("button", { name: "Send again to Night <b>shift</b>" }).click();
    await messages.getByText("Opened, to Night <b>shift</b>: waiting").waitFor();
  });

  it("tells what happened at the same place before, and leads there", async () => {
    const hour = 3_600_000;
    const before = (number: number, hoursAgo: number, change: Partial<Incident> = {}): Incident => {
      const openedAtMs = Date.now() - hoursAgo * hour;
      return rackIncident(number, {
        state: "closed",
        openedAtMs,
        closedAtMs: openedAtMs + 41 * 60_000,
        explanation: `Time ${number}`,
        ...change,
      });
    };
    const { page } = await open(rackIncident(20), (fake) => {
      fake.incidents.items.push(before(1, 60), before(2, 80, { mergedIntoId: "i1" }), incidentOf(3), before(4, 100));
    });
    const earlier = page.getByRole("region", { name: "Before at this place" });
    await earlier.getByRole("heading", { name: "Before at this rack" }).waitFor();
    expect(await earlier.getByRole("listitem").allInnerTexts()).toEqual([
      expect.stringMatching(/^Time 1 .*, for 41 min$/),
      expect.stringMatching(/^Time 4 .*, for 41 min$/),
    ]);
    expect(await findings(page)).toEqual([]);
    await earlier.getByRole("link", { name: "Time 4" }).click();
    await page.getByRole("heading", { name: "Time 4" }).waitFor();
    await page.getByRole("region", { name: "Notes" }).waitFor();
    expect(await earlier.count()).toBe(0);
  });

  it("shows messages to nobody who may not see them", async () => {
    const { page, server } = await open(rackIncident(1), (fake) => {
      fake.session = { ...fake.session, signInRequired: true, user: { username: "ola", role: "operator", siteIds: ["site1"] } };
    });
    await page.getByRole("region", { name: "Notes" }).waitFor();
    expect(await page.getByRole("region", { name: "Messages", exact: true }).count()).toBe(0);
    expect(server.requests.filter((call) => call.includes("/deliveries"))).toEqual([]);
  });

  it("draws the hashrate of its site, or of the machine that it is about, around the time that it lasted", async () => {
    const openedAtMs = Date.now() - 5 * 3_600_000;
    const { page, server } = await open(rackIncident(1, { state: "closed", openedAtMs, closedAtMs: openedAtMs + 1_800_000 }), (fake) =>
      fake.incidents.items.push(incidentOf(2)),
    );
    const chart = page.getByRole("slider", { name: "Hashrate of site Pecos" });
    await chart.waitFor();
    expect(Number(await chart.getAttribute("aria-valuemin"))).toBe(openedAtMs - 3_600_000);
    expect(Number(await chart.getAttribute("aria-valuemax"))).toBe(openedAtMs + 1_800_000 + 3_600_000);
    const summary = await page.locator(`[id="${(await chart.getAttribute("aria-describedby")) ?? ""}"]`).innerText();
    expect(summary).toMatch(/^measured: first .*; rated: .*; 2 events$/);
    await chart.press("+");
    await expect.poll(async () => Number(await chart.getAttribute("aria-valuemin"))).toBeGreaterThan(openedAtMs - 3_600_000);
    await page.goto(`${server.url}/incidents/i2`);
    await page.getByRole("slider", { name: "Hashrate of A01-02" }).waitFor();
    expect(server.requests.filter((call) => call.includes("/series"))).toContain("GET /api/v1/miners/m2/series");
    expect(await findings(page)).toEqual([]);
  });

  it("shows a closed one as it was, and leads to the map of that time", async () => {
    const openedAtMs = Date.now() - 3_600_000;
    const { page } = await open(rackIncident(1, { state: "closed", openedAtMs, closedAtMs: openedAtMs + 600_000 }));
    await page.getByRole("region", { name: "Blast radius" }).getByText("as it was at").waitFor();
    await figures(page).getByText("lost in all").waitFor();
    expect(await page.getByRole("button", { name: "Acknowledge" }).count()).toBe(0);
    await page.getByRole("link", { name: "Map at that time" }).click();
    await page.waitForURL("**/map?at=*");
  });

  it("is acknowledged, assigned and given back", async () => {
    const { page, server } = await open(incidentOf(1));
    await page.getByRole("button", { name: "Acknowledge" }).click();
    await lead(page).getByText("Acknowledged by maria").waitFor();
    await page.getByRole("button", { name: "Acknowledge" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Assign", exact: true }).click();
    await page.getByLabel("Who looks after it").fill("jo");
    await page.keyboard.press("Enter");
    await lead(page).getByText("assigned to jo").waitFor();
    await page.getByRole("button", { name: "Assign", exact: true }).click();
    await page.getByRole("button", { name: "Nobody, instead of jo" }).click();
    await lead(page).getByText("assigned to").waitFor({ state: "detached" });
    expect(server.incidents.acts.map(({ deed, body }) => [deed, body])).toEqual([
      ["acknowledge", {}],
      ["assign", { assignee: "jo" }],
      ["assign", { assignee: null }],
    ]);
  });

  it("is taken over by whoever is signed in with one press", async () => {
    const { page } = await open(incidentOf(1), (server) => {
      server.session = { ...server.session, signInRequired: true, user: { username: "maria", role: "operator", siteIds: null } };
    });
    await page.getByRole("button", { name: "Assign", exact: true }).click();
    await page.getByRole("button", { name: "Me, maria" }).click();
    await lead(page).getByText("assigned to maria").waitFor();
  });

  it("is snoozed for a while or until an instant, which must lie ahead, and woken", async () => {
    const { page, server } = await open(incidentOf(1));
    const snooze = page.getByRole("button", { name: "Snooze" }).first();
    await snooze.click();
    await page.getByRole("button", { name: /^4 hours/ }).click();
    await lead(page).getByText("snoozed until").waitFor();
    const untilMs = Number(server.incidents.acts[0].body["untilMs"]);
    expect(Math.abs(untilMs - Date.now() - 4 * 3_600_000)).toBeLessThan(60_000);
    await snooze.click();
    expect(await page.getByLabel("Or until").inputValue()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
    await page.getByLabel("Or until").fill("2099-02-31 10:00");
    await page.getByRole("group", { name: "Snooze" }).getByRole("button", { name: "Snooze", exact: true }).click();
    await page.getByText("“2099-02-31 10:00” is no date and time: write it like 2026-11-24 22:30").waitFor();
    await page.getByLabel("Or until").fill("2020-01-01 00:00");
    await page.getByRole("group", { name: "Snooze" }).getByRole("button", { name: "Snooze", exact: true }).click();
    await page.getByText("Choose an instant that lies ahead.").waitFor();
    await page.getByLabel("Or until").fill("2099-01-01 10:00");
    await page.getByRole("group", { name: "Snooze" }).getByRole("button", { name: "Snooze", exact: true }).click();
    await lead(page).getByText("snoozed until 2099-01-01 10:00").waitFor();
    await snooze.click();
    await page.getByRole("button", { name: "End the snooze" }).click();
    await lead(page).getByText("snoozed").waitFor({ state: "detached" });
  });

  it("is resolved after a question that says what is left unsaid then", async () => {
    const { page, server } = await open(rackIncident(1));
    await page.getByRole("button", { name: "Resolve" }).click();
    await page.getByRole("dialog").getByText("48 members still fire").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(server.incidents.acts).toEqual([]);
    await page.getByRole("button", { name: "Resolve" }).click();
    await page.getByRole("button", { name: "Resolve it" }).click();
    await lead(page).getByText("Closed.").waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("says why something could not be done", async () => {
    const { page } = await open(incidentOf(1), (server) => {
      server.incidents.refusal = { status: 409, body: { status: 409, title: "Conflict", detail: "Incident i1 is closed" } };
    });
    await page.getByRole("button", { name: "Acknowledge" }).click();
    await page.getByRole("alert").getByText("Incident i1 is closed").waitFor();
  });

  it("takes notes, also when it is closed, and shows them as text", async () => {
    const { page, server } = await open(incidentOf(1, { state: "closed", closedAtMs: Date.now() }));
    const notes = page.getByRole("region", { name: "Notes" });
    await notes.getByText("None yet.").waitFor();
    await page.getByLabel("Add a note").fill("<b>Feed A</b> tripped\nReset it");
    await notes.getByRole("button", { name: "Add" }).click();
    await notes.getByRole("listitem").getByText("<b>Feed A</b> tripped").waitFor();
    expect(await page.getByLabel("Add a note").inputValue()).toBe("");
    expect(server.incidents.acts[0]).toEqual({ id: "i1", deed: "notes", body: { text: "<b>Feed A</b> tripped\nReset it" } });
  });

  it("shows members by state, each a way to its machine", async () => {
    const gone = memberOf(3, { state: "resolved", leftAtMs: Date.now() });
    const { page } = await open(incidentOf(1, { members: [memberOf(1), memberOf(22, { flapping: true }), gone], firingCount: 2 }));
    await members(page)
      .getByRole("row", { name: /A01-22.*no answer \(flapping\).*200.0 TH\/s/ })
      .waitFor();
    expect(await members(page).getByRole("row").count()).toBe(3);
    await members(page).getByRole("button", { name: "Recovered 1" }).click();
    await members(page).getByRole("link", { name: "A01-03" }).click();
    await page.waitForURL("**/miners/m3");
  });

  it("shows many members when asked, and the rest of very many", async () => {
    const many = Array.from({ length: 1100 }, (_, n) => memberOf(n + 1));
    const { page } = await open(incidentOf(1, { members: many }));
    expect(await members(page).getByRole("row").count()).toBe(51);
    await members(page).getByRole("button", { name: "Load all 1,100 members" }).click();
    await members(page).getByRole("button", { name: "Show all 1,100" }).click();
    await expect.poll(() => members(page).getByRole("row").count()).toBe(1101);
  });

  it("follows what happens, and asks for members that the news left out", async () => {
    const { page, server } = await open(rackIncident(1));
    const all = Array.from({ length: 48 }, (_, n) => memberOf(n + 1, { state: n < 8 ? "firing" : "resolved" }));
    const entry = { atMs: Date.now(), kind: "left" as const, text: "40 members left", by: null };
    server.incidents.change("i1", { members: all, firingCount: 8, timeline: [...rackIncident(1).timeline, entry] });
    await page.getByRole("region", { name: "Timeline" }).getByText("40 members left").waitFor();
    await members(page).getByRole("button", { name: "Recovered 40" }).waitFor();
    const growing = Array.from({ length: 120 }, (_, n) => memberOf(n + 1));
    server.incidents.change("i1", { members: growing, memberCount: 120, firingCount: 120 });
    await members(page).getByRole("button", { name: "Show all 120" }).waitFor();
  });

  it("folds a long timeline", async () => {
    const timeline = Array.from({ length: 30 }, (_, n) => ({ atMs: n, kind: "joined" as const, text: `Member ${n} joined`, by: null }));
    const { page } = await open(incidentOf(1, { timeline }));
    const lines = page.getByRole("region", { name: "Timeline" }).getByRole("listitem");
    expect(await lines.count()).toBe(12);
    await page.getByRole("button", { name: "Show 18 earlier" }).click();
    expect(await lines.count()).toBe(30);
  });

  it("leads on to the incident that it became part of", async () => {
    const { page } = await open(incidentOf(1, { state: "closed", closedAtMs: Date.now(), mergedIntoId: "i7" }), (server) => {
      server.incidents.items.push(rackIncident(7));
    });
    await page.getByRole("link", { name: "i7" }).click();
    await page.getByRole("heading", { name: "48 of 48 miners" }).waitFor();
  });

  it("marks what an agent that is down leaves unseen", async () => {
    const agent = memberOf(1, { kind: "agent", id: "agent1", name: "embedded", address: null, detail: "no frame for 20 s" });
    const scope = { kind: "agent" as const, id: "agent1", name: "embedded" };
    const { page } = await open(incidentOf(1, { members: [agent], minerCount: 100, cause: "agentDown", scope }));
    await page.getByRole("img", { name: "Map of 100 miners; 100 of them belong to the incident and are framed" }).waitFor();
    await figures(page).getByText("miners that they stand for").waitFor();
    await members(page).getByRole("link", { name: "embedded" }).click();
    await page.waitForURL("**/sites");
  });

  it("says of a link that its incident is gone", async () => {
    const server = await stage.serve(new FakeServer(10));
    const page = await stage.newPage();
    await page.goto(`${server.url}/incidents/i404`);
    await page.getByRole("heading", { name: "There is no incident “i404”" }).waitFor();
    await page.getByRole("link", { name: "Go to the incidents" }).click();
    await page.waitForURL("**/incidents");
  });

  it("offers a viewer nothing that is refused", async () => {
    const { page } = await open(incidentOf(1), (server) => {
      server.session = { ...server.session, signInRequired: true, user: { username: "vic", role: "viewer", siteIds: null } };
    });
    for (const name of ["Acknowledge", "Assign", "Snooze", "Resolve", "Add"])
      expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
  });

  for (const scheme of ["dark", "light"] as const)
    it(`breaks no rule of accessibility, ${scheme}`, async () => {
      const { page } = await open(rackIncident(1));
      await page.emulateMedia({ colorScheme: scheme });
      await page.getByRole("img", { name: "Map of 100 miners" }).waitFor();
      for (const name of ["Assign", "Snooze"]) {
        await page.getByRole("button", { name, exact: true }).first().click();
        await page.getByRole("group", { name }).waitFor();
        expect(await findings(page)).toEqual([]);
        await page.keyboard.press("Escape");
      }
      await page.getByRole("button", { name: "Resolve" }).click();
      await page.getByRole("dialog").waitFor();
      expect(await findings(page)).toEqual([]);
    });
});

describe("Incident page at phone width", { timeout: 60_000 }, () => {
  const stage = useStage({ width: 390, height: 844, isTouch: true });

  it("can be acknowledged, assigned and read without scrolling sideways", async () => {
    const { page } = await openIncident(stage, rackIncident(1));
    await page.getByRole("button", { name: "Acknowledge" }).click();
    await page.locator(".incidentlead").getByText("Acknowledged by maria").waitFor();
    await page.getByRole("button", { name: "Assign", exact: true }).click();
    await page.getByLabel("Who looks after it").fill("jo");
    await page.getByRole("group", { name: "Assign" }).getByRole("button", { name: "Assign" }).click();
    await page.locator(".incidentlead").getByText("assigned to jo").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await findings(page)).toEqual([]);
  });
});

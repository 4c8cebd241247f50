import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { windowsText } from "../../web/views/incidents/channels/routeDraft.ts";
import { refused } from "./fakeAnswer.ts";
import { findings } from "./axe.ts";
import { incidentOf } from "./fakeIncidents.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage, type Stage } from "./stage.ts";

async function openChannels(stage: Stage, change: (server: FakeServer) => void): Promise<{ page: Page; server: FakeServer }> {
  const server = new FakeServer(20);
  change(server);
  await stage.serve(server);
  const page = await stage.newPage();
  await page.goto(`${server.url}/incidents/channels`);
  await page.getByRole("heading", { name: "Channels and routes" }).waitFor();
  return { page, server };
}

describe("Channels and routes", { timeout: 60_000 }, () => {
  const stage = useStage();
  let server: FakeServer;

  async function open(change: (server: FakeServer) => void = () => undefined): Promise<Page> {
    const opened = await openChannels(stage, change);
    server = opened.server;
    return opened.page;
  }

  const dialog = (page: Page) => page.getByRole("dialog");
  const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
  const calls = () => server.channels.calls;

  it("says what it means that there is no channel, no route and no message", async () => {
    const page = await open();
    for (const text of ["nobody is told of incidents outside of this page", "every channel hears of every incident", "No message yet."])
      await page.getByText(text).waitFor();
  });

  it("makes a webhook and an e-mail channel", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Add a channel" }).click();
    await dialog(page).getByLabel("Name").fill("Ops hook");
    await dialog(page).getByLabel("URL").fill("https://example.com/hook");
    await dialog(page).getByLabel("Signing key").fill("k3y");
    await dialog(page).getByLabel("Messages an hour, at most").fill("40");
    await dialog(page).getByLabel("Time zone of its texts").fill("Europe/Berlin");
    await dialog(page).getByLabel("May reach loopback").check();
    await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
    await dialog(page).waitFor({ state: "detached" });
    await page.getByText("Webhook, https://example.com/hook; hears of every incident").waitFor();
    expect(calls()[0].body).toEqual({
      ...{ name: "Ops hook", enabled: true, allowPrivate: true, budgetPerHour: 40, timeZone: "Europe/Berlin" },
      target: { kind: "webhook", url: "https://example.com/hook", signingKey: "k3y" },
      templates: { opened: null, changed: null, closed: null },
    });
    await page.getByRole("button", { name: "Add a channel" }).click();
    await dialog(page).getByLabel("Name", { exact: true }).fill("Mail");
    await dialog(page).getByLabel("Kind").selectOption("E-mail");
    await dialog(page).getByLabel("SMTP host").fill("smtp.example.com");
    await dialog(page).getByLabel("From").fill("hashwatch@example.com");
    await dialog(page).getByLabel("To", { exact: true }).fill("a@example.com, b@example.com");
    await dialog(page).getByLabel("Security").selectOption("tls");
    await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
    await dialog(page).waitFor({ state: "detached" });
    expect(calls()[1].body["target"]).toEqual({
      ...{ kind: "email", host: "smtp.example.com", port: 587, username: null, password: null, security: "tls" },
      ...{ from: "hashwatch@example.com", to: ["a@example.com", "b@example.com"] },
    });
  });

  it("asks for what each kind needs", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Add a channel" }).click();
    await dialog(page).getByLabel("Name", { exact: true }).fill("Chat");
    for (const [kind, labels] of [
      ["Slack", ["Webhook URL", "Bot token", "Channel"]],
      ["Discord", ["Webhook URL"]],
      ["Telegram", ["Bot token", "Chat id"]],
      ["PagerDuty events", ["Routing key"]],
    ] as const) {
      await dialog(page).getByLabel("Kind").selectOption(kind);
      for (const label of labels) await dialog(page).getByLabel(label, { exact: true }).fill("x");
      server.channels.refusal = refused(400, "not now");
      await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
      await dialog(page).getByRole("alert").getByText("not now").waitFor();
    }
    expect(calls().map(({ body }) => body["target"])).toEqual([
      { kind: "slack", webhookUrl: "x", botToken: "x", channel: "x", baseUrl: "https://slack.com" },
      { kind: "discord", webhookUrl: "x" },
      { kind: "telegram", botToken: "x", chatId: "x", baseUrl: "https://api.telegram.org" },
      { kind: "pagerduty", routingKey: "x", baseUrl: "https://events.pagerduty.com" },
    ]);
  });

  it("keeps a secret that is not typed anew, and names the field that is refused", async () => {
    const page = await open((fake) => fake.channels.add("Ops"));
    await page.getByRole("button", { name: "Change Ops" }).click();
    expect(await dialog(page).getByLabel("Signing key").getAttribute("type")).toBe("password");
    await dialog(page).getByLabel("URL").fill("nowhere");
    for (const [field, label, detail] of [
      ["target.url", "URL", "target.url: must be an address like https://example.com/hook"],
      ["timeZone", "Time zone of its texts", "timeZone: must be a time zone like Europe/Berlin"],
    ]) {
      server.channels.refusal = refused(400, detail, field);
      await dialog(page).getByRole("button", { name: "Save" }).click();
      await dialog(page).getByRole("alert").getByText(detail).waitFor();
      expect(await dialog(page).getByLabel(label, { exact: true }).getAttribute("aria-invalid")).toBe("true");
    }
    server.channels.refusal = refused(403, "Only an administrator may let a channel reach private addresses", "allowPrivate");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await dialog(page).getByText("Only an administrator").waitFor();
    await dialog(page).getByLabel("URL").fill("https://example.com/new");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await dialog(page).waitFor({ state: "detached" });
    expect(calls().at(-1)?.body["target"]).toEqual({ kind: "webhook", url: "https://example.com/new", signingKey: "••••••••" });
  });

  it("previews a text, and says where a template is wrong", async () => {
    const page = await open((fake) => fake.channels.add("Ops"));
    await page.getByRole("button", { name: "Change Ops" }).click();
    await dialog(page).getByText("Texts of its messages").click();
    await dialog(page).getByLabel("When an incident opens").fill("{{titel}}");
    server.channels.refusal = refused(400, "There is no field titel; line 1, column 3", "templates.opened");
    const preview = dialog(page).getByRole("button", { name: "Preview when an incident opens" });
    await preview.click();
    await dialog(page).getByRole("alert").getByText("There is no field titel").waitFor();
    expect(await dialog(page).getByLabel("When an incident opens").getAttribute("aria-invalid")).toBe("true");
    await dialog(page).getByLabel("When an incident opens").fill("{{title}}");
    await preview.click();
    await dialog(page).getByRole("status", { name: "Message" }).getByText("went <b>dark</b>").waitFor();
    const templates = { opened: "{{title}}", changed: null, closed: null };
    expect(calls().at(-1)).toEqual({
      call: "POST /channels/preview",
      body: { templates, event: "opened", incidentId: null, timeZone: "UTC" },
    });
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await dialog(page).waitFor({ state: "detached" });
    expect(server.channels.channels[0].templates).toEqual(templates);
  });

  it("tests a channel and says what the far end answered", async () => {
    const page = await open((fake) => fake.channels.add("Ops", { lastSentAtMs: Date.now(), lastError: "connect ECONNREFUSED" }));
    await page.getByText("then: connect ECONNREFUSED").waitFor();
    await page.getByRole("button", { name: "Test Ops" }).click();
    await page.getByText("Taken in 34 ms: 200 OK").waitFor();
    server.channels.tested = { ok: false, detail: "500 Internal Server Error: out of coffee", durationMs: 1200 };
    await page.getByRole("button", { name: "Test Ops" }).click();
    await page.getByText("Refused in 1,200 ms: 500 Internal Server Error: out of coffee").waitFor();
  });

  it("switches a channel off and deletes it", async () => {
    const page = await open((fake) => fake.channels.add("Ops"));
    await page.getByRole("switch", { name: "Ops is on" }).click();
    await expect.poll(() => server.channels.channels[0].enabled).toBe(false);
    await page.getByRole("button", { name: "Delete Ops" }).click();
    await page.getByRole("button", { name: "Delete the channel" }).click();
    await page.getByText("No channel: nobody is told").waitFor();
  });

  it("makes a route by severity, scope, site and time of day with an escalation, changes it and deletes it", async () => {
    const page = await open((fake) => {
      fake.channels.add("Ops");
      fake.channels.add("Boss");
    });
    await page.getByRole("button", { name: "Add a route" }).click();
    await dialog(page).getByLabel("Name", { exact: true }).fill("Nights");
    await dialog(page).getByLabel("Tells", { exact: true }).selectOption("Ops");
    await dialog(page).getByLabel("Severities").selectOption("Critical");
    await dialog(page).getByLabel("Scopes").selectOption("Rack");
    await dialog(page).getByLabel("Sites").selectOption("Pecos");
    await dialog(page).getByRole("button", { name: "Add hours" }).click();
    const hours = dialog(page).getByRole("group", { name: "hours 1", exact: true });
    await hours.getByLabel("Sa").uncheck();
    await hours.getByLabel("Su").uncheck();
    await hours.getByLabel("From").fill("20:00");
    await hours.getByLabel("To").fill("06:30");
    await dialog(page).getByRole("button", { name: "Add quiet hours" }).click();
    await dialog(page).getByRole("button", { name: "Take away quiet hours 1" }).click();
    await dialog(page).getByRole("button", { name: "Add an escalation" }).click();
    await dialog(page).getByLabel("After minutes").fill("30");
    await dialog(page).getByLabel("Also tell").selectOption("Boss");
    await dialog(page).getByLabel("Time zone of the hours").fill("Europe/Berlin");
    await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
    await dialog(page).waitFor({ state: "detached" });
    expect(calls()[0].body).toEqual({
      ...{ name: "Nights", enabled: true, channelIds: ["channel1"], severities: ["critical"], scopeKinds: ["rack"], scopeIds: [] },
      ...{ siteIds: ["site1"], timeZone: "Europe/Berlin", hours: [{ days: [1, 2, 3, 4, 5], from: "20:00", to: "06:30" }] },
      ...{ quietHours: [], escalation: [{ afterMinutes: 30, channelIds: ["channel2"] }] },
    });
    for (const text of ["critical; rack incidents; site Pecos", "Mo–Fr 20:00 to 06:30", "after 30 min Boss"])
      await region(page, "Routes").getByText(text).waitFor();
    await page.getByRole("button", { name: "Change Nights" }).click();
    await dialog(page).getByRole("button", { name: "Take away escalation 1" }).click();
    await dialog(page).getByRole("button", { name: "Take away hours 1" }).click();
    server.channels.refusal = refused(400, "There is no channel channel1", "channelIds");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await dialog(page).getByRole("alert").getByText("There is no channel channel1").waitFor();
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await dialog(page).waitFor({ state: "detached" });
    await region(page, "Routes").getByText("always").waitFor();
    await page.getByRole("switch", { name: "Nights is on" }).click();
    await expect.poll(() => server.channels.routes[0].enabled).toBe(false);
    await page.getByRole("button", { name: "Delete Nights" }).click();
    await page.getByRole("button", { name: "Delete the route" }).click();
    await page.getByText("every channel hears of every incident").waitFor();
  });

  it("narrows a route to racks, agents, switches, PDUs and subnets, and says them in words", async () => {
    const page = await open((fake) => {
      fake.channels.add("Ops");
      fake.map.placeInRacks(20);
      fake.places.nodes = [{ id: "node1", siteId: "site1", kind: "pdu", name: "P7", minerIds: ["m1"] }];
    });
    await page.getByRole("button", { name: "Add a route" }).click();
    await dialog(page).getByLabel("Name", { exact: true }).fill("Hall");
    const within = dialog(page).getByLabel("At or within");
    const places = ["rack A01 (Pecos)", "agent embedded (Pecos)", "PDU P7 (Pecos)", "subnet 10.20.0.0/24 (Pecos)"];
    for (const place of places) await within.selectOption(place);
    await dialog(page)
      .getByRole("button", { name: /^agent embedded \(Pecos\)\s*, take away/ })
      .click();
    await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
    await dialog(page).waitFor({ state: "detached" });
    expect(calls()[0].body["scopeIds"]).toEqual(["rack-A01", "node1", "site1/10.20.0.0/24"]);
    await region(page, "Routes").getByText("at rack A01 (Pecos), PDU P7 (Pecos), subnet 10.20.0.0/24 (Pecos)").waitFor();
    server.channels.routes = server.channels.routes.map((route) => ({ ...route, scopeIds: ["m3", "site1", "gone"] }));
    await page.reload();
    await region(page, "Routes").getByText("at miner A01-03, site Pecos, gone").waitFor();
    await page.getByRole("button", { name: "Change Hall" }).click();
    await dialog(page)
      .getByRole("button", { name: /^miner A01-03\s*, take away/ })
      .waitFor();
  });

  it("takes times of day on a clock of 24 hours, and says beside the field which one is none", async () => {
    const page = await open((fake) => fake.channels.add("Ops"));
    await page.getByRole("button", { name: "Add a route" }).click();
    await dialog(page).getByLabel("Name", { exact: true }).fill("Nights");
    await dialog(page).getByRole("button", { name: "Add hours" }).click();
    const hours = dialog(page).getByRole("group", { name: "hours 1", exact: true });
    await hours.getByLabel("From").fill("930");
    await hours.getByLabel("To").fill("24:00");
    expect(await hours.getByLabel("From").inputValue()).toBe("09:30");
    for (const day of ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]) await hours.getByRole("checkbox", { name: day }).uncheck();
    await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
    await hours.getByText("“24:00” is no time of day: write it like 22:30, from 00:00 to 23:59").waitFor();
    await hours.getByText("Pick at least one day").waitFor();
    expect(await hours.getByLabel("To").getAttribute("aria-invalid")).toBe("true");
    expect(await findings(page)).toEqual([]);
    expect(calls()).toEqual([]);
    await hours.getByLabel("Mo").check();
    await hours.getByLabel("To").fill("0:00");
    await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
    await dialog(page).waitFor({ state: "detached" });
    expect(calls()[0].body["hours"]).toEqual([{ days: [1], from: "09:30", to: "00:00" }]);
  });

  it("shows what became of messages, and sends dead letters again, one or all", async () => {
    const page = await open((fake) => {
      fake.channels.add("Ops", { deadCount: 2 });
      for (let n = 0; n < 120; n++) fake.channels.addDelivery({});
      for (const id of ["dead1", "dead2"])
        fake.channels.addDelivery({ id, state: "dead", attemptCount: 8, detail: "503 Service Unavailable" });
    });
    const messages = region(page, "Messages");
    await messages.getByText("100 of 122 shown").waitFor();
    await messages.getByRole("button", { name: "Show more" }).click();
    await expect.poll(() => messages.getByRole("row").count()).toBe(123);
    await messages.getByRole("button", { name: "Dead letters" }).click();
    await messages.getByText("dead letter after 8 tries").first().waitFor();
    await messages.getByRole("button", { name: "Send again dead1" }).click();
    await expect.poll(() => messages.getByRole("row").count()).toBe(2);
    server.channels.channels = server.channels.channels.map((each) => ({ ...each, deadCount: 1 }));
    server.channels.addDelivery({ id: "dead3", state: "dead" });
    await messages.getByRole("button", { name: "Look again" }).click();
    await expect.poll(() => messages.getByRole("row").count()).toBe(3);
    await page.reload();
    await page.getByRole("button", { name: "Send again all of Ops" }).click();
    await messages.getByRole("button", { name: "Waiting" }).click();
    await expect.poll(() => messages.getByRole("row").count()).toBe(4);
    await messages.getByRole("link", { name: "Rack A01: 48 of 48 unreachable" }).first().click();
    await page.waitForURL("**/incidents/i1");
  });

  it("brings in new messages and other states by itself, after news of incidents and after what waits was tried again", async () => {
    const page = await open((fake) => {
      fake.channels.add("Ops");
      for (let n = 0; n < 120; n++) fake.channels.addDelivery({});
    });
    const messages = region(page, "Messages");
    await messages.getByRole("button", { name: "Show more" }).click();
    await expect.poll(() => messages.getByRole("row").count()).toBe(121);
    const asked = () => server.requests.filter((call) => call.endsWith("/deliveries")).length;
    const before = asked();
    server.channels.channels = server.channels.channels.map((each) => ({ ...each, queuedCount: 7 }));
    server.channels.addDelivery({ state: "queued", title: "Rack A02 is dark", nextAttemptAtMs: Date.now() + 3000 });
    server.incidents.put(incidentOf(2));
    const line = messages.getByRole("row", { name: /Rack A02 is dark/ });
    await line.getByText("waiting").waitFor();
    await region(page, "Channels").getByRole("cell", { name: "7", exact: true }).waitFor();
    expect(await messages.getByRole("row").count()).toBe(122);
    server.channels.deliveries = server.channels.deliveries.map((each) =>
      each.state === "queued" ? { ...each, state: "dead", attemptCount: 8, detail: "400 no such hook" } : each,
    );
    await line.getByText("dead letter after 8 tries").waitFor();
    await line.getByText("400 no such hook").waitFor();
    server.incidents.change("i2", { lostHashes: 1e20 });
    expect(asked() - before).toBe(2);
  });

  it("tells a viewer whom to ask", async () => {
    const page = await open((fake) => {
      fake.session = { ...fake.session, signInRequired: true, user: { username: "vic", role: "viewer", siteIds: null } };
    });
    await page.getByText("This is for operators.").waitFor();
    expect(server.requests.filter((call) => call.includes("channels") && call.includes("/api/"))).toEqual([]);
  });

  for (const scheme of ["dark", "light"] as const)
    it(`breaks no rule of accessibility, ${scheme}`, async () => {
      const page = await open((fake) => {
        fake.channels.add("Ops", { deadCount: 1, lastError: "refused" });
        fake.channels.addDelivery({ state: "dead" });
      });
      await page.emulateMedia({ colorScheme: scheme });
      await region(page, "Messages").getByText("dead letter", { exact: true }).waitFor();
      expect(await findings(page)).toEqual([]);
      await page.getByRole("button", { name: "Change Ops" }).click();
      await dialog(page).getByText("Texts of its messages").click();
      expect(await findings(page)).toEqual([]);
      await dialog(page).getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("button", { name: "Add a route" }).click();
      await dialog(page).getByRole("button", { name: "Add hours" }).click();
      await dialog(page).getByRole("button", { name: "Add an escalation" }).click();
      expect(await findings(page)).toEqual([]);
    });
});

describe("Channels at phone width", { timeout: 60_000 }, () => {
  const stage = useStage({ width: 390, height: 844, isTouch: true });

  it("can be tested without scrolling sideways, the page or its table; each cell says what it is", async () => {
    const { page } = await openChannels(stage, (fake) => fake.channels.add("Ops"));
    const table = page.getByRole("region", { name: "List of channels" });
    expect(await table.evaluate((region) => region.scrollWidth - region.clientWidth)).toBe(0);
    const before = (cell: Element): string => getComputedStyle(cell, "::before").content;
    expect(await table.getByRole("cell").nth(3).evaluate(before)).toBe('"Waiting"');
    await page.getByRole("button", { name: "Test Ops" }).click();
    await page.getByText("Taken in 34 ms: 200 OK").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await findings(page)).toEqual([]);
  });
});

describe("windowsText()", () => {
  it("says runs of days as such", () => {
    const hours = { from: "22:00", to: "07:00" };
    expect(windowsText([{ days: [1, 2, 3, 4, 5, 6, 7], ...hours }])).toBe("every day 22:00 to 07:00");
    expect(windowsText([{ days: [7, 6], ...hours }])).toBe("Sa, Su 22:00 to 07:00");
    expect(windowsText([{ days: [2, 3, 4], ...hours }])).toBe("Tu–Th 22:00 to 07:00");
  });
});

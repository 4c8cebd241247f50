import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { findings } from "./axe.ts";
import { refused } from "./fakeAnswer.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage } from "./stage.ts";

describe("Settings of notifications", { timeout: 60_000 }, () => {
  const stage = useStage();
  let server: FakeServer;

  async function open(before: (server: FakeServer) => void = () => undefined): Promise<Page> {
    server = new FakeServer(50);
    before(server);
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(`${server.url}/settings`);
    await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Notifications" }).click();
    return page;
  }

  const state = (page: Page) => page.getByRole("region", { name: "Heartbeat", exact: true });
  const form = (page: Page) => page.getByRole("form", { name: "Heartbeat and targets" });
  const save = (page: Page) => form(page).getByRole("button", { name: "Save" });

  it("saves the address of the heartbeat, how often it is asked for, the consent and the targets", async () => {
    const page = await open();
    await state(page).getByText("No ping since the server started.").waitFor();
    expect(await save(page).isDisabled()).toBe(true);
    await page.getByLabel("Heartbeat goes to").fill("https://ping.example.com/abc");
    await page.getByLabel("One ping every, seconds").fill("90");
    await page.getByLabel("The heartbeat may go to loopback and private addresses").check();
    await page.getByLabel("Messages and pings may go to these hosts alone").fill("*.example.com\n\n 192.0.2.1:8443 ");
    await form(page).getByText("Not saved").waitFor();
    expect(await findings(page)).toEqual([]);
    await save(page).click();
    await form(page).getByText(/^Saved at \d\d:\d\d/).waitFor(); // prettier-ignore
    expect(server.heartbeat.changes).toEqual([
      {
        allowedTargets: ["*.example.com", "192.0.2.1:8443"],
        heartbeat: { url: "https://ping.example.com/abc", intervalMs: 90_000, allowPrivate: true },
      },
    ]);
    await page.getByLabel("Heartbeat goes to").fill("");
    await save(page).click();
    await expect.poll(() => server.heartbeat.changes.at(-1)?.heartbeat).toBeNull();
  });

  it("says beside the field what is wrong, keeps what was typed, and resets it", async () => {
    const page = await open((fake) => (fake.heartbeat.settings = { allowedTargets: ["example.org"], heartbeat: null }));
    const [url, interval] = [page.getByLabel("Heartbeat goes to"), page.getByLabel("One ping every, seconds")];
    const targets = page.getByLabel("Messages and pings may go to these hosts alone");
    await url.fill("https://ping.example.com");
    await interval.fill("5");
    await save(page).click();
    await form(page).getByText("Between 10 s and a day (86400 s), not “5”").waitFor();
    expect(await interval.getAttribute("aria-invalid")).toBe("true");
    await interval.fill("30");
    await targets.fill("example.org\nhttp://x");
    server.heartbeat.refusal = refused(400, "allowedTargets.1: must be like example.com", "allowedTargets.1");
    await save(page).click();
    await form(page).getByText("“http://x”: must be like example.com").waitFor();
    expect(await targets.getAttribute("aria-invalid")).toBe("true");
    server.heartbeat.refusal = refused(400, "heartbeat.url: must be an address", "heartbeat.url");
    await save(page).click();
    await expect.poll(() => url.getAttribute("aria-invalid")).toBe("true");
    expect(await findings(page)).toEqual([]);
    await form(page).getByRole("button", { name: "Reset" }).click();
    expect([await url.inputValue(), await targets.inputValue()]).toEqual(["", "example.org"]);
    expect(server.heartbeat.changes).toEqual([]);
  });

  it("tells which part is down and how the last ping ended, and looks again when asked to", async () => {
    const down = { alive: false, detail: "no agent delivers" };
    const page = await open((fake) => {
      const { shown } = fake.heartbeat;
      const nowMs = Date.now();
      const parts = { ...shown.parts, polling: down };
      fake.heartbeat.shown = { parts, lastPingAtMs: nowMs - 40_000, lastOkAtMs: nowMs - 3_600_000, lastError: "500 <b>no</b>" };
    });
    await state(page).getByText("no agent delivers").waitFor();
    expect(await state(page).innerText()).toMatch(/Last ping 4\d s ago, not taken: 500 <b>no<\/b>\. The last that was taken 60 min ago\./);
    await state(page).getByText("Pings are withheld until every part is alive.").waitFor();
    expect(await findings(page)).toEqual([]);
    server.heartbeat.shown = {
      ...server.heartbeat.shown,
      parts: { ...server.heartbeat.shown.parts, polling: { alive: true, detail: "" } },
    };
    await state(page).getByRole("button", { name: "Look again" }).click();
    await expect.poll(() => state(page).getByText("no agent delivers").count()).toBe(0);
  });

  it("pings now and shows what the far end answers, or why no ping goes out", async () => {
    const page = await open();
    const ping = state(page).getByRole("button", { name: "Ping now" });
    await ping.click();
    await state(page).getByText("Taken in 21 ms: 200 OK").waitFor();
    await state(page)
      .getByText(/^Last ping \d s ago, taken\.$/)
      .waitFor();
    server.heartbeat.tested = { ok: false, detail: "503 down for <i>now</i>", durationMs: 9 };
    await ping.click();
    await state(page).getByText("Refused in 9 ms: 503 down for <i>now</i>").waitFor();
    server.heartbeat.refusal = refused(409, "The heartbeat is withheld, as polling is down: no agent delivers");
    await ping.click();
    await state(page).getByText("The heartbeat is withheld, as polling is down").waitFor();
  });

  it("shows those who may only look the state alone", async () => {
    const page = await open((fake) => {
      fake.session = { ...fake.session, signInRequired: true, user: { username: "eve", role: "viewer", siteIds: null } };
    });
    await state(page).getByText("rules are evaluated").waitFor();
    expect(await state(page).getByRole("button", { name: "Ping now" }).count()).toBe(0);
    expect(await form(page).count()).toBe(0);
  });
});

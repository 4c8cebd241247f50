import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findings } from "./axe.ts";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { FakeServer } from "./fakeServer.ts";

const PAGE_TEST_MS = 60_000;

describe("the first run", { timeout: PAGE_TEST_MS }, () => {
  let browser: TestBrowser;
  let server: FakeServer;
  const pages: Page[] = [];
  const complaints: string[] = [];

  async function open(path: string, before: (server: FakeServer) => void = () => undefined, minerCount = 500): Promise<Page> {
    server = new FakeServer(minerCount);
    before(server);
    await server.open();
    const page = await browser.newPage();
    pages.push(page);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.text().includes("Content Security Policy") && complaints.push(message.text()));
    await page.goto(server.url + path);
    return page;
  }

  const here = (page: Page): Promise<string> => page.getByRole("list", { name: "Steps" }).locator('[aria-current="step"]').innerText();
  const notSetUp = (fake: FakeServer): void => {
    fake.session = { ...fake.session, signInRequired: true, setupRequired: true };
  };
  async function addRange(page: Page): Promise<void> {
    await page.getByLabel("Add ranges").fill("10.20.0.0/24");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("Next: scan 1 range.").waitFor();
  }

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
    await server.close();
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
  });

  it("takes the token out of the address, sets the password, and leads on to the ranges", async () => {
    const page = await open("/#setup=SECRET", notSetUp, 0);
    const password = page.getByLabel(/^Password/);
    await password.fill("a-long-password");
    expect(page.url()).not.toContain("SECRET");
    expect(await here(page)).toContain("Password");
    expect(await password.getAttribute("type")).toBe("password");
    await page.getByLabel("Show what I type").check();
    expect(await password.getAttribute("type")).toBe("text");
    await page.getByRole("button", { name: "Set up" }).click();
    await page.getByRole("heading", { name: "First run" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/first-run");
    expect(await here(page)).toContain("Ranges");
    expect(await page.getByRole("listitem").filter({ hasText: "Password, done" }).count()).toBe(1);
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
  });

  it("says when a set-up link is worth nothing any more, and keeps what was typed", async () => {
    const page = await open("/#setup=OLD", notSetUp, 0);
    await page.getByLabel(/^Password/).fill("a-long-password");
    await page.getByRole("button", { name: "Set up" }).click();
    await page.getByRole("alert").getByText("This set-up link was used already").waitFor();
    expect(await page.getByLabel(/^Password/).inputValue()).toBe("a-long-password");
  });

  it("scans the ranges with live counts, shows the fleet as it is found, and leads to it", async () => {
    const page = await open("/first-run");
    expect(await page.getByRole("button", { name: "Scan now" }).isDisabled()).toBe(true);
    await addRange(page);
    expect(await here(page)).toContain("Scan");
    await page.getByRole("button", { name: "Scan now" }).click();
    await page.getByRole("region", { name: "Found", exact: true }).waitFor();
    await page.getByText("Scan done", { exact: true }).waitFor();
    expect(await here(page)).toContain("Fleet");
    const scan = (await page.getByRole("region", { name: "Scan", exact: true }).innerText()).replace(/\s+/g, " ");
    for (const text of ["254 of 254 addresses probed", "63 miners found", "190 no answer", "1 answer, but are no miner"])
      expect(scan).toContain(text);
    await expect.poll(() => page.getByRole("region", { name: "By model" }).innerText()).toMatch(/Antminer S21\s+63\s+[\d.]+ PH\/s/);
    const first = page.getByRole("region", { name: "Table of found miners" }).getByRole("row").nth(1);
    await expect.poll(() => first.innerText()).toMatch(/^10\.20\.0\.64.*Hashing.*TH\/s/s);
    await page.getByRole("img", { name: "Addresses 10.20.0.0 to 255: 63 miners, 1 answer and are none" }).waitFor();
    await page.getByText("and 13 more in the fleet").waitFor();
    await page.getByText("not a miner: HTTP <b>on</b> 4028").waitFor();
    await first.getByRole("link").click();
    await page.getByRole("region", { name: "Now" }).waitFor();
    await page.goBack();
    await page.getByRole("link", { name: "Open the fleet, 63 found" }).click();
    expect(new URL(page.url()).pathname).toBe("/");
  });

  it("suggests the networks that the agent stands in, as long as no range is in them", async () => {
    const page = await open("/first-run", (fake) => fake.places.setAgent("agent1", { networks: ["10.20.0.0/24", "192.168.7.0/24"] }));
    const suggested = page.getByRole("group", { name: "Networks of the agent" });
    await suggested.getByRole("button", { name: "10.20.0.0/24" }).click();
    expect(await page.getByLabel("Add ranges").inputValue()).toBe("10.20.0.0/24");
    expect(await suggested.getByRole("button").allInnerTexts()).toEqual(["192.168.7.0/24"]);
    await page.keyboard.press("Enter");
    await page.getByText("Next: scan 1 range.").waitFor();
    await suggested.getByRole("button", { name: "192.168.7.0/24" }).click();
    await page.keyboard.press("Enter");
    await page.getByText("Next: scan 2 ranges.").waitFor();
    expect(await suggested.count()).toBe(0);
  });

  it("stops a scan that is under way, keeps what it found, and starts another", async () => {
    const page = await open("/first-run", (fake) => (fake.places.scansHoldStill = true));
    await addRange(page);
    await page.getByRole("button", { name: "Scan now" }).click();
    await page.getByRole("button", { name: "Stop scan" }).click();
    await page.getByText("Scan stopped", { exact: true }).waitFor();
    expect(server.requests).toContain("DELETE /api/v1/scans/" + server.places.scans[0].id);
    expect(await page.getByText("No miner answered.").count()).toBe(0);
    server.places.scansHoldStill = false;
    await page.getByRole("button", { name: "Scan again" }).click();
    await page.getByText("Scan done", { exact: true }).waitFor();
  });

  it("says what to look at where no miner answered", async () => {
    const page = await open("/first-run");
    await addRange(page);
    await page.getByRole("button", { name: "Scan now" }).click();
    await page.getByText("Scan done", { exact: true }).waitFor();
    server.places.scans = server.places.scans.map((scan) => ({ ...scan, foundCount: 0, items: [], failureCounts: { timeout: 254 } }));
    await page.reload();
    await page.getByText("No miner answered.").waitFor();
    expect(await here(page)).toContain("Scan");
    expect(await page.getByRole("link", { name: /^Open the fleet/ }).count()).toBe(0);
    await page.getByRole("button", { name: "Scan again" }).click();
    await page.getByRole("link", { name: /^Open the fleet/ }).waitFor();
  });

  it("sends who has no agent to enrol one, and lets a viewer look and change nothing", async () => {
    const page = await open("/first-run", (fake) => (fake.places.agents = []));
    await page.getByRole("link", { name: "Enrol an agent" }).click();
    await page.getByRole("heading", { name: "Sites & agents" }).waitFor();
    await server.close();
    const look = await open("/first-run", (fake) => {
      fake.session = { ...fake.session, signInRequired: true, user: { username: "eve", role: "viewer", siteIds: null } };
    });
    await look.getByText("Your role may look, not change.").waitFor();
    expect(await look.getByRole("button", { name: "Scan now" }).count()).toBe(0);
  });

  it.each(["dark", "light"] as const)("has no finding of axe at any step, %s", async (colorScheme) => {
    const page = await open("/#setup=SECRET", notSetUp);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.getByLabel(/^Password/).fill("a-long-password");
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Set up" }).click();
    await page.getByRole("heading", { name: "First run" }).waitFor();
    expect(await findings(page)).toEqual([]);
    await addRange(page);
    await page.getByRole("button", { name: "Scan now" }).click();
    await page.getByText("Scan done", { exact: true }).waitFor();
    expect(await findings(page)).toEqual([]);
  });

  it("scrolls only downwards on a phone", async () => {
    const phone = await openBrowser({ width: 390, height: 844, isTouch: true });
    try {
      server = new FakeServer(500);
      const page = await phone.newPage();
      await page.goto(`${await server.open()}/first-run`);
      await addRange(page);
      await page.getByRole("button", { name: "Scan now" }).click();
      await page.getByText("Scan done", { exact: true }).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
      expect(await findings(page)).toEqual([]);
    } finally {
      await phone.close();
    }
  });
});

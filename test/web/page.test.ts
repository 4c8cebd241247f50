import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { findings } from "./axe.ts";
import { countByStatus } from "./fakeFleet.ts";
import { incidentOf } from "./fakeIncidents.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage } from "./stage.ts";

const ROWS = '[role="grid"][aria-label="Miners"] [aria-rowindex]:not(.head)';

describe("the page", { timeout: 60_000 }, () => {
  const stage = useStage();
  let server: FakeServer;

  async function open(path: string, { minerCount = 500, shown = ROWS }: { minerCount?: number; shown?: string } = {}): Promise<Page> {
    server = new FakeServer(minerCount);
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(server.url + path);
    await page.locator(shown).first().waitFor();
    return page;
  }

  const count = (page: Page): Promise<string> => page.locator('[aria-label="Filter"] [role="status"]').innerText();

  it("shows 10,000 miners in a grid that holds only the rows in sight, and the fleet above it", async () => {
    const page = await open("/miners", { minerCount: 10_000 });
    expect(await page.getByRole("grid", { name: "Miners" }).getAttribute("aria-rowcount")).toBe("10001");
    expect(await page.locator(ROWS).count()).toBeLessThan(80);
    expect(await count(page)).toBe("10,000 of 10,000");
    expect(await page.locator(".figs").innerText()).toContain("of 10,000 reporting");
    const { degraded } = countByStatus(10_000);
    expect(await page.locator(".counts").innerText()).toContain(`${degraded}\nDegraded`);
  });

  it("asks nothing over HTTP once it is loaded, while values go on changing", async () => {
    const page = await open("/miners");
    await page.waitForLoadState("networkidle");
    const before = server.requests.length;
    const text = await page.locator(ROWS).first().innerText();
    await page.waitForFunction(([selector, old]) => document.querySelector<HTMLElement>(selector)?.innerText !== old, [ROWS, text]);
    await page.waitForTimeout(3000); // the absence of something can only be waited for
    // Scripts of the page that is probably opened next may still come.
    expect(server.requests.slice(before).filter((request) => !/\/socket\.io|^GET \/assets\//.test(request))).toEqual([]);
  });

  it("searches by what is typed, keeps it in the address, and goes back", async () => {
    const page = await open("/miners");
    await page.getByRole("searchbox", { name: "Search miners" }).fill("10.20.0.9");
    await expect.poll(() => count(page)).toBe("11 of 500");
    expect(new URL(page.url()).searchParams.get("q")).toBe("10.20.0.9");
    await page.goBack();
    await expect.poll(() => count(page)).toBe("500 of 500");
  });

  it("leads from the header to the miners of one status", async () => {
    const page = await open("/miners?status=unknown");
    expect(await count(page)).toBe("4 of 500");
    await page.locator(".counts a", { hasText: "Unreachable" }).click();
    await expect.poll(() => count(page)).toBe("5 of 500");
    expect(new URL(page.url()).search).toBe("?status=unreachable");
  });

  it("scopes every page to the site that is picked, in the address and on the live stream, and back to all", async () => {
    const page = await open("/miners?status=degraded");
    server.sites = [...server.sites, { id: "site2", name: "Abilene", createdAtMs: 0 }];
    await page.reload();
    await page.getByRole("button", { name: "Site: All 2 sites" }).click();
    await page.getByRole("button", { name: "Abilene" }).click();
    await expect.poll(() => server.subscriptions.at(-1)?.scope).toEqual({ siteId: "site2" });
    expect(new URL(page.url()).search).toBe("?status=degraded&site=site2");
    await page.locator(".counts a", { hasText: "Unreachable" }).click();
    expect(new URL(page.url()).search).toBe("?status=unreachable&site=site2");
    await page.goBack();
    await page.getByRole("button", { name: "Site: Abilene" }).click();
    await page.getByRole("button", { name: "All 2 sites", exact: true }).click();
    await expect.poll(() => server.subscriptions.at(-1)?.scope).toEqual({});
    expect(new URL(page.url()).search).toBe("?status=degraded");
  });

  it("says that a site does not exist and leads back to all of them", async () => {
    const page = await open("/miners?site=site9", { shown: "text=There is no site “site9”" });
    await page.getByRole("button", { name: "Show all sites" }).click();
    await page.locator(ROWS).first().waitFor();
    expect(new URL(page.url()).search).toBe("");
  });

  it("shows temperatures, rows and colours as this browser was told to, also after a reload", async () => {
    const page = await open("/miners?q=A01-01");
    const cell = page.locator('[aria-rowindex="2"] [role="gridcell"]').nth(8);
    const celsius = Number(await cell.innerText());
    await page.getByRole("button", { name: "Display" }).click();
    for (const choice of ["°F", "Comfortable", "Light"]) await page.getByRole("button", { name: choice, exact: true }).click();
    await page.keyboard.press("Escape");
    await page.reload();
    await cell.waitFor();
    await page.getByRole("columnheader", { name: "Chip °F" }).waitFor();
    expect(Math.abs(Number(await cell.innerText()) - (celsius * 1.8 + 32))).toBeLessThan(6);
    expect((await page.locator('[aria-rowindex="2"]').boundingBox())?.height).toBe(36);
    const themeOf = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset["theme"]);
    expect(await themeOf()).toBe("light");
    await page.getByRole("button", { name: "Display" }).click();
    await page.getByRole("button", { name: "Dark", exact: true }).click();
    expect(await themeOf()).toBe("dark");
    for (const choice of ["As the system", "Compact", "As the server"]) await page.getByRole("button", { name: choice }).click();
    expect(await page.evaluate(() => Object.keys(window.localStorage))).toEqual(["hashwatch.density"]);
    expect(await themeOf()).toBeUndefined();
    await page.getByRole("columnheader", { name: "Chip °C" }).waitFor();
    await expect.poll(async () => (await page.locator('[aria-rowindex="2"]').boundingBox())?.height).toBe(28);
    await page.evaluate(() => window.localStorage.clear());
  });

  it("lets the person who is signed in leave, and shows nothing of the fleet afterwards", async () => {
    server = new FakeServer(50);
    server.session = { ...server.session, signInRequired: true, user: { username: "eve", role: "viewer", siteIds: null } };
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(`${server.url}/miners`);
    await page.locator(ROWS).first().waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(server.requests).toContain("DELETE /api/v1/session");
    expect(await page.locator(ROWS).count()).toBe(0);
  });

  it("connects at once when told so, without the wait between two tries", async () => {
    server = new FakeServer(50);
    await stage.serve(server);
    const page = await stage.newPage();
    await page.addInitScript(() => {
      const wait = window.setTimeout.bind(window);
      const isHeld = (ms: number): boolean => ms >= 200 && document.documentElement.dataset["held"] === "";
      Object.assign(window, { setTimeout: (run: () => void, ms = 0) => wait(run, isHeld(ms) ? 1e9 : ms) });
    });
    await page.goto(`${server.url}/miners`);
    await page.locator(".live-live").waitFor();
    await page.evaluate(() => void (document.documentElement.dataset["held"] = "")); // no wait ends from now on
    server.dropConnections();
    await page.getByText("Reconnecting").waitFor();
    await page.getByRole("button", { name: "Try now" }).click();
    await page.locator(".live-live").waitFor();
  });

  it("names what it does not understand of a link and shows the rest", async () => {
    const page = await open("/miners?status=degraded&colour=temp");
    expect(await page.getByRole("alert").innerText()).toContain("“colour” is not known");
    expect(await count(page)).toBe("15 of 500");
  });

  it("shows one machine: what is wrong, board by board, its history, and its raw replies when asked", async () => {
    const page = await open("/miners/m8", { shown: "text=Chips bad: 9 on hashboard 2." });
    expect(await page.getByRole("article").count()).toBe(3);
    expect(await page.getByRole("img", { name: /^99 of 108 chips good; bad: 55 to 63$/ }).count()).toBe(1);
    await page.locator(".uplot canvas").first().waitFor();
    await page.getByRole("button", { name: "7 d" }).click();
    await expect.poll(() => new URL(page.url()).search).toBe("?range=7d");
    expect(server.requests).not.toContain("GET /api/v1/miners/m8/replies");
    await page.getByRole("button", { name: "Raw replies" }).click();
    await page.getByText("stats", { exact: true }).click();
    await page.getByText('{"STATUS":[{"STATUS":"S"}]}').waitFor();
  });

  it("says that a miner or a page does not exist and where to go instead", async () => {
    const page = await open("/miners/m9999", { shown: "text=There is no miner" });
    await page.goto(`${server.url}/nowhere`);
    await page.getByRole("link", { name: "Go to all miners" }).click();
    await page.locator(ROWS).first().waitFor();
  });

  it("says what to do next where there is no miner and where none matches", async () => {
    const page = await open("/", { minerCount: 0, shown: "text=No miner yet." });
    await page.getByRole("link", { name: "Add ranges" }).click();
    await page.getByRole("heading", { name: "First run" }).waitFor();
  });

  it("keeps the header where the script of a page does not come, and loads the page when asked again", async () => {
    const page = await open("/miners");
    await page.route("**/assets/SitesPage-*.js", (route) => route.abort());
    await page.getByRole("link", { name: "Sites & agents" }).click();
    const alert = page.getByRole("alert");
    await alert.getByRole("heading", { name: "This page could not be loaded" }).waitFor();
    await page.getByText("Live").waitFor();
    expect(await findings(page)).toEqual([]);
    await page.route("**/api/v1/session", (route) => route.abort());
    await alert.getByRole("button", { name: "Try again" }).click();
    await alert.getByText("The server does not answer yet.").waitFor();
    await page.getByRole("link", { name: "Miners", exact: true }).click();
    await page.locator(ROWS).first().waitFor();
    await page.goBack();
    await page.unrouteAll();
    await alert.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("region", { name: "Pecos", exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/sites");
  });

  it("has a header that fits, whatever it says, and counts the incidents of all sites where the address names none that exists", async () => {
    server = new FakeServer(10_000);
    server.incidents.items = Array.from({ length: 120 }, (_, n) => incidentOf(n + 1));
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(`${server.url}/?site=nowhere`);
    await page.getByRole("heading", { name: "There is no site “nowhere”" }).waitFor();
    const figures = page.getByRole("banner").locator(".fig");
    await figures.getByText("incidents, 120 new").waitFor();
    const edges = await figures.evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().right)));
    expect(Math.max(...edges)).toBeLessThanOrEqual(1440);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  });

  it("finds its way back after a gap and after a lost connection", async () => {
    const page = await open("/miners");
    server.skipVersion();
    await page.getByText("Live").waitFor();
    server.dropConnections();
    await page.getByText("Reconnecting").waitFor();
    await page.locator(".live-live").waitFor();
    const text = await page.locator(ROWS).first().innerText();
    await expect.poll(() => page.locator(ROWS).first().innerText(), { timeout: 15_000 }).not.toBe(text);
  });

  it("asks to sign in, says what is wrong, and asks again on top of the page when the session ends", async () => {
    server = new FakeServer(50);
    server.session = { ...server.session, signInRequired: true };
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(`${server.url}/miners?status=degraded`);
    await page.getByLabel("Password").fill("wrong-password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Name or password is wrong.").waitFor();
    await page.getByLabel("Password").fill("right-password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator(ROWS).first().waitFor();
    server.endSession();
    await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
    expect(await page.locator(ROWS).count()).toBeGreaterThan(0);
    await page.getByLabel("Password").fill("right-password");
    await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
    await page.locator(".live-live").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(new URL(page.url()).search).toBe("?status=degraded");
  });

  it.each(["dark", "light"] as const)("has no finding of axe on any page, %s", async (colorScheme) => {
    const page = await open("/miners?status=degraded,unknown,unreachable");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await findings(page)).toEqual([]);
    await page.goto(`${server.url}/miners/m8`);
    await page.locator(".uplot canvas").first().waitFor();
    expect(await findings(page)).toEqual([]);
    await page.goto(`${server.url}/sites`);
    await page.getByText("No range yet.").waitFor();
    expect(await findings(page)).toEqual([]);
  });
});

describe("the page on a phone", { timeout: 60_000 }, () => {
  const stage = useStage({ width: 390, height: 844, isTouch: true });

  it("shows cards that lead to the machine page, scrolls only downwards, and has no finding of axe", async () => {
    const server = await stage.serve(new FakeServer(500));
    const page = await stage.newPage();
    await page.goto(`${server.url}/miners`);
    const list = page.getByRole("list", { name: "Miners" });
    await list.getByRole("listitem").first().waitFor();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBe(0);
    expect(await findings(page)).toEqual([]);
    server.isAway = true;
    server.dropConnections();
    await page.getByText("Reconnecting").waitFor();
    expect(await overflow()).toBe(0);
    const low = await page.locator(".live").evaluate((state) => state.getBoundingClientRect().bottom);
    expect(low).toBeLessThan(53); // on the first line of the header
    server.isAway = false;
    await page.locator(".live-live").waitFor();
    await page.getByRole("searchbox", { name: "Search miners" }).fill("A01-08");
    await list.getByRole("link").first().click();
    await page.getByRole("region", { name: "Now" }).waitFor();
    expect(await overflow()).toBe(0);
    expect(await findings(page)).toEqual([]);
  });
});

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { WallLink } from "../../server/contract/api.ts";
import { findings } from "./axe.ts";
import { openBrowser, type BrowserOptions, type TestBrowser } from "./browser.ts";
import { FakeServer } from "./fakeServer.ts";

const DAY_MS = 86_400_000;

/** What a screen without a keyboard never touches, and a browser without TLS does not have. */
declare global {
  interface Window {
    locks: string[];
  }
}

describe("Wall", { timeout: 60_000 }, () => {
  let browser: TestBrowser;
  let server: FakeServer;
  const pages: Page[] = [];
  const complaints: string[] = [];

  /** A server where one must sign in, with one wall link, `link1`. */
  async function start(minerCount = 500, link: Partial<WallLink> = {}): Promise<FakeServer> {
    server = new FakeServer(minerCount);
    server.session = { ...server.session, signInRequired: true };
    const standard = { id: "link1", name: "Control room", siteIds: null, createdAtMs: 0, expiresAtMs: Date.now() + DAY_MS };
    server.wall.links = [{ ...standard, lastUsedAtMs: null, ...link }];
    await server.open();
    return server;
  }
  const signIn = (): void => {
    server.session = { ...server.session, user: { username: "admin", role: "admin", siteIds: null } };
  };

  async function open(path: string, before: (page: Page) => Promise<unknown> = () => Promise.resolve(), from = browser): Promise<Page> {
    const page = await from.newPage();
    pages.push(page);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.text().includes("Content Security Policy") && complaints.push(message.text()));
    await before(page);
    await page.goto(server.url + path);
    return page;
  }

  const wall = (page: Page) => page.locator("main.wall");
  const fleet = (page: Page) => page.getByRole("region", { name: "Fleet", exact: true });
  const map = (page: Page) => page.getByRole("region", { name: "Map", exact: true });
  const drawn = (page: Page) => page.getByRole("img", { name: "Map of 500 miners" }).waitFor();
  const closed = (page: Page) => page.getByRole("heading", { name: "This wall is closed" }).waitFor();
  /** With a browser of another size or colour. */
  async function withBrowser(options: BrowserOptions, run: (other: TestBrowser) => Promise<void>): Promise<void> {
    const other = await openBrowser(options);
    try {
      await run(other);
    } finally {
      await other.close();
    }
  }

  beforeAll(async () => {
    browser = await openBrowser({ width: 1920, height: 1080 });
    await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
    await server.close();
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
  });

  it("opens by its link alone, whose secret leaves the address, and shows the fleet in large figures without a way on", async () => {
    await start();
    const page = await open("/?wall#wall=hwl_link1");
    await wall(page).getByText("Live", { exact: true }).waitFor();
    expect(page.url()).toBe(`${server.url}/?wall`);
    const text = await wall(page).innerText();
    for (const word of ["Hashing", "Unreachable", "rated", "of 500 report", "J/TH", "°C", "oldest agent’s data"])
      expect(text).toContain(word);
    await page.getByRole("heading", { name: "Costing the most now" }).waitFor();
    expect(await page.getByRole("link").count()).toBe(0);
    expect(await page.getByRole("navigation").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Leave the wall" }).count()).toBe(0);
    const leastSize = (selector: string): Promise<number> =>
      page
        .locator(selector)
        .evaluateAll((all) => Math.min(...all.map((each) => parseFloat(getComputedStyle(each as HTMLElement).fontSize))));
    expect(await leastSize(".wallhead .v")).toBeGreaterThanOrEqual(50);
    expect(await leastSize(".wallhead .lab")).toBeGreaterThanOrEqual(20);
    await page.keyboard.press("Escape");
    expect(page.url()).toBe(`${server.url}/?wall`);
    const changes = server.requests.filter((request) => !request.startsWith("GET") && !request.includes("/socket.io/"));
    expect(changes).toEqual(["POST /api/v1/session/wall"]);
  });

  it("opens again without the secret, and asks for nothing but what a wall may see", async () => {
    await start();
    const page = await open("/map?wall&rotate=10#wall=hwl_link1");
    await drawn(page);
    await page.reload();
    await drawn(page);
    const asked = new Set(server.requests.filter((request) => request.includes("/api/v1/")).map((request) => request.split("/api/v1")[1]));
    expect([...asked].sort()).toEqual([
      "/fleet/identity",
      "/fleet/series",
      "/racks",
      "/session",
      "/session/wall",
      "/settings/units",
      "/sites",
    ]);
  });

  it("lets nobody else in: other pages ask to sign in", async () => {
    await start();
    const page = await open("/?wall#wall=hwl_link1");
    await wall(page).waitFor();
    await page.goto(`${server.url}/settings`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  it("goes dark when its link is revoked, says so and what to do, and opens by a new link", async () => {
    await start();
    const page = await open("/?wall#wall=hwl_link1");
    await wall(page).getByText("Live", { exact: true }).waitFor();
    server.wall.links = [];
    server.endSession();
    await closed(page);
    await page.getByText("Its link was revoked.").waitFor();
    await page.getByText("Ask an admin for a new link").waitFor();
    expect(await wall(page).count()).toBe(0);
    await page.reload();
    await closed(page);
    await page.getByText("This screen holds no wall link that is valid").waitFor();
    expect(await findings(page)).toEqual([]);
    server.wall.links = [{ id: "link2", name: "New", siteIds: null, createdAtMs: 0, expiresAtMs: Date.now() + DAY_MS, lastUsedAtMs: null }];
    await page.goto(`${server.url}/?wall#wall=hwl_link2`);
    await wall(page).waitFor();
  });

  it("tells an expired link from one that is wrong, before and while it is shown", async () => {
    await start(500, { expiresAtMs: Date.now() - 1 });
    const page = await open("/?wall#wall=hwl_link1");
    await closed(page);
    await page.getByText("This wall link has expired.").waitFor();
    const wrong = await open("/?wall#wall=hwl_nothing");
    await wrong.getByText("This wall link was revoked, or is not copied whole.").waitFor();
    await wrong.getByRole("link", { name: "Sign in" }).click();
    await wrong.getByRole("heading", { name: "Sign in" }).waitFor();
    const expiresAtMs = Date.now() + 3000;
    server.wall.links = [{ ...server.wall.links[0], expiresAtMs }];
    const open3s = await open("/?wall#wall=hwl_link1");
    await wall(open3s).waitFor();
    await expect.poll(() => Date.now(), { timeout: 10_000 }).toBeGreaterThan(expiresAtMs + 1000);
    server.endSession();
    await open3s.getByText("Its link has expired.").waitFor();
  });

  it("is a view of fleet and map for who has signed in, left with Esc or a button that keys reach", async () => {
    await start();
    signIn();
    const page = await open("/map?by=temp");
    await page.getByRole("application", { name: "Map of 500 miners" }).waitFor();
    await page.getByRole("button", { name: "Display" }).click();
    await page.getByRole("button", { name: "Show as a wall" }).click();
    await wall(page).waitFor();
    expect(page.url()).toBe(`${server.url}/map?by=temp&wall`);
    await map(page).getByText("Hottest chip").waitFor();
    expect(await page.getByRole("navigation", { name: "Main" }).count()).toBe(0);
    await page.getByRole("button", { name: "Leave the wall" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    expect(page.url()).toBe(`${server.url}/map?by=temp`);
    await page.goto(`${server.url}/?wall&rotate=10`);
    await wall(page).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Fleet" }).waitFor();
    expect(page.url()).toBe(`${server.url}/`);
  });

  it("takes the whole screen when asked to, and is left with it", async () => {
    await start();
    signIn();
    const page = await open("/?wall");
    const isFull = () => page.evaluate(() => document.fullscreenElement !== null);
    await page.getByRole("button", { name: "Full screen" }).click();
    await expect.poll(isFull).toBe(true);
    await page.evaluate(() => document.exitFullscreen()); // what a browser does with Esc
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    expect(page.url()).toBe(`${server.url}/`);
    await page.getByRole("button", { name: "Display" }).click();
    await page.getByRole("button", { name: "Show as a wall" }).click();
    await expect.poll(isFull).toBe(true);
    await page.getByRole("button", { name: "Leave the wall" }).click();
    await expect.poll(isFull).toBe(false);
  });

  it("draws the history of its sites together where a link is for some of several, and compares them", async () => {
    await start(500, { siteIds: ["site1", "site2"] });
    server.sites = [...server.sites, { id: "site2", name: "Odessa", createdAtMs: 0 }];
    const page = await open("/?wall#wall=hwl_link1");
    await page.getByRole("region", { name: "By site" }).getByRole("row", { name: "Pecos 500" }).waitFor();
    await page.getByText("All 2 sites").waitFor();
    const history = page.getByRole("region", { name: "Last 24 h" });
    await history.getByRole("img", { name: /measured/ }).waitFor();
    expect(server.requests.filter((request) => request.includes("/series"))).toHaveLength(1);
    expect(server.requests.find((request) => request.includes("/series"))).toContain("/fleet/series");
  });

  it("checks a link for who has signed in as well, and stays with that person", async () => {
    await start();
    signIn();
    const page = await open("/?wall#wall=hwl_link1");
    await page.getByRole("button", { name: "Leave the wall" }).waitFor();
    expect(server.session.wall).toBeNull();
    const revoked = await open("/?wall#wall=hwl_nothing");
    await closed(revoked);
  });

  it("asks to sign in again on top of the wall when the session of a person ends", async () => {
    await start();
    signIn();
    const page = await open("/?wall");
    await wall(page).getByText("Live", { exact: true }).waitFor();
    server.endSession();
    await page.getByRole("dialog").getByLabel("Password").waitFor();
    expect(await wall(page).count()).toBe(1);
  });

  it("turns between fleet and map, stops and goes on by button and by the space bar, and loads nothing twice", async () => {
    await start();
    const page = await open("/?wall&rotate=10#wall=hwl_link1");
    await page.getByText("1 of 2").waitFor();
    expect([await fleet(page).isVisible(), await map(page).isVisible()]).toEqual([true, false]);
    await page.getByText("2 of 2").waitFor({ timeout: 30_000 });
    expect([await fleet(page).isVisible(), await map(page).isVisible()]).toEqual([false, true]);
    await page.keyboard.press(" ");
    await page.getByText("2 of 2, stopped").waitFor();
    await page.getByRole("button", { name: "Stop the turns", pressed: true }).click();
    expect(await page.getByText("stopped").count()).toBe(0);
    await page.getByText("1 of 2").waitFor({ timeout: 30_000 });
    for (const path of ["fleet/series", "racks", "fleet/identity"])
      expect(server.requests.filter((request) => request === `GET /api/v1/${path}`)).toHaveLength(1);
  });

  it("keeps the screen on while it is shown, and lets go when it is left", async () => {
    await start();
    signIn();
    const page = await open("/?wall", (fresh) =>
      fresh.addInitScript(() => {
        window.locks = [];
        const request = (): Promise<object> => {
          window.locks.push("taken");
          return Promise.resolve({ release: () => (window.locks.push("released"), Promise.resolve()) });
        };
        Object.defineProperty(navigator, "wakeLock", { value: { request } });
      }),
    );
    await wall(page).waitFor();
    await expect.poll(() => page.evaluate(() => window.locks)).toEqual(["taken"]);
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange"))); // the browser lets go of it when the page is hidden
    await expect.poll(() => page.evaluate(() => window.locks)).toEqual(["taken", "taken"]);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate(() => window.locks)).toContain("released");
  });

  it("hides the cursor and the buttons when nobody moves, and shows them again", async () => {
    await start();
    signIn();
    const page = await open("/?wall");
    await wall(page).waitFor();
    const look = () =>
      wall(page).evaluate((element) => [getComputedStyle(element).cursor, getComputedStyle(element.querySelector(".walltools")!).opacity]);
    await expect.poll(look, { timeout: 15_000 }).toEqual(["none", "0"]);
    await page.mouse.move(300, 300);
    await expect.poll(look).toEqual(["auto", "1"]);
    await expect.poll(look, { timeout: 15_000 }).toEqual(["none", "0"]);
    await page.keyboard.press("Tab");
    await expect.poll(look).toEqual(["auto", "1"]);
    await expect.poll(look, { timeout: 15_000 }).toEqual(["none", "1"]); // what has the focus stays in sight
  });

  it("says when what it shows is old, and comes back by itself", async () => {
    await start();
    const { port } = new URL(server.url);
    const page = await open("/?wall#wall=hwl_link1");
    await wall(page).getByText("Live", { exact: true }).waitFor();
    await server.close();
    await wall(page).getByText("Reconnecting").waitFor();
    expect(await wall(page).getAttribute("class")).toContain("lost");
    expect(await findings(page)).toEqual([]);
    const { session, wall: links } = server;
    server = new FakeServer(500);
    server.session = session;
    server.wall.links = links.links;
    await server.open(Number(port));
    await wall(page).getByText("Live", { exact: true }).waitFor({ timeout: 30_000 });
  });

  it("names what it does not understand in the address, and shows the nearest wall", async () => {
    await start();
    const page = await open("/miners?wall&rotate=2&by=mood#wall=hwl_link1");
    await page.getByText("Only the fleet and the map can be shown as a wall").waitFor();
    await page.getByText("“rotate=2” is not between 10 and 3600 seconds").waitFor();
    await page.getByText("“by=mood”").waitFor();
    await fleet(page).waitFor();
    await page.goto(`${server.url}/?wall&site=nowhere`);
    await page.getByText("There is no site “nowhere”").waitFor();
  });

  it("says that an empty fleet is empty", async () => {
    await start(0);
    const page = await open("/?wall&rotate=10#wall=hwl_link1");
    await page.getByText("No miner yet.").waitFor();
    expect(await wall(page).innerText()).not.toContain("0 PH/s");
  });

  it.each(["dark", "light"] as const)("has nothing that axe finds, %s, and fits a phone and a large screen", async (colorScheme) => {
    await start();
    for (const [width, height] of [
      [390, 844],
      [3840, 2160],
    ] as const)
      await withBrowser({ width, height, colorScheme }, async (other) => {
        server.session = { ...server.session, wall: null };
        for (const path of ["/?wall&rotate=10#wall=hwl_link1", "/map?wall#wall=hwl_link1"]) {
          const page = await open(path, undefined, other);
          await wall(page).getByText("Live", { exact: true }).waitFor();
          await (path.startsWith("/map") ? map(page) : page.getByRole("heading", { name: "Costing the most now" })).waitFor();
          expect(await findings(page)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
        }
      });
  });

  describe("links in the settings", () => {
    const dialog = (page: Page) => page.getByRole("dialog");

    it("are made for sites and a time, shown once as what to open, and revoked", async () => {
      await start();
      server.wall.links = [];
      signIn();
      const page = await open("/settings?part=walls");
      await page.getByText("No wall link yet.").waitFor();
      await page.getByRole("button", { name: "Create a wall link" }).click();
      await dialog(page).getByLabel("Name, such as where the screen hangs").fill("Pecos office");
      await dialog(page).getByLabel("every site, also those to come").uncheck();
      expect(await dialog(page).getByRole("button", { name: "Create" }).isDisabled()).toBe(true);
      await dialog(page).getByLabel("Pecos").check();
      await dialog(page).getByLabel("Expires").selectOption("in 30 days");
      await dialog(page).getByRole("button", { name: "Create" }).click();
      const line = dialog(page).getByLabel("the link", { exact: true });
      expect(await line.innerText()).toBe(`${server.url}/?wall&rotate=30&site=site1#wall=hwl_link1`);
      await dialog(page).getByLabel("The screen shows").selectOption("the map");
      expect(await line.innerText()).toBe(`${server.url}/map?wall&site=site1#wall=hwl_link1`);
      expect(await findings(page)).toEqual([]);
      await dialog(page).getByRole("button", { name: "Copy the link" }).click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${server.url}/map?wall&site=site1#wall=hwl_link1`);
      await dialog(page).getByRole("button", { name: "Done" }).click();
      const made = server.wall.links[0];
      expect(made).toMatchObject({ name: "Pecos office", siteIds: ["site1"] });
      expect(Math.round((made.expiresAtMs - Date.now()) / DAY_MS)).toBe(30);
      const row = page.getByRole("row", { name: "Pecos office" });
      expect(await row.innerText()).toContain("never");
      expect(await findings(page)).toEqual([]);
      await row.getByRole("button", { name: "Revoke Pecos office" }).click();
      await dialog(page).getByRole("button", { name: "Revoke the link" }).click();
      await page.getByText("No wall link yet.").waitFor();
      expect(server.wall.links).toEqual([]);
    });

    it("say which have expired, and why one cannot be made", async () => {
      await start(50, { expiresAtMs: Date.now() - DAY_MS });
      signIn();
      const page = await open("/settings?part=walls");
      expect(await page.getByRole("row", { name: "Control room" }).innerText()).toContain("expired");
      await page.getByRole("button", { name: "Create a wall link" }).click();
      await dialog(page).getByLabel("Name, such as where the screen hangs").fill("Taken");
      await dialog(page).getByRole("button", { name: "Create" }).click();
      await dialog(page).getByText("There are 1000 wall links already").waitFor();
    });

    it("are not for others than admins of all sites", async () => {
      await start();
      server.session = { ...server.session, user: { username: "op", role: "operator", siteIds: null } };
      const page = await open("/settings?part=walls");
      await page.getByText("This is for admins of all sites.").waitFor();
      expect(server.requests).not.toContain("GET /api/v1/wall-links");
    });
  });
});

import type { Locator, Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { findings } from "./axe.ts";
import type { BrowserOptions } from "./browser.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage, type Stage } from "./stage.ts";

interface OpenOptions {
  readonly minerCount?: number;
  readonly before?: (server: FakeServer, page: Page) => unknown;
  /** Charts come after the rest of the page. */
  readonly awaitsCharts?: boolean;
}

let stage: Stage;
let server: FakeServer;
/** Questions for a series, newest last. */
const asked: URL[] = [];

async function open(path: string, { minerCount = 500, before = () => undefined, awaitsCharts = true }: OpenOptions = {}): Promise<Page> {
  server = new FakeServer(minerCount);
  await stage.serve(server);
  const page = await stage.newPage();
  page.on("request", (request) => request.url().includes("/series?") && asked.push(new URL(request.url())));
  await before(server, page);
  await page.goto(server.url + path);
  if (awaitsCharts) await page.locator(".uplot canvas").first().waitFor();
  return page;
}

const chart = (page: Page, title: string): Locator => page.getByRole("slider", { name: title, exact: true });
/** The words above a chart: its name, the values, the legend. */
const titleOf = (page: Page, title: string): Promise<string> =>
  page
    .locator("figure", { has: chart(page, title) })
    .locator("figcaption")
    .innerText();
const params = (page: Page): URLSearchParams => new URL(page.url()).searchParams;
const performance = (page: Page): Locator => page.getByRole("region", { name: "Performance" });

async function dragOver(page: Page, title: string, from: number, to: number): Promise<void> {
  const box = await chart(page, title).locator(".u-over").boundingBox();
  if (box === null) throw new Error(`The chart ${title} is not there`);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * ((from + to) / 2), y);
  await page.mouse.move(box.x + box.width * to, y);
  await page.mouse.up();
}

/** Puts the pointer somewhere along a chart. */
async function hoverAt(page: Page, title: string, share: number): Promise<void> {
  const box = await chart(page, title).locator(".u-over").boundingBox();
  await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) * share, (box?.y ?? 0) + 20);
}

/** How many pixels of a narrow upright strip are painted, at each of these places along a chart. */
async function inkOf(page: Page, title: string, shares: readonly number[]): Promise<number[]> {
  return await chart(page, title).evaluate((plot, places) => {
    const canvas = plot.querySelector("canvas");
    const over = plot.querySelector(".u-over");
    const g = canvas?.getContext("2d");
    if (!canvas || !over || !g) return [];
    const ratio = canvas.width / canvas.clientWidth;
    const [outer, inner] = [canvas.getBoundingClientRect(), over.getBoundingClientRect()];
    return places.map((share) => {
      const x = Math.round((inner.left - outer.left + share * inner.width) * ratio);
      const { data } = g.getImageData(x, 0, 12, canvas.height);
      return data.filter((alpha, index) => index % 4 === 3 && alpha > 0).length;
    });
  }, shares);
}

/** Each browser that is used here has its own stage. */
function onStage(options: BrowserOptions = {}): void {
  const own = useStage(options);
  beforeAll(() => void (stage = own));
  afterEach(() => void asked.splice(0));
}

describe("the fleet page", { timeout: 60_000 }, () => {
  onStage();

  it("draws charts in a browser whose language is no tag that Intl knows", async () => {
    const page = await open("/", {
      before: (_, opened) =>
        opened.addInitScript(() =>
          Object.defineProperty(Navigator.prototype, "language", { get: () => "en-US@posix", configurable: true }),
        ),
    });
    expect(await page.locator(".uplot canvas").count()).toBeGreaterThan(0);
  });

  it("is the start page and the first in the navigation, and says what its sums leave out", async () => {
    const page = await open("/");
    const first = page.getByRole("navigation", { name: "Main" }).getByRole("link").first();
    expect([await first.innerText(), await first.getAttribute("aria-current")]).toEqual(["Fleet", "page"]);
    expect(await page.locator(".pagehead").innerText()).toContain(
      "5 unreachable count as 0 TH/s; 4 unknown are left out of hashrate and rated; 2 paused are left out of rated.",
    );
    await page.getByRole("link", { name: "4 unknown", exact: true }).click();
    await expect.poll(() => page.url()).toBe(`${server.url}/miners?status=unknown`);
  });

  it("lists the reasons that cost the most, worst first, each a way to its miners, and what is not counted", async () => {
    const page = await open("/");
    const costs = page.getByRole("region", { name: "Costing the most now" });
    const reasons = costs.getByRole("row").getByRole("link");
    await expect
      .poll(async () => (await reasons.allInnerTexts()).map((text) => text.split("\n").at(-1)))
      .toEqual(["timeout", "pool dead", "chips bad", "over temperature"]);
    expect(await costs.getByRole("row", { name: "timeout" }).innerText()).toMatch(/5\s+880/);
    expect(await costs.innerText()).toContain("Not counted: 4 unknown, 2 paused on purpose");
    await reasons.nth(2).click();
    await expect.poll(() => page.url()).toBe(`${server.url}/miners?reason=chipsBad&sort=-lostHashrateHs`);
  });

  it("compares models and sites by what is live, and leads to them", async () => {
    const page = await open("/");
    const models = page.getByRole("region", { name: "By model" });
    expect(await models.getByRole("row").nth(1).innerText()).toMatch(/S21\s+144\s+27\.\d+ PH\/s\s+9\d\.\d %\s+17\.\d\s+7\d/);
    expect(await models.innerText()).toContain("without 9 that do not report");
    await models.getByRole("link", { name: "S19 XP" }).click();
    await expect.poll(() => page.url()).toBe(`${server.url}/miners?model=S19+XP`);
    await page.goBack();
    await page.getByRole("region", { name: "By site" }).getByRole("link", { name: "Pecos" }).click();
    await expect.poll(() => page.url()).toBe(`${server.url}/?site=site1`);
    await expect.poll(() => asked.at(-1)?.pathname).toBe("/api/v1/sites/site1/series");
    expect(await page.getByRole("region", { name: "By site" }).count()).toBe(0);
  });

  it("points all charts at one instant, with its values in the titles and how long ago it is", async () => {
    const page = await open("/");
    expect(await performance(page).locator("header").innerText()).toContain("now");
    const before = await titleOf(page, "Efficiency");
    await chart(page, "Hashrate")
      .locator(".u-over")
      .hover({ position: { x: 200, y: 40 } });
    await expect.poll(() => performance(page).locator("header").innerText()).toMatch(/cursor .+ · \d+\.\d h ago/);
    const pointed = await chart(page, "Hashrate").getAttribute("aria-valuenow");
    for (const title of ["Power", "Efficiency", "Chip temperature", "Not hashing as expected"])
      expect(await chart(page, title).getAttribute("aria-valuenow")).toBe(pointed);
    expect(await titleOf(page, "Efficiency")).not.toBe(before);
    await page.getByRole("heading", { name: "Costing the most now" }).hover();
    await expect.poll(() => performance(page).locator("header").innerText()).toContain("now");
  });

  it("hatches what came late, says so in the key, and at the cursor", async () => {
    const hourMs = 3_600_000;
    const page = await open("/", { before: (fake) => void (fake.backfilled = [[Date.now() - 8 * hourMs, Date.now() - 4 * hourMs]]) });
    await performance(page).locator(".groundkey").getByText("backfilled").waitFor();
    const { description } = await chart(page, "Power").evaluate((slider) => ({
      description: document.getElementById(slider.getAttribute("aria-describedby") ?? "")?.textContent ?? "",
    }));
    expect(description).toContain("1 span backfilled");
    const [late, early] = await inkOf(page, "Power", [0.75, 0.2]);
    expect(late).toBeGreaterThan(early + 50);
    await hoverAt(page, "Hashrate", 0.75);
    await expect.poll(() => titleOf(page, "Power")).toContain("backfilled");
    await hoverAt(page, "Hashrate", 0.2);
    await expect.poll(() => titleOf(page, "Power")).not.toContain("backfilled");
  });

  it("shows what an agent brings late as soon as it is there, and asks for nothing that is not looked at", async () => {
    const hourMs = 3_600_000;
    const page = await open("/");
    await chart(page, "Hashrate").waitFor();
    const late = [Date.now() - 8 * hourMs, Date.now() - 4 * hourMs] as const;
    const asked = (): number => server.requests.filter((request) => request.includes("/series")).length;
    const before = asked();
    server.backfilled = [[...late]];
    server.tellBackfill("minutes", [late[0] - 72 * hourMs, late[1] - 72 * hourMs]);
    server.tellBackfill("samples", late);
    server.tellBackfill("minutes", late);
    await performance(page).locator(".groundkey").getByText("backfilled").waitFor();
    expect(asked()).toBe(before + 1);
  });

  it("shows what came late while the connection was lost, once it stands again", async () => {
    const hourMs = 3_600_000;
    const page = await open("/");
    await chart(page, "Hashrate").waitFor();
    server.isAway = true;
    server.dropConnections();
    await page.getByText("Reconnecting").waitFor();
    server.backfilled = [[Date.now() - 8 * hourMs, Date.now() - 4 * hourMs]];
    server.isAway = false;
    await performance(page).locator(".groundkey").getByText("backfilled").waitFor();
  });

  it("has no word of backfill where nothing came late", async () => {
    const page = await open("/");
    expect((await performance(page).locator(".groundkey").innerText()).trim()).toBe("no data");
  });

  it("moves the cursor, zooms and shows the whole range again by keyboard", async () => {
    const page = await open("/?range=7d");
    const hashrate = chart(page, "Hashrate");
    const pointedMs = async (): Promise<number> => Number(await hashrate.getAttribute("aria-valuenow"));
    await hashrate.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Shift+ArrowLeft");
    const tenBack = await pointedMs();
    await page.keyboard.press("ArrowRight");
    expect((await pointedMs()) - tenBack).toBe(1_800_000);
    expect(await hashrate.getAttribute("aria-valuetext")).toMatch(/^.*\d\d:\d\d: measured [\d.]+, rated [\d.]+ PH\/s$/);
    await page.keyboard.press("+");
    await expect.poll(() => params(page).has("from")).toBe(true);
    await page.keyboard.press("-");
    await expect.poll(() => params(page).has("from")).toBe(false);
    await page.keyboard.press("+");
    await expect.poll(() => params(page).has("from")).toBe(true);
    await page.keyboard.press("Escape");
    await expect.poll(() => new URL(page.url()).search).toBe("?range=7d");
  });

  it("zooms into what is dragged over, in the address and in finer steps, and out by button, by double click and by going back", async () => {
    const page = await open("/");
    const whole = Number(asked[0].searchParams.get("stepMs"));
    const zoomed = () => expect.poll(() => params(page).has("from") && params(page).has("to"));
    await dragOver(page, "Power", 0.2, 0.5);
    await zoomed().toBe(true);
    await expect.poll(() => Number(asked.at(-1)?.searchParams.get("stepMs"))).toBeLessThan(whole);
    const hours = (Date.parse(params(page).get("to") ?? "") - Date.parse(params(page).get("from") ?? "")) / 3_600_000;
    expect(hours).toBeCloseTo(0.3 * 24, 0);
    await page.reload();
    await page.locator(".uplot canvas").first().waitFor();
    expect(Number(await chart(page, "Power").getAttribute("aria-valuemin"))).toBe(Date.parse(params(page).get("from") ?? ""));
    await page.getByRole("button", { name: "Whole range" }).click();
    await zoomed().toBe(false);
    await page.goBack();
    await zoomed().toBe(true);
    await chart(page, "Hashrate").locator(".u-over").dblclick();
    await zoomed().toBe(false);
  });

  it("shows the range of the address, and writes the one that is picked", async () => {
    const page = await open("/?range=1y");
    expect(Number(asked[0].searchParams.get("toMs")) - Number(asked[0].searchParams.get("fromMs"))).toBe(365 * 86_400_000);
    await page.getByRole("button", { name: "30 d" }).click();
    await expect.poll(() => new URL(page.url()).search).toBe("?range=30d");
    expect(await page.getByRole("button", { name: "30 d" }).getAttribute("aria-pressed")).toBe("true");
    await page.getByRole("button", { name: "24 h" }).click();
    await expect.poll(() => new URL(page.url()).search).toBe("");
  });

  it("takes lines away and back in the legend", async () => {
    const page = await open("/");
    const legend = page.getByRole("group", { name: "Lines of Not hashing as expected" });
    const total = async (): Promise<number> => Number(/expected\s+(\d+)/.exec(await titleOf(page, "Not hashing as expected"))?.[1]);
    const all = await total();
    const degraded = legend.getByRole("button", { name: /^Degraded/ });
    await degraded.click();
    expect(await degraded.getAttribute("aria-pressed")).toBe("false");
    expect(all - (await total())).toBe(15);
    await degraded.click();
    expect(await total()).toBe(all);
    const rated = page.getByRole("group", { name: "Lines of Hashrate" }).getByRole("button", { name: /^rated/ });
    await rated.press("Enter");
    expect(await chart(page, "Hashrate").getAttribute("aria-valuetext")).not.toContain("rated");
  });

  it("goes on with live values, as the header has them, without a request", async () => {
    const page = await open("/");
    await page.waitForLoadState("networkidle");
    const before = server.requests.length;
    const lastMs = async (): Promise<number> => Number(await chart(page, "Hashrate").getAttribute("aria-valuenow"));
    const first = await lastMs();
    await expect.poll(lastMs, { timeout: 15_000 }).toBeGreaterThan(first + 4000);
    expect(await titleOf(page, "Not hashing as expected")).toMatch(/expected\s+28/);
    expect(server.requests.slice(before).filter((request) => !request.includes("/socket.io"))).toEqual([]);
  });

  it("says in place that a history cannot be loaded, keeps the rest of the page, and tries again when asked", async () => {
    let refuses = true;
    const page = await open("/", {
      awaitsCharts: false,
      before: (_, opened) =>
        opened.route("**/fleet/series?*", (route) =>
          refuses ? route.fulfill({ status: 503, json: { detail: "The store is busy; try again" } }) : route.continue(),
        ),
    });
    await performance(page).getByText("The store is busy; try again").waitFor();
    await page.getByRole("region", { name: "Costing the most now" }).getByText("timeout").waitFor();
    expect(await findings(page)).toEqual([]);
    refuses = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator(".uplot canvas").first().waitFor();
    expect(await performance(page).getByRole("alert").count()).toBe(0);
  });

  it("names what it does not understand of a link and shows the nearest valid page", async () => {
    const page = await open("/?range=2d&from=yesterday");
    const alerts = await page.getByRole("alert").allInnerTexts();
    expect(alerts.map((text) => /“(.+?)”/.exec(text)?.[1])).toEqual(["2d", "yesterday"]);
    expect(await page.getByRole("button", { name: "24 h" }).getAttribute("aria-pressed")).toBe("true");
  });

  it("shows an account of some sites their history together, without percentiles that nobody can add up", async () => {
    const user = { username: "eva", role: "viewer" as const };
    const page = await open("/", {
      before: (fake) => void (fake.session = { ...fake.session, user: { ...user, siteIds: ["site1", "site2"] } }),
    });
    await chart(page, "Hottest chip").waitFor();
    expect(await titleOf(page, "Hottest chip")).not.toContain("p95");
    expect(asked.map(({ pathname }) => pathname)).toEqual(["/api/v1/fleet/series"]);
    server.session = { ...server.session, user: { ...user, siteIds: ["site1"] } };
    await page.goto(server.url);
    await chart(page, "Chip temperature").waitFor();
    expect(await titleOf(page, "Chip temperature")).toContain("p95");
  });

  it("says what is true of a fleet without miners, and the two ways on", async () => {
    const page = await open("/", { minerCount: 0, awaitsCharts: false });
    await page.getByText("No miner yet.").waitFor();
    await page.getByText("npx hashwatch demo").waitFor();
    expect(asked).toEqual([]);
    await page.getByRole("link", { name: "Add ranges" }).click();
    await page.getByRole("heading", { name: "First run" }).waitFor();
  });

  it.each(["dark", "light"] as const)("has no finding of axe, also while zoomed and with a line taken away, %s", async (colorScheme) => {
    const page = await open("/");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: /^median/ }).click();
    await chart(page, "Hashrate").press("+");
    await page.getByRole("button", { name: "Whole range" }).waitFor();
    expect(await findings(page)).toEqual([]);
  });
});

describe("the history of a machine", { timeout: 60_000 }, () => {
  onStage();

  it("marks what happened on its charts, and names it under the cursor", async () => {
    const page = await open("/miners/m8");
    const hashrate = chart(page, "Hashrate");
    const described = await hashrate.getAttribute("aria-describedby");
    expect(await page.locator(`[id="${described ?? ""}"]`).innerText()).toMatch(/^measured: first .+; rated: .+; 2 events$/);
    await hashrate.focus();
    for (let step = 0; step < 12 && !(await titleOf(page, "Hashrate")).includes("Degraded: chips bad"); step++)
      await page.keyboard.press("ArrowLeft");
    expect(await titleOf(page, "Temperature")).toContain("Degraded: chips bad");
  });

  it("shows 30 days and zooms as the fleet does", async () => {
    const page = await open("/miners/m8?range=30d");
    expect(await page.getByRole("heading", { name: "Last 30 days" }).count()).toBe(1);
    await dragOver(page, "Temperature", 0.6, 0.8);
    await expect.poll(() => params(page).has("to")).toBe(true);
    await page.getByRole("button", { name: "Whole range" }).click();
    await expect.poll(() => new URL(page.url()).search).toBe("?range=30d");
  });
});

describe("the fleet page on a phone", { timeout: 60_000 }, () => {
  onStage({ width: 390, height: 844, isTouch: true });

  it("has the costs before the charts, scrolls only downwards, and has no finding of axe", async () => {
    const page = await open("/");
    const regions = await page
      .locator("main section")
      .evaluateAll((sections) => sections.map((section) => section.getAttribute("aria-label")));
    expect(regions).toEqual(["Costing the most now", "Performance", "By site", "By model"]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    expect(await findings(page)).toEqual([]);
    await chart(page, "Power")
      .locator(".u-over")
      .tap({ position: { x: 60, y: 40 } });
    await expect.poll(() => performance(page).locator("header").innerText()).toContain("cursor");
  });
});

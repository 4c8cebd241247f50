import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { findings } from "./axe.ts";
import type { BrowserOptions } from "./browser.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage, type Stage } from "./stage.ts";

interface OpenOptions {
  readonly minerCount?: number;
  readonly before?: (server: FakeServer) => void;
}

let stage: Stage;
let server: FakeServer;

async function open(path: string, { minerCount = 500, before = () => undefined }: OpenOptions = {}): Promise<Page> {
  server = new FakeServer(minerCount);
  server.map.placeInRacks(Math.min(minerCount, 480));
  before(server);
  await stage.serve(server);
  const page = await stage.newPage();
  await page.goto(server.url + path);
  await map(page).waitFor();
  return page;
}

const map = (page: Page) => page.getByRole("application", { name: /^Map of/ });
const legend = (page: Page): Promise<string> => page.getByRole("region", { name: "Legend" }).innerText();
const heard = (page: Page): Promise<string> => page.locator(".mapwrap [role=status]").innerText();
const search = (page: Page): string => new URL(page.url()).search;
/** What is in sight of the cells and their names, as one string. */
const picture = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const [field, shown] = [document.querySelector(".mapfield"), document.querySelector<HTMLCanvasElement>(".mapfield canvas")];
    if (!field || !shown) return "";
    const [sight, whole] = [field.getBoundingClientRect(), shown.getBoundingClientRect()];
    const seen = document.createElement("canvas");
    [seen.width, seen.height] = [sight.width, sight.height];
    seen.getContext("2d")?.drawImage(shown, whole.x - sight.x, whole.y - sight.y, whole.width, whole.height);
    return seen.toDataURL();
  });
/** Share of the pixels that differ between two pictures. */
const differingShare = (page: Page, urls: readonly [string, string]): Promise<number> =>
  page.evaluate(async (both) => {
    const [a, b] = await Promise.all(
      both.map(async (url) => {
        const png = Uint8Array.from(window.atob(url.split(",")[1]), (letter) => letter.charCodeAt(0));
        const image = await window.createImageBitmap(new Blob([png]));
        const g = new OffscreenCanvas(image.width, image.height).getContext("2d");
        g?.drawImage(image, 0, 0);
        return new Uint32Array(g?.getImageData(0, 0, image.width, image.height).data.buffer ?? new ArrayBuffer());
      }),
    );
    return a.reduce((sum, pixel, nth) => sum + (pixel === b[nth] ? 0 : 1), 0) / a.length;
  }, urls);
/** A point inside the first rack: the third slot of its first row. */
const INSIDE = { x: 40, y: 50 };

/** Each browser that is used here has its own stage. */
function onStage(options: BrowserOptions = {}): void {
  const own = useStage(options);
  beforeAll(() => void (stage = own));
}

describe("the map", { timeout: 60_000 }, () => {
  onStage();

  it("draws 10,000 miners on one screen and says what the colours mean", async () => {
    const page = await open("/map", { minerCount: 10_000 });
    expect(await map(page).getAttribute("aria-label")).toBe("Map of 10,000 miners");
    await expect.poll(() => legend(page)).toMatch(/9,440 hashing[^]*300 degraded/);
    expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBe(0);
  });

  it("colours by what is chosen, keeps it in the address, and goes back", async () => {
    const page = await open("/map");
    const byStatus = await picture(page);
    for (const [name, by, title] of [
      ["Hashrate", "rated", "Hashrate against rated, %"],
      ["Chip °C", "temp", "Hottest chip, °C"],
      ["J/TH", "jth", "Efficiency, J/TH"],
      ["Age", "age", "Age of the last sample"],
    ]) {
      const before = await picture(page);
      await page.getByRole("group", { name: "Colour by" }).getByRole("button", { name }).click();
      await expect.poll(() => legend(page)).toContain(title);
      await expect.poll(() => picture(page)).not.toBe(before);
      expect(search(page)).toBe(`?by=${by}`);
    }
    await page.goBack();
    await page.goBack();
    await expect.poll(() => legend(page)).toContain("5 over its threshold");
    expect(await legend(page)).toContain("9 without a value");
    expect(byStatus).not.toBe("");
  });

  it("groups by subnet when asked, in the address", async () => {
    const page = await open("/map");
    const before = await picture(page);
    await page.getByRole("group", { name: "Group by" }).getByRole("button", { name: "Subnet" }).click();
    await expect.poll(() => picture(page)).not.toBe(before);
    expect(search(page)).toBe("?group=subnet");
    await map(page).hover({ position: INSIDE });
    await expect.poll(() => page.locator(".mapcard").innerText()).toContain("10.20.0.0/24");
  });

  it("names what it does not understand of a link and shows the rest", async () => {
    const page = await open("/map?by=colour");
    expect(await page.getByRole("alert").innerText()).toContain("“by=colour” is not known here");
    expect(await legend(page)).toContain("hashing");
  });

  it("shows the facts of the miner under the pointer and opens its page on a click", async () => {
    const page = await open("/map");
    await map(page).hover({ position: INSIDE });
    const card = page.locator(".mapcard");
    await expect.poll(() => card.innerText()).toMatch(/A01-0\d\n[^]*Hashing[^]*Rack A01, slot \d/);
    await map(page).click({ position: INSIDE });
    await page.getByRole("region", { name: "Now" }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/miners\/m\d$/);
  });

  it("is walked by keyboard, cell by cell and rack by rack, and said aloud", async () => {
    const page = await open("/map");
    await map(page).focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => heard(page)).toMatch(/^A01-02\. Hashing, for 2.0 h\. .*Rack A01, slot 2\.$/);
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => heard(page)).toContain("slot 14.");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => heard(page)).toContain("Rack A01, slot 1.");
    await page.keyboard.press("End");
    await expect.poll(() => heard(page)).toContain("Rack A01, slot 48.");
    await page.keyboard.press("PageDown");
    await expect.poll(() => heard(page)).toContain("Rack A02, slot 1.");
    await page.keyboard.press("PageUp");
    await page.keyboard.press("Home");
    for (let step = 0; step < 7; step++) await page.keyboard.press("ArrowRight");
    await expect.poll(() => heard(page)).toContain("Degraded: chips bad");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Now" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/miners/m8");
  });

  it("selects by dragging, adds with shift, and shares the selection with the table", async () => {
    const page = await open("/map");
    const drag = async (from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> => {
      const box = await map(page).boundingBox();
      if (box === null) throw new Error("The map has no box");
      await page.mouse.move(box.x + from.x, box.y + from.y);
      await page.mouse.down();
      await page.mouse.move(box.x + to.x, box.y + to.y, { steps: 3 });
      await page.mouse.up();
    };
    const selected = async (): Promise<number> => Number((await page.getByRole("region", { name: "Selection" }).innerText()).split(" ")[0]);
    await drag({ x: 6, y: 36 }, { x: 120, y: 100 });
    await page.getByRole("region", { name: "Selection" }).waitFor();
    const first = await selected();
    expect(first).toBeGreaterThan(3);
    await page.keyboard.down("Shift");
    await drag({ x: 6, y: 100 }, { x: 120, y: 160 });
    await page.keyboard.up("Shift");
    await expect.poll(selected).toBeGreaterThan(first);
    const both = await selected();
    await page.getByRole("region", { name: "Selection" }).getByRole("link", { name: "As table" }).click();
    await page.getByRole("grid", { name: "Miners" }).waitFor();
    await page.goBack();
    await expect.poll(selected).toBe(both);
    await page.getByRole("button", { name: /^Clear/ }).click();
    await expect.poll(() => page.getByRole("region", { name: "Selection" }).count()).toBe(0);
  });

  it("selects by keyboard and lets go with Esc", async () => {
    const page = await open("/map");
    await map(page).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowRight");
    await page.getByText("2 selected").waitFor();
    await page.keyboard.press("Control+a");
    await page.getByText("500 selected").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByText(/\d selected/).count()).toBe(0);
  });

  it("shows the same after panning, where what stays in sight is moved, as when it is drawn anew", async () => {
    const page = await open("/map", { minerCount: 10_000 });
    for (let step = 0; step < 3; step++) await page.getByRole("button", { name: "Zoom in" }).click();
    const zoomed = await picture(page);
    await page.mouse.move(700, 500);
    await page.mouse.down({ button: "middle" });
    for (const [x, y] of [[590, 470], [390, 390], [310, 223], [633, 441]]) await page.mouse.move(x, y); // prettier-ignore
    await page.mouse.up({ button: "middle" });
    await expect.poll(() => picture(page)).not.toBe(zoomed);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const panned = await picture(page);
    await page.emulateMedia({ colorScheme: "light" });
    await expect.poll(() => picture(page)).not.toBe(panned);
    await page.emulateMedia({ colorScheme: "dark" });
    // Slanted edges that were cut in two may differ in a few pixels.
    await expect.poll(async () => differingShare(page, [panned, await picture(page)])).toBeLessThan(0.001);
    expect(await differingShare(page, [zoomed, panned])).toBeGreaterThan(0.05);
  });

  it("zooms by wheel, keys and buttons, and pans with the middle button", async () => {
    const page = await open("/map");
    const whole = await picture(page);
    await page.getByRole("button", { name: "Zoom in" }).click();
    await expect.poll(() => picture(page)).not.toBe(whole);
    const zoomed = await picture(page);
    await map(page).hover({ position: { x: 700, y: 300 } });
    await page.mouse.down({ button: "middle" });
    await page.mouse.move(600, 300, { steps: 3 });
    await page.mouse.up({ button: "middle" });
    await expect.poll(() => picture(page)).not.toBe(zoomed);
    await page.mouse.wheel(0, -300);
    await page.getByRole("button", { name: "All" }).click();
    await expect.poll(() => page.getByRole("button", { name: "Zoom out" }).isDisabled()).toBe(true);
    await map(page).focus();
    await page.keyboard.press("+");
    await page.getByRole("button", { name: "All" }).waitFor();
    await page.keyboard.press("0");
    await expect.poll(() => page.getByRole("button", { name: "Zoom out" }).isDisabled()).toBe(true);
  });

  describe("while racks are edited", () => {
    /** Ten miners stand in no rack, and the last rack has free slots. */
    async function edit(before: (server: FakeServer) => void = () => undefined): Promise<Page> {
      const page = await open("/map", { minerCount: 490, before });
      await page.getByRole("button", { name: "Edit racks" }).click();
      await editor(page).waitFor();
      return page;
    }
    const editor = (page: Page) => page.getByRole("complementary", { name: "Edit racks" });
    const dialog = (page: Page) => page.getByRole("dialog");

    it("adds, changes and removes racks, and asks before one goes", async () => {
      const page = await edit();
      await editor(page).getByRole("button", { name: "Add a rack" }).click();
      await dialog(page).getByLabel("Name").fill("B01");
      await dialog(page).getByRole("button", { name: "Add" }).click();
      await editor(page).getByText("11 racks, 10 miners in none").waitFor();
      await editor(page).getByRole("button", { name: "Change B01" }).click();
      await dialog(page).getByLabel("Rows").fill("2");
      await dialog(page).getByRole("button", { name: "Save" }).click();
      await editor(page).getByText("0 of 12").waitFor();
      await editor(page).getByRole("button", { name: "Remove A01" }).click();
      await dialog(page).getByText("48 miners lose their place in it and stay.").waitFor();
      await dialog(page).getByRole("button", { name: "Remove the rack" }).click();
      await expect.poll(() => editor(page).getByRole("button", { name: "Remove A01" }).count()).toBe(0);
      await editor(page).getByRole("button", { name: "Done" }).click();
      await expect.poll(() => editor(page).count()).toBe(0);
    });

    it("shows and changes the racks of the site that is picked", async () => {
      const page = await edit(({ places }) => {
        places.sites = [...places.sites, { id: "site2", name: "Abilene", createdAtMs: 0 }];
        places.racks = [...places.racks, { id: "rack-C01", siteId: "site2", name: "C01", rows: 2, columns: 4 }];
      });
      await editor(page).getByText("10 racks, 10 miners in none").waitFor();
      await editor(page).getByRole("combobox", { name: "Site" }).selectOption("Abilene");
      await editor(page).getByText("1 rack, 0 miners in none").waitFor();
      await editor(page).getByText("0 of 8").waitFor();
      await editor(page).getByRole("button", { name: "Add a rack" }).click();
      await dialog(page).getByLabel("Name").fill("C02");
      await dialog(page).getByRole("button", { name: "Add" }).click();
      await editor(page).getByText("2 racks, 0 miners in none").waitFor();
      expect(server.places.racks.at(-1)).toMatchObject({ siteId: "site2", name: "C02" });
    });

    it("fills a rack in order of address, after showing what would change", async () => {
      const page = await edit();
      await editor(page).getByRole("button", { name: "Add a rack" }).click();
      await dialog(page).getByLabel("Name").fill("B01");
      await dialog(page).getByRole("button", { name: "Add" }).click();
      await editor(page).getByRole("button", { name: "Fill B01" }).click();
      await dialog(page).getByText("10 miners would move.").waitFor();
      expect(await dialog(page).getByRole("row").nth(1).innerText()).toMatch(/^10\.20\.1\.232:4028\s+in no rack\s+B01, slot 1$/);
      expect(server.map.imported).toEqual([]);
      await dialog(page).getByRole("button", { name: "Apply" }).click();
      await editor(page).getByText("10 of 48").waitFor();
    });

    it("places a miner by dragging it to a slot; who stood there takes its place", async () => {
      const page = await edit();
      const box = await map(page).boundingBox();
      if (box === null) throw new Error("The map has no box");
      const point = (slot: number) => ({ x: box.x + INSIDE.x + (slot - 2) * 30, y: box.y + INSIDE.y });
      await page.mouse.move(point(2).x, point(2).y);
      await page.mouse.down();
      await page.mouse.move(point(4).x, point(4).y, { steps: 4 });
      await page.mouse.up();
      await expect.poll(() => server.map.imported).toHaveLength(1);
      const moved = server.map.imported[0]
        .split("\n")
        .slice(1, 3)
        .map((line) => line.split(","));
      const slots = moved.map(([address, rack, slot]) => `${address} ${rack} ${slot}`);
      expect(moved[0][0]).not.toBe(moved[1][0]);
      expect(slots[0]).toMatch(/^10\.20\.0\.\d+:4028 "A01" \d$/);
      const before = (address: string): number => Number(/\.(\d+):/.exec(address)?.[1]) - 1;
      expect(moved.map(([address, , slot]) => [before(address), Number(slot)])).toEqual([
        [before(moved[0][0]), before(moved[1][0])],
        [before(moved[1][0]), before(moved[0][0])],
      ]);
    });

    it("places what is selected without a drag", async () => {
      const page = await edit();
      await editor(page).getByRole("button", { name: "Add a rack" }).click();
      await dialog(page).getByLabel("Name").fill("B01");
      await dialog(page).getByRole("button", { name: "Add" }).click();
      await map(page).focus();
      await page.keyboard.press("Space");
      await page.keyboard.press("Shift+ArrowRight");
      const form = editor(page).getByRole("form", { name: "Place the selected" });
      await form.getByLabel("Rack").selectOption("B01");
      await form.getByLabel("from slot").fill("7");
      await form.getByRole("button", { name: "Place" }).click();
      await dialog(page).getByRole("button", { name: "Apply" }).click();
      await editor(page).getByText("2 of 48").waitFor();
      expect(server.map.imported).toEqual(['address,rack,slot\n10.20.0.2:4028,"B01",7\n10.20.0.3:4028,"B01",8\n']);
    });

    it("lists the mistakes of a file by line, column and value, applies nothing, and takes it when it is corrected", async () => {
      const page = await edit();
      await editor(page).getByRole("button", { name: "Import CSV" }).click();
      const wrong = "address,rack,slot\n10.20.1.232,A01,1\n10.99.0.1,A01,2\n";
      await dialog(page)
        .locator("input[type=file]")
        .setInputFiles({ name: "places.csv", mimeType: "text/csv", buffer: Buffer.from(wrong) });
      await dialog(page).getByRole("button", { name: "Check" }).click();
      await dialog(page).getByText("1 mistake.").waitFor();
      expect(await dialog(page).getByRole("row").nth(1).innerText()).toMatch(
        /^3\s+address\s+10\.99\.0\.1\s+The site has no miner "10\.99\.0\.1"$/,
      );
      expect(await findings(page)).toEqual([]);
      await dialog(page)
        .getByLabel(/^Columns/)
        .fill("address,rack,slot\n10.20.1.232,A01,1\n");
      await dialog(page).getByRole("button", { name: "Check" }).click();
      await dialog(page).getByText("1 miner would move.").waitFor();
      expect(server.map.imported).toEqual([]);
      await dialog(page).getByRole("button", { name: "Apply" }).click();
      await editor(page).getByText("9 miners in none").waitFor();
    });

    it("offers the places as a file", async () => {
      const page = await edit();
      const link = editor(page).getByRole("link", { name: "Export CSV" });
      expect(await link.getAttribute("href")).toBe("/api/v1/racks/export?site=site1");
      expect(await findings(page)).toEqual([]);
    });
  });

  it("lets only those edit racks who may", async () => {
    const page = await open("/map", {
      before: (fake) => (fake.session = { ...fake.session, signInRequired: true, user: { username: "v", role: "viewer", siteIds: null } }),
    });
    expect(await page.getByRole("button", { name: "Edit racks" }).count()).toBe(0);
  });

  describe("in the past", () => {
    const machine = (page: Page) => page.getByRole("region", { name: "Time machine" });
    const slider = (page: Page) => page.getByRole("slider", { name: "Instant shown" });
    const minute = (page: Page): number => Date.parse(new URL(page.url()).searchParams.get("at") ?? "");
    const anHourAgo = (): number => Math.floor(Date.now() / 60_000 - 60) * 60_000;

    it("shows the minute of the address, frames the map in blue, and leads back to now", async () => {
      const page = await open(`/map?at=${new Date(anHourAgo()).toISOString()}`);
      await expect.poll(() => legend(page)).toMatch(/499 hashing[^]*1 degraded/);
      await machine(page)
        .getByText(/6\d min ago; the header stays live/)
        .waitFor();
      expect(await page.locator(".mapboard.past").count()).toBe(1);
      await map(page).hover({ position: { x: 15, y: 50 } });
      await expect.poll(() => page.locator(".mapcard").innerText()).toMatch(/Degraded: over temperature[^]*98 °C[^]*Minute of/);
      expect(await page.locator(".counts").innerText()).toContain("15\nDegraded");
      expect(await findings(page)).toEqual([]);
      await machine(page).getByRole("button", { name: "Back to live" }).click();
      await expect.poll(() => legend(page)).toContain("15 degraded");
      expect(search(page)).toBe("");
      await page.goBack();
      await expect.poll(() => legend(page)).toContain("1 degraded");
    });

    it("steps by keyboard, one and ten, to both ends", async () => {
      const page = await open("/map");
      await slider(page).focus();
      await page.keyboard.press("ArrowLeft");
      await expect.poll(() => minute(page)).toBeGreaterThan(0);
      const newest = minute(page);
      await page.keyboard.press("Shift+ArrowLeft");
      await expect.poll(() => minute(page)).toBe(newest - 600_000);
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => minute(page)).toBe(newest - 540_000);
      await page.keyboard.press("Home");
      await expect.poll(() => newest - minute(page)).toBeGreaterThan(86_000_000);
      await page.keyboard.press("End");
      await expect.poll(() => search(page)).toBe("");
    });

    it("goes where the scrubber is pressed and dragged to, and reaches back a month in steps of five minutes", async () => {
      const page = await open("/map");
      const box = await slider(page).boundingBox();
      if (box === null) throw new Error("The scrubber has no box");
      await page.mouse.move(box.x + box.width / 2, box.y + 10);
      await page.mouse.down();
      await expect.poll(() => Math.abs(Date.now() - minute(page) - 43_200_000)).toBeLessThan(600_000);
      await page.mouse.move(box.x + box.width / 4, box.y + 10, { steps: 3 });
      await page.mouse.up();
      await expect.poll(() => Math.abs(Date.now() - minute(page) - 64_800_000)).toBeLessThan(600_000);
      await machine(page).getByRole("button", { name: "30 d" }).click();
      await expect.poll(() => new URL(page.url()).searchParams.get("span")).toBe("30d");
      await slider(page).focus();
      const before = minute(page);
      await page.keyboard.press("ArrowLeft");
      await expect.poll(() => minute(page)).toBeLessThan(before);
      const step = minute(page);
      await page.keyboard.press("ArrowLeft");
      await expect.poll(() => minute(page)).toBe(step - 300_000);
    });

    it("plays a minute a second with the frames ahead asked for, and stops when told so", async () => {
      const from = anHourAgo();
      const page = await open(`/map?at=${new Date(from).toISOString()}`);
      await machine(page).getByRole("button", { name: "Play at 60 times" }).click();
      await expect.poll(() => minute(page), { timeout: 15_000 }).toBeGreaterThanOrEqual(from + 120_000);
      expect(server.requests.filter((request) => request.endsWith("/fleet/frame")).length).toBeGreaterThan(5);
      await slider(page).focus();
      await page.keyboard.press("Space");
      await expect.poll(() => machine(page).getByRole("button", { name: "Play at 60 times" }).getAttribute("aria-pressed")).toBe("false");
      await expect.poll(() => machine(page).locator("b").innerText()).toMatch(/\d\d:\d\d$/);
    });

    it("says so where a minute has no data", async () => {
      const empty = anHourAgo();
      const page = await open(`/map?at=${new Date(empty).toISOString()}`, { before: (fake) => void fake.map.emptyMinutes.add(empty) });
      await machine(page).getByText("No data of that minute").waitFor();
      await expect.poll(() => legend(page)).toContain("500 without data");
    });

    it("fills a minute that was unknown as soon as an agent that was away has brought it", async () => {
      const empty = anHourAgo();
      const page = await open(`/map?at=${new Date(empty).toISOString()}`, { before: (fake) => void fake.map.emptyMinutes.add(empty) });
      await expect.poll(() => legend(page)).toContain("500 without data");
      server.map.emptyMinutes.clear();
      server.tellBackfill("minutes", [empty - 60_000, empty + 60_000]);
      await expect.poll(() => legend(page)).toMatch(/499 hashing[^]*1 degraded/);
      expect(await machine(page).innerText()).not.toContain("No data");
    });
  });

  it("says what to do next where there is no miner", async () => {
    server = new FakeServer(0);
    const page = await stage.newPage();
    await page.goto(`${await server.open()}/map`);
    await page.getByRole("link", { name: "Add ranges" }).click();
    await page.getByRole("heading", { name: "First run" }).waitFor();
  });

  it.each(["dark", "light"] as const)("has no finding of axe, %s", async (colorScheme) => {
    const page = await open("/map");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await map(page).focus();
    await page.keyboard.press("Control+a");
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Chip °C" }).click();
    await expect.poll(() => legend(page)).toContain("Hottest chip");
    expect(await findings(page)).toEqual([]);
  });
});

describe("the map on a phone", { timeout: 60_000 }, () => {
  onStage({ width: 390, height: 844, isTouch: true });

  it("shows one site at a time, its miners on a sheet, and no page wider than the screen", async () => {
    const page = await open("/map", { before: (fake) => (fake.sites = [...fake.sites, { id: "site2", name: "Minot", createdAtMs: 0 }]) });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBe(0);
    const box = await map(page).boundingBox();
    if (box === null) throw new Error("The map has no box");
    await page.touchscreen.tap(box.x + INSIDE.x, box.y + INSIDE.y);
    const sheet = page.getByRole("region", { name: /^A01-/ });
    await sheet.waitFor();
    expect(await overflow()).toBe(0);
    expect(await findings(page)).toEqual([]);
    await sheet.getByRole("button", { name: "Close" }).click();
    await expect.poll(() => sheet.count()).toBe(0);
    await page.getByRole("button", { name: /what the map shows/ }).click();
    await page.getByRole("group", { name: "Site", exact: true }).getByRole("button", { name: "Minot" }).click();
    await expect.poll(() => search(page)).toBe("?site=site2");
    await page.goBack();
    await map(page).waitFor();
    const tapped = async (): Promise<number> => {
      await page.touchscreen.tap(box.x + INSIDE.x, box.y + INSIDE.y);
      return sheet.count();
    };
    await expect.poll(tapped).toBe(1);
    await sheet.getByRole("link", { name: "Open machine" }).click();
    await page.getByRole("region", { name: "Now" }).waitFor();
  });

  it("leaves more than half of the screen to the map, and has its choices on a sheet", async () => {
    const page = await open("/map", { minerCount: 500 });
    const height = async (): Promise<number> => (await map(page).boundingBox())?.height ?? 0;
    expect(await height()).toBeGreaterThan(844 / 2);
    const byStatus = await picture(page);
    const sheet = page.getByRole("group", { name: /what the map shows/ });
    await page.getByRole("button", { name: /what the map shows/ }).click();
    expect(await sheet.getByRole("region", { name: "Legend with counts" }).innerText()).toContain("472");
    expect(await findings(page)).toEqual([]);
    await sheet.getByRole("group", { name: "Colour by" }).getByRole("button", { name: "Chip °C" }).click();
    await expect.poll(() => picture(page)).not.toBe(byStatus);
    expect(await sheet.getByRole("region", { name: "Legend with counts" }).innerText()).toContain("over its threshold");
    const byRack = await picture(page);
    await sheet.getByRole("group", { name: "Group by" }).getByRole("button", { name: "Subnet" }).click();
    await expect.poll(() => picture(page)).not.toBe(byRack);
    await sheet.getByRole("group", { name: "Time machine reaches back" }).getByRole("button", { name: "30 d" }).click();
    expect(search(page)).toBe("?by=temp&group=subnet&span=30d");
    await sheet.getByRole("button", { name: "Show the map" }).click();
    await expect.poll(() => sheet.isVisible()).toBe(false);
    await page.getByRole("button", { name: /what the map shows/ }).click();
    await sheet.getByRole("link", { name: "As table" }).click();
    await page.getByRole("heading", { level: 1, name: "Miners" }).waitFor();
  });

  it("goes into the past and back with a finger, while the scrubber keeps its place", async () => {
    const page = await open("/map");
    const slider = page.getByRole("slider", { name: "Instant shown" });
    const before = await slider.boundingBox();
    if (before === null) throw new Error("The scrubber has no box");
    await page.touchscreen.tap(before.x + before.width / 2, before.y + before.height / 2);
    await expect.poll(() => search(page)).toContain("at=");
    expect(await slider.boundingBox()).toEqual(before);
    await page.getByRole("button", { name: "Back to live" }).click();
    await expect.poll(() => search(page)).toBe("");
  });

  it("is moved with one finger and zoomed with two", async () => {
    const page = await open("/map", { minerCount: 10_000 });
    const box = await map(page).boundingBox();
    if (box === null) throw new Error("The map has no box");
    const session = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", points: readonly (readonly [number, number])[]) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: points.map(([x, y], id) => ({ x: box.x + x, y: box.y + y, id })),
      });
    const before = await picture(page);
    await touch("touchStart", [[150, 150]]);
    await touch("touchMove", [[150, 110]]);
    await touch("touchMove", [[150, 60]]);
    await touch("touchEnd", []);
    await expect.poll(() => picture(page)).not.toBe(before);
    expect(await page.getByRole("button", { name: "All" }).count()).toBe(0);
    await touch("touchStart", [
      [150, 100],
      [190, 100],
    ]);
    await touch("touchMove", [
      [120, 100],
      [230, 100],
    ]);
    await touch("touchEnd", []);
    await page.getByRole("button", { name: "All" }).waitFor();
  });
});

import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseCsv } from "../../server/http/csv.ts";
import { findings } from "./axe.ts";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { FakeServer } from "./fakeServer.ts";

const ROWS = '[role="grid"][aria-label="Miners"] [aria-rowindex]:not(.head)';

interface OpenOptions {
  readonly minerCount?: number;
  readonly prepare?: (server: FakeServer) => void;
}

describe("the Miners page", { timeout: 60_000 }, () => {
  let browser: TestBrowser;
  let server: FakeServer;
  let page: Page;
  const complaints: string[] = [];

  async function open(path: string, { minerCount = 500, prepare = () => undefined }: OpenOptions = {}): Promise<void> {
    server = new FakeServer(minerCount);
    prepare(server);
    await server.open();
    page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.text().includes("Content Security Policy") && complaints.push(message.text()));
    await page.goto(server.url + path);
    await page.locator(ROWS).first().waitFor();
  }

  const row = (position: number) => page.locator(`[role="row"][aria-rowindex="${position + 1}"]`);
  const head = (name: string | RegExp) => page.getByRole("columnheader", { name });
  const count = (): Promise<string> => page.locator('[aria-label="Filter"] [role="status"]').innerText();
  const sentence = async (): Promise<string> =>
    (await page.getByRole("group", { name: "Filter", exact: true }).innerText()).replace(/\s+/g, " ");
  const search = (): string => decodeURIComponent(new URL(page.url()).search);
  const heads = (): Promise<string[]> =>
    page.locator(".head [data-field]").evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).dataset["field"] ?? ""));

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    await page.evaluate(() => window.localStorage.clear());
    await page.close();
    await server.close();
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
  });

  describe("rows in sight", () => {
    it("stand in the document in their order once scrolling rests", async () => {
      await open("/miners", { minerCount: 10_000 });
      const positions = (): Promise<number[]> =>
        page.locator("[data-position]").evaluateAll((rows) => rows.map((each) => Number((each as HTMLElement).dataset["position"])));
      await page.mouse.move(700, 500);
      for (const by of [3000, 700, -1100]) await page.mouse.wheel(0, by);
      await expect.poll(async () => Math.min(...(await positions()))).toBeGreaterThan(50);
      await expect
        .poll(async () => {
          const found = await positions();
          return found.every((position, nth) => position === found[0] + nth);
        })
        .toBe(true);
      expect(await page.locator("[data-position]").count()).toBeLessThan(80);
    });

    it("are asked for when their link is pressed, before it is let go, and not again to open the machine page", async () => {
      await open("/miners");
      const link = row(4).getByRole("link");
      const path = `GET /api/v1${(await link.getAttribute("href")) ?? ""}`;
      const asked = (): number => server.requests.filter((request) => request === path).length;
      await expect.poll(() => link.boundingBox()).not.toBeNull(); // while names come, the rows are made anew
      const box = (await link.boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await expect.poll(asked).toBe(1);
      await page.mouse.up();
      await page.getByRole("region", { name: "Hashboards" }).waitFor();
      expect(asked()).toBe(1);
    });
  });

  describe("columns", () => {
    it("are shown, hidden, ordered and pinned in the panel, kept in this browser and the address, and reset", async () => {
      await open("/miners");
      await page.getByRole("button", { name: /^Columns/ }).click();
      await page.getByRole("checkbox", { name: "Pool" }).click();
      await page.getByRole("checkbox", { name: "MAC" }).click();
      await page.getByRole("button", { name: "Address up" }).click();
      await page.getByRole("button", { name: "Pin Status" }).click();
      await expect.poll(async () => (await heads()).slice(0, 4)).toEqual(["name", "status", "address", "model"]);
      expect((await heads()).at(-1)).toBe("mac");
      expect(await heads()).not.toContain("pool");
      expect(search()).toContain("columns=name!,status!,address,model");
      await page.goto(`${server.url}/miners`);
      await page.locator(ROWS).first().waitFor();
      expect((await heads()).at(-1)).toBe("mac");
      await page.getByRole("button", { name: /^Columns/ }).click();
      await page.getByRole("button", { name: "Reset columns" }).click();
      await expect.poll(heads).toContain("pool");
      expect(search()).toBe("");
    });

    it("are resized at the edge of the head and in the panel, and fall back to their width", async () => {
      await open("/miners");
      const width = async (): Promise<number> => Math.round((await row(1).locator('[role="gridcell"]').nth(2).boundingBox())?.width ?? 0);
      const grip = await head(/^Status/)
        .locator(".grip")
        .boundingBox();
      if (grip === null) throw new Error("The head has no edge to take hold of");
      await page.mouse.move(grip.x + 4, grip.y + 10);
      await page.mouse.down();
      await page.mouse.move(grip.x + 64, grip.y + 10, { steps: 3 });
      expect(await width()).toBe(206); // already while it is dragged
      await page.mouse.up();
      await expect.poll(search).toContain("status:206");
      await page.getByRole("button", { name: /^Columns/ }).click();
      await page.getByRole("spinbutton", { name: "Width of Status" }).fill("90");
      await expect.poll(width).toBe(90);
      await page.keyboard.press("Escape");
      await head(/^Status/)
        .locator(".grip")
        .dblclick();
      await expect.poll(width).toBe(146);
    });

    it("move by dragging their head, which does not sort", async () => {
      await open("/miners");
      const [from, to] = await Promise.all([
        head(/^Power/)
          .getByRole("button")
          .boundingBox(),
        head(/^Model/).boundingBox(),
      ]);
      if (from === null || to === null) throw new Error("A head is not there");
      await page.mouse.move(from.x + 8, from.y + 10);
      await page.mouse.down();
      await page.mouse.move(to.x + 20, to.y + 10, { steps: 8 });
      await page.mouse.up();
      await expect.poll(async () => (await heads()).slice(0, 4)).toEqual(["name", "status", "powerW", "model"]);
      expect(search()).not.toContain("sort");
    });

    it("ask for further live values only while they are shown, sorted or filtered by", async () => {
      await open("/miners?columns=name,fansRpm,statusAgeMs&sort=-uptimeMs&inletTempC=20..");
      const fans = ["fanRpm1", "fanRpm2", "fanRpm3", "fanRpm4"];
      const wanted = [...fans, "inletTempC", "statusSinceMs", "uptimeMs"];
      await expect.poll(() => server.subscriptions.at(-1)?.columns).toEqual(wanted);
      await expect.poll(() => row(1).innerText()).toMatch(/A01-20|\w\d\d-\d\d/);
      expect((await row(1).locator('[role="gridcell"]').nth(2).innerText()).split(/\s+/)).toHaveLength(4);
      await page.getByRole("link", { name: "Miners", exact: true }).click();
      await expect.poll(() => server.subscriptions.at(-1)?.columns).toEqual([]);
    });

    it("show names of racks, and the tag of a miner as the text that it is", async () => {
      await open("/miners?columns=name,rack,site,agent,tags&q=A01-05", { prepare: ({ map }) => map.placeInRacks(500) });
      await expect.poll(() => row(1).innerText()).toMatch(/A01 · 5[^]*Pecos[^]*embedded[^]*hydro[^]*row, <b>two<\/b>/);
    });

    it("all fit beside each other as they are by default, the age included", async () => {
      await open("/miners");
      const grid = page.getByRole("grid", { name: "Miners" });
      expect(await grid.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    });

    it("stay at the left edge when they are pinned", async () => {
      await open("/miners?columns=name!,status:600,model:600,address:600,pool:600");
      await page.getByRole("grid", { name: "Miners" }).evaluate((grid) => grid.scrollTo({ left: 900 }));
      expect((await row(1).getByText("A01-01", { exact: true }).boundingBox())?.x).toBeLessThan(120);
    });
  });

  describe("order", () => {
    it("follows a click on the head, and says how", async () => {
      await open("/miners");
      await page.getByRole("button", { name: /^Lost/ }).click();
      await expect.poll(() => row(1).innerText()).toContain("timeout");
      expect(await head(/Lost/).getAttribute("aria-sort")).toBe("descending");
      expect(search()).toBe("?sort=-lostHashrateHs");
      await page.getByRole("button", { name: /Lost/ }).click();
      expect(await head(/Lost/).getAttribute("aria-sort")).toBe("ascending");
    });

    it("takes further terms with shift, as the sentence and the address say", async () => {
      await open("/miners");
      await page.getByRole("button", { name: /^Model/ }).click();
      await page.getByRole("button", { name: /^Status/ }).click({ modifiers: ["Shift"] });
      expect(await sentence()).toContain("sorted by model, then status, from the top");
      expect(search()).toBe("?sort=model,-status");
      await expect.poll(() => row(1).innerText()).toContain("S19 XP");
      expect(await row(1).innerText()).toContain("agent down");
      await page.goBack();
      await expect.poll(sentence).toMatch(/sorted by model \d/);
    });
  });

  describe("search", () => {
    it.each([
      ["name", "a01-08", "1 of 500"],
      ["address", "10.20.0.212", "1 of 500"],
      ["MAC", "02:1F:8C:00:00:07", "1 of 500"],
      ["serial", "SMTT10006", "1 of 500"],
      ["model", "s19 xp", "116 of 500"],
      ["worker", "pecos.A01x8", "1 of 500"],
    ])("finds miners by %s", async (_, text, found) => {
      await open("/miners");
      await page.keyboard.press("/");
      await page.keyboard.type(text);
      await expect.poll(count).toBe(found);
      expect(await sentence()).toContain(`“${text.trim()}”`);
      expect(new URL(page.url()).searchParams.get("q")).toBe(text);
    });
  });

  describe("rows", () => {
    /** Ids of the rows in sight, from the top. */
    const ids = (): Promise<string> => page.locator(ROWS).evaluateAll((rows) => rows.map(({ id }) => id).join());
    const hashrates = (): Promise<string> => page.locator(`${ROWS} > :has(> .rated)`).allInnerTexts().then(String);
    const ticked = async (): Promise<void> => {
      const before = await hashrates();
      await expect.poll(hashrates, { timeout: 10_000 }).not.toBe(before);
    };

    it("keep their place while the pointer is inside, whatever their values do, and are in order again when it leaves", async () => {
      await open("/miners?sort=-hashrateHs");
      await page.mouse.move(10, 10);
      let before = await ids();
      await expect.poll(ids, { timeout: 20_000 }).not.toBe(before); // a live order moves
      await row(5).hover();
      before = await ids();
      await ticked();
      await ticked();
      expect(await ids()).toBe(before);
      await page.mouse.move(10, 10);
      await expect.poll(ids, { timeout: 20_000 }).not.toBe(before);
    });

    it("stand under the heads of their columns, pinned ones too", async () => {
      await open("/miners");
      const lefts = (selector: string): Promise<number[]> =>
        page.locator(selector).evaluateAll((cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().left)));
      expect(await lefts('[role="columnheader"]')).toEqual(await lefts(`${ROWS}:first-child > [role="gridcell"]`));
    });

    it("are gone through by the gutter, whose frame stands around those in sight", async () => {
      await open("/miners");
      const frame = page.locator(".gutter i");
      const box = await page.locator(".gutter").boundingBox();
      if (box === null) throw new Error("There is no gutter");
      const [x, bottom] = [box.x + 6, box.y + box.height - 2];
      expect((await frame.boundingBox())?.y).toBeCloseTo(box.y, 0);
      await page.mouse.move(x, box.y + box.height / 2);
      await page.mouse.down();
      await row(250).waitFor();
      await page.mouse.move(x, bottom, { steps: 4 });
      await page.mouse.up();
      await row(500).waitFor();
      const { y, height } = (await frame.boundingBox()) ?? { y: 0, height: 0 };
      expect(y + height).toBeCloseTo(box.y + box.height, 0);
      await page.mouse.move(x, box.y + 50);
      await row(500).waitFor(); // let go
      await page.getByRole("searchbox").fill("A01-08");
      await expect.poll(() => frame.isHidden()).toBe(true);
    });

    it("have no statuses in the gutter where all of them are in sight", async () => {
      await open("/miners?status=degraded");
      const ink = (): Promise<number> =>
        page.locator(".gutter canvas").evaluate((canvas: HTMLCanvasElement) => {
          const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
          return data.filter((alpha, index) => index % 4 === 3 && alpha > 0).length;
        });
      await expect.poll(ink).toBe(0);
      await page.getByRole("button", { name: /^Remove the condition/ }).click();
      await expect.poll(ink).toBeGreaterThan(1000);
    });

    it("move again when the table went away under the pointer", async () => {
      await open("/miners?sort=-hashrateHs");
      await row(5).hover();
      await page.keyboard.press("/");
      await page.keyboard.type("nobody");
      await page.getByText("No miner matches.").waitFor();
      await page.mouse.move(10, 10);
      await page.getByRole("searchbox").fill("");
      await row(1).waitFor();
      const before = await ids();
      await expect.poll(ids, { timeout: 20_000 }).not.toBe(before);
    });
  });

  describe("filters", () => {
    it("are built by keyboard alone, read as a sentence, can be changed, and are taken away", async () => {
      await open("/miners");
      await page.getByRole("button", { name: /add a condition/ }).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.type("stat");
      await page.keyboard.press("Enter");
      await page.getByRole("checkbox", { name: /^hashing/ }).waitFor();
      for (const key of ["ArrowDown", "Space", "ArrowDown", "ArrowDown", "Space", "Enter"]) await page.keyboard.press(key);
      await expect.poll(sentence).toContain("Miners that are degraded or unreachable");
      expect(search()).toBe("?status=degraded,unreachable");
      expect(await count()).toBe("20 of 500");
      await page.getByRole("button", { name: "Change the condition degraded or unreachable" }).click();
      await page.getByRole("button", { name: "is not", exact: true }).click();
      await page.getByRole("button", { name: "Apply" }).click();
      await expect.poll(count).toBe("480 of 500");
      expect(search()).toBe("?status=!degraded,unreachable");
      await page.getByRole("button", { name: "Remove the condition not degraded or unreachable" }).click();
      await expect.poll(count).toBe("500 of 500");
      await page.goBack();
      await expect.poll(count).toBe("480 of 500");
    });

    it("have values that are searched where there are many", async () => {
      await open("/miners", { prepare: ({ map }) => map.placeInRacks(500) });
      await page.getByRole("button", { name: /add a condition/ }).click();
      await page.getByRole("button", { name: "Rack", exact: true }).click();
      await page.getByRole("checkbox", { name: /^A02/ }).click();
      await page.getByRole("textbox", { name: "Search Rack" }).fill("b0");
      const names = async (): Promise<string[]> => (await page.locator(".choices .option").allInnerTexts()).map((text) => text.slice(0, 3));
      await expect.poll(names).toEqual(["A02", "B01"]);
      await page.getByRole("checkbox", { name: /^B01/ }).click();
      await page.keyboard.press("Enter");
      await expect.poll(sentence).toContain("Miners in A02 or B01");
    });

    it("take a range in the unit that is shown, and name what is no number", async () => {
      await open("/miners");
      await page.getByRole("button", { name: /add a condition/ }).click();
      await page.getByRole("button", { name: "Share of rated" }).click();
      await page.getByLabel("at most").fill("ninety");
      await page.keyboard.press("Enter");
      await page.getByText("“ninety” is not a number.").waitFor();
      await page.getByLabel("at most").fill("95");
      await page.keyboard.press("Enter");
      await expect.poll(sentence).toContain("with share of rated at most 95 %");
      expect(search()).toBe("?ratedShare=..0.95");
      expect(await count()).toBe("19 of 500");
    });

    it("take subnets, and name the wrong one", async () => {
      await open("/miners");
      await page.getByRole("button", { name: /add a condition/ }).click();
      await page.getByRole("button", { name: "Subnet" }).click();
      await page.getByLabel("Subnets").fill("10.20.1.0/24 10.20.0.300");
      await page.keyboard.press("Enter");
      await page.getByText("“10.20.0.300” is not a subnet.").waitFor();
      await page.getByLabel("Subnets").fill("10.20.1.0/24, 10.20.0.9");
      await page.keyboard.press("Enter");
      await expect.poll(count).toBe("251 of 500");
      expect(search()).toBe("?subnet=10.20.1.0/24,10.20.0.9");
    });

    it.each([
      ["Reason", "reason", "over temperature", "5 of 500"],
      ["Rack", "rack", "A03", "48 of 500"],
      ["Model", "model", "S19 XP", "116 of 500"],
      ["Firmware", "firmware", "stock 2023-01-02", "50 of 500"],
      ["Control board", "controlBoard", "amlogic", "500 of 500"],
      ["Agent", "agent", "embedded", "500 of 500"],
      ["Tag", "tag", "hydro", "25 of 500"],
    ])("take a %s", async (label, name, value, found) => {
      await open("/miners", { prepare: ({ map }) => map.placeInRacks(480) });
      await page.getByRole("button", { name: /add a condition/ }).click();
      await page.getByRole("group", { name: "Conditions" }).getByRole("button", { name: label, exact: true }).click();
      await page.getByRole("checkbox", { name: value }).click();
      await page.getByRole("button", { name: "Apply" }).click();
      await expect.poll(count).toBe(found);
      expect(await sentence()).toContain(value);
      expect(new URL(page.url()).searchParams.has(name)).toBe(true);
    });

    it("narrow the whole page by site", async () => {
      await open("/miners");
      await page.getByRole("button", { name: /add a condition/ }).click();
      await page.getByRole("button", { name: "Site", exact: true }).click();
      await page.getByRole("button", { name: "Pecos", exact: true }).click();
      await expect.poll(sentence).toContain("Miners at Pecos");
      await page.getByRole("button", { name: "Remove the condition Pecos" }).click();
      await expect.poll(sentence).toContain("All miners");
    });

    it("that are not understood are named and left out", async () => {
      await open("/miners?chipTempCMax=hot&model=S21");
      expect(await page.getByRole("alert").innerText()).toContain("“chipTempCMax=hot” is not a range");
      expect(await sentence()).toContain("Miners of model S21");
    });
  });

  describe("selection", () => {
    const selected = () => page.locator(`${ROWS}[aria-selected="true"]`).count();

    it("takes rows by click, with ctrl, with shift, and by their boxes, and stands in the address", async () => {
      await open("/miners");
      await row(2).click({ position: { x: 300, y: 10 } });
      await expect.poll(search).toBe("?select=m2");
      await row(4).click({ position: { x: 300, y: 10 }, modifiers: ["Shift"] });
      await expect.poll(selected).toBe(3);
      await row(6).click({ position: { x: 300, y: 10 }, modifiers: ["Control"] });
      await row(8).getByRole("checkbox").click();
      await row(2).getByRole("checkbox").click();
      await expect.poll(search).toBe("?select=m3,m4,m6,m8");
      await page.reload();
      await expect.poll(selected).toBe(4);
    });

    it("takes what it understands of a link, names the rest, and then says what is selected", async () => {
      await open("/miners?select=m1,x2,m498-m500");
      await expect.poll(selected).toBe(1);
      await page.getByRole("alert").getByText("“x2” in select is not the id of a miner").waitFor();
      await page.getByRole("region", { name: "Selection" }).getByText("4 selected").waitFor();
      expect(await page.getByRole("alert").count()).toBe(1);
      await row(2).getByRole("checkbox").click();
      await expect.poll(search).toBe("?select=m1,m498,m499,m500,m2");
      expect(await page.getByRole("alert").count()).toBe(0);
    });

    it("stands in the address where it is large and scattered, and says where it is too large for one", async () => {
      const everyThird = Array.from({ length: 133 }, (_, n) => `m${4 + 3 * n}`);
      await open(`/miners?select=${everyThird.join(",")}`);
      await page.getByRole("region", { name: "Selection" }).getByText("133 selected").waitFor();
      await row(1).getByRole("checkbox").click();
      await expect.poll(search).toMatch(/^\?select=m1~[\w-]{60,70}$/);
      await page.reload();
      await page.getByRole("region", { name: "Selection" }).getByText("134 selected").waitFor();
      const tooMany = Array.from({ length: 900 }, (_, n) => `m${1 + 100 * n}`);
      await open(`/miners?select=${tooMany.join(",")}`);
      await page.getByText("too many and too scattered to be in a copied link").waitFor();
      await expect.poll(search).toBe("");
      await page.getByRole("region", { name: "Selection" }).getByText("900 selected").waitFor();
    });

    it("goes by keyboard: space, shift and arrows, ctrl+A; Enter opens the machine page", async () => {
      await open("/miners");
      await page.getByRole("grid", { name: "Miners" }).focus();
      for (const key of ["ArrowDown", "ArrowDown", "Space", "Shift+ArrowDown", "Shift+ArrowDown"]) await page.keyboard.press(key);
      await expect.poll(search).toBe("?select=m2,m3,m4");
      // The ring lies over the pinned cells of the current row, and over no other.
      const ringed = (rows: readonly Element[]): number =>
        rows.filter((each) => getComputedStyle(each, "::after").outlineStyle === "solid").length;
      expect(await page.locator(ROWS).evaluateAll(ringed)).toBe(1);
      await page.keyboard.press("Control+a");
      await expect.poll(() => page.getByRole("checkbox", { name: "Select all that match" }).isChecked()).toBe(true);
      await expect.poll(search).toBe("?select=m1-m500");
      for (const key of ["End", "Home", "Enter"]) await page.keyboard.press(key);
      await page.getByRole("region", { name: "Now" }).waitFor();
      expect(new URL(page.url()).pathname).toBe("/miners/m1");
    });
  });

  describe("the selection bar", () => {
    const bar = () => page.getByRole("region", { name: "Selection" });
    const inBar = (name: string | RegExp) => bar().getByRole("button", { name });

    it("says how many are selected and what they lose, selects all that match, and lets go", async () => {
      await open("/miners?status=unreachable&select=m22");
      await expect.poll(() => bar().innerText()).toMatch(/^1 selected\s+1 with a fault, 200.0\sTH\/s lost/);
      await inBar("Select all 5 that match").click();
      await expect.poll(() => bar().innerText()).toMatch(/^5 selected\s+5 with a fault/);
      await expect.poll(search).toBe("?status=unreachable&select=m22,m122,m222,m322,m422");
      expect(await inBar(/^Select all/).count()).toBe(0);
      await inBar(/^Clear/).click();
      await expect.poll(() => bar().count()).toBe(0);
      await expect.poll(search).toBe("?status=unreachable");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("grid");
    });

    it("counts what is selected and not in the list", async () => {
      await open("/miners?select=m1,m2,m3");
      await page.getByRole("searchbox").fill("A01-02");
      await expect.poll(() => bar().innerText()).toMatch(/^3 selected[^]*2 of them not in this list/);
    });

    it("is left with Esc, which first closes what lies on top", async () => {
      await open("/miners?select=m1,m2");
      await page.getByRole("button", { name: /^Columns/ }).click();
      await page.keyboard.press("Escape");
      expect(await bar().count()).toBe(1);
      await page.keyboard.press("Escape");
      await expect.poll(() => bar().count()).toBe(0);
      await expect.poll(search).toBe("");
    });

    it("leads to the map, which has the selection, as its address says, and back", async () => {
      await open("/miners?select=m1,m2,m3");
      await bar().getByRole("link", { name: "Map" }).click();
      await bar().getByRole("link", { name: "As table" }).waitFor();
      await expect.poll(() => page.url()).toBe(`${server.url}/map?select=m1,m2,m3`);
      await page.reload();
      await expect.poll(() => bar().innerText()).toContain("3 selected");
      await bar().getByRole("link", { name: "As table" }).click();
      await expect.poll(() => page.locator(`${ROWS}[aria-selected="true"]`).count()).toBe(3);
      await expect.poll(search).toBe("?select=m1,m2,m3");
    });

    it("hides no row that the keyboard goes to", async () => {
      await open("/miners?select=m1");
      await page.getByRole("grid", { name: "Miners" }).focus();
      await page.keyboard.press("End");
      await row(500).waitFor();
      const bottomOf = async (box: Locator): Promise<number> => {
        const { y, height } = (await box.boundingBox()) ?? { y: 0, height: 0 };
        return y + height;
      };
      await expect.poll(async () => (await bottomOf(row(500))) < ((await bar().boundingBox())?.y ?? 0)).toBe(true);
    });
  });

  describe("export", () => {
    /** The cells of the file that a press on the button gives, line by line. */
    async function exported(): Promise<string[][]> {
      const button = page.getByRole("button", { name: /^Export CSV/ });
      const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
      expect(download.suggestedFilename()).toMatch(/^hashwatch-miners-\d{4}-\d\d-\d\d-\d{4}\.csv$/);
      return parseCsv(readFileSync(await download.path(), "utf8"));
    }

    it("saves the rows that match in the shown order, the shown columns with their units, numbers bare", async () => {
      await open("/miners?model=S21&sort=-name&columns=name!,status,powerW,ratedShare,chipTempCMax,sampleAgeMs");
      const [head, ...lines] = await exported();
      expect(head).toEqual(["Name", "Status", "Power W", "Share of rated %", "Hottest chip °C", "Age s"]);
      expect(`${lines.length} of 500`).toBe(await count());
      const names = lines.map(([name]) => name);
      expect(names).toEqual(names.toSorted().reverse());
      expect(await row(1).innerText()).toContain(names[0]);
      const powers = lines.map(([, , power]) => power).filter((power) => power !== "");
      expect(powers.every((power) => /^\d{2,}$/.test(power))).toBe(true);
      const silent = lines.find(([, status]) => status === "Unreachable: timeout");
      expect(silent?.[3]).toBe(""); // what would be computed from old values
      expect(Number(silent?.[5])).toBeGreaterThan(20);
    });

    it("saves the selection alone where there is one, of it what is shown, and never a value without its age", async () => {
      await open("/miners?columns=name!,powerW,fansRpm&sort=-name&select=m2,m4,m499");
      const [head, ...lines] = await exported();
      expect(head).toEqual(["Name", "Power W", "Fans rpm", "Age s"]);
      expect(lines.map(([name]) => name)).toEqual(["A11-19", "A01-04", "A01-02"]);
      expect(lines[1][2]).toMatch(/^\d+( \d+){3}$/);
      await page.getByRole("searchbox").fill("A01-04");
      await page.getByRole("button", { name: "Export CSV 1 selected" }).waitFor();
      expect((await exported()).slice(1).map(([name]) => name)).toEqual(["A01-04"]);
      await page.getByRole("searchbox").fill("A01-05");
      expect(await page.getByRole("button", { name: "Export CSV 0 selected" }).isDisabled()).toBe(true);
    });

    it("makes formulas harmless, and says temperatures as they are shown", async () => {
      await open("/miners?columns=name!,worker,tags,chipTempCMax&q=A01-05");
      expect((await exported())[1][2]).toBe("hydro, row, <b>two</b>");
      await page.getByRole("searchbox").fill("A01-06");
      await expect.poll(count).toBe("1 of 500");
      expect((await exported())[1][1]).toBe("'=pecos.A01x6");
      await page.getByRole("button", { name: "Display" }).click();
      await page.getByRole("button", { name: "°F" }).click();
      await page.keyboard.press("Escape");
      const [head, cells] = await exported();
      expect(head[3]).toBe("Hottest chip °F");
      expect(Number(cells[3])).toBeGreaterThan(120);
    });
  });

  it.each(["dark", "light"] as const)("has no finding of axe, with panels open as well, %s", async (colorScheme) => {
    await open("/miners?status=degraded,unknown&chipTempCMax=20..&select=m8,m14");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: /^Columns/ }).click();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /add a condition/ }).click();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Reason" }).click();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Change the condition hottest chip/ }).click();
    expect(await findings(page)).toEqual([]);
  });
});

describe("the Miners page on a phone", { timeout: 60_000 }, () => {
  it("shows cards that are searched, filtered and sorted by touch, and marks those that are selected", async () => {
    const browser = await openBrowser({ width: 390, height: 844, isTouch: true });
    const server = new FakeServer(500);
    try {
      const page = await browser.newPage();
      await page.goto(`${await server.open()}/miners?select=m22,m14`);
      const cards = page.getByRole("list", { name: "Miners" }).getByRole("listitem");
      await cards.first().waitFor();
      const bar = page.getByRole("region", { name: "Selection" });
      await expect.poll(() => bar.innerText()).toMatch(/^2 selected/);
      await expect.poll(() => cards.first().innerText()).toMatch(/^H\s+A01-01\s+Hashing\s+S21[^]*TH\/s[^]*of rated[^]*°C[^]*W[^]*age$/);

      await page.getByRole("button", { name: "Sorted by name ↑" }).tap();
      await page
        .getByRole("group", { name: /^Sorted/ })
        .getByRole("button", { name: /Hashrate lost/ })
        .tap();
      await expect.poll(() => cards.first().innerText()).toContain("timeout");
      expect(new URL(page.url()).searchParams.get("sort")).toBe("-lostHashrateHs");
      await page
        .getByRole("group", { name: /^Sorted/ })
        .getByRole("button", { name: /Hashrate lost/ })
        .tap();
      await page.getByRole("button", { name: "Sorted by hashrate lost ↑" }).waitFor();
      await page.keyboard.press("Escape");

      await page.getByRole("button", { name: /add a condition/ }).tap();
      await page.getByRole("button", { name: "Status", exact: true }).tap();
      await page.getByRole("checkbox", { name: /^over temperature|^degraded/i }).tap();
      await page.getByRole("button", { name: "Apply" }).tap();
      await expect.poll(() => page.locator('[aria-label="Filter"] [role="status"]').innerText()).toBe("15 of 500");
      await page.getByRole("searchbox").fill("A01-14");
      await expect.poll(() => cards.count()).toBe(1);
      expect(await cards.first().innerText()).toMatch(/selected\s+A01-14[^]*over temperature/);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
      expect(await findings(page)).toEqual([]);
      await bar.getByRole("button", { name: /^Clear/ }).tap();
      await expect.poll(() => bar.count()).toBe(0);
      expect(await cards.first().innerText()).not.toContain("selected");
    } finally {
      await browser.close();
      await server.close();
    }
  });

  it("selects by touch, and exports what is selected", async () => {
    const browser = await openBrowser({ width: 390, height: 844, isTouch: true });
    const server = new FakeServer(500);
    try {
      const page = await browser.newPage();
      await page.goto(`${await server.open()}/miners`);
      const cards = page.getByRole("list", { name: "Miners" }).getByRole("listitem");
      await cards.first().waitFor();
      await page.getByRole("button", { name: "Select", exact: true }).tap();
      const boxes = page.getByRole("list", { name: "Miners" }).getByRole("checkbox");
      await boxes.nth(0).tap();
      await boxes.nth(2).tap();
      expect(await boxes.nth(0).isChecked()).toBe(true);
      expect(await boxes.nth(1).isChecked()).toBe(false);
      await expect.poll(() => page.getByRole("region", { name: "Selection" }).innerText()).toMatch(/^2 selected/);
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
      const button = page.getByRole("button", { name: /^Export CSV\s+2 selected/ });
      const [download] = await Promise.all([page.waitForEvent("download"), button.tap()]);
      expect(parseCsv(readFileSync(await download.path(), "utf8"))).toHaveLength(3);
      await boxes.nth(0).tap();
      await expect.poll(() => page.getByRole("region", { name: "Selection" }).innerText()).toMatch(/^1 selected/);
      await page.getByRole("button", { name: "Select", exact: true }).tap();
      await expect.poll(() => boxes.count()).toBe(0);
      await cards.nth(2).getByRole("link").tap();
      await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/miners\/m\d+$/);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});

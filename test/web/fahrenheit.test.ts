import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { FakeServer } from "./fakeServer.ts";
import { useStage } from "./stage.ts";

/** Keeps what is written on each canvas, which nobody can read off it: as `data-written`, one text a line. */
function keepWriting(): void {
  const pen = CanvasRenderingContext2D.prototype;
  const write = Object.getOwnPropertyDescriptor(pen, "fillText")?.value as typeof pen.fillText;
  pen.fillText = function (...words) {
    if (this.canvas instanceof HTMLCanvasElement) this.canvas.dataset["written"] = `${this.canvas.dataset["written"] ?? ""}${words[0]}\n`;
    write.apply(this, words);
  };
}

describe("a reader who chose °F", { timeout: 60_000 }, () => {
  const stage = useStage();

  async function open(path: string): Promise<Page> {
    const server = await stage.serve(new FakeServer(500));
    const page = await stage.newPage();
    await page.addInitScript(keepWriting);
    await page.goto(`${server.url}/sites`);
    await page.getByRole("button", { name: "Display" }).click();
    await page.getByRole("button", { name: "°F" }).click();
    await page.goto(server.url + path);
    await page.locator(".live-live").waitFor();
    return page;
  }

  const chart = (page: Page, title: string) => page.locator("figure", { has: page.getByRole("slider", { name: title, exact: true }) });

  /** Numbers at the left of a chart, from the least to the most. */
  async function axis(page: Page, title: string): Promise<number[]> {
    const written = await chart(page, title).locator("canvas").getAttribute("data-written");
    const numbers = (written ?? "").split("\n").filter((text) => /^\d+$/.test(text));
    return [...new Set(numbers.map(Number))].sort((a, b) => a - b);
  }

  /** Readings of the fake history: chips 64 to 96 °C, boards 61 to 63, inlets 23 to 25. */
  it.each([
    ["/", "Chip temperature", { from: 140, to: 230, label: "median", reading: [148, 155] }],
    ["/miners/m8", "Temperature", { from: 50, to: 180, label: "inlet", reading: [73, 77] }],
  ] as const)("reads it in the chart of %s: its title, its axis, the legend, and at the cursor", async (path, title, about) => {
    const page = await open(path);
    const [least, most] = about.reading;
    const legend = chart(page, title).getByRole("button", { name: new RegExp(`^${about.label}`) });
    const valueOf = async (): Promise<number> => Number(/(\d+)$/.exec(await legend.innerText())?.[1]);
    const isReading = (value: number): boolean => value >= least && value <= most;
    expect(await chart(page, title).locator("figcaption .value").innerText()).toMatch(/^\d{3}\s°F$/);
    await expect.poll(() => axis(page, title).then(({ length }) => length)).toBeGreaterThan(1);
    const ticks = await axis(page, title);
    expect(ticks[0]).toBeGreaterThanOrEqual(about.from);
    expect(ticks.at(-1)).toBeGreaterThan(about.to - 60);
    expect(ticks.at(-1)).toBeLessThanOrEqual(about.to);
    const slider = page.getByRole("slider", { name: title, exact: true });
    await slider.focus();
    await page.keyboard.press("Home");
    expect(isReading(await valueOf())).toBe(true);
    const [, spoken = ""] = new RegExp(`${about.label} (\\d+)`).exec((await slider.getAttribute("aria-valuetext")) ?? "") ?? [];
    expect(isReading(Number(spoken))).toBe(true);
    expect(await slider.getAttribute("aria-valuetext")).toContain("°F");
    const described = await slider.getAttribute("aria-describedby");
    expect(await page.locator(`[id="${described ?? ""}"]`).innerText()).toContain("°F");
  });

  it("writes the bounds of a filter in it, and reads them back in it; the address says °C", async () => {
    const page = await open("/miners");
    const sentence = page.getByRole("group", { name: "Filter", exact: true });
    await page.getByRole("button", { name: /add a condition/ }).click();
    await page.getByRole("button", { name: "Hottest chip" }).click();
    await page.getByLabel("at least").fill("185");
    await page.getByLabel("at most").fill("212");
    expect(await page.locator("label", { has: page.getByLabel("at least") }).innerText()).toContain("°F");
    await page.keyboard.press("Enter");
    await sentence.getByText("hottest chip from 185 °F to 212 °F").first().waitFor();
    const [least, most] = (new URL(page.url()).searchParams.get("chipTempCMax") ?? "").split("..").map(Number);
    expect([least.toFixed(2), most]).toEqual(["85.00", 100]);
    const chips = page.locator('[role="row"]:not(.head) [role="gridcell"]').filter({ hasText: "▴" });
    await chips.first().waitFor();
    for (const text of await chips.allInnerTexts()) expect(Number(text.replace("▴ ", ""))).toBeGreaterThanOrEqual(185);
    await page.getByRole("columnheader", { name: "Chip °F" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: /^Change the condition hottest chip/ }).click();
    expect(await page.getByLabel("at least").inputValue()).toBe("185");
  });

  it("reads it in every figure: of the header, the machine, the models and the map", async () => {
    const page = await open("/miners/m8");
    const header = page.getByRole("banner");
    await expect.poll(() => header.innerText()).toMatch(/\d{3}\s?°F\s+hottest/);
    const now = page.getByRole("region", { name: "Now" });
    expect(await now.innerText()).toMatch(/\d{3}\s?°F\s+hottest chip/);
    expect(await now.innerText()).toMatch(/75 → 124\s?°F/);
    const board = page.getByRole("article", { name: "Hashboard 1" });
    expect(await board.innerText()).toMatch(/chip °F\s+142 to 160/);
    expect(await board.innerText()).toMatch(/board °F\s+127 to 147/);
    await page.getByRole("link", { name: "Fleet", exact: true }).click();
    const models = page.getByRole("region", { name: "By model" });
    await models.getByRole("columnheader", { name: "p95 °F" }).waitFor();
    expect(await models.getByRole("row").nth(1).innerText()).toMatch(/1[5-9]\d$/);
    await page.getByRole("link", { name: "Map", exact: true }).click();
    await page.getByRole("group", { name: "Colour by" }).getByRole("button", { name: "Chip °F" }).click();
    await page.getByRole("region", { name: "Legend" }).getByText("Hottest chip, °F").waitFor();
    await page.getByRole("application", { name: /^Map of/ }).focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator(".mapwrap [role=status]").innerText()).toMatch(/Hottest chip 1\d\d °F/);
    expect(await page.locator("body").innerText()).not.toContain("°C");
  });
});

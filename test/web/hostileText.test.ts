import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../server/http/csv.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage } from "./stage.ts";

/** Markup that would run if it were taken for such, a bell, a line break, and a sign that turns the direction of what follows. */
const hostile = (word: string): string => `<img src=x onerror="window.hit=1">${word}<script>window.hit=1</script>\u0007\n\u202e&amp;`;
const shown = (word: string): string => `<img src=x onerror="window.hit=1">${word}<script>window.hit=1</script>\u2407\u240a\ufffd&amp;`;
const [MODEL, WORKER, NAME] = ["S-evil", "w-evil", "n-evil"].map((word) => ({ raw: hostile(word), text: shown(word) }));

/** m8 stands in the third rack of the fake fleet, has a fault, and says bad things of itself. */
function say(server: FakeServer): void {
  server.map.placeInRacks(480);
  server.map.say("m8", { model: MODEL.raw, worker: WORKER.raw, name: NAME.raw });
  const { sample } = server.miners.detail("m8");
  const pools = sample!.pools.map((pool) => ({ ...pool, worker: WORKER.raw }));
  const evidence = [{ kind: "model", value: MODEL.raw, source: "stats", firstSeenAtMs: 0, lastSeenAtMs: Date.now() }] as const;
  server.miners.change("m8", { name: NAME.raw, model: MODEL.raw, evidence: [...evidence], sample: { ...sample!, pools } });
}

describe("what a miner says of itself", { timeout: 60_000 }, () => {
  const stage = useStage();

  async function open(path: string, before: (page: Page) => Promise<unknown> = () => Promise.resolve()): Promise<Page> {
    const server = new FakeServer(500);
    say(server);
    await stage.serve(server);
    const page = await stage.newPage();
    await before(page);
    await page.goto(server.url + path);
    await page.locator(".live-live").waitFor();
    return page;
  }

  /** Nothing of it was taken for markup or run. */
  async function expectHarmless(page: Page): Promise<void> {
    expect(await page.locator("img, main script").count()).toBe(0);
    expect(await page.evaluate(() => (window as { hit?: number }).hit)).toBeUndefined();
    // eslint-disable-next-line no-control-regex -- the one that was said
    expect(await page.evaluate(() => /[\u0007\u202e]/.test(document.body.innerText))).toBe(false);
  }

  it("is text in the cells of the table, their titles, the conditions of the filter, and their values to choose from", async () => {
    const page = await open(`/miners?columns=name,model,worker&model=${encodeURIComponent(MODEL.raw)}&q=${encodeURIComponent("w-evil")}`);
    const cells = page.locator('[role="row"][aria-rowindex="2"] [role="gridcell"]');
    await expect.poll(() => cells.allTextContents()).toEqual(["", NAME.text, MODEL.text, WORKER.text]);
    expect(await cells.nth(2).getAttribute("title")).toBe(MODEL.text);
    expect(await page.getByRole("checkbox", { name: `Select ${NAME.text}` }).count()).toBe(1);
    await page.getByRole("button", { name: `Change the condition ${MODEL.text}` }).click();
    await page.getByRole("checkbox", { name: MODEL.text }).waitFor();
    await expectHarmless(page);
  });

  it("is text in the condition that searches for it", async () => {
    const page = await open(`/miners?q=${encodeURIComponent("\u0007\u202e<b>")}`);
    await page.getByRole("group", { name: "Filter", exact: true }).getByText("“\u2407\ufffd<b>”").waitFor();
    await expectHarmless(page);
  });

  it("is text in the exported file, one line to a miner", async () => {
    const page = await open(`/miners?columns=name,model,worker&q=w-evil`);
    await page.locator('[role="row"][aria-rowindex="2"]').waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Export CSV/ }).click()]);
    expect(parseCsv(readFileSync(await download.path(), "utf8")).slice(1)).toEqual([[NAME.text, MODEL.text, WORKER.text]]);
  });

  it("is text on the machine page, where it is written most often", async () => {
    const page = await open("/miners/m8");
    await page.getByRole("heading", { level: 1, name: `${NAME.text} Antminer ${MODEL.text}` }).waitFor();
    await page.getByRole("region", { name: "Pools", exact: true }).getByText(WORKER.text).first().waitFor();
    await page.getByRole("region", { name: "Identity" }).getByText(MODEL.text).waitFor();
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("dialog", { name: `Edit ${NAME.text}` }).waitFor();
    await expectHarmless(page);
  });

  it("is text in the table by model, of the fleet and of a wall", async () => {
    const page = await open("/");
    const models = page.getByRole("region", { name: "By model" });
    await models.getByRole("link", { name: MODEL.text }).click();
    await page.getByRole("button", { name: `Change the condition ${MODEL.text}` }).waitFor();
    await page.goto(new URL("/?wall", page.url()).href);
    await page.getByRole("region", { name: "By model" }).getByText(MODEL.text).waitFor();
    await expectHarmless(page);
  });

  it("is text beside the cell of the map, and to those who hear it", async () => {
    const page = await open("/map");
    const map = page.getByRole("application", { name: /^Map of/ });
    await map.focus();
    for (let step = 0; step < 7; step++) await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator(".mapwrap [role=status]").innerText()).toContain(NAME.text);
    await page.locator(".mapcard").getByText(NAME.text).waitFor();
    await page.locator(".mapcard").getByText(MODEL.text).waitFor();
    await expectHarmless(page);
  });
});

describe("what a miner says of itself, on a phone", { timeout: 60_000 }, () => {
  const stage = useStage({ width: 390, height: 844, isTouch: true });

  it("is text on its card", async () => {
    const server = new FakeServer(500);
    say(server);
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(`${server.url}/miners?q=w-evil`);
    const card = page.getByRole("list", { name: "Miners" }).getByRole("listitem").first();
    await card.getByText(NAME.text).waitFor();
    await card.getByText(MODEL.text).waitFor();
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  });
});

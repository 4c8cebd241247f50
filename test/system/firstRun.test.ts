import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, type TestBrowser } from "../web/browser.ts";
import { freePort, startProgram, stopAll, temporaryDirectory } from "./program.ts";
import { startEmulatorProgram, type TestSite } from "./site.ts";

const MINERS = 24;

describe("first run to first data", () => {
  const data = temporaryDirectory();
  let browser: TestBrowser;
  let endpoints: TestSite["endpoints"];
  let setUpLink: string;

  beforeAll(async () => {
    ({ endpoints } = await startEmulatorProgram({ minerCount: MINERS, firstAddress: "127.46.0.1" }));
    const server = startProgram([
      ...["server", "--data-dir", data.path, "--port", String(await freePort()), "--log-level", "warn"],
      ...["--allow-ports", String(endpoints[0].port), "--witness-port", "0", "--poll-interval-ms", "1000"],
    ]);
    setUpLink = await server.until(({ stdout }) => /http:\S+#setup=\S+/.exec(stdout)?.[0]);
    browser = await openBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await stopAll();
    data.remove();
  });

  it("leads from the set-up link by password, ranges and scan to the fleet and to one machine's history", async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(setUpLink);
    await page.getByLabel(/^Password/).fill("a-long-password");
    await page.getByRole("button", { name: "Set up" }).click();

    await page.getByLabel("Add ranges").fill("127.46.0.0/33");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("alert").getByText("127.46.0.0/33").waitFor();
    await page.getByLabel("Add ranges").fill(`127.46.0.0/25:${endpoints[0].port}`);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("button", { name: "Scan now" }).click();
    await page.getByText("Scan done", { exact: true }).waitFor();
    const scan = (await page.getByRole("region", { name: "Scan", exact: true }).innerText()).replace(/\s+/g, " ");
    expect(scan).toContain("128 of 128 addresses probed");
    expect(scan).toContain(`${MINERS} miners found`);

    const found = page.getByRole("region", { name: "Table of found miners" });
    await expect.poll(() => found.getByText("asking…").count(), { timeout: 60_000 }).toBe(0);
    await page.getByRole("link", { name: `Open the fleet, ${MINERS} found` }).click();
    await page.getByText(`of ${MINERS} reporting`).waitFor();
    await page.getByRole("link", { name: "Miners", exact: true }).click();
    await page.getByRole("grid", { name: "Miners" }).getByRole("link").first().click();
    await page.getByRole("region", { name: "Now" }).getByText("uptime").waitFor();
    await page.getByRole("slider", { name: "Hashrate" }).waitFor();

    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Name").fill("First of all");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "First of all" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "First of all" }).waitFor();
  }, 240_000);
});

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, type TestBrowser } from "../web/browser.ts";
import { ADMIN_PASSWORD, startServer, stopAll, temporaryDirectory, type TestServer } from "./program.ts";

const ADDRESS = "/miners?status=degraded&sort=-powerW&columns=name!,powerW";

describe("a view saved in one browser", { timeout: 120_000 }, () => {
  const data = temporaryDirectory();
  let server: TestServer;
  let browsers: TestBrowser[];

  beforeAll(async () => {
    server = await startServer(data.path, ["--no-embedded-agent", "--log-level", "warn"]);
    await server.send("POST", "/users", { username: "eve", password: ADMIN_PASSWORD, role: "viewer" });
    browsers = await Promise.all([openBrowser(), openBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await stopAll();
    data.remove();
  });

  async function signedIn(browser: TestBrowser, username: string, path: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(server.base + path);
    await page.getByLabel("Name", { exact: true }).fill(username);
    await page.getByLabel("Password").fill(ADMIN_PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: /^Views/ }).waitFor();
    return page;
  }

  it("opens in another, for others once it is shared, and after the server has started anew", async () => {
    const first = await signedIn(browsers[0], "admin", ADDRESS);
    await first.getByRole("button", { name: "+ Save view" }).click();
    await first.getByLabel("Name", { exact: true }).fill("Thirsty & ill");
    await first.getByRole("button", { name: "Save", exact: true }).click();
    await first.getByRole("button", { name: "Views: Thirsty & ill" }).waitFor();

    const second = await signedIn(browsers[1], "eve", "/miners");
    const others = second.getByRole("link", { name: /Thirsty & ill/ });
    await second.getByRole("button", { name: "Views" }).click();
    await second.getByText("No view is saved yet.").waitFor();
    await second.keyboard.press("Escape");

    await first.getByRole("button", { name: /^Views/ }).click();
    await first.getByRole("button", { name: "Share with everybody" }).click();
    await first.getByRole("button", { name: "Make it private" }).waitFor();

    await server.program.stop();
    server = await startServer(data.path, ["--no-embedded-agent", "--log-level", "warn"], { port: server.port });
    await second.reload();
    await second.getByRole("button", { name: "Views" }).click();
    await others.click();
    await second.getByRole("button", { name: "Views: Thirsty & ill" }).waitFor();
    const { pathname, search } = new URL(second.url());
    expect(decodeURIComponent(`${pathname}${search}`)).toMatch(`${ADDRESS}&view=`);
    expect(await second.getByRole("group", { name: "Filter", exact: true }).innerText()).toContain("degraded");
  });
});

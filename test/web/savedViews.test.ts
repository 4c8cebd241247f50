import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "../../server/contract/api.ts";
import { findings } from "./axe.ts";
import { openBrowser, type TestBrowser } from "./browser.ts";
import { refused } from "./fakeAnswer.ts";
import { FakeServer } from "./fakeServer.ts";

describe("saved views", { timeout: 60_000 }, () => {
  let browser: TestBrowser;
  let server: FakeServer;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
  });
  beforeEach(async () => {
    server = new FakeServer(500);
    signIn("operator");
    await server.open();
    page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
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

  function signIn(role: Role): void {
    server.session = { ...server.session, signInRequired: true, user: { username: "maria", role, siteIds: null } };
  }
  async function open(path: string): Promise<void> {
    await page.goto(server.url + path);
    await page.getByRole("button", { name: /^Views/ }).waitFor();
    await page.locator('[role="grid"] [data-position]').first().waitFor();
  }
  const openMenu = (): Promise<void> => page.getByRole("button", { name: /^Views/ }).click();
  const menu = () => page.getByRole("group", { name: /^Views/ });
  const entry = (name: string | RegExp) => menu().getByRole("link", { name });
  const marked = (): Promise<string[]> => menu().locator('[aria-current="true"]').allInnerTexts();
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
  const title = async (): Promise<string> => (await page.getByRole("button", { name: /^Views/ }).getAttribute("aria-label")) ?? "";
  const search = (): string => decodeURIComponent(new URL(page.url()).search);
  const count = (): Promise<string> => page.locator('[aria-label="Filter"] [role="status"]').innerText();

  it("keep filters, order, columns and site, without the selection, and open again from any page", async () => {
    await open("/miners?model=S21&sort=-powerW&columns=name!,powerW&site=site1&select=m3");
    await button("+ Save view").click();
    await page.getByLabel("Name", { exact: true }).fill("Big S21");
    await button("Save").click();
    await expect.poll(title).toBe("Views: Big S21");
    expect(server.views.items).toMatchObject([
      { name: "Big S21", shared: false, owner: "maria", query: "model=S21&sort=-powerW&columns=name!,powerW&site=site1" },
    ]);
    await page.goto(`${server.url}/miners`);
    await openMenu();
    await entry(/^Big S21/).click();
    await expect.poll(title).toBe("Views: Big S21");
    expect(search()).toBe("?model=S21&sort=-powerW&columns=name!,powerW&view=view1&site=site1");
    await expect.poll(() => page.locator(".head [data-field]").count()).toBe(2);
    await page.goBack();
    await expect.poll(title).toBe("Views");
  });

  it("say how many miners they show now, whose they are, and which is open", async () => {
    server.views.add({ name: "Faults", query: "status=degraded,unreachable" });
    server.views.add({ name: "Hottest", query: "sort=-chipTempCMax", owner: "eve", shared: true });
    server.views.add({ name: "Eve's own", query: "q=a", owner: "eve" });
    server.views.add({ name: "Long runners", query: "uptimeMs=3600000.." });
    await open("/miners?status=degraded,unreachable");
    await expect.poll(title).toBe("Views: Faults");
    await openMenu();
    await expect.poll(() => menu().getByRole("group", { name: "Yours" }).innerText()).toMatch(/^Yours\s+Faults\s+20\s+Long runners$/);
    expect(await menu().getByRole("group", { name: "Shared by others" }).innerText()).toMatch(/Hottest\s+eve\s+500$/);
    expect(await marked()).toEqual([expect.stringContaining("Faults")]);
    await entry("All miners").click();
    await expect.poll(title).toBe("Views");
    await openMenu();
    expect(await marked()).toEqual(["All miners"]);
  });

  it("tell that something was changed since, which can be saved, undone, or kept as another", async () => {
    server.views.add({ name: "Faults", query: "status=degraded,unreachable" });
    await open("/miners?status=degraded,unreachable&view=view1");
    await page.getByRole("button", { name: "Remove the condition degraded or unreachable" }).click();
    await expect.poll(title).toBe("Views: Faults (changed)");
    await page.getByRole("searchbox").fill("A01");
    await page.getByRole("button", { name: /^Status/ }).click();
    await expect.poll(search).toBe("?q=A01&sort=-status&view=view1");
    await openMenu();
    await entry("Back to how it was saved").click();
    await expect.poll(title).toBe("Views: Faults");
    expect(search()).toBe("?status=degraded,unreachable&view=view1");

    await page.goBack();
    await expect.poll(title).toBe("Views: Faults (changed)");
    await button("Save changes").click();
    await expect.poll(title).toBe("Views: Faults");
    expect(server.views.items[0].query).toBe("q=A01&sort=-status");

    await page.getByRole("searchbox").fill("A02");
    await openMenu();
    await button("Save as a new view…").click();
    await page.getByLabel("Name", { exact: true }).fill("Faults");
    await button("Save").click();
    await page.getByText("A view with this name is there already").waitFor();
    await page.getByLabel("Name", { exact: true }).fill("Faults of A02");
    await page.getByLabel(/^Share with everybody/).check();
    await button("Save").click();
    await expect.poll(title).toBe("Views: Faults of A02");
    expect(server.views.items.map(({ query, shared }) => [query, shared])).toEqual([
      ["q=A01&sort=-status", false],
      ["q=A02&sort=-status", true],
    ]);
  });

  it("take a rearranged table for a change", async () => {
    server.views.add({ name: "Narrow", query: "columns=name!,status,model" });
    await open("/miners?columns=name!,status,model");
    await expect.poll(title).toBe("Views: Narrow");
    await page.getByRole("button", { name: /^Columns/ }).click();
    await page.getByRole("checkbox", { name: "Model" }).click();
    await page.keyboard.press("Escape");
    // An address that names no view is not a change of one: it was typed or linked.
    await expect.poll(title).toBe("Views");
    await open("/miners?columns=name!,status,model&view=view1");
    await page.getByRole("button", { name: /^Columns/ }).click();
    await page.getByRole("checkbox", { name: "Model" }).click();
    await page.keyboard.press("Escape");
    await expect.poll(title).toBe("Views: Narrow (changed)");
  });

  it("are renamed, shared, taken back and deleted, the last after a question; what is shown stays", async () => {
    server.views.add({ name: "Hot", query: "chipTempCMax=60.." });
    await open("/miners?chipTempCMax=60..&view=view1");
    await openMenu();
    await button("Rename…").click();
    await page.getByLabel("Name", { exact: true }).fill("<b>Hotter</b>");
    await button("Rename").click();
    await expect.poll(title).toBe("Views: <b>Hotter</b>");
    await openMenu();
    await button("Share with everybody").click();
    await expect.poll(() => entry(/Hotter/).innerText()).toContain("shared");
    expect(server.views.items[0]).toMatchObject({ name: "<b>Hotter</b>", shared: true });
    await button("Make it private").click();
    await button("Share with everybody").waitFor();
    await button("Delete…").click();
    await button("Cancel").click();
    expect(server.views.items).toHaveLength(1);
    await openMenu();
    await button("Delete…").click();
    await button("Delete the view").click();
    await expect.poll(title).toBe("Views");
    expect(server.views.items).toEqual([]);
    expect(search()).toBe("?chipTempCMax=60..");
  });

  it("say what is true and what to do where there is none, and where they cannot be had or kept", async () => {
    await open("/miners?q=A01");
    await openMenu();
    await menu().getByText("No view is saved yet.").waitFor();
    await page.keyboard.press("Escape");
    await button("+ Save view").click();
    await page.getByLabel("Name", { exact: true }).fill("A");
    server.views.refusal = refused(409, "You have 200 views already, which is the limit; delete one first");
    await button("Save").click();
    await page.getByRole("alert").getByText("200 views already").waitFor();
    await button("Cancel").click();
    server.views.add({ name: "Mine", query: "" });
    await open("/miners?view=view1&q=A02");
    server.views.refusal = refused(403, "Sharing a view, or changing one that is shared, needs the role operator", "shared");
    await button("Save changes").click();
    await page.getByRole("alert").getByText("needs the role operator").waitFor();
    expect(await title()).toBe("Views: Mine (changed)");
  });

  it("are asked for again where they could not be had; the table is there meanwhile", async () => {
    server.views.add({ name: "Faults", query: "status=degraded" });
    server.views.isDown = true;
    await open("/miners");
    await openMenu();
    await menu().getByRole("alert").getByText("The store is not open yet").waitFor();
    expect(await button("Save as a view…").isDisabled()).toBe(true);
    server.views.isDown = false;
    await button("Try again").click();
    await entry(/^Faults/).waitFor();
    expect(await menu().getByRole("alert").count()).toBe(0);
  });

  it("of others are opened and kept as one's own, and changed by admins alone; a viewer shares nothing", async () => {
    server.views.add({ name: "Eve's", query: "status=degraded", owner: "eve", shared: true });
    signIn("viewer");
    await open("/miners?view=view1&status=degraded&q=A");
    await expect.poll(title).toBe("Views: Eve's (changed)");
    expect(await button("Save changes").count()).toBe(0);
    await openMenu();
    await button("Save as a new view…").waitFor();
    for (const deed of ["Rename…", "Share with everybody", "Make it private", "Delete…"]) expect(await button(deed).count()).toBe(0);
    await button("Save as a new view…").click();
    expect(await page.getByLabel(/^Share with everybody/).count()).toBe(0);
    await page.keyboard.press("Escape");
    signIn("admin");
    await page.reload();
    await button("Save changes").click();
    await expect.poll(() => server.views.items[0].query).toBe("status=degraded&q=A".split("&").reverse().join("&"));
  });

  it("that a link names and nobody has are named, and the rest of the link holds", async () => {
    await open("/miners?view=gone&status=degraded");
    await page.getByRole("alert").getByText("The view in this link was deleted, or is not shared with you.").waitFor();
    expect(await count()).toContain("of 500");
    expect(await title()).toBe("Views");
  });

  it("go by keyboard: open the menu, choose, and the focus is back on its button", async () => {
    server.views.add({ name: "Faults", query: "status=degraded,unreachable" });
    await open("/miners");
    await page.getByRole("button", { name: /^Views/ }).focus();
    await page.keyboard.press("Enter");
    await entry(/^Faults/).waitFor();
    for (const key of ["Tab", "Tab", "Enter"]) await page.keyboard.press(key);
    await expect.poll(title).toBe("Views: Faults");
    await expect.poll(count).toBe("20 of 500");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Views: Faults");
  });

  it("ask the server once when the page opens and once when the menu does", async () => {
    const asked = (): number => server.requests.filter((call) => call === "GET /api/v1/views").length;
    await open("/miners");
    await expect.poll(asked).toBe(1);
    server.views.add({ name: "Just shared", query: "", owner: "eve", shared: true });
    await openMenu();
    await entry(/Just shared/).waitFor();
    expect(asked()).toBe(2);
  });

  it.each(["dark", "light"] as const)("have no finding of axe, menu and dialogs open, %s", async (colorScheme) => {
    server.views.add({ name: "Faults", query: "status=degraded", shared: true });
    server.views.add({ name: "Eve's", query: "q=a", owner: "eve", shared: true });
    await open("/miners?view=view1&status=degraded&q=A");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openMenu();
    await entry(/^Eve/).waitFor();
    expect(await findings(page)).toEqual([]);
    await button("Save as a new view…").click();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await openMenu();
    await button("Delete…").click();
    expect(await findings(page)).toEqual([]);
  });
});

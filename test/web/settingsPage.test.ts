import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { findings } from "./axe.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage } from "./stage.ts";

describe("Settings", { timeout: 60_000 }, () => {
  const stage = useStage({ permissions: ["clipboard-read", "clipboard-write"] });
  let server: FakeServer;

  async function open(path: string, before: (server: FakeServer) => void = () => undefined): Promise<Page> {
    server = new FakeServer(50);
    before(server);
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(server.url + path);
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    return page;
  }

  const dialog = (page: Page) => page.getByRole("dialog");
  const bar = (page: Page) => page.getByRole("group", { name: "Unsaved changes" });
  const save = (page: Page) => bar(page).getByRole("button", { name: "Save" }).click();

  it("shows what is not saved on every section, resets it, and saves what was changed alone", async () => {
    const page = await open("/settings");
    const interval = page.getByLabel("Poll interval, seconds");
    await interval.fill("5");
    await bar(page).getByText("Not saved: Polling & units").waitFor();
    await page.getByRole("link", { name: "Data" }).click();
    await page.getByRole("link", { name: "Polling & units not saved" }).click();
    expect(await interval.inputValue()).toBe("5");
    await bar(page).getByRole("button", { name: "Reset" }).click();
    expect(await interval.inputValue()).toBe("");
    await interval.fill("0");
    await save(page);
    await bar(page).getByText("The poll interval, seconds: 0 is not within 1 to 3,600").waitFor();
    expect(await interval.getAttribute("aria-invalid")).toBe("true");
    await interval.fill("2,5");
    await save(page);
    await bar(page)
      .getByText(/^Saved at \d\d:\d\d/)
      .waitFor();
    expect(server.settings.changes).toEqual([{ pollIntervalMs: 2500, units: { temperature: "C" } }]);
  });

  it("shows temperatures of the whole page in the server's unit as soon as it is saved", async () => {
    const page = await open("/settings");
    await page.getByRole("radio", { name: "°F" }).check();
    await save(page);
    await bar(page)
      .getByText(/^Saved at/)
      .waitFor();
    expect(await page.locator(".figs").innerText()).toContain("°F");
    await page.getByRole("link", { name: "Thresholds" }).click();
    await page.getByRole("columnheader", { name: "Chip °F" }).waitFor();
    expect(await page.getByLabel("Chip of S9", { exact: true }).inputValue()).toBe("239");
    await page.reload();
    await page.getByRole("columnheader", { name: "Chip °F" }).waitFor();
    await page.getByLabel("Chip of S9", { exact: true }).fill("230");
    await save(page);
    await bar(page)
      .getByText(/^Saved at/)
      .waitFor();
    expect(server.settings.settings.thresholds.map(({ chipTempC, inletTempC }) => [chipTempC, inletTempC])).toEqual([
      [95, 75],
      [110, 75],
    ]);
  });

  it("changes thresholds per model and sensor, for every site or one, and names the field that is wrong", async () => {
    const page = await open("/settings?part=thresholds");
    await page.getByLabel("Chip of S9", { exact: true }).fill("200");
    await page.getByLabel("Bad chips of Every other model", { exact: true }).fill("1.5");
    await save(page);
    await bar(page).getByText("Chip of S9: 200 is not within 30 to 150").waitFor();
    await bar(page).getByText("Bad chips of Every other model: 1.5 is no whole number").waitFor();
    expect(await page.getByLabel("Chip of S9", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    await bar(page).getByRole("button", { name: "Reset" }).click();

    await page.getByRole("combobox", { name: "Model", exact: true }).fill("S19 XP");
    await page.getByRole("button", { name: "Add a model" }).click();
    await page.getByLabel("Low hashrate, % of rated of S19 XP").fill("72.5");
    await page.getByRole("button", { name: "Remove S9" }).click();
    await page.getByLabel("They hold for").selectOption("Pecos");
    await page.getByText("This site follows the thresholds of every site.").waitFor();
    await page.getByRole("button", { name: "Add a row for every model" }).click();
    await page.getByLabel("Chip of Every other model", { exact: true }).fill("88");
    await save(page);
    await bar(page)
      .getByText(/^Saved at/)
      .waitFor();
    const { thresholds, siteThresholds } = server.settings.settings;
    expect(thresholds.map(({ model, lowHashrateRatio }) => [model, lowHashrateRatio])).toEqual([
      [null, 0.8],
      ["S19 XP", 0.725],
    ]);
    expect(siteThresholds["site1"].map(({ model, chipTempC, boardTempC }) => [model, chipTempC, boardTempC])).toEqual([[null, 88, 85]]);

    await page.getByLabel("They hold for").selectOption({ index: 0 });
    await page.getByRole("combobox", { name: "Model", exact: true }).fill("S99");
    await page.getByRole("button", { name: "Add a model" }).click();
    await save(page);
    await bar(page).getByText("There is no model S99").waitFor();
  });

  it("changes how long the history is kept, beside what it takes on disk", async () => {
    const page = await open("/settings?part=data");
    const sizes = page.getByRole("region", { name: "Size" });
    for (const text of ["4.2 GB", "182 MB", "61.0 GB", "335 days"]) await sizes.getByText(text).waitFor();
    await page.getByLabel("Every sample, days").fill("14");
    await page.getByLabel("1-day rollups, days").fill("3650");
    await save(page);
    await bar(page)
      .getByText(/^Saved at/)
      .waitFor();
    expect(server.settings.changes).toEqual([{ retention: { rawDays: 14, fiveMinutesDays: 90, hourDays: 1095, dayDays: 3650 } }]);
  });

  it("adds, changes and removes users, and says why the last admin stays", async () => {
    const page = await open("/settings?part=users", (fake) => {
      fake.sites = [...fake.sites, { id: "site2", name: "Abilene", createdAtMs: 0 }];
    });
    await page.getByRole("button", { name: "Add a user" }).click();
    await dialog(page).getByLabel("Name, for signing in").fill("admin");
    await dialog(page)
      .getByLabel(/^Password/)
      .fill("a-long-password");
    await dialog(page).getByRole("button", { name: "Add" }).click();
    await dialog(page).getByText("There is a user admin already").waitFor();
    await dialog(page).getByLabel("Name, for signing in").fill("eve");
    await dialog(page).getByLabel("Role").selectOption({ value: "operator" });
    await dialog(page).getByRole("checkbox", { name: "every site" }).uncheck();
    await dialog(page).getByRole("checkbox", { name: "Abilene" }).check();
    await dialog(page).getByRole("button", { name: "Add" }).click();
    await page.getByRole("row", { name: /^eve operator Abilene never/ }).waitFor();
    await page.getByRole("button", { name: "Change eve" }).click();
    await dialog(page).getByLabel("Role").selectOption({ value: "viewer" });
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await page.getByRole("row", { name: /^eve viewer Abilene/ }).waitFor();
    await page.getByRole("button", { name: "Remove eve" }).click();
    await dialog(page).getByRole("button", { name: "Remove the user" }).click();
    await page.getByRole("row", { name: /^eve/ }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Remove admin" }).click();
    await dialog(page).getByRole("button", { name: "Remove the user" }).click();
    await dialog(page).getByText("This is the last admin of all sites").waitFor();
  });

  it("creates a token that is shown once and can be copied, and revokes it", async () => {
    const page = await open("/settings?part=tokens");
    await page.getByText("No token yet.").waitFor();
    await page.getByRole("button", { name: "Create a token" }).click();
    await dialog(page).getByLabel(/^Name/).fill("grafana");
    await dialog(page).getByLabel("Expires").selectOption("never");
    await dialog(page).getByRole("button", { name: "Create" }).click();
    await dialog(page).getByRole("button", { name: /^Copy/ }).click();
    await dialog(page).getByText("Copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("hwt_token2_secret");
    await dialog(page).getByRole("button", { name: "Done" }).click();
    await page.getByRole("row", { name: /^grafana viewer every site never never/ }).waitFor();
    expect(await page.content()).not.toContain("hwt_token2_secret");
    await page.getByRole("button", { name: "Revoke grafana" }).click();
    await dialog(page).getByRole("button", { name: "Revoke the token" }).click();
    await page.getByText("No token yet.").waitFor();
  });

  it("lists the audit log by pages and filters it, with the filter in the address, and shows markup as text", async () => {
    const page = await open("/settings?part=audit");
    const rows = page.locator(".audit tbody tr");
    await page.getByText("100 of 130 shown").waitFor();
    expect(await rows.first().innerText()).toContain("<img src=x onerror=alert(1)>");
    await page.getByRole("button", { name: "More" }).click();
    await expect.poll(() => rows.count()).toBe(130);
    await page.getByLabel("Who").fill("eve");
    await page.getByRole("button", { name: "Filter" }).click();
    await expect.poll(() => rows.count()).toBe(13);
    expect(new URL(page.url()).search).toBe("?part=audit&actor=eve");
    await page.getByLabel("Action").fill("range.create");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByText("No entry matches.").waitFor();
    await page.goBack();
    await expect.poll(() => rows.count()).toBe(13);
    expect(await page.getByLabel("Action").inputValue()).toBe("");
  });

  it("lets a viewer look at what holds and says that the rest needs an admin", async () => {
    const page = await open("/settings?part=thresholds", (fake) => {
      fake.session = { ...fake.session, signInRequired: true, user: { username: "eve", role: "viewer", siteIds: null } };
    });
    await page.getByText("Changes need an admin of all sites.").waitFor();
    expect(await page.getByLabel("Chip of S9", { exact: true }).isDisabled()).toBe(true);
    expect(await page.locator("main button").count()).toBe(0);
    for (const name of ["Users", "API tokens", "Wall links", "Audit log"]) {
      await page.getByRole("link", { name }).click();
      await page.getByText("This is for admins of all sites.").waitFor();
    }
    for (const path of ["users", "tokens", "wall-links", "audit"]) expect(server.requests).not.toContain(`GET /api/v1/${path}`);
  });

  it("says what is true where there is no user yet, and where nothing was done yet", async () => {
    const page = await open("/settings?part=users");
    server.settings.users = [];
    server.settings.audit = [];
    await page.reload();
    await page.getByText("No user yet.").waitFor();
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByText("Nothing was changed or refused yet.").waitFor();
  });

  it("names a section that does not exist and shows the first", async () => {
    const page = await open("/settings?part=colours");
    await page.getByRole("alert").getByText("does not exist").waitFor();
    await page.getByLabel("Poll interval, seconds").waitFor();
  });

  it.each(["dark", "light"] as const)("has no finding of axe in any section, %s", async (colorScheme) => {
    const page = await open("/settings");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.getByLabel("Poll interval, seconds").fill("0");
    await save(page);
    expect(await findings(page)).toEqual([]);
    for (const [name, shown] of [
      ["Thresholds", "Chip °C"],
      ["Data", "database"],
      ["Users", "admin"],
      ["API tokens", "No token yet."],
      ["Audit log", "100 of 130 shown"],
    ]) {
      await page.getByRole("link", { name }).click();
      await page.locator(".settingspart").getByText(shown).first().waitFor();
      expect(await findings(page)).toEqual([]);
    }
    await page.getByRole("link", { name: "Users" }).click();
    await page.getByRole("button", { name: "Add a user" }).click();
    await dialog(page).getByRole("checkbox", { name: "every site" }).uncheck();
    expect(await findings(page)).toEqual([]);
  });

  it("scrolls only downwards on a phone", async () => {
    const page = await open("/settings?part=thresholds");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByLabel("Chip of S9", { exact: true }).waitFor();
    for (const name of ["Polling & units", "Data", "Users", "API tokens", "Wall links", "Audit log"]) {
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
      await page.getByRole("link", { name }).click();
    }
    expect(await findings(page)).toEqual([]);
  });
});

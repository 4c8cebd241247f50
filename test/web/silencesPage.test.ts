import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Silence } from "../../server/contract/incidents.ts";
import { nextTurnMs, windowNow } from "../../web/views/incidents/silences/windowNow.ts";
import { refused } from "./fakeAnswer.ts";
import { findings } from "./axe.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage } from "./stage.ts";

describe("Silences", { timeout: 60_000 }, () => {
  const stage = useStage();
  let server: FakeServer;

  async function open(change: (server: FakeServer) => void = () => undefined): Promise<Page> {
    server = new FakeServer(50);
    server.map.placeInRacks(50);
    change(server);
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(`${server.url}/incidents/silences`);
    await page.getByRole("heading", { name: "Silences and maintenance" }).waitFor();
    return page;
  }

  const dialog = (page: Page) => page.getByRole("dialog");

  it("says what it means that there is none", async () => {
    await (await open()).getByText("No window is set.").waitFor();
  });

  it("sets a maintenance window once, in the reader's own time, for a rack", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Add a window" }).click();
    await dialog(page).getByLabel("Name").fill("Feed A");
    await dialog(page).getByLabel("From").fill("1/1/2020, 10:00 AM");
    await dialog(page).getByLabel("To").fill("2099-01-01 12:30");
    await dialog(page).getByRole("button", { name: "Add" }).click();
    await dialog(page).getByText("“1/1/2020, 10:00 AM” is no date and time: write it like 2026-11-24 22:30").waitFor();
    expect(await dialog(page).getByLabel("From").getAttribute("aria-invalid")).toBe("true");
    await dialog(page).getByLabel("From").fill("2020-01-01 10:00");
    await dialog(page).getByLabel("Racks").selectOption("A01, Pecos");
    await dialog(page).getByLabel("Note").fill("Ask <b>jo</b>");
    await dialog(page).getByRole("button", { name: "Add" }).click();
    await dialog(page).waitFor({ state: "detached" });
    expect(server.alerting.changes).toEqual([
      {
        ...{ name: "Feed A", kind: "maintenance", enabled: true, note: "Ask <b>jo</b>" },
        scope: { siteIds: [], rackIds: ["rack-A01"], tags: [] },
        when: { kind: "once", fromMs: new Date("2020-01-01T10:00").getTime(), toMs: new Date("2099-01-01T12:30").getTime() },
      },
    ]);
    const row = page.getByRole("row", { name: "Feed A" });
    for (const text of ["Maintenance, set by maria", "rack A01", "2020-01-01 10:00", "Ask <b>jo</b>", "open"])
      await row.getByText(text).first().waitFor();
  });

  it("sets a silence by cron expression, shows when it opens next, changes it, switches it off and deletes it", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Add a window" }).click();
    await dialog(page).getByLabel("Name").fill("Nights");
    await dialog(page).getByLabel("Kind").selectOption("silence");
    await dialog(page).getByLabel("When").selectOption("Again and again");
    await dialog(page).getByLabel("Begins, as a cron expression").fill("0 22 * * *");
    await dialog(page).getByLabel("Lasts, minutes").fill("90");
    await dialog(page).getByRole("button", { name: "Add" }).click();
    const row = page.getByRole("row", { name: "Nights" });
    await row.getByText("0 22 * * *").waitFor();
    await row.getByText("for 1.5 h, server time").waitFor();
    await row.getByText(/^next/).waitFor();
    expect(server.alerting.changes[0]["when"]).toEqual({ kind: "cron", cron: "0 22 * * *", durationMs: 5_400_000 });

    await page.getByRole("button", { name: "Change Nights" }).click();
    expect(await dialog(page).getByLabel("Lasts, minutes").inputValue()).toBe("90");
    await dialog(page).getByLabel("Lasts, minutes").fill("60");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await row.getByText("for 60 min").waitFor();
    await page.getByRole("switch", { name: "Nights is on" }).click();
    await row.getByText("off", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Delete Nights" }).click();
    await page.getByRole("button", { name: "Delete the window" }).click();
    await page.getByText("No window is set.").waitFor();
  });

  it("names the field that is wrong, whether the page or the server finds it", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Add a window" }).click();
    await dialog(page).getByLabel("When").selectOption("Again and again");
    await dialog(page).getByLabel("Lasts, minutes").fill("0");
    await dialog(page).getByRole("button", { name: "Add" }).click();
    await dialog(page).getByText("A window needs a name").waitFor();
    await dialog(page).getByText("Between 1 minute and 10,080, a week").waitFor();
    await dialog(page).getByLabel("Name").fill("Nights");
    await dialog(page).getByLabel("Lasts, minutes").fill("60");
    await dialog(page).getByLabel("Begins, as a cron expression").fill("0 25 * * *");
    server.alerting.refusal = refused(400, "cron: hour cannot be 25", "when.cron");
    await dialog(page).getByRole("button", { name: "Add" }).click();
    await dialog(page).getByRole("alert").getByText("cron: hour cannot be 25").waitFor();
    expect(await dialog(page).getByLabel("Begins, as a cron expression").getAttribute("aria-invalid")).toBe("true");
    expect(server.alerting.silences).toEqual([]);
  });

  for (const scheme of ["dark", "light"] as const)
    it(`breaks no rule of accessibility, ${scheme}`, async () => {
      const page = await open((fake) => {
        const when = { kind: "cron", cron: "0 2 * * 0", durationMs: 3_600_000 };
        const scope = { siteIds: [], rackIds: [], tags: [] };
        fake.alerting.answer("POST /silences", { name: "Sundays", kind: "maintenance", when, scope, note: "", enabled: true });
      });
      await page.emulateMedia({ colorScheme: scheme });
      expect(await findings(page)).toEqual([]);
      await page.getByRole("button", { name: "Change Sundays" }).click();
      expect(await findings(page)).toEqual([]);
    });
});

describe("windowNow()", () => {
  const silence = (change: Partial<Silence>): Silence => ({
    ...{ id: "s", name: "s", kind: "silence", enabled: true, note: "", createdBy: "maria", createdAtMs: 0, active: false },
    scope: { siteIds: [], rackIds: [], tags: [] },
    when: { kind: "cron", cron: "0 2 * * *", durationMs: 1000 },
    ...{ startsAtMs: 5000, endsAtMs: 6000 },
    ...change,
  });

  it("goes from next to open to over with the clock", () => {
    expect(windowNow(silence({}), 4000)).toEqual({ kind: "next", fromMs: 5000, toMs: 6000 });
    expect(windowNow(silence({}), 5500)).toEqual({ kind: "open", untilMs: 6000 });
    expect(windowNow(silence({}), 6000)).toEqual({ kind: "over" });
    expect(windowNow(silence({ enabled: false }), 5500)).toEqual({ kind: "off" });
  });

  it("turns when the next one opens or ends", () => {
    expect(nextTurnMs([silence({}), silence({ startsAtMs: null, endsAtMs: null })], 5500)).toBe(6000);
    expect(nextTurnMs([silence({})], 7000)).toBeNull();
  });
});

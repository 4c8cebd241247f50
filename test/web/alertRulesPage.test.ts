import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { refused } from "./fakeAnswer.ts";
import { findings } from "./axe.ts";
import { incidentOf } from "./fakeIncidents.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage } from "./stage.ts";

describe("Alert rules", { timeout: 60_000 }, () => {
  const stage = useStage();
  let server: FakeServer;

  async function open(change: (server: FakeServer) => void = () => undefined): Promise<Page> {
    server = new FakeServer(50);
    server.map.placeInRacks(50);
    change(server);
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(`${server.url}/incidents/rules`);
    await page.getByText("All 5 are on.").waitFor();
    return page;
  }

  const dialog = (page: Page) => page.getByRole("dialog");
  const row = (page: Page, name: string) => page.getByRole("row", { name });

  it("lists what is watched, with limits, hold and what fires now", async () => {
    const page = await open();
    await row(page, "Unreachable").getByText("3 firing, 1 pending").waitFor();
    await row(page, "Unreachable").getByText("10 s").waitFor();
    await row(page, "Chips far too hot").getByText("7 °C over the limit of the settings").waitFor();
    await row(page, "Pool or worker").getByText("other than on the first day").waitFor();
    expect(await page.getByRole("button", { name: "Delete" }).count()).toBe(0);
  });

  it("counts what fires and what is pending anew after news of incidents, and not for what they cost", async () => {
    const page = await open((fake) => fake.incidents.items.push(incidentOf(1)));
    const asked = () => server.requests.filter((call) => call.endsWith("/alert-rules")).length;
    const before = asked();
    server.alerting.rules = server.alerting.rules.map((rule) => ({ ...rule, firingCount: 48, pendingCount: 2 }));
    server.incidents.put(incidentOf(2));
    await row(page, "Unreachable").getByText("48 firing, 2 pending").waitFor();
    server.incidents.change("i2", { lostHashes: 1e20 });
    expect(asked() - before).toBe(1);
  });

  it("switches a rule off and on again", async () => {
    const page = await open();
    await page.getByRole("switch", { name: "Agent down is on" }).click();
    await page.getByText("4 of 5 are on.").waitFor();
    await row(page, "Agent down").getByText("off", { exact: true }).waitFor();
    await page.getByRole("switch", { name: "Agent down is on" }).click();
    await page.getByText("All 5 are on.").waitFor();
    expect(server.alerting.changes).toEqual([{ enabled: false }, { enabled: true }]);
  });

  it("makes a rule with limits in the reader's units and a scope, changes it and deletes it", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Add a rule" }).click();
    await dialog(page).getByLabel("Name").fill("Slow in aisle A");
    await dialog(page).getByLabel("Looks at").selectOption("Hashrate, 5 min mean of rated");
    await dialog(page).getByLabel("Begins below, %").fill("70");
    await dialog(page).getByLabel("Ends from, %").fill("75,5");
    await dialog(page).getByLabel("Must hold for, seconds").fill("90");
    await dialog(page).getByLabel("Severity").selectOption("Critical");
    await dialog(page).getByLabel("Racks").selectOption("A01, Pecos");
    await dialog(page).getByLabel("Models").selectOption("S21");
    await dialog(page).getByLabel("Tags").selectOption("hydro");
    await dialog(page)
      .getByRole("button", { name: /hydro.*take away/ })
      .click();
    await dialog(page).getByRole("button", { name: "Add" }).click();
    await dialog(page).waitFor({ state: "detached" });
    expect(server.alerting.changes).toEqual([
      {
        ...{ name: "Slow in aisle A", enabled: true, holdMs: 90_000, severity: "critical" },
        condition: { kind: "lowHashrate", enter: 0.7, leave: 0.755, offset: 0 },
        scope: { siteIds: [], rackIds: ["rack-A01"], models: ["S21"], firmwares: [], tags: [], agentIds: [] },
      },
    ]);
    await row(page, "Slow in aisle A").getByText("rack A01; model S21").waitFor();
    await row(page, "Slow in aisle A").getByText("below 70 %, until 75.5 %").waitFor();

    await page.getByRole("button", { name: "Change Slow in aisle A" }).click();
    expect(await dialog(page).getByLabel("Ends from, %").inputValue()).toBe("75.5");
    await dialog(page).getByLabel("Looks at").selectOption("Pool or worker that is not allowed");
    await dialog(page).getByLabel("Allowed pools, one on each line").fill("*.pool-a.example:*\n\n pool-b.example:443 ");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await dialog(page).waitFor({ state: "detached" });
    expect(server.alerting.changes[1]["condition"]).toEqual({
      kind: "poolOutside",
      pools: ["*.pool-a.example:*", "pool-b.example:443"],
      workers: [],
    });
    await page.getByRole("button", { name: "Delete Slow in aisle A" }).click();
    await page.getByRole("button", { name: "Delete the rule" }).click();
    await row(page, "Slow in aisle A").waitFor({ state: "detached" });
  });

  it("previews whom a rule would touch and how often it would have fired, and says when the form has moved on", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Add a rule" }).click();
    await dialog(page).getByLabel("Begins from, °C").fill("95");
    await dialog(page).getByRole("button", { name: "Preview" }).click();
    const preview = dialog(page).getByRole("status", { name: "Preview" });
    await preview.getByText("it holds for 2 of 50 miners. Of 1 nobody can say.").waitFor();
    await preview.getByText("it would have fired 9 times, for 4 miners").waitFor();
    expect(await preview.getByRole("list", { name: "Times per day" }).getByRole("listitem").count()).toBe(7);
    expect(server.alerting.changes[0]["condition"]).toEqual({ kind: "chipTemp", enter: 95, leave: null, offset: 0 });
    await dialog(page).getByLabel("Begins from, °C").fill("96");
    await preview.getByText("The form was changed since").waitFor();
    await preview.getByRole("link", { name: "A01-03" }).click();
    await page.waitForURL("**/miners/m3");
  });

  it("says where the history cannot tell", async () => {
    const page = await open((fake) => {
      const history = {
        ...fake.alerting.preview.history,
        firedCount: null,
        firedMinerCount: null,
        detail: "What agents did is not in the history",
      };
      fake.alerting.preview = { ...fake.alerting.preview, met: [], metCount: 0, scopeCount: 1, unknownCount: 0, history };
    });
    await page.getByRole("button", { name: "Change Agent down" }).click();
    expect(await dialog(page).getByLabel("Looks at").isDisabled()).toBe(true);
    expect(await dialog(page).getByLabel("Models").count()).toBe(0);
    await dialog(page).getByRole("button", { name: "Preview" }).click();
    await dialog(page).getByText("it holds for 0 of 1 agent.").waitFor();
    await dialog(page).getByText("cannot be told. What agents did is not in the history.").waitFor();
  });

  it("names the field that is wrong, whether the page or the server finds it", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Add a rule" }).click();
    await dialog(page).getByLabel("Begins from, °C").fill("hot");
    await dialog(page).getByRole("button", { name: "Add" }).click();
    await dialog(page).getByText("A rule needs a name").waitFor();
    await dialog(page).getByText("“hot” is no number").waitFor();
    expect(await dialog(page).getByLabel("Begins from, °C").getAttribute("aria-invalid")).toBe("true");
    await dialog(page).getByLabel("Name").fill("Hot");
    await dialog(page).getByLabel("Begins from, °C").fill("95");
    await dialog(page).getByLabel("Ends below, °C").fill("99");
    for (const [field, label, detail] of [
      ["condition.leave", "Ends below, °C", "leave: 99 must be at most 95, where the condition begins"],
      ["name", "Name", "There is a rule “Hot” already; choose another name"],
      ["scope.siteIds", "Sites", "There is no site s9"],
    ]) {
      server.alerting.refusal = refused(400, detail, field);
      await dialog(page).getByRole("button", { name: "Add" }).click();
      await dialog(page).getByRole("alert").getByText(detail).waitFor();
      expect(await dialog(page).getByLabel(label).getAttribute("aria-invalid")).toBe("true");
    }
    server.alerting.refusal = refused(409, "There are 200 own rules already, which is the limit; delete one first");
    await dialog(page).getByRole("button", { name: "Add" }).click();
    await dialog(page).getByRole("alert").getByText("which is the limit").waitFor();
    expect(server.alerting.changes).toEqual([]);
  });

  it("shows a viewer all of it and offers no change", async () => {
    const page = await open((fake) => {
      fake.session = { ...fake.session, signInRequired: true, user: { username: "vic", role: "viewer", siteIds: null } };
    });
    expect(await page.getByRole("switch", { name: "Agent down is on" }).isDisabled()).toBe(true);
    for (const name of [/^Change/, /^Add/]) expect(await page.getByRole("button", { name }).count()).toBe(0);
  });

  for (const scheme of ["dark", "light"] as const)
    it(`breaks no rule of accessibility, ${scheme}`, async () => {
      const page = await open();
      await page.emulateMedia({ colorScheme: scheme });
      expect(await findings(page)).toEqual([]);
      await page.getByRole("button", { name: "Add a rule" }).click();
      await dialog(page).getByLabel("Sites").selectOption("Pecos");
      await dialog(page).getByRole("button", { name: "Preview" }).click();
      await dialog(page).getByText("it would have fired").waitFor();
      expect(await findings(page)).toEqual([]);
    });
});

describe("Alert rules at phone width", { timeout: 60_000 }, () => {
  const stage = useStage({ width: 390, height: 844, isTouch: true });

  it("can be changed without scrolling the page sideways", async () => {
    const server = await stage.serve(new FakeServer(50));
    const page = await stage.newPage();
    await page.goto(`${server.url}/incidents`);
    await page.getByRole("navigation", { name: "Incidents" }).getByRole("link", { name: "Rules" }).click();
    await page.getByRole("button", { name: "Add a rule" }).click();
    await page.getByLabel("Name").fill("Own one");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("switch", { name: "Own one is on" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});

import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { findings } from "./axe.ts";
import { STATS } from "./fakePlaces.ts";
import { FakeServer } from "./fakeServer.ts";
import { useStage } from "./stage.ts";

describe("Sites & agents", { timeout: 60_000 }, () => {
  const stage = useStage({ permissions: ["clipboard-read", "clipboard-write"] });
  let server: FakeServer;

  /** The page as it is with 500 miners; `before` sets up what the server knows. */
  async function open(before: (server: FakeServer) => void = () => undefined, path = "/sites"): Promise<Page> {
    server = new FakeServer(500);
    before(server);
    await stage.serve(server);
    const page = await stage.newPage();
    await page.goto(server.url + path);
    await page.getByRole("region", { name: "Pecos" }).waitFor();
    return page;
  }

  const dialog = (page: Page) => page.getByRole("dialog");
  const agent = (page: Page, name: string) => page.getByRole("region", { name: `Agent ${name}` });
  const choose = async (page: Page, name: string, option: string): Promise<void> => {
    await page.getByRole("button", { name: `Change ${name}` }).click();
    await page.getByRole("button", { name: option, exact: true }).click();
  };

  it("enrols an agent with one line that can be copied, and shows it when it connects", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Enrol an agent for Pecos" }).click();
    await dialog(page).getByLabel(/^Name/).fill("Hall 2");
    await dialog(page).getByRole("button", { name: "Make a code" }).click();
    await dialog(page).getByText("Waiting for the agent to connect.").waitFor();
    await dialog(page)
      .getByText(/The code expires in 59 min|The code expires in 60 min/)
      .waitFor();
    await dialog(page).getByRole("button", { name: /^Copy/ }).click();
    await dialog(page).getByText("Copied").waitFor();
    const line = await page.evaluate(() => navigator.clipboard.readText());
    expect(line).toMatch(new RegExp(`^npx hashwatch agent --server ${server.url} --code code\\d+-abcde --data-dir ./data$`));
    const { id } = server.places.agents.at(-1)!;
    server.places.setAgent(id, { state: "online", codeExpiresAtMs: null, hostname: "shed", program: "hashwatch 0.1.0" });
    await dialog(page).getByText("Hall 2 is connected, on shed.").waitFor();
    await dialog(page).getByRole("button", { name: "Done" }).click();
    await agent(page, "Hall 2")
      .getByText(/^online/)
      .waitFor();
  });

  it("counts the code down and offers another when it has expired", async () => {
    const page = await open((fake) => {
      fake.places.agents = [
        ...fake.places.agents,
        { ...fake.places.agents[0], id: "agent2", name: "Hall 2", embedded: false, state: "waiting" },
      ];
    });
    await agent(page, "Hall 2").getByText("not enrolled yet, its code has expired").waitFor();
    await choose(page, "Hall 2", "New enrolment code");
    server.places.codeValidMs = 3000;
    await dialog(page).getByRole("button", { name: "Make a new code" }).click();
    await dialog(page).getByText("The code expires in").waitFor();
    const first = await dialog(page).getByRole("code").innerText();
    await dialog(page).getByText("The code has expired.").waitFor();
    await dialog(page).getByRole("button", { name: "Make a new code" }).click();
    await expect.poll(() => dialog(page).getByRole("code").innerText()).not.toBe(first);
  });

  it("renames, revokes and removes an agent, and says what becomes of its miners", async () => {
    const page = await open((fake) => {
      fake.places.agents = [
        ...fake.places.agents,
        { ...fake.places.agents[0], id: "agent2", name: "Hall 2", embedded: false, minerCount: 312 },
      ];
    });
    await choose(page, "Hall 2", "Rename");
    await dialog(page).getByLabel("Name").fill("Hall B");
    await dialog(page).getByRole("button", { name: "Rename" }).click();
    await agent(page, "Hall B").waitFor();
    await choose(page, "Hall B", "Revoke its key");
    await dialog(page).getByText("312 miners become unknown").waitFor();
    await dialog(page).getByRole("button", { name: "Revoke the key" }).click();
    await agent(page, "Hall B").getByText("revoked").waitFor();
    await choose(page, "Hall B", "Remove");
    await dialog(page).getByRole("button", { name: "Remove the agent" }).click();
    await agent(page, "Hall B").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Change embedded" }).click();
    expect(await page.getByRole("button", { name: "Remove", exact: true }).count()).toBe(0);
  });

  it("shows how an agent is as it changes, what it refuses, and asks nothing over HTTP meanwhile", async () => {
    const page = await open();
    await page.waitForLoadState("networkidle");
    const before = server.requests.length;
    const panel = agent(page, "embedded");
    server.places.setAgent("agent1", { stats: STATS, skewMs: -3200 });
    for (const text of ["3.2 s behind, corrected", "120 samples", "6 (0.05 %)", "41 ms", "no answer 31", "reply cut short 2", "every 10 s"])
      await panel.getByText(text).waitFor();
    server.places.setAgent("agent1", { stats: { ...STATS, refusalCount: 2, lastRefusal: "range 8.8.8.0/24: not in --allow-ranges" } });
    await panel.getByText("range 8.8.8.0/24: not in --allow-ranges").waitFor();
    server.places.setAgent("agent1", { state: "offline", connectedSinceMs: null });
    await panel.getByText(/^offline, last heard/).waitFor();
    expect(server.requests.slice(before).filter((request) => !request.includes("/socket.io"))).toEqual([]);
  });

  it("adds ranges, keeps the wrong one to be mended, scans with progress, and links what it found", async () => {
    const page = await open();
    await page.getByText("No range yet.").waitFor();
    await page.getByLabel("Add ranges").fill("10.20.0.0/24, 10.20.0.0/33");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("10.20.0.0/33 is not a range.").waitFor();
    expect(await page.getByLabel("Add ranges").inputValue()).toBe("10.20.0.0/33");
    await page.getByRole("button", { name: "Scan now" }).click();
    await page.getByText("254 of 254").waitFor();
    await page.getByRole("cell", { name: "not a miner: HTTP <b>on</b> 4028" }).waitFor();
    expect(server.requests.filter((request) => request.includes("/scans/"))).toEqual([]);
    await page.getByRole("link", { name: "10.20.0.9", exact: true }).click();
    await page.getByRole("region", { name: "Now" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/miners/m8");
    await page.goBack();
    await page.getByText("254 of 254").waitFor();
    await page.getByRole("button", { name: "Remove 10.20.0.0/24" }).click();
    await page.getByText("No range yet.").waitFor();
  });

  it("stops the scan of an agent", async () => {
    const page = await open((fake) => (fake.places.scansHoldStill = true));
    await page.getByLabel("Add ranges").fill("10.20.0.0/24");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("button", { name: "Scan now" }).click();
    const panel = page.getByRole("region", { name: "Scan by embedded" });
    await panel.getByText("under way").waitFor();
    await panel.getByRole("button", { name: "Stop scan" }).click();
    await panel.getByText("stopped", { exact: true }).waitFor();
    expect(await panel.getByRole("button", { name: "Scan again" }).isEnabled()).toBe(true);
  });

  it("adds, renames and removes a site, and names what goes with it", async () => {
    const page = await open((fake) => {
      fake.places.racks = [{ id: "rack9", siteId: "site2", name: "A1", rows: 8, columns: 6 }];
    });
    await page.getByRole("button", { name: "Add a site" }).click();
    await dialog(page).getByLabel("Name").fill("Pecos");
    await dialog(page).getByRole("button", { name: "Add" }).click();
    await dialog(page).getByText("There is a site Pecos already").waitFor();
    await dialog(page).getByLabel("Name").fill("Abilene");
    await dialog(page).getByRole("button", { name: "Add" }).click();
    const site = page.getByRole("region", { name: "Abilene", exact: true });
    await site.getByText("0 miners, 0 agents, 1 rack").waitFor();
    await page.getByRole("button", { name: "Site: All 2 sites" }).waitFor();
    await site.getByRole("button", { name: "Rename Abilene" }).click();
    await dialog(page).getByLabel("Name").fill("Odessa");
    await dialog(page).getByRole("button", { name: "Rename" }).click();
    await page.getByRole("button", { name: "Remove Odessa" }).click();
    await dialog(page).getByRole("listitem").filter({ hasText: "1 rack" }).waitFor();
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Remove Odessa");
    await page.getByRole("button", { name: "Remove Odessa" }).press("Enter");
    await dialog(page).getByRole("button", { name: "Remove the site" }).click();
    await page.getByRole("region", { name: "Odessa", exact: true }).waitFor({ state: "detached" });
    expect(await page.getByRole("button", { name: "Remove Pecos" }).count()).toBe(0);
  });

  it("adds, changes and removes racks", async () => {
    const page = await open();
    const rackList = page.getByRole("region", { name: "Racks", exact: true });
    await rackList.getByRole("button", { name: "Add a rack" }).click();
    await dialog(page).getByLabel("Name").fill("A1");
    await dialog(page).getByLabel("Rows").fill("10");
    await dialog(page).getByRole("button", { name: "Add" }).click();
    await rackList.getByRole("row", { name: /A1 10 6 60 0/ }).waitFor();
    await rackList.getByRole("button", { name: "Add a rack" }).click();
    await dialog(page).getByLabel("Name").fill("A1");
    await dialog(page).getByRole("button", { name: "Add" }).click();
    await dialog(page).getByText("The site has a rack A1 already").waitFor();
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await rackList.getByRole("button", { name: "Change A1" }).click();
    await dialog(page).getByLabel("Columns").fill("4");
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await rackList.getByRole("row", { name: /A1 10 4 40 0/ }).waitFor();
    await rackList.getByRole("button", { name: "Remove A1" }).click();
    await dialog(page).getByRole("button", { name: "Remove the rack" }).click();
    await rackList.getByText("none yet").waitFor();
  });

  it("shows one site where the address names it, and lets a viewer look and change nothing", async () => {
    const page = await open((fake) => {
      fake.session = { ...fake.session, signInRequired: true, user: { username: "eve", role: "viewer", siteIds: null } };
      fake.sites = [...fake.sites, { id: "site2", name: "Abilene", createdAtMs: 0 }];
    }, "/sites?site=site1");
    await page.getByText("Your role may look, not change.").waitFor();
    expect(await page.getByRole("region", { name: "Abilene" }).count()).toBe(0);
    expect(await page.locator("main button").count()).toBe(0);
  });

  it.each(["dark", "light"] as const)("has no finding of axe, dialogs and menus open, %s", async (colorScheme) => {
    const page = await open((fake) => {
      fake.places.racks = [{ id: "rack9", siteId: "site1", name: "A1", rows: 8, columns: 6 }];
      fake.places.agents = [
        { ...fake.places.agents[0], stats: { ...STATS, refusalCount: 1, lastRefusal: "range 8.8.8.8: no" } },
        { ...fake.places.agents[0], id: "agent2", name: "Hall 2", embedded: false, state: "offline" },
      ];
    });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await agent(page, "embedded").getByText("range 8.8.8.8: no").waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Change Hall 2" }).click();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Revoke its key" }).click();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Enrol an agent for Pecos" }).click();
    await dialog(page).getByLabel(/^Name/).fill("Hall 3");
    await dialog(page).getByRole("button", { name: "Make a code" }).click();
    await dialog(page).getByText("Waiting for the agent").waitFor();
    expect(await findings(page)).toEqual([]);
  });

  it("scrolls only downwards on a phone", async () => {
    const page = await open((fake) => {
      fake.places.racks = [{ id: "rack9", siteId: "site1", name: "A1", rows: 8, columns: 6 }];
      fake.places.agents = [{ ...fake.places.agents[0], stats: STATS }];
    });
    await page.setViewportSize({ width: 390, height: 844 });
    await agent(page, "embedded").getByText("120 samples").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    expect(await findings(page)).toEqual([]);
  });
});

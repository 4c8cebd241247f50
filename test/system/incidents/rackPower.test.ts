import { afterAll, describe, expect, it } from "vitest";
import type { MinerRow } from "../../../server/contract/api.ts";
import { allMiners } from "../site.ts";
import { stopAll, waitFor } from "../program.ts";
import { startProcesses, type ProcessSite } from "./processes.ts";
import { Site } from "./site.ts";

const RACK = 48;

describe("a rack of 48 among 500 that loses power", () => {
  afterAll(stopAll);

  it("is told once within a minute, at the rack, and once when it returns", async () => {
    const site = await Site.open({ address: "127.60.0.1", minerCount: 500 });
    const { hook, mail } = site;
    const darkAtMs = site.clock.nowMs();
    await site.fault({ fault: "powerLoss", miners: { rack: 3 }, forMs: 70_000, bootMs: 10_000 });
    await site.advance(60_000);
    expect(hook.told).toEqual(["opened rack A04"]);
    expect(hook.got[0].body.incident).toMatchObject({
      ...{ severity: "critical", state: "open", cause: "unreachable", memberCount: RACK, firingCount: RACK },
    });
    expect(hook.got[0].body.incident?.explanation).toMatch(/^48 of 48 miners in rack A04 became unreachable within \d+ s$/);
    expect(hook.got[0].atMs - darkAtMs).toBeLessThanOrEqual(60_000);
    await site.until(() => hook.got.length > 1, 300_000);
    await site.advance(30_000);
    expect(hook.told).toEqual(["opened rack A04", "closed rack A04"]);
    expect(mail.mails.map(({ subject }) => subject)).toEqual(hook.got.map(({ body }) => body.title));
    expect(new Set(hook.got.map(({ key }) => key)).size).toBe(2);
  }, 300_000);

  it("is told the same way in real time", async () => {
    const site = await startProcesses({ address: "127.60.4.1", minerCount: 500, embeddedCount: 500, pollIntervalMs: 2500 });
    const { hook, mail } = site;
    await placeFirstRack(site);
    const darkAtMs = Date.now();
    site.inject({ fault: "powerLoss", miners: { rack: 0 }, forMs: 36_000, bootMs: 1000 });
    await waitFor(() => hook.got.length > 0, 90_000);
    expect(hook.got[0].atMs - darkAtMs).toBeLessThanOrEqual(60_000);
    expect(hook.got[0].body.incident).toMatchObject({ scope: { kind: "rack", name: "B07" }, memberCount: RACK });
    await waitFor(() => hook.got.length > 1, 150_000);
    expect(hook.told).toEqual(["opened rack B07", "closed rack B07"]);
    await waitFor(() => mail.mails.length >= 2, 30_000);
    expect(mail.mails.map(({ subject }) => subject)).toEqual(hook.got.map(({ body }) => body.title));
    await site.close();
  }, 300_000);
});

async function placeFirstRack({ server, endpoints }: ProcessSite): Promise<void> {
  const [{ id: siteId }] = (await server.get<{ items: { id: string }[] }>("/sites")).items;
  const { id: rackId } = await server.send<{ id: string }>("POST", "/racks", { siteId, name: "B07", rows: 4, columns: 12 });
  const idAt = new Map((await allMiners(server)).map(({ address, id }: MinerRow) => [address, id]));
  for (const [index, { address }] of endpoints.slice(0, RACK).entries())
    await server.send("PATCH", `/miners/${idAt.get(address) ?? ""}`, { rackId, slot: index + 1 });
}

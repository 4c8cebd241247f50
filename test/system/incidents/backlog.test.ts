import { describe, expect, it } from "vitest";
import type { Series } from "../../../server/contract/api.ts";
import { Site } from "./site.ts";

const MIN_MS = 60_000;
const HOUR_MS = 60 * MIN_MS;

describe("an agent that returns after six hours with its backlog", () => {
  it("fills the history, and nobody is told of the past", async () => {
    const site = await Site.open({ address: "127.67.0.1", minerCount: 6, models: ["S19 Pro"], pollIntervalMs: MIN_MS });
    const { hook } = site;
    const cutAtMs = site.clock.nowMs();
    site.agents[0].line.setOpen(false);
    await site.fault({ fault: "deadBoard", board: 1, miners: [2], atMs: HOUR_MS, forMs: HOUR_MS });
    await site.fault({ fault: "refuse", miners: "all", atMs: 3 * HOUR_MS, forMs: 10 * MIN_MS });
    await site.advance(6 * HOUR_MS);
    expect(hook.got.map(({ body: { event, incident } }) => [event, incident?.cause])).toEqual([["opened", "agentDown"]]);
    site.agents[0].line.setOpen(true);
    await site.until(() => hook.got.length > 1, 10 * MIN_MS);
    await site.advance(10 * MIN_MS);
    expect(hook.got.map(({ body: { event, incident } }) => [event, incident?.cause])).toEqual([
      ["opened", "agentDown"],
      ["closed", "agentDown"],
    ]);
    expect(await site.incidents()).toHaveLength(1);
    const history = await site.get<Series>(
      `/miners/${await minerId(site, 2)}/series?metrics=hashrateHs&fromMs=${cutAtMs}&toMs=${cutAtMs + 6 * HOUR_MS}&stepMs=${5 * MIN_MS}`,
    );
    const gaps = history.timesMs.filter((_, step) => history.series.hashrateHs[step] === null);
    expect(gaps.map((atMs) => Math.round((atMs - cutAtMs) / MIN_MS)).filter((minute) => minute < 175 || minute > 195)).toEqual([]);
  }, 300_000);
});

async function minerId(site: Site, index: number): Promise<string> {
  const { address } = site.emulator.endpoints[index];
  const { items } = await site.get<{ items: { id: string; address: string }[] }>("/miners");
  return items.find((miner) => miner.address === address)?.id ?? "";
}

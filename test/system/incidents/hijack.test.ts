import { describe, expect, it } from "vitest";
import type { Pool } from "../../../server/contract/sample.ts";
import { Site } from "./site.ts";

const MIN_MS = 60_000;
const HOURS = 24;
/** So much of each hour of the first day is lived through: two polls of each machine, one of them with its pools. */
const SEEN_MS = 20_000;
/** What the owner sets up on the first day. */
const OWN_POOL = "stratum+tcp://second.pool.example:3333";
const POOL = "stratum+tcp://stratum.elsewhere.example:3333";
/** Two polls of `pools`. */
const WITHIN_MS = 120_000;

describe("a hijacked pool", () => {
  it("is a critical incident that names it, where the pools of the first day are the pattern", async () => {
    const site = await Site.open({ address: "127.68.0.1", minerCount: 10 });
    const account = (await pools(site))[0].worker.split(".", 1)[0];
    const toOwnPool = (miner: number) => site.fault({ fault: "poolHijack", miners: [miner], url: OWN_POOL, worker: `${account}.new` });
    for (let hour = 0; hour < HOURS; hour++) {
      if (hour === 15) await toOwnPool(7);
      site.clock.leap(60 * MIN_MS - SEEN_MS);
      await site.advance(SEEN_MS);
    }
    await toOwnPool(8);
    await site.advance(WITHIN_MS);
    expect(site.hook.told).toEqual([]);
    expect(await site.incidents()).toEqual([]);
    expect((await pools(site)).filter(({ url }) => url === OWN_POOL).length).toBeGreaterThan(1);
    await hijackOne(site);
  }, 300_000);

  it("is one where the rule has patterns of its own", async () => {
    const site = await Site.open({ address: "127.68.1.1", minerCount: 10 });
    const patterns = [...new Set((await pools(site)).map(({ url }) => `*${new URL(url).hostname}*`))];
    await site.send("PATCH", "/alert-rules/poolOutside", { condition: { kind: "poolOutside", pools: patterns, workers: [] } });
    await site.advance(MIN_MS);
    expect(site.hook.told).toEqual([]);
    await hijackOne(site);
  }, 300_000);
});

async function hijackOne(site: Site): Promise<void> {
  await site.fault({ fault: "poolHijack", miners: [3], url: POOL, worker: "stranger.1" });
  await site.until(() => site.hook.got.length > 0, WITHIN_MS);
  await site.advance(MIN_MS);
  expect(site.hook.told).toEqual(["opened miner A01-04"]);
  expect(site.hook.got[0].body.incident).toMatchObject({ severity: "critical", cause: "poolOutside", memberCount: 1 });
  const { title, text } = site.hook.got[0].body;
  expect(`${title}\n${text}`).toContain(POOL);
  expect(site.mail.mails).toHaveLength(1);
}

async function pools(site: Site): Promise<Pool[]> {
  const { items } = await site.get<{ items: { id: string }[] }>("/miners");
  const miners = await Promise.all(items.map(({ id }) => site.get<{ sample: { pools: Pool[] } }>(`/miners/${id}`)));
  return miners.flatMap(({ sample }) => sample.pools);
}

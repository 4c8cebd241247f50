import { describe, expect, it } from "vitest";
import { Site } from "./site.ts";

const DAY_MS = 86_400_000;
const POOL = "stratum+tcp://stratum.elsewhere.example:3333";
/** Two polls of `pools`. */
const WITHIN_MS = 120_000;

describe("a hijacked pool", () => {
  it("is a critical incident that names it, where the pools of the first day are the pattern", async () => {
    const site = await Site.open({ address: "127.68.0.1", minerCount: 10 });
    site.clock.leap(DAY_MS);
    await site.advance(60_000);
    expect(site.hook.told).toEqual([]);
    await hijackOne(site);
  }, 300_000);

  it("is one where the rule has patterns of its own", async () => {
    const site = await Site.open({ address: "127.68.1.1", minerCount: 10 });
    const pools = [...new Set((await poolUrls(site)).map((url) => `*${new URL(url).hostname}*`))];
    await site.send("PATCH", "/alert-rules/poolOutside", { condition: { kind: "poolOutside", pools, workers: [] } });
    await site.advance(60_000);
    expect(site.hook.told).toEqual([]);
    await hijackOne(site);
  }, 300_000);
});

async function hijackOne(site: Site): Promise<void> {
  await site.fault({ fault: "poolHijack", miners: [3], url: POOL, worker: "stranger.1" });
  await site.until(() => site.hook.got.length > 0, WITHIN_MS);
  await site.advance(60_000);
  expect(site.hook.told).toEqual(["opened miner A01-04"]);
  expect(site.hook.got[0].body.incident).toMatchObject({ severity: "critical", cause: "poolOutside", memberCount: 1 });
  const { title, text } = site.hook.got[0].body;
  expect(`${title}\n${text}`).toContain(POOL);
  expect(site.mail.mails).toHaveLength(1);
}

async function poolUrls(site: Site): Promise<string[]> {
  const { items } = await site.get<{ items: { id: string }[] }>("/miners");
  const miners = await Promise.all(items.map(({ id }) => site.get<{ sample: { pools: { url: string }[] } }>(`/miners/${id}`)));
  return miners.flatMap(({ sample }) => sample.pools.map(({ url }) => url));
}

import { describe, expect, it } from "vitest";
import { Site } from "./site.ts";

const MIN_MS = 60_000;

describe("a webhook that answers 500 for ten minutes", () => {
  it("gets everything afterwards, in order, once, and nobody else waits for it", async () => {
    const site = await Site.open({ address: "127.66.0.1", minerCount: 40, models: ["S19 Pro"], pollIntervalMs: 20_000 });
    const { hook, mail } = site;
    hook.status = 500;
    for (const [n, miner] of [3, 11, 19, 27, 35].entries())
      await site.fault({ fault: "deadBoard", board: 1, miners: [miner], atMs: n * MIN_MS, forMs: 2.5 * MIN_MS });
    await site.advance(10 * MIN_MS);
    expect(hook.got).toEqual([]);
    expect(hook.attempts.length).toBeGreaterThan(1);
    const titles = mail.mails.map(({ subject }) => subject);
    expect(titles).toHaveLength(10);
    hook.status = 200;
    await site.until(() => hook.got.length >= titles.length, 30 * MIN_MS);
    await site.advance(10 * MIN_MS);
    expect(hook.got.map(({ body }) => body.title)).toEqual(titles);
    expect(new Set(hook.got.map(({ key }) => key)).size).toBe(titles.length);
  }, 300_000);
});

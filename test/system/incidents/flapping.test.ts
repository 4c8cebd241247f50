import { describe, expect, it } from "vitest";
import { Site } from "./site.ts";

const HOUR_MS = 3_600_000;
const FLAP_MS = 40_000;

describe("a board that comes and goes every 40 s for an hour", () => {
  it("is one incident marked as flapping, and two messages", async () => {
    const site = await Site.open({ address: "127.65.0.1", minerCount: 12, models: ["S19 Pro"] });
    const { hook } = site;
    for (let atMs = 0; atMs < HOUR_MS; atMs += 2 * FLAP_MS)
      await site.fault({ fault: "deadBoard", board: 1, miners: [7], atMs, forMs: FLAP_MS });
    await site.advance(HOUR_MS);
    expect(hook.told).toEqual(["opened miner A01-08"]);
    expect(await site.incidents()).toMatchObject([{ state: "open", flapping: true }]);
    await site.advance(HOUR_MS / 3);
    expect(hook.told).toEqual(["opened miner A01-08", "closed miner A01-08"]);
    expect(hook.got[1].body.incident).toMatchObject({ id: hook.got[0].body.incident?.id, state: "closed", flapping: true });
    expect(await site.incidents()).toHaveLength(1);
  }, 300_000);
});

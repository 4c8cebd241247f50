import { describe, expect, it } from "vitest";
import { Site } from "./site.ts";

const HOUR_MS = 3_600_000;
const MINERS = 90;
const FAILURES = 30;
const BUDGET = 20;

describe("30 unrelated machines that fail in one hour", () => {
  it("are 30 incidents, told within the budget of the channel, and then in one summary", async () => {
    const site = await Site.open({ address: "127.64.0.1", minerCount: MINERS, models: ["S19 Pro"], pollIntervalMs: 40_000 });
    const { hook } = site;
    const spacingMs = HOUR_MS / FAILURES - 5000;
    for (let n = 0; n < FAILURES; n++) {
      const fault = n % 2 === 0 ? "refuse" : "deadBoard";
      await site.fault({ fault, miners: [(n * MINERS) / FAILURES], atMs: n * spacingMs });
    }
    await site.advance(HOUR_MS);
    const incidents = await site.incidents();
    expect(incidents.map(({ scope, memberCount, severity }) => [scope.kind, memberCount, severity])).toEqual(
      Array.from({ length: FAILURES }, () => ["miner", 1, "warning"]),
    );
    await site.until(() => hook.got.length > BUDGET, HOUR_MS / 6);
    await site.advance(HOUR_MS / 6);
    expect(hook.got.map(({ body }) => body.event)).toEqual([...Array.from({ length: BUDGET }, () => "opened"), "summary"]);
    const told = hook.got.slice(0, BUDGET).map(({ body }) => body.incident?.id);
    expect(new Set(told).size).toBe(BUDGET);
    const heldBack = incidents.filter(({ id }) => !told.includes(id));
    for (const { scope } of heldBack) expect(hook.got[BUDGET].body.text).toContain(scope.name);
  }, 300_000);
});

import { describe, expect, it } from "vitest";
import { statusCode } from "../../../server/contract/status.ts";
import type { LiveColumn } from "../../../server/contract/live.ts";
import { ServerClock } from "../../../web/live/clock.ts";
import { Fleet } from "../../../web/live/fleet.ts";
import { BreakdownMaker } from "../../../web/views/fleet/breakdown.ts";
import { lostScale, lostText } from "../../../web/views/fleet/lostScale.ts";
import { identityOf, snapshotOf, totalsOf } from "../fakeFleet.ts";

const NOW = 1_790_000_000_000;
const AT = { tick: 0, nowMs: NOW };

/** A fleet of made-up miners, changed by `change` before it is taken. */
function breakdownOf(minerCount: number, change: (parts: ReturnType<typeof partsOf>) => void = () => undefined) {
  const parts = partsOf(minerCount);
  change(parts);
  const fleet = new Fleet(new ServerClock(() => NOW), (callback) => callback());
  fleet.takeSnapshot(parts.snapshot);
  fleet.takeIdentity(parts.identity);
  return new BreakdownMaker(fleet).make(NOW);
}

function partsOf(minerCount: number) {
  const snapshot = snapshotOf(minerCount, 1, AT);
  const set = (row: number, column: LiveColumn, value: number): void => void (snapshot.values[column]![row] = value);
  return { snapshot, identity: identityOf(minerCount), set };
}

describe("BreakdownMaker", () => {
  it("gives the reasons that cost hashrate, the dearest first, without hashing, unknown and paused", () => {
    const { costs } = breakdownOf(500);
    expect(costs.map(({ reason, minerCount }) => `${reason} ${minerCount}`)).toEqual([
      "timeout 5",
      "poolDead 2",
      "chipsBad 10",
      "overTemperature 5",
    ]);
    expect(costs[0].lostHashrateHs / 1e12).toBe(880); // the whole rating of each: an unreachable miner counts as 0
  });

  it("agrees with the totals of the fleet, by site and by model", () => {
    const { sites, models } = breakdownOf(500);
    const { hashrateHs, ratedHashrateHs, reportingCount, efficiencyJPerTh } = totalsOf(500, AT);
    const [site] = sites;
    expect(site).toMatchObject({ key: "site1", minerCount: 500, reportingCount });
    expect(site.ratedShare).toBeCloseTo(hashrateHs / ratedHashrateHs, 9);
    expect(site.efficiencyJPerTh).toBeCloseTo(efficiencyJPerTh ?? 0, 9);
    expect(models.map(({ key, minerCount }) => `${key ?? ""} ${minerCount}`)).toEqual(["S21 144", "T21 144", "S19 XP 116", "S19j Pro 96"]);
    expect(models.reduce((sum, model) => sum + model.hashrateHs, 0) / hashrateHs).toBeCloseTo(1, 9);
  });

  it("leaves old samples out of rates and heat, and says nothing where none reports", () => {
    const { sites, chipTempCP95 } = breakdownOf(3, ({ set }) => [0, 1, 2].forEach((row) => set(row, "polledAtMs", NOW - 21_000)));
    expect(sites[0]).toMatchObject({ minerCount: 3, reportingCount: 0, hashrateHs: 0 });
    expect([sites[0].ratedShare, sites[0].efficiencyJPerTh, chipTempCP95]).toEqual([NaN, NaN, NaN]);
  });

  it("counts a rate of another algorithm in no sum of SHA-256d, and one group of it in its own", () => {
    const { sites, models, costs } = breakdownOf(3, ({ identity, set }) => {
      identity.algorithm[2] = "scrypt";
      identity.model[2] = "L7";
      set(2, "hashrateHs", 9.5e9);
      set(2, "status", statusCode({ status: "degraded", reason: "lowHashrate" }));
    });
    expect(models.map(({ key, algorithm, hashrateHs }) => [key, algorithm, hashrateHs])).toContainEqual(["L7", "scrypt", 9.5e9]);
    expect(sites[0].hashrateHs).toBeCloseTo(models[0].hashrateHs, 0);
    expect(costs).toEqual([{ status: "degraded", reason: "lowHashrate", minerCount: 1, lostHashrateHs: 0, uncountedCount: 1 }]);
  });

  it("takes the age of a site from the agent that is furthest behind", () => {
    const { sites } = breakdownOf(4, ({ identity, set }) => {
      identity.agentId = ["a1", "a1", "a2", "a2"];
      [1000, 9000, 70_000, 65_000].forEach((ageMs, row) => set(row, "polledAtMs", NOW - ageMs));
    });
    expect(NOW - sites[0].oldestAgentAtMs).toBe(65_000);
  });

  it("has percentiles by nearest rank, in whole degrees", () => {
    const { chipTempCP50, chipTempCP95 } = breakdownOf(4, ({ set }) =>
      [60, 61.4, 70, 88].forEach((temp, row) => set(row, "chipTempCMax", temp)),
    );
    expect([chipTempCP50, chipTempCP95]).toEqual([61, 88]);
  });

  it("shows rows whose identity is not there yet in no group", () => {
    const fleet = new Fleet(new ServerClock(() => NOW), (callback) => callback());
    fleet.takeSnapshot(snapshotOf(3, 1, AT));
    expect(new BreakdownMaker(fleet).make(NOW)).toMatchObject({ minerCount: 3, sites: [], models: [] });
  });
});

describe("lostText()", () => {
  it("keeps one unit for a list and never shows a loss as nothing", () => {
    const [small, large] = [lostScale(880e12), lostScale(15.9e15)];
    expect([lostText(880e12, small), lostText(0.2e12, small), lostText(0, small), small.unit]).toEqual(["880", "< 1", "0", "TH/s"]);
    expect([lostText(15.9e15, large), lostText(1e12, large), large.unit]).toEqual(["15.90", "< 0.01", "PH/s"]);
  });
});

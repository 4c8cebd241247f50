import { describe, expect, it } from "vitest";
import { metricsOfSites, seriesOfSites } from "../../../server/fleet/severalSites.ts";
import type { SeriesColumns } from "../../../server/store/store.ts";

function site(series: SeriesColumns["series"], coverage = [1, 1]): SeriesColumns {
  return { stepMs: 60_000, timesMs: [0, 60_000], series, coverage };
}

describe("seriesOfSites()", () => {
  it("sums rates, power and counts over the sites that have a reading, and keeps gaps", () => {
    const north = site({ hashrateHs: [1e15, null], powerW: [20_000, null], "status:unreachable": [2, 1] });
    const south = site({ hashrateHs: [3e15, null], powerW: [null, null], "status:unreachable": [1, 0] }, [1, 0]);
    const all = seriesOfSites([north, south], ["hashrateHs", "powerW", "status:unreachable"]);
    expect(all.series).toEqual({ hashrateHs: [4e15, null], powerW: [20_000, null], "status:unreachable": [3, 1] });
    expect(all.coverage).toEqual([1, 0.5]);
    expect([all.stepMs, all.timesMs]).toEqual([60_000, [0, 60_000]]);
  });

  it("takes the efficiency from power and hashrate of all, and the hottest of all", () => {
    const north = site({ powerW: [3000, 3000], efficiencyJPerTh: [30, null], "chipTempCMax:max": [80, null] });
    const south = site({ powerW: [3000, 3000], efficiencyJPerTh: [15, 15], "chipTempCMax:max": [91, 70] });
    const metrics = ["efficiencyJPerTh", "chipTempCMax:max"];
    expect(seriesOfSites([north, south], metrics).series).toEqual({ efficiencyJPerTh: [20, 15], "chipTempCMax:max": [91, 70] });
    expect(metricsOfSites(metrics)).toEqual(["efficiencyJPerTh", "chipTempCMax:max", "powerW"]);
  });

  it("does not make up a median of several sites", () => {
    const one = site({ "chipTempCMax:p50": [60, 61] });
    expect(seriesOfSites([one, one], ["chipTempCMax:p50"]).series).toEqual({ "chipTempCMax:p50": [null, null] });
    expect(seriesOfSites([], ["powerW"])).toEqual({ stepMs: 0, timesMs: [], series: { powerW: [] }, coverage: [] });
  });
});

import { describe, expect, it } from "vitest";
import { badChipsText, chipGrid } from "../../../web/views/miner/chipMap.ts";
import { withSample } from "../../../web/views/miner/history.ts";
import { statusSentence } from "../../../web/views/miner/statusSentence.ts";
import { detailOf } from "../fakeFleet.ts";

const AT = { tick: 0, nowMs: 1_790_000_000_000 };

describe("chipGrid()", () => {
  it("makes a column of each domain and counts what is bad", () => {
    const grid = chipGrid(" ooo oxo oo");
    expect(grid).toMatchObject({ columnCount: 3, lineCount: 3, isByDomain: true, badCount: 1 });
    expect(grid?.cells[4]).toEqual({ column: 1, line: 1, good: false });
  });
  it("breaks a map without domains into columns", () => {
    expect(chipGrid("o".repeat(20))).toMatchObject({ columnCount: 3, lineCount: 9, isByDomain: false });
  });
  it("is nothing for a map that was not reported or is blank", () => {
    expect([chipGrid(null), chipGrid("  ")]).toEqual([null, null]);
  });
  it("names runs of bad chips", () => {
    const grid = chipGrid("xoxxx oox");
    expect(grid && badChipsText(grid)).toBe("1, 3 to 5, 8");
  });
});

describe("statusSentence()", () => {
  it("says which board and how many chips", () => {
    expect(statusSentence(detailOf(7, AT))).toBe("Chips bad: 9 on hashboard 2.");
  });
  it("names stopped fans", () => {
    const detail = detailOf(0, AT);
    const sample = { ...detail.sample!, fansRpm: [4000, 0, 4100, 0] };
    expect(statusSentence({ ...detail, status: "degraded", reason: "fanStopped", sample })).toBe("Fans 2 and 4 at 0 rpm.");
  });
  it("adds what the last poll saw to an unreachable miner", () => {
    const lastFailure = {
      minerId: "m1",
      polledAtMs: 0,
      durationMs: 1,
      failure: "refused",
      detail: "ECONNREFUSED 10.0.0.1:4028",
      apiDown: false,
    } as const;
    expect(statusSentence({ ...detailOf(0, AT), status: "unreachable", reason: "refused", lastFailure })).toContain("ECONNREFUSED");
  });
  it("falls back to the meaning of the reason where the sample says nothing more", () => {
    expect(statusSentence({ ...detailOf(0, AT), status: "degraded", reason: "boardDead", sample: null })).toBe(
      "A hashboard answers and does not hash.",
    );
  });
});

describe("withSample()", () => {
  const held = { stepMs: 10_000, timesMs: [0, 10_000], series: { hashrateHs: [1, null], chipTempCMax: [70, 71] }, coverage: [1, 0] };
  it("adds a sample that begins a new step", () => {
    const sample = { ...detailOf(0, AT).sample!, polledAtMs: 20_000, hashrateHs: 5, chipTempCMax: null };
    const longer = withSample(held, sample);
    expect(longer.timesMs).toEqual([0, 10_000, 20_000]);
    expect(longer.series).toEqual({ hashrateHs: [1, null, 5], chipTempCMax: [70, 71, null] });
  });
  it("leaves the series as it is within a step, and for a sample that came before", () => {
    const sample = { ...detailOf(0, AT).sample!, polledAtMs: 19_000 };
    expect(withSample(held, sample)).toBe(held);
  });
});

import { describe, expect, it } from "vitest";
import { blunders, lineOf, musts } from "./figure.ts";
import { waysToScreen } from "./figures/pollToScreen.ts";
import { maxOf, median, quantile } from "./statistics.ts";

describe("quantile()", () => {
  it("takes the nearest rank, whatever the order of the values", () => {
    const values = [40, 10, 30, 20];
    expect([0, 0.25, 0.5, 0.51, 0.95, 1].map((share) => quantile(values, share))).toEqual([10, 10, 20, 30, 40, 40]);
    expect(values).toEqual([40, 10, 30, 20]);
  });

  it("leaves the slowest of twenty out of the 95th percentile", () => {
    expect(quantile([...Array.from({ length: 19 }, () => 50), 900], 0.95)).toBe(50);
  });

  it("sorts numbers as numbers", () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  it("is NaN for no values", () => {
    expect(quantile([], 0.95)).toBeNaN();
  });
});

describe("maxOf()", () => {
  it("is the largest, also of values that are all negative", () => {
    expect(maxOf([-3, -1, -2])).toBe(-1);
    expect(maxOf(new Map([["a", 7]]).values())).toBe(7);
  });
});

describe("lineOf()", () => {
  it("holds at the must itself, from either side", () => {
    expect(lineOf("interactionMs", { value: 100 }).holds).toBe(true);
    expect(lineOf("interactionMs", { value: 100.1 }).holds).toBe(false);
    expect(lineOf("bytesRatio", { value: 4.5 }).holds).toBe(true);
    expect(lineOf("bytesRatio", { value: 4.49 }).holds).toBe(false);
  });

  it("holds nothing that was not measured", () => {
    expect(lineOf("firstPaintS", undefined)).toEqual({
      id: "firstPaintS",
      value: null,
      unit: "s",
      baseline: null,
      ratio: null,
      must: 2,
      stretch: 1,
      holds: false,
    });
  });

  it("judges what it prints: four significant digits", () => {
    expect(lineOf("frameP95Ratio", { value: 1.15994, baseline: 18.39999, ratio: 1.15994 })).toMatchObject({
      value: 1.16,
      baseline: 18.4,
      ratio: 1.16,
      holds: true,
    });
  });

  it("knows no figure that musts.json does not have", () => {
    expect(() => lineOf("speed", { value: 1 })).toThrow("No figure speed in musts.json");
  });
});

describe("blunders()", () => {
  it("lets pass what is slower than it must be, and names what is below half of it", () => {
    expect(blunders([lineOf("pollCpuRatio", { value: 0.81, ratio: 0.81 })])).toEqual([]);
    expect(blunders([lineOf("pollCpuRatio", { value: 0.79, ratio: 0.79 })])).toEqual([
      "pollCpuRatio is 0.79, below half of the 1.6 that it must be",
    ]);
  });

  it("takes a ratio that was not measured for one, since a guard that measures nothing guards nothing", () => {
    expect(blunders([lineOf("bytesRatio", undefined)])).toEqual(["bytesRatio was not measured"]);
  });

  it("leaves timings and shares alone, however bad: they say more about the machine", () => {
    expect(blunders([lineOf("sweepS", { value: 900 }), lineOf("lateRatio", { value: 1 }), lineOf("heapGrowth", undefined)])).toEqual([]);
  });
});

describe("musts.json", () => {
  it.each(Object.entries(musts))("asks at least as much of %s as a stretch as it must have", (_, { must, stretch, better }) => {
    expect(better === "more" ? stretch >= must : stretch <= must).toBe(true);
  });
});

describe("waysToScreen()", () => {
  const first = { minerId: "m1", polledAtMs: 1000, text: "99.0" };
  const untilMs = 60_000;

  it("takes from the reply to the picture, an instant being known to 100 ms", () => {
    const showings = [
      { minerId: "m1", text: "99.0", atMs: 1500 },
      { minerId: "m1", text: "98.0", atMs: 11_700 },
    ];
    expect(waysToScreen([first, { minerId: "m1", polledAtMs: 11_000, text: "98.0" }], showings, untilMs)).toEqual([750]);
  });

  it("does not take an earlier picture of the same text for the new one", () => {
    const samples = [first, { minerId: "m1", polledAtMs: 11_000, text: "98.0" }, { minerId: "m1", polledAtMs: 21_000, text: "99.0" }];
    const showings = [
      { minerId: "m1", text: "99.0", atMs: 1500 },
      { minerId: "m1", text: "98.0", atMs: 11_950 },
      { minerId: "m1", text: "99.0", atMs: 22_950 },
    ];
    expect(waysToScreen(samples, showings, untilMs)).toEqual([1000, 2000]);
  });

  it("counts what never came to the screen as late, and leaves out what nobody could see", () => {
    const late = { minerId: "m1", polledAtMs: 11_000, text: "98.0" };
    const samples = [first, late, { ...first, minerId: "m2" }, { ...late, minerId: "m2" }, { ...late, polledAtMs: 21_000 }];
    expect(waysToScreen(samples, [{ minerId: "m1", text: "99.0", atMs: 1500 }], untilMs)).toEqual([54_050]);
  });
});

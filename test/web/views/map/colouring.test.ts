import { describe, expect, it } from "vitest";
import {
  BIN_COUNT,
  changedCells,
  measureCodeOf,
  NO_VALUE,
  OVER,
  scaleOf,
  statusCodeOf,
  valueOf,
} from "../../../../web/views/map/colouring.ts";
import { rampColours } from "../../../../web/views/map/palette.ts";
import type { Reading } from "../../../../web/views/map/readings.ts";

const reading: Reading = {
  status: "hashing",
  reason: "ok",
  isOld: false,
  hashrateHs: 2e14,
  ratedShare: 1,
  chipTempC: 75,
  efficiencyJPerTh: 17.5,
  ageMs: 4000,
};

describe("the code of a cell", () => {
  it("is the status, or nothing where there was no such miner", () => {
    const codes = (["hashing", "degraded", "unknown", null] as const).map((status) => statusCodeOf({ ...reading, status }));
    expect(codes).toEqual([0, 1, 5, NO_VALUE]);
  });

  it("is a step of the ramp: 100 % of rated in the middle, what is beyond the ends at the ends", () => {
    const code = (ratedShare: number) => measureCodeOf("rated", scaleOf("rated", []), { ...reading, ratedShare });
    expect([code(1), code(0), code(3), code(Number.NaN)]).toEqual([BIN_COUNT / 2, 0, BIN_COUNT - 1, NO_VALUE]);
  });

  it("carries a ring over the threshold", () => {
    const hot: Reading = { ...reading, status: "degraded", reason: "overTemperature", chipTempC: 99 };
    expect(measureCodeOf("temp", scaleOf("temp", []), hot)).toBe(47 + OVER);
    expect(measureCodeOf("age", scaleOf("age", []), { ...reading, isOld: true, ageMs: 86_400_000 })).toBe(BIN_COUNT - 1 + OVER);
  });
});

describe("valueOf()", () => {
  it("takes nothing from what is old, nor efficiency and share from who stands still on purpose", () => {
    expect(valueOf("temp", { ...reading, isOld: true })).toBeNaN();
    expect(valueOf("rated", { ...reading, status: "paused", ratedShare: 0 })).toBeNaN();
    expect(valueOf("rated", { ...reading, status: "notHashing", ratedShare: 0 })).toBe(0);
    expect(valueOf("age", { ...reading, isOld: true, ageMs: 90_000 })).toBe(90_000);
  });
});

describe("scaleOf()", () => {
  it("spans the efficiencies of the fleet in steps of 5 J/TH", () => {
    const { least, most } = scaleOf("jth", [17.2, 21, 29.9, Number.NaN]);
    expect([least, most]).toEqual([15, 30]);
    expect(scaleOf("jth", []).ticks).toEqual([15, 20, 25, 30, 35]);
  });
});

describe("changedCells()", () => {
  it("names the cells to be drawn anew, all of them where there are others", () => {
    expect(changedCells(Uint8Array.of(0, 1, 2), Uint8Array.of(0, 3, 2))).toEqual([1]);
    expect(changedCells(Uint8Array.of(0), Uint8Array.of(0, 0))).toEqual([0, 1]);
  });
});

describe("rampColours()", () => {
  it("mixes between the stops", () => {
    expect(rampColours(["rgb(0, 0, 0)", "rgb(100, 200, 50)"], 3)).toEqual(["rgb(0, 0, 0)", "rgb(50, 100, 25)", "rgb(100, 200, 50)"]);
  });
});

import { describe, expect, it } from "vitest";
import { countOrNull, numberOrNull, textOrNull } from "../../../agent/decode/fields.ts";
import { dashedTemperatures, listedTemperatures } from "../../../agent/decode/temperatures.ts";
import { unitHs, unitsOf } from "../../../agent/decode/units.ts";
import { modelOf } from "../../../agent/models/lookup.ts";

describe("numberOrNull()", () => {
  it.each([
    ["14359.19", 14359.19],
    [" 69.2461", 69.2461],
    ["1600M", 1600],
    ["967.50 (AB)", 967.5],
    ["-3", -3],
    ["1e3", 1000],
    [0, 0],
    ["0.00", 0],
  ])("reads %j as %d", (text, number) => {
    expect(numberOrNull(text)).toBe(number);
  });

  it.each(["", " ", "N/A", "nan", "inf", "-", ".", null, undefined, true, {}, Infinity])("reads %j as absent", (value) => {
    expect(numberOrNull(value)).toBeNull();
  });
});

describe("countOrNull()", () => {
  it("takes no negative number and none beyond 2^53 for a count", () => {
    expect([countOrNull("7"), countOrNull(-1), countOrNull(1e17)]).toEqual([7, null, null]);
  });
});

describe("textOrNull()", () => {
  it("takes control characters out", () => {
    expect(textOrNull("Antminer S9\n\u001b[31m ")).toBe("Antminer S9 [31m");
  });
});

describe("dashedTemperatures()", () => {
  it.each([
    ["3--2-18-21", [3, -2, 18, 21]],
    ["-6--10-9-12", [-6, -10, 9, 12]],
    ["22.5-53-21-50", [22.5, 53, 21, 50]],
    ["37-60", [37, 60]],
    ["0-0-0-0", []],
    ["0-58-0-60", [58, 60]],
    ["-83-255-14-17", [14, 17]],
    ["-2-0-3-4", [-2, 0, 3, 4]],
    ["m-m", []],
    ["-", []],
    ["", []],
    [47, [47]],
    [0, []],
    [undefined, []],
  ])("reads %j", (value, temperatures) => {
    expect(dashedTemperatures(value)).toEqual(temperatures);
  });

  it("reads the list of the new answer by the same rules", () => {
    expect(listedTemperatures([0, 53, "54", -83])).toEqual([53, 54]);
  });
});

describe("unitsOf()", () => {
  const s19 = modelOf("S19");
  const l7 = modelOf("L7");

  it("reads units as replies write them", () => {
    expect(["GH", "GH/s", "MH", "kSol/s", "TH/s", "", "x"].map(unitHs)).toEqual([1e9, 1e9, 1e6, 1e3, 1e12, null, null]);
  });

  it("lets the reply's own unit decide, then the model, then the field's name", () => {
    expect(unitsOf({ rateUnit: "MH", model: s19, total: null, chainSum: 0 })).toEqual({ totalHs: 1e6, chainHs: 1e6 });
    expect(unitsOf({ rateUnit: undefined, model: l7, total: 9529, chainSum: 9.5 })).toEqual({ totalHs: 1e6, chainHs: 1e9 });
    expect(unitsOf({ rateUnit: undefined, model: null, total: 95000, chainSum: 95000 })).toEqual({ totalHs: 1e9, chainHs: 1e9 });
  });

  it("believes the side near the rating when total and chains differ by a thousand", () => {
    expect(unitsOf({ rateUnit: "GH", model: s19, total: 95000, chainSum: 95 })).toEqual({ totalHs: 1e9, chainHs: 1e12 });
    expect(unitsOf({ rateUnit: "GH", model: s19, total: 95, chainSum: 95000 })).toEqual({ totalHs: 1e12, chainHs: 1e9 });
    expect(unitsOf({ rateUnit: "GH", model: s19, total: 95e6, chainSum: 95000 })).toEqual({ totalHs: 1e6, chainHs: 1e9 });
  });

  it("believes the chains where no rating is known", () => {
    expect(unitsOf({ rateUnit: undefined, model: modelOf("Z11"), total: 141_540, chainSum: 141.5 })).toEqual({ totalHs: 1, chainHs: 1e3 });
  });
});

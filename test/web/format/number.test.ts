import { describe, expect, it } from "vitest";
import { figure, formatNumber, formatShare, powerFigure, textOf } from "../../../web/format/number.ts";

describe("formatNumber()", () => {
  it("shows a dash for what is not reported and 0 for a reading of nothing", () => {
    expect([null, undefined, Number.NaN, 0].map((value) => formatNumber(value))).toEqual(["–", "–", "–", "0"]);
  });
  it("separates thousands and keeps its digits", () => {
    expect(formatNumber(1234567.8)).toBe("1,234,568");
    expect(formatNumber(14.2, 2)).toBe("14.20");
  });
  it("has no minus before a zero", () => {
    expect(formatNumber(-0.01, 1)).toBe("0.0");
    expect(formatNumber(-0.5, 1)).toBe("-0.5");
  });
});

describe("formatShare()", () => {
  it("takes a share of 0 to 1 and puts a space before the sign", () => {
    expect(formatShare(0.947)).toBe("94.7 %");
    expect(formatShare(0.0014, 2)).toBe("0.14 %");
    expect(formatShare(null)).toBe("–");
  });
});

describe("powerFigure()", () => {
  it("shows a miner in W, a rack in kW, a site in MW", () => {
    expect([3241, 168_400, 31_820_000].map((powerW) => textOf(powerFigure(powerW)))).toEqual(["3,241 W", "168.4 kW", "31.82 MW"]);
  });
  it("has no unit without a reading", () => {
    expect(powerFigure(null)).toEqual({ text: "–", unit: "" });
    expect(figure(Number.NaN, "°C")).toEqual({ text: "–", unit: "" });
  });
});

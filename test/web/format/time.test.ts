import { describe, expect, it } from "vitest";
import { formatAge, formatClock, formatIso, formatSpan } from "../../../web/format/time.ts";

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;

describe("formatAge()", () => {
  it("counts seconds up to ten minutes, then minutes, hours and days", () => {
    const ages = [0, 12 * S, 252 * S, 18 * MIN, 4.7 * H, 42 * 24 * H];
    expect(ages.map((age) => formatAge(age))).toEqual(["0 s", "12 s", "4 min 12 s", "18 min", "4.7 h", "42 d"]);
  });
  it("shows 0 s where a clock runs ahead and a dash where nothing is known", () => {
    expect([formatAge(-400), formatAge(null), formatAge(Number.NaN)]).toEqual(["0 s", "–", "–"]);
  });
});

describe("formatSpan()", () => {
  it("never says less than a minute", () => {
    expect([formatSpan(9 * S), formatSpan(94 * MIN), formatSpan(40 * H)]).toEqual(["1 min", "1.6 h", "1 d"]);
  });
});

describe("formatClock()", () => {
  it("shows the time of today alone, and the date before that of another day", () => {
    const at = new Date(2026, 10, 24, 3, 12, 40).getTime();
    expect(formatClock(at, at + MIN)).toBe("03:12");
    expect(formatClock(at, at + 24 * H)).toBe("2026-11-24 03:12");
    expect(formatIso(at)).toMatch(/^2026-11-24T03:12:40(Z|[+-]\d\d:\d\d)$/);
  });
});

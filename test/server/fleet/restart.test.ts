import { describe, expect, it } from "vitest";
import { hasStartedAnew } from "../../../server/fleet/restart.ts";

const HOUR = 3_600_000;
const before = { polledAtMs: 10 * HOUR, uptimeMs: HOUR, acceptedCount: 500, rejectedCount: 2, hwErrorCount: 90 };
const tenSecondsOn = { ...before, polledAtMs: before.polledAtMs + 10_000, uptimeMs: HOUR + 10_000 };

describe("hasStartedAnew()", () => {
  it("is false while uptime and counters grow", () => {
    expect(hasStartedAnew(before, { ...tenSecondsOn, acceptedCount: 501 })).toBe(false);
  });
  it("is true when the uptime falls, by little or by much", () => {
    expect(hasStartedAnew(before, { ...tenSecondsOn, uptimeMs: 7000 })).toBe(true);
    expect(hasStartedAnew({ ...before, uptimeMs: 12_000 }, { ...tenSecondsOn, uptimeMs: 5000 })).toBe(true);
  });
  it("is false when a missing board takes its errors along while the uptime goes on", () => {
    expect(hasStartedAnew(before, { ...tenSecondsOn, hwErrorCount: 60 })).toBe(false);
  });
  it("is true when counters began anew in a time that nobody saw, though the uptime is longer than before", () => {
    const later = { polledAtMs: before.polledAtMs + 3 * HOUR, uptimeMs: 2 * HOUR, acceptedCount: 40, rejectedCount: 0, hwErrorCount: 1 };
    expect(hasStartedAnew(before, later)).toBe(true);
  });
  it("takes the counters' word where there is no uptime", () => {
    expect(hasStartedAnew({ ...before, uptimeMs: null }, { ...tenSecondsOn, uptimeMs: null, acceptedCount: 0 })).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import { fittingZoom, parseTimeWindow, stepOf, timeWindowQuery } from "../../../web/components/charts/timeWindow.ts";

const HOUR = 3_600_000;
const NAMES = ["1h", "24h", "7d"] as const;
const AT = Date.UTC(2026, 10, 24, 3);

describe("parseTimeWindow()", () => {
  it("is a day without a zoom unless the address says otherwise", () => {
    expect(parseTimeWindow("", NAMES)).toEqual({ window: { name: "24h", zoom: null }, problems: [] });
    expect(parseTimeWindow("?range=7d&site=site1", NAMES)).toEqual({ window: { name: "7d", zoom: null }, problems: [] });
  });

  it("reads a zoom as ISO 8601 and as epoch ms, and gives back what timeWindowQuery() wrote", () => {
    const zoom = { fromMs: AT, toMs: AT + HOUR };
    expect(parseTimeWindow(`?from=2026-11-24T03:00:00Z&to=${AT + HOUR}`, NAMES).window.zoom).toEqual(zoom);
    const query = timeWindowQuery({ name: "7d", zoom });
    expect(query).toBe("?range=7d&from=2026-11-24T03:00:00Z&to=2026-11-24T04:00:00Z");
    expect(parseTimeWindow(query, NAMES)).toEqual({ window: { name: "7d", zoom }, problems: [] });
    expect(timeWindowQuery({ name: "24h", zoom: null })).toBe("");
  });

  it.each([
    ["?range=1y", "“1y”"],
    ["?from=yesterday&to=2026-11-24T03:00:00Z", "“yesterday”"],
    ["?from=2026-11-24T03:00:00Z", "to: “”"],
    ["?from=2&to=1", "from must be before to"],
    ["?colour=red", "“colour”"],
  ])("names what it does not understand of %s and leaves it out", (search, named) => {
    const { window, problems } = parseTimeWindow(search, NAMES);
    expect(window).toEqual({ name: "24h", zoom: null });
    expect(problems.join()).toContain(named);
  });
});

describe("fittingZoom()", () => {
  it("widens what is too short about its middle, and is the whole range when it is as long", () => {
    const limits = { leastMs: HOUR, wholeMs: 24 * HOUR };
    expect(fittingZoom({ fromMs: AT, toMs: AT }, limits)).toEqual({ fromMs: AT - HOUR / 2, toMs: AT + HOUR / 2 });
    expect(fittingZoom({ fromMs: AT, toMs: AT + 2 * HOUR }, limits)).toEqual({ fromMs: AT, toMs: AT + 2 * HOUR });
    expect(fittingZoom({ fromMs: AT, toMs: AT + 24 * HOUR }, limits)).toBeNull();
  });
});

describe("stepOf()", () => {
  it("makes some hundred points and is never finer than what is kept", () => {
    expect([HOUR, 24 * HOUR, 168 * HOUR, 720 * HOUR, 8760 * HOUR].map((length) => stepOf(length, 60_000) / 60_000)).toEqual([
      1, 5, 30, 120, 1440,
    ]);
    expect(stepOf(HOUR, 10_000)).toBe(10_000);
  });
});

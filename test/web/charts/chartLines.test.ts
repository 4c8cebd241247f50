import { describe, expect, it } from "vitest";
import { indexAt } from "../../../web/components/charts/chartCursor.ts";
import {
  eventNear,
  gapsOf,
  leadingValue,
  plotColumns,
  summaryOf,
  type ChartLine,
  type PlotInput,
} from "../../../web/components/charts/chartLines.ts";

const line = (label: string, values: (number | null)[], dashed = false): ChartLine => ({ label, colour: "series-1", values, dashed });

function input(part: Partial<PlotInput>): PlotInput {
  return {
    timesMs: [0, 10, 20, 30],
    lines: [],
    range: { fromMs: 0, toMs: 30 },
    stacked: false,
    band: null,
    events: [],
    backfilled: [],
    marked: [],
    ...part,
  };
}

describe("plotColumns()", () => {
  it("stacks lines into sums, the highest first, and keeps a gap where no line has a value", () => {
    const lines = [line("a", [1, 2, null, 4]), line("b", [10, null, null, 40])];
    expect(plotColumns(input({ lines, stacked: true }))).toEqual([
      [0, 10, 20, 30],
      [11, 2, null, 44],
      [1, 2, null, 4],
    ]);
  });
});

describe("leadingValue()", () => {
  it("is the first line, or the height of the stack", () => {
    const lines = [line("a", [1]), line("b", [10])];
    expect([leadingValue(lines, false, 0), leadingValue(lines, true, 0), leadingValue([], true, 0)]).toEqual([1, 11, null]);
  });
});

describe("gapsOf()", () => {
  it("is the time between two measurements with steps that hold none; a dashed line is no measurement", () => {
    const lines = [line("measured", [1, null, null, 4]), line("rated", [5, 5, 5, 5], true)];
    expect(gapsOf(input({ lines }))).toEqual([{ fromMs: 0, toMs: 30 }]);
    expect(gapsOf(input({ lines: [line("measured", [1, 2, 3, 4])] }))).toEqual([]);
  });

  it("covers the edges of the range where more than a step or two is missing, and all of it without data", () => {
    const lines = [line("measured", [1, 2, 3, 4])];
    expect(gapsOf(input({ lines, range: { fromMs: -100, toMs: 50 } }))).toEqual([{ fromMs: -100, toMs: 0 }]);
    expect(gapsOf(input({ lines: [line("measured", [null, null, null, null])] }))).toEqual([{ fromMs: 0, toMs: 30 }]);
  });
});

describe("summaryOf()", () => {
  it("says first, last, least and most of each line, how much happened, and what came late", () => {
    const events = [{ atMs: 15, label: "restart", kind: "change" as const }];
    const lines = [line("chip max", [70, 64, null, 68]), line("inlet", [null, null, null, null])];
    const backfilled = [
      { fromMs: -9, toMs: -1 },
      { fromMs: 5, toMs: 12 },
    ];
    expect(summaryOf({ lines, events, backfilled, range: { fromMs: 0, toMs: 30 }, scale: { unit: "°C", digits: 0 } })).toBe(
      "chip max: first 70 °C, last 68 °C, least 64 °C, most 70 °C; inlet: no data; 1 event; 1 span backfilled",
    );
  });
});

describe("indexAt()", () => {
  it("is the nearest instant, and the last without a cursor", () => {
    expect([-5, 4, 6, 26, 99].map((atMs) => indexAt([0, 10, 20, 30], atMs))).toEqual([0, 0, 1, 3, 3]);
    expect([indexAt([0, 10], null), indexAt([], null), indexAt([7], 99)]).toEqual([1, -1, 0]);
  });
});

describe("eventNear()", () => {
  it("is the nearest within the distance", () => {
    const events = [10, 14, 40].map((atMs) => ({ atMs, label: String(atMs), kind: "change" as const }));
    expect(eventNear(events, 13, 5)?.label).toBe("14");
    expect(eventNear(events, 25, 5)).toBeNull();
  });
});

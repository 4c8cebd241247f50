import { describe, expect, it } from "vitest";
import { plotOf } from "./plot.ts";
import type { Grown } from "./steps.ts";

const BASE: Grown = {
  miners: 100,
  intervalS: 10,
  cores: 0.01,
  mb: 200,
  kbPerS: 0.2,
  latencyS: 0.8,
  lateRatio: 0,
  reportingShare: 1,
};

describe("plotOf()", () => {
  const svg = plotOf([BASE, { ...BASE, miners: 1000, cores: 0.05, mb: 250, kbPerS: 1, latencyS: 0.9 }]);

  it("draws a panel for each measure, with the value of every step", () => {
    expect([...svg.matchAll(/font-weight="600">([^<]+)</g)].map(([, text]) => text)).toEqual([
      ...["CPU, cores", "0.01", "0.05"],
      ...["Memory, MB", "200", "250"],
      ...["To one browser, KB/s", "0.2", "1"],
      ...["Reply to browser, p95, s", "0.8", "0.9"],
    ]);
  });

  it("draws what growth in proportion would give above what grows less", () => {
    const [, proportional, measured] = /<path d="([^"]+)"[^>]+dasharray[^>]+>\s*<path d="([^"]+)"/.exec(svg) ?? [];
    const ys = (path: string): number[] =>
      path
        .match(/[\d.]+/g)
        ?.map(Number)
        .filter((_, nth) => nth % 2 === 1) ?? [];
    const [from, to] = ys(proportional);
    expect(ys(measured)[0]).toBe(from);
    expect(ys(measured)[1]).toBeGreaterThan(to); // less than in proportion stands lower, which is further down
  });
});

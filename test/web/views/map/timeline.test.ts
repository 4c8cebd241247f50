import { describe, expect, it } from "vitest";
import type { FleetFrame } from "../../../../server/contract/api.ts";
import { FrameCache } from "../../../../web/views/map/frameCache.ts";
import { pastReadings } from "../../../../web/views/map/readings.ts";
import { backfilledShares, frameOf, keyTarget, lostShares, playDelayMs, snapped, timelineOf } from "../../../../web/views/map/timeline.ts";
import { fleetOf } from "./mapHelp.ts";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const NOW = Date.UTC(2026, 10, 24, 12, 0, 30);
const NOON = Date.UTC(2026, 10, 24, 12, 0);

describe("timelineOf()", () => {
  it("has a step for every minute of a day, and for every five minutes of a month, up to the last that is written", () => {
    expect(timelineOf("24h", NOW)).toMatchObject({ fromMs: NOON - DAY - 2 * MINUTE, toMs: NOON - 2 * MINUTE, stepMs: MINUTE });
    expect(timelineOf("30d", NOW)).toMatchObject({ toMs: NOON - 5 * MINUTE, stepMs: 5 * MINUTE });
  });

  it("plays a minute of the past in a second", () => {
    expect([playDelayMs(timelineOf("24h", NOW)), playDelayMs(timelineOf("30d", NOW))]).toEqual([1000, 5000]);
  });
});

describe("keyTarget()", () => {
  const timeline = timelineOf("24h", NOW);
  const key = (name: string, atMs: number | null, shiftKey = false) => keyTarget(timeline, atMs, { key: name, shiftKey });

  it("goes one step with an arrow and ten with shift, to the ends, and to now behind the last", () => {
    const at = NOON - 60 * MINUTE;
    expect(key("ArrowLeft", at)).toBe(at - MINUTE);
    expect(key("ArrowRight", at, true)).toBe(at + 10 * MINUTE);
    expect(key("ArrowLeft", null)).toBe(timeline.toMs);
    expect(key("ArrowRight", timeline.toMs)).toBeNull();
    expect(key("Home", at)).toBe(timeline.fromMs);
    expect(key("ArrowLeft", timeline.fromMs)).toBe(timeline.fromMs);
    expect(key("End", at)).toBeNull();
    expect(key("x", at)).toBeUndefined();
    expect(snapped(timeline, at + 59_000)).toBe(at);
  });
});

const frame = (atMs: number): FleetFrame => ({
  atMs,
  minerIds: ["m2", "m7"],
  status: ["degraded", "hashing"],
  reason: ["overTemperature", "ok"],
  hashrateHs: [1.9e14, 1e14],
  chipTempCMax: [97, null],
});

describe("frameOf()", () => {
  it("takes a frame for the minute that it is of, and of what is older than a day for its five minutes", () => {
    expect(frameOf(frame(NOON), NOON, NOW)).not.toBeNull();
    expect(frameOf(frame(NOON - MINUTE), NOON, NOW)).toBeNull();
    expect(frameOf(frame(NOON - 2 * DAY - 4 * MINUTE), NOON - 2 * DAY, NOW)).not.toBeNull();
    expect(frameOf(null, NOON, NOW)).toBeNull();
  });
});

describe("pastReadings()", () => {
  const fleet = fleetOf([{ address: "10.0.0.1" }, { address: "10.0.0.2" }]);

  it("says what was measured then, and nothing of who was not there", () => {
    const readings = pastReadings(fleet, frame(NOON));
    expect(readings(1)).toMatchObject({ status: "degraded", reason: "overTemperature", chipTempC: 97, ratedShare: 0.95 });
    expect([readings(0).status, readings(1).efficiencyJPerTh]).toEqual([null, Number.NaN]);
    expect(pastReadings(fleet, null)(1).status).toBeNull();
  });
});

describe("lostShares()", () => {
  it("counts who did not answer with the mean of those that did, who is paused not, and keeps gaps", () => {
    const shares = lostShares({
      stepMs: MINUTE,
      timesMs: [0, 1, 2, 3],
      coverage: [1, 1, 0, 1],
      backfilled: [],
      series: {
        hashrateHs: [90, 45, null, null],
        ratedHashrateHs: [100, 50, null, null],
        "status:hashing": [10, 5, null, 0],
        "status:unreachable": [0, 5, null, 10],
      },
    });
    expect(shares.map((share) => share && Math.round(share * 100))).toEqual([10, 55, null, 100]);
  });
});

describe("backfilledShares()", () => {
  it("is where along the scrubber the values came late, within its ends", () => {
    const timeline = { fromMs: 1000, toMs: 2000, stepMs: 1, seriesStepMs: 1 };
    const late: [number, number][] = [
      [900, 1100],
      [1500, 1750],
    ];
    expect(backfilledShares({ backfilled: late }, timeline)).toEqual([
      [0, 0.1],
      [0.5, 0.75],
    ]);
  });
});

describe("FrameCache", () => {
  it("asks once for each instant, again after a failure, and lets go of what was not used for longest", async () => {
    const asked: number[] = [];
    let fails = true;
    const cache = new FrameCache((atMs) => {
      asked.push(atMs);
      return fails ? Promise.reject(new Error("no answer")) : Promise.resolve(frame(atMs));
    });
    await expect(cache.frameAt(1)).rejects.toThrow("no answer");
    fails = false;
    await cache.frameAt(1);
    await cache.frameAt(1);
    expect(asked).toEqual([1, 1]);
    for (let atMs = 2; atMs <= 60; atMs++) await cache.frameAt(atMs);
    await cache.frameAt(1);
    await cache.frameAt(61);
    await cache.frameAt(1);
    expect(asked.filter((atMs) => atMs === 1)).toHaveLength(2);
    cache.prefetch([2]);
    expect(asked.at(-1)).toBe(2);
  });
});

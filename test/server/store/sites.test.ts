import { describe, expect, it } from "vitest";
import { statusCode, STATUS_CODES } from "../../../server/contract/status.ts";
import type { MinuteState, Store } from "../../../server/store/store.ts";
import { makeSample, openTestStore, temporaryDir } from "./storeHelp.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.UTC(2026, 10, 23, 8);
const OK = statusCode({ status: "hashing", reason: "ok" });
const HOT = statusCode({ status: "degraded", reason: "overTemperature" });
const AWAY = statusCode({ status: "unknown", reason: "agentDown" });
const SILENT = statusCode({ status: "unreachable", reason: "timeout" });

interface Reading {
  minerKey: number;
  siteKey: number;
  atMs: number;
  hashrateHs: number | null;
  powerW?: number | null;
  chipTempCMax?: number | null;
}

const append = (store: Store, readings: readonly Reading[]) =>
  store.append({
    acks: [],
    samples: readings.map(({ minerKey, siteKey, atMs, ...fields }) => ({
      minerKey,
      siteKey,
      sample: makeSample({ polledAtMs: atMs, ratedHashrateHs: 100, powerW: null, chipTempCMax: null, ...fields }),
    })),
  });

const minute = (atMs: number, codes: number[]): MinuteState => ({
  atMs,
  frame: {
    atMs,
    minerKeys: Uint32Array.from(codes, (_, row) => row + 1),
    statusCodes: Uint8Array.from(codes),
    hashrateHs: Float64Array.from(codes, (_, row) => (row === 2 ? NaN : 1000 + row)),
    chipTempCMax: Float64Array.from(codes, (_, row) => 60 + row),
  },
  siteKeys: Uint32Array.from(codes, (_, row) => (row < 2 ? 1 : 2)),
  ratedHashrateHs: Float64Array.from(codes, (_, row) => (row === 1 ? NaN : 100 + row)),
});

/** Two miners at site 1, polled twice a minute, and one at site 2, for ten minutes. */
function tenMinutes(): Reading[] {
  return Array.from({ length: 10 }, (_, n) => n).flatMap((n) => [
    { minerKey: 1, siteKey: 1, atMs: T0 + n * MINUTE, hashrateHs: 10e12, powerW: 300, chipTempCMax: 60 + n },
    { minerKey: 1, siteKey: 1, atMs: T0 + n * MINUTE + 30_000, hashrateHs: 20e12, powerW: 500, chipTempCMax: 61 + n },
    { minerKey: 2, siteKey: 1, atMs: T0 + n * MINUTE + 7000, hashrateHs: 5e12, chipTempCMax: 50 },
    { minerKey: 3, siteKey: 2, atMs: T0 + n * MINUTE + 9000, hashrateHs: null },
  ]);
}

describe("history of sites and the fleet", () => {
  const site = (siteKey: number) => ({ target: { siteKey }, fromMs: T0, toMs: T0 + 10 * MINUTE });

  it("sums the miners' means of each minute, before and after the minute is written", async () => {
    const store = await openTestStore(temporaryDir());
    await append(store, tenMinutes());
    const query = {
      ...site(1),
      metrics: ["hashrateHs", "powerW", "ratedHashrateHs", "efficiencyJPerTh", "chipTempCMax", "chipTempCMax:p50"],
      stepMs: MINUTE,
    };
    const before = await store.readSeries(query);
    expect(before.series["hashrateHs"]).toEqual(new Array(10).fill(20e12));
    expect(before.series["powerW"]).toEqual(new Array(10).fill(400));
    expect(before.series["ratedHashrateHs"]).toEqual(new Array(10).fill(200));
    expect(before.series["efficiencyJPerTh"][0]).toBeCloseTo(400 / 15, 9); // of the miner whose power is known
    expect(before.series["chipTempCMax"]).toEqual([61, 62, 63, 64, 65, 66, 67, 68, 69, 70]);
    expect(before.series["chipTempCMax:p50"]).toEqual(new Array(10).fill(50));
    expect(before.coverage).toEqual(new Array(10).fill(1));
    await store.rollUp(T0 + HOUR);
    expect(await store.readSeries(query)).toEqual(before);
    const silent = await store.readSeries({ ...site(2), metrics: ["hashrateHs"], stepMs: MINUTE });
    expect(silent.series["hashrateHs"]).toEqual(new Array(10).fill(null));
  });

  it("brings the coarser tiers up to date with each minute", async () => {
    const store = await openTestStore(temporaryDir());
    await append(store, tenMinutes());
    await store.rollUp(T0 + HOUR);
    const metrics = ["hashrateHs", "chipTempCMax", "chipTempCMax:min", "chipTempCMax:max"];
    const five = await store.readSeries({ target: { fleet: true }, metrics, fromMs: T0, toMs: T0 + 15 * MINUTE, stepMs: 5 * MINUTE });
    expect(five.series).toEqual({
      hashrateHs: [20e12, 20e12, null],
      chipTempCMax: [63, 68, null],
      "chipTempCMax:min": [61, 66, null],
      "chipTempCMax:max": [65, 70, null],
    });
    expect(five.coverage).toEqual([1, 1, 0]);
    for (const stepMs of [HOUR, 24 * HOUR]) {
      const fromMs = Math.floor(T0 / stepMs) * stepMs;
      const { series, coverage } = await store.readSeries({ target: { fleet: true }, metrics, fromMs, toMs: fromMs + stepMs, stepMs });
      expect(series["chipTempCMax"][0]).toBeCloseTo(65.5, 6);
      expect(series["chipTempCMax:max"]).toEqual([70]);
      expect(coverage[0]).toBeCloseTo((10 * MINUTE) / stepMs, 3);
    }
  });

  it("counts statuses by site and keeps them when late samples change the minute", async () => {
    const store = await openTestStore(temporaryDir());
    await append(store, tenMinutes());
    await store.appendMinute(minute(T0, [OK, HOT, SILENT]));
    await store.appendMinute(minute(T0 + MINUTE, [OK, OK, SILENT]));
    await store.rollUp(T0 + HOUR);
    await append(store, [{ minerKey: 3, siteKey: 2, atMs: T0 + 20_000, hashrateHs: 7e12 }]);
    await store.rollUp(T0 + HOUR);
    const metrics = ["status:hashing", "status:degraded", "status:unreachable", "hashrateHs"];
    const read = (target: { siteKey: number } | { fleet: true }) =>
      store.readSeries({ target, metrics, fromMs: T0, toMs: T0 + 2 * MINUTE, stepMs: MINUTE });
    expect((await read({ siteKey: 1 })).series).toEqual({
      "status:hashing": [1, 2],
      "status:degraded": [1, 0],
      "status:unreachable": [0, 0],
      hashrateHs: [20e12, 20e12],
    });
    expect((await read({ fleet: true })).series).toMatchObject({ "status:unreachable": [1, 1], hashrateHs: [27e12, 20e12] });
    expect((await store.readFrame(T0 + 30_000))!.hashrateHs[2]).toBe(7e12);
  });

  it("knows the status of miners whose agent was away once their samples come, in frames and counts; what was known stays", async () => {
    const store = await openTestStore(temporaryDir());
    await append(store, tenMinutes());
    await store.appendMinute(minute(T0, [AWAY, HOT, AWAY]));
    await store.rollUp(T0 + HOUR);
    await append(store, [
      { minerKey: 2, siteKey: 1, atMs: T0 + 21_000, hashrateHs: 9e12 },
      { minerKey: 3, siteKey: 2, atMs: T0 + 20_000, hashrateHs: 0 },
    ]);
    expect(await store.rollUp(T0 + HOUR)).toEqual([{ fromMs: Math.floor(T0 / HOUR) * HOUR, toMs: (Math.floor(T0 / HOUR) + 1) * HOUR }]);
    const frame = await store.readFrame(T0);
    expect(Array.from(frame!.statusCodes, (code) => STATUS_CODES[code])).toEqual([
      { status: "hashing", reason: "ok" },
      STATUS_CODES[HOT],
      { status: "notHashing", reason: "stopped" },
    ]);
    const metrics = ["status:hashing", "status:degraded", "status:notHashing", "status:unknown"];
    const read = (target: { siteKey: number } | { fleet: true }) =>
      store.readSeries({ target, metrics, fromMs: T0, toMs: T0 + MINUTE, stepMs: MINUTE });
    expect(Object.values((await read({ fleet: true })).series)).toEqual([[1], [1], [1], [0]]);
    expect(Object.values((await read({ siteKey: 2 })).series)).toEqual([[0], [0], [1], [0]]);
    expect(await store.rollUp(T0 + HOUR)).toEqual([]);
  });

  it("says of which minutes it wrote what had come late and still in time", async () => {
    const store = await openTestStore(temporaryDir());
    await append(store, tenMinutes());
    const minutesOf = (spans: readonly { fromMs: number; toMs: number }[]) => spans.map(({ fromMs, toMs }) => [fromMs - T0, toMs - T0]);
    expect(minutesOf(await store.rollUp(T0 + 8 * MINUTE))).toEqual([[0, 7 * MINUTE]]);
    expect(minutesOf(await store.rollUp(T0 + HOUR))).toEqual([[7 * MINUTE, 10 * MINUTE]]);
    expect(await store.rollUp(T0 + HOUR)).toEqual([]);
  });

  it("rates a site by all its miners that should hash, reached or not, and by those with samples where their state is not known", async () => {
    const store = await openTestStore(temporaryDir());
    await append(store, tenMinutes());
    await store.appendMinute(minute(T0, [OK, HOT, SILENT]));
    await store.rollUp(T0 + HOUR);
    const read = async (target: { siteKey: number } | { fleet: true }) =>
      (await store.readSeries({ target, metrics: ["ratedHashrateHs"], fromMs: T0, toMs: T0 + 2 * MINUTE, stepMs: MINUTE })).series[
        "ratedHashrateHs"
      ];
    expect(await read({ siteKey: 1 })).toEqual([100, 200]);
    expect(await read({ siteKey: 2 })).toEqual([102, 100]);
    expect(await read({ fleet: true })).toEqual([202, 300]);
  });

  it("rates the minute under way as the last one: a site that has just gone dark is still expected to hash", async () => {
    const store = await openTestStore(temporaryDir());
    const dark = tenMinutes().filter(({ minerKey, atMs }) => minerKey === 1 || atMs < T0 + 9 * MINUTE);
    await append(store, dark);
    for (let n = 0; n < 9; n++) await store.appendMinute(minute(T0 + n * MINUTE, [OK, SILENT, OK]));
    await store.rollUp(T0 + 9 * MINUTE);
    const { series } = await store.readSeries({
      target: { fleet: true },
      fromMs: T0 + 7 * MINUTE,
      toMs: T0 + 10 * MINUTE,
      metrics: ["ratedHashrateHs"],
      stepMs: MINUTE,
    });
    expect(series["ratedHashrateHs"]).toEqual([202, 202, 202]);
  });

  it("loses no minute that was open when the process ended", async () => {
    const dataDir = temporaryDir();
    const first = await openTestStore(dataDir);
    await append(first, tenMinutes());
    await first.rollUp(T0 + 8 * MINUTE);
    await first.seal(T0 + HOUR);
    await append(first, [{ minerKey: 2, siteKey: 1, atMs: T0 + 9 * MINUTE + 50_000, hashrateHs: 7e12, chipTempCMax: 50 }]);
    await first.close();
    const second = await openTestStore(dataDir);
    const { series } = await second.readSeries({ ...site(1), metrics: ["hashrateHs"], stepMs: MINUTE });
    expect(series["hashrateHs"]).toEqual([...new Array<number>(9).fill(20e12), 21e12]);
  });

  it("tells minutes anew when a whole span comes late", async () => {
    const store = await openTestStore(temporaryDir());
    const [early, rest] = [tenMinutes().slice(0, 20), tenMinutes().slice(20)];
    await append(store, rest);
    await store.rollUp(T0 + HOUR);
    await append(store, early);
    await store.rollUp(T0 + HOUR);
    const { series } = await store.readSeries({ ...site(1), metrics: ["hashrateHs"], stepMs: MINUTE });
    expect(series["hashrateHs"]).toEqual(new Array(10).fill(20e12));
  });

  it("knows no metric that is not kept of sites", async () => {
    const store = await openTestStore(temporaryDir());
    await expect(store.readSeries({ ...site(1), metrics: ["uptimeMs"], stepMs: MINUTE })).rejects.toThrow(/uptimeMs/);
  });
});

describe("readFrame()", () => {
  it("gives the frame of the minute at or before, and none when the last is ten minutes away", async () => {
    const store = await openTestStore(temporaryDir());
    await store.appendMinute(minute(T0, [OK, HOT, SILENT]));
    await store.appendMinute(minute(T0 + MINUTE, [OK, OK, OK]));
    const frame = await store.readFrame(T0 + MINUTE - 1);
    expect(frame).toEqual({
      atMs: T0,
      minerKeys: Uint32Array.of(1, 2, 3),
      statusCodes: Uint8Array.of(OK, HOT, SILENT),
      hashrateHs: Float64Array.of(1000, 1001, NaN),
      chipTempCMax: Float64Array.of(60, 61, 62),
    });
    expect((await store.readFrame(T0 + 10 * MINUTE))?.atMs).toBe(T0 + MINUTE);
    expect(await store.readFrame(T0 + 11 * MINUTE)).toBeNull();
    expect(await store.readFrame(T0 - 1)).toBeNull();
  });
});

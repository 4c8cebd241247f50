import { describe, expect, it } from "vitest";
import { statusCode } from "../../../server/contract/status.ts";
import { makeBoard, makeSample, openTestStore, temporaryDir } from "./storeHelp.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 10, 1);
const RETENTION = { rawDays: 7, fiveMinutesDays: 90, hourDays: 1095, dayDays: null };

describe("retain()", () => {
  it("deletes each tier by its own days, and the series then come from the tier that is left", { timeout: 60_000 }, async () => {
    const store = await openTestStore(temporaryDir());
    const samples = (fromMs: number, powerW: number) =>
      Array.from({ length: 24 * 12 }, (_, n) => ({
        minerKey: 3,
        siteKey: 1,
        sample: makeSample({ polledAtMs: fromMs + n * 5 * MINUTE, powerW }),
      }));
    await store.append({ acks: [], samples: samples(T0, 3000) });
    await store.append({ acks: [], samples: samples(T0 + 10 * DAY, 3100) });
    const code = Uint8Array.of(statusCode({ status: "hashing", reason: "ok" }));
    const minute = (atMs: number) => ({
      atMs,
      frame: { atMs, minerKeys: Uint32Array.of(3), statusCodes: code, hashrateHs: Float64Array.of(1), chipTempCMax: Float64Array.of(2) },
      siteKeys: Uint32Array.of(1),
      ratedHashrateHs: Float64Array.of(1),
    });
    for (const atMs of [T0 + 5 * MINUTE, T0 + 9 * DAY + 5 * MINUTE, T0 + 9 * DAY + 6 * MINUTE]) await store.appendMinute(minute(atMs));
    const reply = { minerKey: 3, command: "stats", failure: "undecodable", bytes: Uint8Array.of(1, 2) };
    await store.saveMalformed([
      { ...reply, atMs: T0 },
      { ...reply, atMs: T0 + 10 * DAY },
    ]);
    const now = T0 + 12 * DAY;
    await store.seal(now);
    await store.rollUp(now);
    await store.retain(now, RETENTION);

    const read = (fromMs: number, stepMs: number) =>
      store.readSeries({ target: { minerKey: 3 }, metrics: ["powerW"], fromMs, toMs: fromMs + 20 * MINUTE, stepMs });
    expect(await read(T0, MINUTE)).toMatchObject({ stepMs: 5 * MINUTE, series: { powerW: [3000, 3000, 3000, 3000] } });
    expect((await read(T0 + 10 * DAY, MINUTE)).series["powerW"].slice(0, 6)).toEqual([3100, null, null, null, null, 3100]);
    expect(await store.append({ acks: [], samples: samples(T0, 1).slice(0, 2) })).toMatchObject({ storedCount: 0, droppedCount: 2 });
    expect((await store.readFrame(T0 + 5 * MINUTE))?.atMs).toBe(T0 + 5 * MINUTE);
    expect((await store.readFrame(T0 + 9 * DAY + 6 * MINUTE))?.atMs).toBe(T0 + 9 * DAY + 5 * MINUTE);
    expect((await store.readMalformed(3)).map(({ atMs }) => atMs)).toEqual([T0 + 10 * DAY]);

    await store.retain(T0 + 400 * DAY, RETENTION);
    expect(await read(T0, MINUTE)).toMatchObject({ stepMs: HOUR, series: { powerW: [3000] } });
    expect(await store.readFrame(T0 + 9 * DAY + 6 * MINUTE)).toBeNull();
  });

  it("feeds a forecast once two sizes are known", async () => {
    const store = await openTestStore(temporaryDir());
    expect(await store.forecast()).toMatchObject({ bytesPerDay: null, fullInDays: null });
    await store.retain(T0, RETENTION);
    const replies = Array.from({ length: 40 }, (_, n) => ({
      minerKey: n,
      atMs: T0,
      command: "stats",
      failure: "cut",
      bytes: new Uint8Array(20_000),
    }));
    await store.saveMalformed(replies);
    await store.retain(T0 + 6 * HOUR, RETENTION);
    const forecast = await store.forecast();
    expect(forecast.databaseBytes).toBeGreaterThan(800_000);
    expect(forecast.bytesPerDay).toBeGreaterThan(4 * 800_000);
    expect(forecast.bytesPerDay).toBeLessThan(4 * 1_000_000);
    expect(forecast.fullInDays).toBeCloseTo(forecast.freeBytes! / forecast.bytesPerDay!, 6);
  });
});

describe("readLastSamples()", () => {
  it("gives the saved detail with newer stored numbers laid over it", async () => {
    const dataDir = temporaryDir();
    const first = await openTestStore(dataDir);
    const pools = [
      {
        index: 0,
        url: "stratum+tcp://pool.example:3333",
        worker: "w.1",
        status: "alive",
        priority: 0,
        active: true,
        acceptedCount: 1,
        rejectedCount: 0,
        staleCount: 0,
      },
    ] as const;
    await first.saveDetails([{ minerKey: 1, sample: makeSample({ polledAtMs: T0, pools: [...pools] }) }]);
    const later = makeSample({
      polledAtMs: T0 + MINUTE,
      powerW: 77,
      inletTempC: null,
      fansRpm: [1, 2, 3],
      hashboards: [makeBoard({ freqMhz: 400 })],
    });
    await first.append({ acks: [], samples: [{ minerKey: 1, siteKey: 1, sample: later }] });
    await first.append({ acks: [], samples: [{ minerKey: 2, siteKey: 1, sample: makeSample({ polledAtMs: T0 + 5, powerW: 88 }) }] });
    await first.seal(T0 + 3 * HOUR);
    await first.close();

    const second = await openTestStore(dataDir);
    const last = new Map((await second.readLastSamples()).map(({ minerKey, sample }) => [minerKey, sample]));
    expect(last.get(1)).toMatchObject({ polledAtMs: T0 + MINUTE, powerW: 77, inletTempC: null, fansRpm: [1, 2, 3], pools });
    expect(last.get(1)!.hashboards.map(({ freqMhz }) => freqMhz)).toEqual([400, 545, 545]);
    expect(last.get(2)).toMatchObject({ minerId: "m2", polledAtMs: T0 + 5, powerW: 88, algorithm: "unknown" });
    await second.forgetMiner(1);
    await second.forgetMiner(2);
    expect(await second.readLastSamples()).toEqual([]);
    const { series } = await second.readSeries({
      target: { minerKey: 1 },
      metrics: ["powerW"],
      fromMs: T0,
      toMs: T0 + 2 * MINUTE,
      stepMs: MINUTE,
    });
    expect(series["powerW"]).toEqual([null, 77]);
  });
});

import { describe, expect, it } from "vitest";
import { columnOfMetric, columnsOfShape, SITE_COLUMN } from "../../../server/store/columns.ts";
import { BatchPacker, blockOfEntries, EntryCursor, unpackRow } from "../../../server/store/packed.ts";
import { makeBoard, makeSample } from "./storeHelp.ts";

describe("BatchPacker", () => {
  it("keeps every number of a sample as it was", () => {
    const packer = new BatchPacker();
    const sample = makeSample({
      polledAtMs: 1_795_392_000_123,
      uptimeMs: null,
      inletTempC: -12.25,
      efficiencyJPerTh: 1 / 3,
      hwErrorCount: 2 ** 52,
    });
    packer.addSample(99_999, 12, sample);
    const batch = packer.take();
    expect(packer.isEmpty).toBe(true);
    const entry = new EntryCursor(batch);
    expect(entry.next()).toBe(true);
    expect(entry).toMatchObject({ minerKey: 99_999, siteKey: 12, atMs: 1_795_392_000_123 });
    const { shape, values } = unpackRow(batch, entry.rowStart);
    expect(shape).toEqual({ chains: [1, 2, 3], fanCount: 4 });
    const value = (name: string) => values[columnsOfShape(shape).indexOf(columnOfMetric(name)!)];
    expect(value("hashrateHs")).toBe(95_123_450_000_000);
    expect(value("hashrateMeanHs")).toBe(14_274_425_317_759.488);
    expect(value("uptimeMs")).toBeNaN();
    expect(value("inletTempC")).toBe(-12.25);
    expect(value("efficiencyJPerTh")).toBe(1 / 3);
    expect(value("hwErrorCount")).toBe(2 ** 52);
    expect(value("hashboard.2.chipTempCMax")).toBe(64);
    expect(value("hashboard.3.chipTempCMax")).toBeNaN();
    expect(value("hashboard.3.hashrateHs")).toBe(0);
    expect(value("fan.3.rpm")).toBe(0);
  });

  it("joins rows of different shape and order into one block in order of time", () => {
    const packer = new BatchPacker();
    packer.addSample(1, 4, makeSample({ polledAtMs: 3000, fansRpm: [10, 20], hashboards: [makeBoard({ chain: 6, freqMhz: 600 })] }));
    packer.addSample(1, 4, makeSample({ polledAtMs: 1000, fansRpm: [11], hashboards: [makeBoard({ chain: 7, freqMhz: 700 })] }));
    const { timesMs, columns } = blockOfEntries(packer.take());
    expect([...timesMs]).toEqual([1000, 3000]);
    const column = (name: string) => [...(columns.get(columnOfMetric(name)!) ?? [])];
    expect(column("hashboard.6.freqMhz")).toEqual([NaN, 600]);
    expect(column("hashboard.7.freqMhz")).toEqual([700, NaN]);
    expect(column("fan.1.rpm")).toEqual([11, 10]);
    expect(column("fan.2.rpm")).toEqual([NaN, 20]);
    expect([...columns.get(SITE_COLUMN)!]).toEqual([4, 4]);
  });
});

describe("columnOfMetric()", () => {
  it.each(["nonsense", "fan.0.rpm", "fan.33.rpm", "hashboard.1.voltageV", "hashboard.256.freqMhz", "polledAtMs"])("knows no %s", (name) => {
    expect(columnOfMetric(name)).toBeNull();
  });
});

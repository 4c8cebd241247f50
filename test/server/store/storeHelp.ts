import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Hashboard, Sample } from "../../../server/contract/sample.ts";
import { openStore, type SqliteStore } from "../../../server/store/sqlite/open.ts";

/** The built entry of the store's threads. */
export const WORKER_URL = new URL("../../../dist/server/store/sqlite/worker.js", import.meta.url);

/** A directory that is gone after the test. */
export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "hashwatch-store-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A store that is closed after the test; may be closed before. */
export async function openTestStore(dataDir: string): Promise<SqliteStore> {
  const store = await openStore({ dataDir, workerUrl: WORKER_URL, readerCount: 1 });
  onTestFinished(() => store.close());
  return store;
}

export function makeBoard(fields: Partial<Hashboard> = {}): Hashboard {
  return {
    chain: 1,
    present: true,
    hashrateHs: 31_250_000_000_000,
    ratedHashrateHs: 31_666_000_000_000,
    chipCount: 76,
    expectedChipCount: 76,
    chipOkCount: 76,
    chipBadCount: 0,
    chipMap: null,
    freqMhz: 545,
    voltageV: 13.6,
    chipTempsC: [61, 64],
    boardTempsC: [52, 55],
    hwErrorCount: 3,
    ...fields,
  };
}

export function makeSample(fields: Partial<Sample> = {}): Sample {
  return {
    minerId: "m1",
    polledAtMs: 0,
    agentAtMs: 0,
    durationMs: 45,
    uptimeMs: 86_400_000,
    algorithm: "sha256d",
    mode: null,
    hashrateHs: 95_123_450_000_000,
    hashrateMeanHs: 14_274_425_317_759.488,
    hashrate30mHs: null,
    ratedHashrateHs: 95_000_000_000_000,
    powerW: 3250,
    powerSource: "rated",
    efficiencyJPerTh: 3250 / 95.12345,
    chipTempCMax: 64,
    boardTempCMax: 55,
    inletTempC: 21.5,
    outletTempC: null,
    fansRpm: [5520, 5490, 0, 5550],
    expectedFanCount: 4,
    hwErrorCount: 9,
    acceptedCount: 1200,
    rejectedCount: 3,
    staleCount: 0,
    expectedHashboardCount: 3,
    hashboards: [makeBoard(), makeBoard({ chain: 2 }), makeBoard({ chain: 3, present: false, hashrateHs: 0, chipTempsC: [] })],
    pools: [],
    ...fields,
  };
}

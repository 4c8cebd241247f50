import type { BatchPacker } from "../../server/store/packed.ts";
import type { SqliteStore } from "../../server/store/sqlite/open.ts";
import { built } from "./built.ts";
import { emptyRow, fillRow, fillTotals, SHAPE } from "./generated.ts";
import { Fleet } from "./samples.mjs";

/** As many as the server gives the store in one transaction when a backlog comes in. */
const BATCH = 5000;
const BATCHES_UNDER_WAY = 3;
const SITE_KEY = 1;

export interface SweepOptions {
  readonly minerCount: number;
  readonly startMs: number;
  readonly stepMs: number;
  readonly sweepCount: number;
  /** Left out: every miner in every sweep. */
  readonly isDue?: (index: number, sweep: number) => boolean;
  /** Also what the generator does not make: rating and hottest of the miner. Default false. */
  readonly withTotals?: boolean;
}

export async function openBuiltStore(dataDir: string): Promise<SqliteStore> {
  const { openStore } = await built<typeof import("../../server/store/sqlite/open.ts")>("server/store/sqlite/open");
  return await openStore({ dataDir, readerCount: 1 });
}

/** Gives sweeps of samples.mjs to a store, miner keys from 1, in time order; resolves with the number of samples when all are on disk. */
export async function writeSweeps(store: SqliteStore, options: SweepOptions): Promise<number> {
  const { BatchPacker: Packer } = await built<typeof import("../../server/store/packed.ts")>("server/store/packed");
  const packer: BatchPacker = new Packer();
  const fleet = new Fleet(options.minerCount);
  const row = emptyRow();
  const underWay: Promise<unknown>[] = [];
  let count = 0;
  for (let sweep = 0; sweep < options.sweepCount; sweep++) {
    fleet.step(options.stepMs / 1000);
    const atMs = options.startMs + sweep * options.stepMs;
    for (let index = 0; index < options.minerCount; index++) {
      if (options.isDue?.(index, sweep) === false) continue;
      fillRow(row, fleet.v, index);
      if (options.withTotals === true) fillTotals(row, fleet.v, index);
      packer.add({ minerKey: index + 1, siteKey: SITE_KEY, atMs, shape: SHAPE, values: row });
      if (++count % BATCH !== 0) continue;
      underWay.push(store.appendPacked(packer.take()));
      if (underWay.length >= BATCHES_UNDER_WAY) await underWay.shift();
    }
  }
  if (!packer.isEmpty) underWay.push(store.appendPacked(packer.take()));
  await Promise.all(underWay);
  return count;
}

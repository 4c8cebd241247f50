// ingest.ts DIR MINERS SAMPLES: sweeps of that many miners, a minute apart, through the store to disk and sealed. Tells {samples, seconds, cpuS}.
import { onWord, tell } from "../child.ts";
import { T0 } from "../samples.mjs";
import { openBuiltStore, writeSweeps } from "../storeWriter.ts";

const STEP_MS = 60_000;
const HOUR_MS = 3_600_000;

const [dataDir = "", miners, samples] = process.argv.slice(2);
const minerCount = Number(miners);
const sweepCount = Math.round(Number(samples) / minerCount);
const startMs = T0 * 1000;
onWord(() => undefined);
const store = await openBuiltStore(dataDir);
const startedMs = performance.now();
const before = process.cpuUsage();
const count = await writeSweeps(store, { minerCount, startMs, stepMs: STEP_MS, sweepCount });
const appendedMs = performance.now();
await store.seal(startMs + sweepCount * STEP_MS + HOUR_MS); // past every miner's own moment
const seconds = (performance.now() - startedMs) / 1000;
const { user, system } = process.cpuUsage(before);
await store.close();
tell({ samples: count, seconds, sealS: (performance.now() - appendedMs) / 1000, cpuS: (user + system) / 1e6 });

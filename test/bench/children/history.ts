// history.ts DIR MINERS DENSE HOURS TO_MS: the past of a fleet up to TO_MS, a sample a minute of the first DENSE miners and one in twenty minutes of the others,
// frames of the last two hours, joined and rolled up as far as a server would have come by then. Tells {samples, seconds}.
import { onWord, tell } from "../child.ts";
import { openBuiltStore, writeSweeps } from "../storeWriter.ts";

const MINUTE_MS = 60_000;
const SPARSE = 20;
const FRAMES = 120;

const [dataDir = "", miners, dense, hours, to] = process.argv.slice(2);
const [minerCount, denseCount, toMs] = [Number(miners), Number(dense), Number(to)];
const sweepCount = Number(hours) * 60;
onWord(() => undefined);
const startedMs = performance.now();
const store = await openBuiltStore(dataDir);
const samples = await writeSweeps(store, {
  minerCount,
  startMs: toMs - sweepCount * MINUTE_MS,
  stepMs: MINUTE_MS,
  sweepCount,
  isDue: (index, sweep) => index < denseCount || (index + sweep) % SPARSE === 0,
  withTotals: true,
});
for (let frame = FRAMES; frame > 0; frame--) await store.appendMinute(minuteAt(toMs - frame * MINUTE_MS));
await store.seal(toMs);
await store.rollUp(toMs);
await store.close();
tell({ samples, seconds: (performance.now() - startedMs) / 1000 });

function minuteAt(atMs: number): Parameters<typeof store.appendMinute>[0] {
  const each = <T>(make: (index: number) => T): T[] => Array.from({ length: minerCount }, (_, index) => make(index));
  const frame = {
    atMs,
    minerKeys: Uint32Array.from(each((index) => index + 1)),
    statusCodes: new Uint8Array(minerCount),
    hashrateHs: Float64Array.from(each((index) => (19_000 + ((index * 7919) % 800)) * 1e10)),
    chipTempCMax: Float64Array.from(each((index) => 60 + (index % 15))),
  };
  return { atMs, frame, siteKeys: new Uint32Array(minerCount).fill(1), ratedHashrateHs: new Float64Array(minerCount).fill(2e14) };
}

import { scalarColumn } from "../columns.ts";
import { blockOfEntries } from "../packed.ts";
import type { Span } from "../rollup.ts";
import type { RecentSample } from "../store.ts";
import type { RawTables } from "./raw.ts";

const METRICS = ["uptimeMs", "hashrateHs", "hashrateMeanHs", "acceptedCount", "rejectedCount", "hwErrorCount"] as const;
const WANTED = new Set(METRICS.map(scalarColumn));

/** A miner's raw samples of a span in order of time; `open` are those in no piece yet. */
export function readRecent(
  raw: RawTables,
  { minerKey, fromMs, toMs, open }: Span & { minerKey: number; open: Uint8Array | null },
): RecentSample[] {
  const block = open === null ? null : blockOfEntries(open);
  const { timesMs, columns } = raw.read({ minerKey, fromMs, toMs, wanted: WANTED, open: block });
  const [uptimeMs, hashrateHs, hashrateMeanHs, acceptedCount, rejectedCount, hwErrorCount] = METRICS.map((metric) => {
    const values = columns.get(scalarColumn(metric));
    return (row: number): number | null => (values === undefined || Number.isNaN(values[row]) ? null : values[row]);
  });
  return Array.from(timesMs, (polledAtMs, row) => ({
    polledAtMs,
    uptimeMs: uptimeMs(row),
    hashrateHs: hashrateHs(row),
    hashrateMeanHs: hashrateMeanHs(row),
    acceptedCount: acceptedCount(row),
    rejectedCount: rejectedCount(row),
    hwErrorCount: hwErrorCount(row),
  }));
}

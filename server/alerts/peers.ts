import type { FleetWatchPort } from "../fleet/ports.ts";

/** Fewer machines are no peers. */
const PEERS_MIN = 8;
const NEIGHBOURS_MIN = 6;
/** Below this spread a rack is even, and a degree is nothing. */
const SPREAD_MIN_C = 1.5;
const MAD_TO_SIGMA = 1.4826;

/** How each machine compares with its like, by row; NaN where it has none: power per hash with its model at the site, the hottest chip with its rack. */
export interface Comparisons {
  readonly efficiencyRatio: Float64Array;
  readonly neighbourZ: Float64Array;
}

/** One pass over the fleet. Medians, so that the ones that stand out do not move what they are compared with. */
export function comparePeers(fleet: Pick<FleetWatchPort, "rowCount" | "minerAt" | "values" | "agreedOf">): Comparisons {
  const efficiencies = new Map<string, number[]>();
  const temperatures = new Map<string, number[]>();
  const compared = { efficiencyRatio: new Float64Array(fleet.rowCount).fill(NaN), neighbourZ: new Float64Array(fleet.rowCount).fill(NaN) };
  const rows: { row: number; model: string | null; rack: string | null }[] = [];
  for (let row = 0; row < fleet.rowCount; row++) {
    const miner = fleet.minerAt(row);
    const agreed = fleet.agreedOf(row);
    if (miner?.sample == null || (agreed?.status !== "hashing" && agreed?.status !== "degraded")) continue;
    const isMeasured = miner.sample.powerSource === "reported" && miner.sample.efficiencyJPerTh !== null;
    const model = isMeasured && miner.model !== null ? `${miner.siteId} ${miner.model}` : null;
    const rack = miner.rackId !== null && !Number.isNaN(fleet.values.chipTempCMax[row]) ? miner.rackId : null;
    if (model !== null) gather(efficiencies, model, fleet.values.efficiencyJPerTh[row]);
    if (rack !== null) gather(temperatures, rack, fleet.values.chipTempCMax[row]);
    rows.push({ row, model, rack });
  }
  const models = new Map(
    [...efficiencies].filter(([, values]) => values.length >= PEERS_MIN).map(([key, values]) => [key, median(values)]),
  );
  const racks = new Map(
    [...temperatures].filter(([, values]) => values.length >= NEIGHBOURS_MIN).map(([key, values]) => [key, spreadOf(values)]),
  );
  for (const { row, model, rack } of rows) {
    compared.efficiencyRatio[row] = fleet.values.efficiencyJPerTh[row] / ((model === null ? undefined : models.get(model)) ?? NaN);
    const spread = rack === null ? undefined : racks.get(rack);
    if (spread !== undefined) compared.neighbourZ[row] = (fleet.values.chipTempCMax[row] - spread.middle) / spread.sigma;
  }
  return compared;
}

function gather(groups: Map<string, number[]>, key: string, value: number): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

/** The middle, and what would be the standard deviation if the values were normal, told by the median of the distances. */
function spreadOf(values: readonly number[]): { middle: number; sigma: number } {
  const middle = median(values);
  const distances = values.map((value) => Math.abs(value - middle));
  return { middle, sigma: Math.max(SPREAD_MIN_C, MAD_TO_SIGMA * median(distances)) };
}

export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

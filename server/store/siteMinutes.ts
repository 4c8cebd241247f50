import type { Block } from "./codec.ts";
import { SITE_COLUMN } from "./columns.ts";
import { MINUTE_MS } from "./layout.ts";
import { unpackScalars, type Entry } from "./packed.ts";
import { CHIP_TEMP, FLEET_KEY, HASHRATE, minuteOf, POWER, RATED, type MinerMinute } from "./site.ts";

/** Columns that minutes of sites are made of. */
export const SITE_INPUTS: ReadonlySet<number> = new Set([HASHRATE, RATED, POWER, CHIP_TEMP, SITE_COLUMN]);

interface Sum {
  siteKey: number;
  hashrate: number[]; // sum and number of values
  rated: number[];
  power: number[];
  chipTempC: number;
  /** For frames: of the newest sample in the minute. */
  newestAtMs: number;
  lastHashrateHs: number;
  lastChipTempC: number;
}

/** Samples gathered by minute and miner, in memory, until each minute's totals are written. */
export class SiteMinutes {
  readonly #minutes = new Map<number, Map<number, Sum>>();
  readonly #scalars = new Float64Array(CHIP_TEMP + 1);

  get minuteCount(): number {
    return this.#minutes.size;
  }

  addEntry(entry: Entry, batch: Uint8Array): void {
    const values = this.#scalars;
    unpackScalars(batch, entry.rowStart, values);
    this.#add(entry.minerKey, entry.siteKey, entry.atMs, {
      hashrateHs: values[HASHRATE] ?? NaN,
      ratedHashrateHs: values[RATED] ?? NaN,
      powerW: values[POWER] ?? NaN,
      chipTempC: values[CHIP_TEMP] ?? NaN,
    });
  }

  addBlock(minerKey: number, block: Block): void {
    const column = (id: number) => block.columns.get(id);
    const [hashrate, rated, power, temp, site] = [HASHRATE, RATED, POWER, CHIP_TEMP, SITE_COLUMN].map(column);
    block.timesMs.forEach((atMs, row) => {
      this.#add(minerKey, site?.[row] ?? 0, atMs, {
        hashrateHs: hashrate?.[row] ?? NaN,
        ratedHashrateHs: rated?.[row] ?? NaN,
        powerW: power?.[row] ?? NaN,
        chipTempC: temp?.[row] ?? NaN,
      });
    });
  }

  /** Starts of the minutes that hold anything, ascending. */
  starts(): number[] {
    return [...this.#minutes.keys()].sort((a, b) => a - b);
  }

  drop(minuteMs: number): void {
    this.#minutes.delete(minuteMs);
  }

  /** Totals of one minute, by site and for the fleet (FLEET_KEY). */
  totals(minuteMs: number): Map<number, Map<number, number>> {
    const bySite = new Map<number, MinerMinute[]>([[FLEET_KEY, []]]);
    for (const sum of this.#minutes.get(minuteMs)?.values() ?? []) {
      const minute = meansOf(sum);
      bySite.get(FLEET_KEY)?.push(minute);
      const site = bySite.get(sum.siteKey);
      if (site === undefined) bySite.set(sum.siteKey, [minute]);
      else site.push(minute);
    }
    return new Map([...bySite].map(([site, miners]) => [site, minuteOf(miners)]));
  }

  /** The newest sample of each miner in the minute. */
  newest(minuteMs: number): Map<number, { hashrateHs: number; chipTempC: number }> {
    const sums = this.#minutes.get(minuteMs) ?? new Map<number, Sum>();
    return new Map([...sums].map(([miner, sum]) => [miner, { hashrateHs: sum.lastHashrateHs, chipTempC: sum.lastChipTempC }]));
  }

  #add(minerKey: number, siteKey: number, atMs: number, values: Omit<MinerMinute, "siteKey">): void {
    const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    let miners = this.#minutes.get(minuteMs);
    if (miners === undefined) this.#minutes.set(minuteMs, (miners = new Map()));
    let sum = miners.get(minerKey);
    if (sum === undefined) miners.set(minerKey, (sum = emptySum(siteKey)));
    addTo(sum.hashrate, values.hashrateHs);
    addTo(sum.rated, values.ratedHashrateHs);
    addTo(sum.power, values.powerW);
    if (!(values.chipTempC <= sum.chipTempC) && !Number.isNaN(values.chipTempC)) sum.chipTempC = values.chipTempC;
    if (atMs < sum.newestAtMs) return;
    sum.newestAtMs = atMs;
    sum.siteKey = siteKey;
    sum.lastHashrateHs = values.hashrateHs;
    sum.lastChipTempC = values.chipTempC;
  }
}

function emptySum(siteKey: number): Sum {
  return {
    siteKey,
    hashrate: [0, 0],
    rated: [0, 0],
    power: [0, 0],
    chipTempC: NaN,
    newestAtMs: -Infinity,
    lastHashrateHs: NaN,
    lastChipTempC: NaN,
  };
}

function addTo(sum: number[], value: number): void {
  if (Number.isNaN(value)) return;
  sum[0] = (sum[0] ?? 0) + value;
  sum[1] = (sum[1] ?? 0) + 1;
}

function meansOf(sum: Sum): MinerMinute {
  const mean = ([total = 0, count = 0]: number[]) => (count === 0 ? NaN : total / count);
  return {
    siteKey: sum.siteKey,
    hashrateHs: mean(sum.hashrate),
    ratedHashrateHs: mean(sum.rated),
    powerW: mean(sum.power),
    chipTempC: sum.chipTempC,
  };
}

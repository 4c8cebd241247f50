import type { Block } from "./codec.ts";
import { SITE_COLUMN } from "./columns.ts";
import type { LateSample } from "./frame.ts";
import { MINUTE_MS } from "./layout.ts";
import { unpackScalars, type Entry } from "./packed.ts";
import { CHIP_TEMP, FLEET_KEY, HASHRATE, MinuteTotals, POWER, RATED } from "./site.ts";

/** Columns that minutes of sites are made of. */
export const SITE_INPUTS: ReadonlySet<number> = new Set([HASHRATE, RATED, POWER, CHIP_TEMP, SITE_COLUMN]);

/** Fields of one miner in one minute. */
const SITE = 0;
const HASHRATE_SUM = 1;
const HASHRATE_COUNT = 2;
const RATED_SUM = 3;
const RATED_COUNT = 4;
const POWER_SUM = 5;
const POWER_COUNT = 6;
const HOTTEST_C = 7;
const NEWEST_AT_MS = 8; // 0: no sample in the minute
const NEWEST_HASHRATE = 9;
const NEWEST_TEMP_C = 10;
const FIELD_COUNT = 11;

/** Samples gathered by minute and miner, in memory, until each minute's totals are written. */
export class SiteMinutes {
  readonly #minutes = new Map<number, Float64Array>();
  /** Totals that were asked for and hold since. */
  readonly #told = new Map<number, ReadonlyMap<number, ReadonlyMap<number, number>>>();
  readonly #rowOf = new Map<number, number>();
  readonly #minerOf: number[] = [];
  #spare: Float64Array | null = null;
  readonly #scalars = new Float64Array(CHIP_TEMP + 1);

  addEntry(entry: Entry, batch: Uint8Array): void {
    const values = this.#scalars;
    unpackScalars(batch, entry.rowStart, values);
    this.#add(entry.minerKey, entry.siteKey, entry.atMs, values[HASHRATE], values[RATED], values[POWER], values[CHIP_TEMP]);
  }

  addBlock(minerKey: number, block: Block): void {
    const [hashrate, rated, power, temp, site] = [HASHRATE, RATED, POWER, CHIP_TEMP, SITE_COLUMN].map((id) => block.columns.get(id));
    const at = (column: Float64Array | undefined, row: number) => (column === undefined ? NaN : column[row]);
    block.timesMs.forEach((atMs, row) => {
      this.#add(minerKey, at(site, row), atMs, at(hashrate, row), at(rated, row), at(power, row), at(temp, row));
    });
  }

  /** Starts of the minutes that hold anything, ascending. */
  starts(): number[] {
    return [...this.#minutes.keys()].sort((a, b) => a - b);
  }

  drop(minuteMs: number): void {
    const table = this.#minutes.get(minuteMs);
    if (table !== undefined) this.#spare = table;
    this.#minutes.delete(minuteMs);
    this.#told.delete(minuteMs);
  }

  /** Totals of one minute, by site and for the fleet (FLEET_KEY). */
  totals(minuteMs: number): ReadonlyMap<number, ReadonlyMap<number, number>> {
    let told = this.#told.get(minuteMs);
    if (told === undefined) this.#told.set(minuteMs, (told = this.#tell(minuteMs)));
    return told;
  }

  #tell(minuteMs: number): Map<number, Map<number, number>> {
    const bySite = new Map<number, MinuteTotals>();
    this.#eachMiner(minuteMs, (_, table, at) => {
      let site = bySite.get(table[at + SITE]);
      if (site === undefined) bySite.set(table[at + SITE], (site = new MinuteTotals()));
      const hashrateHs = table[at + HASHRATE_SUM] / table[at + HASHRATE_COUNT]; // NaN without values
      const ratedHs = table[at + RATED_SUM] / table[at + RATED_COUNT];
      site.add(hashrateHs, ratedHs, table[at + POWER_SUM] / table[at + POWER_COUNT], table[at + HOTTEST_C]);
    });
    const values = new Map([...bySite].map(([site, totals]) => [site, totals.values()]));
    const sites = [...bySite.values()];
    const fleet = sites.length === 1 ? values.values().next().value : undefined; // sorting a large fleet's temperatures twice is not for nothing
    return values.set(FLEET_KEY, fleet ?? MinuteTotals.sumOf(sites).values());
  }

  /** The newest sample of each miner in the minute. */
  newest(minuteMs: number): Map<number, LateSample> {
    const newest = new Map<number, LateSample>();
    this.#eachMiner(minuteMs, (minerKey, table, at) => {
      newest.set(minerKey, {
        siteKey: table[at + SITE],
        hashrateHs: table[at + NEWEST_HASHRATE],
        ratedHashrateHs: table[at + RATED_SUM] / table[at + RATED_COUNT],
        chipTempC: table[at + NEWEST_TEMP_C],
      });
    });
    return newest;
  }

  #eachMiner(minuteMs: number, visit: (minerKey: number, table: Float64Array, at: number) => void): void {
    const table = this.#minutes.get(minuteMs);
    if (table === undefined) return;
    for (let row = 0, at = 0; at < table.length; row++, at += FIELD_COUNT) {
      if (table[at + NEWEST_AT_MS] > 0) visit(this.#minerOf[row], table, at);
    }
  }

  #add(minerKey: number, siteKey: number, atMs: number, hashrateHs: number, ratedHs: number, powerW: number, tempC: number): void {
    const at = this.#rowFor(minerKey) * FIELD_COUNT;
    const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    const table = this.#tableFor(minuteMs, at);
    this.#told.delete(minuteMs);
    addTo(table, at + HASHRATE_SUM, hashrateHs);
    addTo(table, at + RATED_SUM, ratedHs);
    addTo(table, at + POWER_SUM, powerW);
    const isFirst = table[at + NEWEST_AT_MS] === 0;
    if (isFirst || tempC > table[at + HOTTEST_C] || Number.isNaN(table[at + HOTTEST_C])) table[at + HOTTEST_C] = tempC;
    if (atMs < table[at + NEWEST_AT_MS]) return;
    table[at + SITE] = siteKey;
    table[at + NEWEST_AT_MS] = atMs;
    table[at + NEWEST_HASHRATE] = hashrateHs;
    table[at + NEWEST_TEMP_C] = tempC;
  }

  #rowFor(minerKey: number): number {
    const known = this.#rowOf.get(minerKey);
    if (known !== undefined) return known;
    this.#rowOf.set(minerKey, this.#minerOf.length);
    this.#minerOf.push(minerKey);
    return this.#minerOf.length - 1;
  }

  /** The minute's table, with room for the row that begins at `at`. */
  #tableFor(minuteMs: number, at: number): Float64Array {
    const table = this.#minutes.get(minuteMs);
    if (table !== undefined && table.length >= at + FIELD_COUNT) return table;
    const grown = this.#newTable(Math.max(Math.ceil(this.#minerOf.length * 1.25) + 16, at / FIELD_COUNT + 1) * FIELD_COUNT);
    if (table !== undefined) grown.set(table);
    this.#minutes.set(minuteMs, grown);
    return grown;
  }

  /** The table of a minute that is written, emptied, or a new one. */
  #newTable(length: number): Float64Array {
    const spare = this.#spare;
    this.#spare = null;
    return spare !== null && spare.length >= length ? spare.fill(0) : new Float64Array(length);
  }
}

/** The number of values stands behind their sum. */
function addTo(table: Float64Array, at: number, value: number): void {
  if (Number.isNaN(value)) return;
  table[at] += value;
  table[at + 1]++;
}

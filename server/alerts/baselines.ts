import type { FleetWatchPort } from "../fleet/ports.ts";
import type { SeriesColumns, Store } from "../store/store.ts";
import { median } from "./peers.ts";

const DAY_MS = 86_400_000;
/** The week that the last day is compared with. */
const WEEK_DAYS = 7;
const DAYS_MIN = 4;
const COVERAGE_MIN = 0.5;
/** Every machine is looked at again within this time, a few each minute. */
const ROUND_MINUTES = 6 * 60;
const PER_MINUTE_MIN = 20;

export interface BaselineParts {
  readonly fleet: Pick<FleetWatchPort, "rowCount" | "minerAt">;
  readonly store: Pick<Store, "readSeries">;
}

/** Each machine's last day against its own week before, by row: a slow decline that no limit of the moment shows. */
export class Baselines {
  readonly #parts: BaselineParts;
  #ratios = new Float64Array(0);
  #nextRow = 0;

  constructor(parts: BaselineParts) {
    this.#parts = parts;
  }

  /** NaN: not known yet, or too little history. */
  ratioAt(row: number): number {
    return row < this.#ratios.length ? this.#ratios[row] : NaN;
  }

  /** Refreshes the next few machines. Resolves with their rows. */
  async refresh(nowMs: number): Promise<number[]> {
    const { fleet } = this.#parts;
    this.#reserve(fleet.rowCount);
    const count = Math.min(fleet.rowCount, Math.max(PER_MINUTE_MIN, Math.ceil(fleet.rowCount / ROUND_MINUTES)));
    const rows: number[] = [];
    for (let i = 0; i < count; i++) {
      const row = this.#nextRow++ % fleet.rowCount;
      const miner = fleet.minerAt(row);
      if (miner === null) continue;
      this.#ratios[row] = await this.#ratioOf(miner.key, nowMs);
      rows.push(row);
    }
    return rows;
  }

  async #ratioOf(minerKey: number, nowMs: number): Promise<number> {
    const toMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
    const read = (fromMs: number, untilMs: number, stepMs: number) =>
      this.#parts.store.readSeries({ target: { minerKey }, metrics: ["hashrateHs"], fromMs, toMs: untilMs, stepMs });
    const week = await read(toMs - (WEEK_DAYS + 1) * DAY_MS, toMs - DAY_MS, DAY_MS);
    const usual = covered(week);
    if (usual.length < DAYS_MIN) return NaN;
    const last = covered(await read(nowMs - DAY_MS, nowMs, DAY_MS / 24));
    return last.length < 12 ? NaN : last.reduce((sum, value) => sum + value, 0) / last.length / median(usual);
  }

  #reserve(rowCount: number): void {
    if (rowCount <= this.#ratios.length) return;
    const grown = new Float64Array(rowCount * 2).fill(NaN);
    grown.set(this.#ratios);
    this.#ratios = grown;
  }
}

/** Values of the steps for which there are enough samples. */
function covered({ series, coverage }: SeriesColumns): number[] {
  const values = Object.values(series).at(0) ?? [];
  return values.filter((value, step) => value !== null && coverage[step] >= COVERAGE_MIN).map(Number);
}

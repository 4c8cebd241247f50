import type { Database } from "better-sqlite3";
import { SITE_COLUMN } from "../columns.ts";
import { DAY_MS, HOUR_MS, joinDelayMs, WINDOW_MS } from "../layout.ts";
import { columnsOfRollup, NEIGHBOUR_MS, Steps } from "../rollup.ts";
import { MINER_TIERS } from "../tiers.ts";
import type { Ingest } from "./ingest.ts";
import { RawTables } from "./raw.ts";
import { SpanTable } from "./spans.ts";

const WINDOWS_PER_STEP = 4;

/** Joins the pieces of windows that are over, and tells the rollups of these windows from their raw samples. */
export class MinerRoller {
  readonly #db: Database;
  readonly #ingest: Ingest;
  readonly #raw: RawTables;
  readonly #fiveMinutes: SpanTable;
  readonly #hours: SpanTable;
  readonly #days: SpanTable;

  constructor(db: Database, ingest: Ingest) {
    this.#db = db;
    this.#ingest = ingest;
    this.#raw = new RawTables(db);
    [this.#fiveMinutes, this.#hours, this.#days] = MINER_TIERS.map((tier) => new SpanTable(db, tier)) as [SpanTable, SpanTable, SpanTable];
  }

  /** A few windows a transaction; between them other work gets its turn. */
  async rollUp(nowMs: number): Promise<void> {
    const due = this.#due(nowMs);
    for (let at = 0; at < due.length; at += WINDOWS_PER_STEP) {
      this.#db
        .transaction(() => due.slice(at, at + WINDOWS_PER_STEP).forEach(({ miner, windowMs }) => this.#finish(miner, windowMs)))
        .immediate();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #due(nowMs: number): { miner: number; windowMs: number }[] {
    return this.#db
      .prepare<[number], { miner: number; windowMs: number }>("SELECT miner, window_ms AS windowMs FROM pending WHERE window_ms <= ?")
      .all(nowMs - WINDOW_MS - HOUR_MS)
      .filter(({ miner, windowMs }) => windowMs + WINDOW_MS + joinDelayMs(miner) <= nowMs);
  }

  #finish(miner: number, windowMs: number): void {
    this.#raw.join(miner, windowMs);
    if (windowMs < this.#ingest.rawFromMs) return;
    const span = { fromMs: windowMs, toMs: windowMs + WINDOW_MS };
    const block = this.#raw.read({ minerKey: miner, fromMs: span.fromMs - NEIGHBOUR_MS, toMs: span.toMs + NEIGHBOUR_MS, wanted: null });
    const columns = [...block.columns.keys()].filter((column) => column !== SITE_COLUMN);
    for (const table of [this.#fiveMinutes, this.#hours]) {
      const steps = new Steps(columns, { ...span, stepMs: table.tier.stepMs });
      steps.addSamples(block, span);
      table.replace(miner, span, steps.toBlock());
    }
    this.#tellDay(miner, Math.floor(windowMs / DAY_MS) * DAY_MS);
  }

  #tellDay(miner: number, dayMs: number): void {
    const span = { fromMs: dayMs, toMs: dayMs + DAY_MS };
    const hours = this.#hours.read(miner, span, null);
    const day = new Steps(columnsOfRollup(hours), { ...span, stepMs: DAY_MS });
    day.addRollup(hours, span, HOUR_MS);
    this.#days.replace(miner, span, day.toBlock());
  }
}

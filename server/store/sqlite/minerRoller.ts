import type { Database } from "better-sqlite3";
import { SITE_COLUMN } from "../columns.ts";
import { DAY_MS, HOUR_MS, joinDelayMs, WINDOW_MS } from "../layout.ts";
import { NEIGHBOUR_MS, Steps } from "../rollup.ts";
import { MINER_TIERS } from "../tiers.ts";
import type { Ingest } from "./ingest.ts";
import { RawTables } from "./raw.ts";
import { SpanTable } from "./spans.ts";

const WINDOWS_PER_STEP = 32;
const DAYS_PER_STEP = 4;

/**
 * Joins the pieces of windows that are over, and tells the rollups of days that are over from their raw samples, each miner at its own moment. Whoever
 * reads meanwhile takes such a day from raw.
 */
export class MinerRoller {
  readonly #db: Database;
  readonly #ingest: Ingest;
  readonly #raw: RawTables;
  readonly #tables: SpanTable[];

  constructor(db: Database, ingest: Ingest) {
    this.#db = db;
    this.#ingest = ingest;
    this.#raw = new RawTables(db);
    this.#tables = MINER_TIERS.map((tier) => new SpanTable(db, tier));
  }

  /** A few windows or days a transaction; between them other work gets its turn. */
  async rollUp(nowMs: number): Promise<void> {
    const windows = this.#due("SELECT miner, window_ms AS startMs FROM pending WHERE window_ms <= ?", WINDOW_MS, nowMs);
    await this.#inSteps(windows, WINDOWS_PER_STEP, ({ miner, startMs }) => this.#raw.join(miner, startMs));
    const days = this.#due("SELECT miner, day_ms AS startMs FROM behind WHERE day_ms <= ?", DAY_MS, nowMs);
    await this.#inSteps(days, DAYS_PER_STEP, ({ miner, startMs }) => this.#tellDay(miner, startMs));
  }

  #due(sql: string, spanMs: number, nowMs: number): Due[] {
    const over = this.#db.prepare<[number], Due>(sql).all(nowMs - spanMs - HOUR_MS);
    return over.filter(({ miner, startMs }) => startMs + spanMs + joinDelayMs(miner) <= nowMs);
  }

  async #inSteps(due: readonly Due[], stepCount: number, work: (one: Due) => void): Promise<void> {
    for (let at = 0; at < due.length; at += stepCount) {
      this.#db.transaction(() => due.slice(at, at + stepCount).forEach(work)).immediate();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Days older than the raw samples keep their rollups as they are. Samples of the day that are not sealed yet mark it again when they are. */
  #tellDay(miner: number, dayMs: number): void {
    this.#db.prepare("DELETE FROM behind WHERE miner = ? AND day_ms = ?").run(miner, dayMs);
    if (dayMs < this.#ingest.rawFromMs) return;
    const span = { fromMs: dayMs, toMs: dayMs + DAY_MS };
    const block = this.#raw.read({ minerKey: miner, fromMs: span.fromMs - NEIGHBOUR_MS, toMs: span.toMs + NEIGHBOUR_MS, wanted: null });
    const columns = [...block.columns.keys()].filter((column) => column !== SITE_COLUMN);
    for (const table of this.#tables) {
      const steps = new Steps(columns, { ...span, stepMs: table.tier.stepMs });
      steps.addSamples(block, span);
      table.replace(miner, span, steps.toBlock());
    }
  }
}

interface Due {
  miner: number;
  startMs: number;
}

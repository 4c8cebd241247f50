import type { Database } from "better-sqlite3";
import type { Block } from "../codec.ts";
import { columnsOfRollup, rollupOfValues, Steps, valuesOfRollup, type Span } from "../rollup.ts";
import { STATUS_BASE } from "../site.ts";
import { SITE_TIERS } from "../tiers.ts";
import { SpanTable } from "./spans.ts";

type MinuteRow = ReturnType<typeof valuesOfRollup>[number];
export interface MinuteValues {
  atMs: number;
  values: ReadonlyMap<number, number>;
}

/** All tiers of sites and the fleet. Whoever writes a minute brings the coarser tiers up to date in the same transaction, so that none is ever behind. */
export class SiteTables {
  readonly #tables: SpanTable[];

  constructor(db: Database) {
    this.#tables = SITE_TIERS.map((tier) => new SpanTable(db, tier));
  }

  /** Puts what samples tell into the minutes of the span: minutes that are not in `rows` have none. What the state of the fleet says stays. */
  putSamples(site: number, span: Span, rows: readonly MinuteValues[]): void {
    this.#put(site, span, (before) => {
      const states = before.map((row) => ({ ...row, values: filtered(row.values, isState), coverage: 0 }));
      return mergeRows(
        states.filter((row) => row.values.size > 0),
        rows.map((row) => ({ ...row, coverage: 1 })),
      );
    });
  }

  /** Puts what the state of the fleet says of one minute; what samples tell stays. */
  putState(site: number, row: MinuteValues, span: Span): void {
    this.#put(site, span, (before) => {
      const samples = before.map((there) => ({ ...there, values: filtered(there.values, (column) => !isState(column)) }));
      return mergeRows(samples, [{ ...row, coverage: 0 }]);
    });
  }

  /** Adds to what the state of the fleet says of some minutes of the span, by minute and column; minutes without a state stay without. */
  amendState(site: number, span: Span, changes: ReadonlyMap<number, ReadonlyMap<number, number>>): void {
    this.#put(site, span, (before) =>
      before.map((row) => {
        const values = new Map(row.values);
        for (const [column, change] of changes.get(row.atMs) ?? []) {
          const there = values.get(column);
          if (there !== undefined) values.set(column, there + change);
        }
        return { ...row, values };
      }),
    );
  }

  read(tier: number, site: number, span: Span, wanted: ReadonlySet<number> | null): Block {
    return this.#table(tier).read(site, span, wanted);
  }

  #put(site: number, span: Span, change: (before: MinuteRow[]) => MinuteRow[]): void {
    const minutes = this.#table(0);
    const after = change(valuesOfRollup(minutes.read(site, span, null)));
    minutes.replace(site, span, rollupOfValues(after));
    for (let tier = 1; tier < SITE_TIERS.length; tier++) this.#rollUp(tier, site, span);
  }

  #rollUp(tier: number, site: number, { fromMs, toMs }: Span): void {
    const finer = this.#table(tier - 1);
    const table = this.#table(tier);
    const { stepMs } = table.tier;
    const span = { fromMs: Math.floor(fromMs / stepMs) * stepMs, toMs: Math.ceil(toMs / stepMs) * stepMs };
    const source = finer.read(site, span, null);
    const steps = new Steps(columnsOfRollup(source), { ...span, stepMs });
    steps.addRollup(source, span, finer.tier.stepMs);
    table.replace(site, span, steps.toBlock());
  }

  #table(tier: number): SpanTable {
    const table = this.#tables.at(tier);
    if (table === undefined) throw new RangeError(`There is no tier ${tier} of sites`);
    return table;
  }
}

function isState(column: number): boolean {
  return column >= STATUS_BASE;
}

function filtered(values: ReadonlyMap<number, number>, keep: (column: number) => boolean): Map<number, number> {
  return new Map([...values].filter(([column]) => keep(column)));
}

/** Rows of both, in order of time; a minute that is in both has the values of both, and is covered when either is. */
function mergeRows(
  first: readonly MinuteRow[],
  second: readonly { atMs: number; values: ReadonlyMap<number, number>; coverage: number }[],
): MinuteRow[] {
  const rows = new Map(first.map((row) => [row.atMs, row]));
  for (const row of second) {
    const there = rows.get(row.atMs);
    const coverage = Math.max(there?.coverage ?? 0, row.coverage);
    rows.set(row.atMs, { atMs: row.atMs, values: new Map([...(there?.values ?? []), ...row.values]), coverage });
  }
  return [...rows.values()].sort((a, b) => a.atMs - b.atMs);
}

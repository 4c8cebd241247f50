import { LIVE_BASE_COLUMNS, type LiveColumn, type LiveDelta, type LiveTotals } from "../contract/live.ts";
import { encodeDelta, encodeSnapshot, PACKED_COLUMNS } from "../contract/packed.ts";
import type { FleetColumnsPort, FleetPort } from "../fleet/ports.ts";
import type { ColumnMask } from "./mirror.ts";
import { maskOf } from "./mirror.ts";
import type { ResolvedScope } from "./scope.ts";

export interface ChannelParts {
  readonly fleet: Pick<FleetPort, "liveTotals"> & { readonly columns: FleetColumnsPort };
  readonly scope: ResolvedScope;
  readonly extraColumns: readonly LiveColumn[];
}

/** One scope with one set of columns: what everybody who subscribed to it gets, encoded once. Row numbers on the wire are positions in `#rows`. */
export class Channel {
  readonly scope: ResolvedScope;
  readonly extraColumns: readonly LiveColumn[];
  readonly columns: readonly LiveColumn[];
  readonly #fleet: ChannelParts["fleet"];
  readonly #mask: ColumnMask;
  #rows: number[] = [];
  #positions = new Map<number, number>();
  #version = 1;
  #added: number[] = [];
  #sentTotals = "";
  #sentInstants = "";
  #snapshot: Uint8Array | null = null;
  /** A row left: everybody needs a fresh snapshot. */
  outdated = false;

  constructor({ fleet, scope, extraColumns }: ChannelParts) {
    this.#fleet = fleet;
    this.scope = scope;
    this.extraColumns = extraColumns;
    this.columns = [...LIVE_BASE_COLUMNS, ...extraColumns];
    this.#mask = maskOf(this.columns);
    this.renumber();
  }

  /** Gathers the rows of the scope anew, after a row left. */
  renumber(): void {
    const { columns } = this.#fleet;
    this.#rows = Array.from({ length: columns.rowCount }, (_, row) => row).filter(
      (row) => columns.key(row) !== 0 && this.scope.contains(row),
    );
    this.#positions = new Map(this.#rows.map((row, position) => [row, position]));
    this.#added = [];
    this.#snapshot = null;
    this.#version++;
    this.outdated = false;
  }

  has(row: number): boolean {
    return this.#positions.has(row);
  }

  /** After its identity changed a row may belong here, or no longer. True when it has come in. */
  place(row: number): boolean {
    const belongs = this.#fleet.columns.key(row) !== 0 && this.scope.contains(row);
    const isHere = this.#positions.has(row);
    if (isHere && !belongs) this.outdated = true;
    if (isHere || !belongs) return false;
    this.#positions.set(row, this.#rows.length);
    this.#rows.push(row);
    this.#added.push(row);
    this.#snapshot = null;
    return true;
  }

  /** Rows that came in and stand in no delta yet: that delta must go out before a snapshot is made, or the newcomer would get them twice. */
  get hasAdditions(): boolean {
    return this.#added.length > 0;
  }

  /** Encoded once for all who ask before the next delta: that one holds whatever changed since. */
  snapshot(nowMs: number): Uint8Array {
    this.#snapshot ??= this.#encodeSnapshot(nowMs);
    return this.#snapshot;
  }

  #encodeSnapshot(nowMs: number): Uint8Array {
    const { columns } = this.#fleet;
    const values = this.columns.map((column) => [column, Float64Array.from(this.#rows, (row) => columns.value(row, column))]);
    return encodeSnapshot({
      version: this.#version,
      atMs: nowMs,
      keys: Uint32Array.from(this.#rows, (row) => columns.key(row)),
      values: Object.fromEntries(values) as Record<LiveColumn, Float64Array>,
      totals: this.#fleet.liveTotals(nowMs, this.scope.totalSites ?? undefined),
    });
  }

  /** The next batch, or null where nothing changed. */
  delta(changed: ReadonlyMap<number, ColumnMask>, nowMs: number): Uint8Array | null {
    const addedKeys = Uint32Array.from(this.#added, (row) => this.#fleet.columns.key(row));
    const changes = this.#changes(changed);
    const totals = this.#fleet.liveTotals(nowMs, this.scope.totalSites ?? undefined);
    const news = this.#totalsNews(totals);
    if (addedKeys.length === 0 && changes.length === 0 && !news.any) return null;
    this.#version++;
    this.#added = [];
    this.#snapshot = null;
    const { oldestSampleAtMs, oldestAgentAtMs } = totals;
    const instants = { oldestSampleAtMs, oldestAgentAtMs };
    return encodeDelta({ version: this.#version, atMs: nowMs, addedKeys, changes, ...instants, totals: news.sums ? totals : null });
  }

  #changes(changed: ReadonlyMap<number, ColumnMask>): LiveDelta["changes"] {
    const here: { row: number; position: number; mask: ColumnMask }[] = [];
    for (const [row, mask] of changed) {
      const position = this.#positions.get(row);
      if (position !== undefined && (mask & this.#mask) !== 0) here.push({ row, position, mask });
    }
    here.sort((a, b) => a.position - b.position);
    return this.columns.flatMap((column) => this.#change(column, here));
  }

  #change(column: LiveColumn, here: readonly { row: number; position: number; mask: ColumnMask }[]): LiveDelta["changes"] {
    const bit = 1 << PACKED_COLUMNS.indexOf(column);
    const own = here.filter(({ mask }) => (mask & bit) !== 0);
    if (own.length === 0) return [];
    const rows = Uint32Array.from(own, ({ position }) => position);
    return [{ column, rows, values: Float64Array.from(own, ({ row }) => this.#fleet.columns.value(row, column)) }];
  }

  #totalsNews({ oldestSampleAtMs, oldestAgentAtMs, ...sums }: LiveTotals): { sums: boolean; any: boolean } {
    const sumsText = JSON.stringify(sums);
    const instantsText = `${oldestSampleAtMs ?? ""} ${oldestAgentAtMs ?? ""}`;
    const news = { sums: sumsText !== this.#sentTotals, any: sumsText !== this.#sentTotals || instantsText !== this.#sentInstants };
    this.#sentTotals = sumsText;
    this.#sentInstants = instantsText;
    return news;
  }
}

import type { LiveColumn, LiveDelta, LiveSnapshot, LiveTotals } from "../../server/contract/live.ts";
import { STATUS_CODES, type StatusReason } from "../../server/contract/status.ts";
import type { FleetIdentity, LiveIdentity } from "../../server/contract/api.ts";
import type { ServerClock } from "./clock.ts";
import { idOfKey, IdentityTable, keyOfId } from "./identity.ts";

/** Calls back once, before the next picture is drawn. */
export type RequestFrame = (callback: () => void) => void;

const NEVER_POLLED: StatusReason = { status: "unknown", reason: "neverPolled" };

/**
 * The fleet in memory, outside any framework: one typed array per live column, NaN for what is not reported, one row per miner.
 *
 * Fed by `takeSnapshot` and `takeDelta`; views read it and are told of changes, at most once per frame, by `subscribe`.
 */
export class Fleet {
  /** Grows with every notification; a view that holds the number knows whether it is up to date. */
  revision = 0;
  /** Grows when rows appear or go, so that what is derived from them can be kept until then. */
  rowRevision = 0;
  /** Grows when rows are numbered anew; rows that are only appended leave it as it is. */
  numbering = 0;
  rowCount = 0;
  totals: LiveTotals | null = null;
  /** Server time of the last batch, epoch ms. */
  heardAtMs: number | null = null;
  readonly identity = new IdentityTable();
  readonly clock: ServerClock;
  #keys = new Uint32Array(0);
  #columns = new Map<LiveColumn, Float64Array>();
  #rowByKey = new Map<number, number>();
  #identityOfRow = new Int32Array(0);
  #stamp = { rows: -1, identity: -1 };
  /** By row: the message that last changed it. */
  #changedBy = new Uint32Array(0);
  #messageCount = 0;
  #version: number | null = null;
  #listeners = new Set<() => void>();
  #notifying = false;
  readonly #requestFrame: RequestFrame;

  constructor(clock: ServerClock, requestFrame: RequestFrame) {
    this.clock = clock;
    this.#requestFrame = requestFrame;
  }

  /** Returns the function that unsubscribes. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  takeSnapshot(snapshot: LiveSnapshot): void {
    this.#version = snapshot.version;
    this.rowCount = snapshot.keys.length;
    this.#keys = snapshot.keys.slice();
    this.#columns = new Map();
    for (const [column, values] of Object.entries(snapshot.values)) this.#columns.set(column as LiveColumn, values.slice());
    this.#rowByKey = new Map(Array.from(this.#keys, (key, row) => [key, row]));
    this.#messageCount += 1;
    this.#changedBy = new Uint32Array(this.rowCount).fill(this.#messageCount);
    this.rowRevision += 1;
    this.numbering += 1;
    this.#heard(snapshot.atMs, snapshot.totals);
  }

  /** False when the delta does not follow what is held: nothing was changed, and a fresh snapshot is due. */
  takeDelta(delta: LiveDelta): boolean {
    if (this.#version === null || delta.version !== this.#version + 1) return false;
    this.#version = delta.version;
    this.#messageCount += 1;
    if (delta.addedKeys.length > 0) this.#append(delta.addedKeys);
    for (const { column, rows, values } of delta.changes) {
      const target = this.#writable(column);
      for (let i = 0; i < rows.length; i++) {
        target[rows[i]] = values[i];
        this.#changedBy[rows[i]] = this.#messageCount;
      }
    }
    const { atMs, totals, oldestSampleAtMs, oldestAgentAtMs } = delta;
    this.#heard(atMs, totals ?? (this.totals && { ...this.totals, oldestSampleAtMs, oldestAgentAtMs }));
    return true;
  }

  takeIdentity(columns: FleetIdentity): void {
    this.identity.replace(columns);
    this.#notify();
  }

  takeIdentityChange(change: LiveIdentity): void {
    this.identity.apply(change);
    this.#notify();
  }

  /** The value of one row, NaN when not reported or when the column is not subscribed. */
  value(column: LiveColumn, row: number): number {
    return this.#columns.get(column)?.[row] ?? Number.NaN;
  }

  /** A whole column, at least rowCount long; undefined when it is not subscribed. To read, not to write. */
  column(column: LiveColumn): Float64Array | undefined {
    return this.#columns.get(column);
  }

  /** Another text once the row or what is known about its miner has changed: a view that drew the row need not draw it again until then. */
  stampOf(row: number): string {
    return `${this.#changedBy[row]}/${this.identity.revision}`;
  }

  statusOf(row: number): StatusReason {
    return STATUS_CODES[this.value("status", row)] ?? NEVER_POLLED;
  }

  idOf(row: number): string {
    return idOfKey(this.#keys[row] ?? 0);
  }

  /** The row of a miner, -1 when it has none. */
  rowOf(minerId: string): number {
    return this.#rowByKey.get(keyOfId(minerId)) ?? -1;
  }

  /** Position in the identity table by row, -1 where the identity is not there yet. */
  identityOfRow(): Int32Array {
    if (this.#stamp.rows !== this.rowRevision || this.#stamp.identity !== this.identity.revision) {
      this.#identityOfRow = Int32Array.from({ length: this.rowCount }, (_, row) => this.identity.indexOf(this.#keys[row]));
      this.#stamp = { rows: this.rowRevision, identity: this.identity.revision };
    }
    return this.#identityOfRow;
  }

  #append(added: Uint32Array): void {
    const keys = new Uint32Array(this.rowCount + added.length);
    keys.set(this.#keys.subarray(0, this.rowCount));
    keys.set(added, this.rowCount);
    added.forEach((key, i) => this.#rowByKey.set(key, this.rowCount + i));
    const changedBy = new Uint32Array(keys.length).fill(this.#messageCount);
    changedBy.set(this.#changedBy);
    this.#changedBy = changedBy;
    this.#keys = keys;
    this.rowCount = keys.length;
    this.rowRevision += 1;
    for (const column of this.#columns.keys()) this.#writable(column);
  }

  /** The array of a column with room for every row, grown by half when it has to grow. */
  #writable(column: LiveColumn): Float64Array {
    const held = this.#columns.get(column);
    if (held !== undefined && held.length >= this.rowCount) return held;
    const grown = new Float64Array(Math.max(64, Math.ceil(this.rowCount * 1.5))).fill(Number.NaN);
    if (held !== undefined) grown.set(held);
    this.#columns.set(column, grown);
    return grown;
  }

  #heard(atMs: number, totals: LiveTotals | null): void {
    this.clock.heard(atMs);
    this.heardAtMs = atMs;
    this.totals = totals;
    this.#notify();
  }

  #notify(): void {
    if (this.#notifying) return;
    this.#notifying = true;
    this.#requestFrame(() => {
      this.#notifying = false;
      this.revision += 1;
      for (const listener of this.#listeners) listener();
    });
  }
}

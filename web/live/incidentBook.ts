import type { Incident, IncidentRow, Severity } from "../../server/contract/incidents.ts";
import { compareSeverity } from "../format/severity.ts";
import type { ServerClock } from "./clock.ts";

/** An incident as it was when the server last told of it. */
export interface HeldIncident {
  readonly row: IncidentRow;
  /** Server time at which that was; what is lost counts on from there. */
  readonly heardAtMs: number;
}

/** How many are open, acknowledged or not, and the worst of those that nobody has acknowledged. */
export interface IncidentCounts {
  readonly open: number;
  readonly acknowledged: number;
  readonly worst: Severity | null;
}

type Rows = ReadonlyMap<string, HeldIncident>;

/**
 * The incidents that are not closed, and those that closed while the page was there: loaded with each connection, then kept up to date by the live
 * stream. Who looks at one incident gets the whole news of it by `onNews`.
 */
export class IncidentBook {
  /** null until the server has told; a new map with every change. */
  rows: Rows | null = null;
  error: Error | null = null;
  /** The newest that came while the page was open, for those who hear the page. */
  newest: IncidentRow | null = null;
  readonly #clock: ServerClock;
  readonly #loadRows: () => Promise<IncidentRow[]>;
  #listeners = new Set<() => void>();
  #newsListeners = new Set<(incident: Incident) => void>();
  /** What arrives while the rows are on their way, to be applied on top of them. */
  #held: IncidentRow[] | null = null;

  /** `loadRows`: all that are not closed. */
  constructor(clock: ServerClock, loadRows: () => Promise<IncidentRow[]>) {
    this.#clock = clock;
    this.#loadRows = loadRows;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Every change of an incident, with as many members and lines of its timeline as a message holds. */
  onNews(listener: (incident: Incident) => void): () => void {
    this.#newsListeners.add(listener);
    return () => void this.#newsListeners.delete(listener);
  }

  /** Begins anew: what is held may have missed something. */
  async load(): Promise<void> {
    const held: IncidentRow[] = [];
    this.#held = held;
    try {
      const rows = await this.#loadRows();
      if (this.#held !== held) return;
      this.error = null;
      this.#set(new Map([...rows, ...held].map((row) => [row.id, this.#heard(row)])));
    } catch (error) {
      if (this.#held !== held) return;
      this.error = error instanceof Error ? error : new Error(String(error));
      for (const row of held) this.#put(row);
      this.#tell();
    }
    this.#held = null;
  }

  takeNews(incident: Incident): void {
    if (this.rows !== null && !this.rows.has(incident.id) && incident.state === "open") this.newest = incident;
    this.takeRow(incident);
    for (const listener of this.#newsListeners) listener(incident);
  }

  /** Also from the answer to what the reader did, which may be there before the news. */
  takeRow(row: IncidentRow): void {
    this.#held?.push(row);
    this.#put(row);
  }

  #put(row: IncidentRow): void {
    if (this.rows !== null) this.#set(new Map(this.rows).set(row.id, this.#heard(row)));
  }

  #heard(row: IncidentRow): HeldIncident {
    return { row, heardAtMs: this.#clock.nowMs() };
  }

  #set(rows: Rows): void {
    this.rows = rows;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Of one site, or of all that the reader may see. */
export function countIncidents(rows: Rows, siteId: string | null): IncidentCounts {
  const own = [...rows.values()].map(({ row }) => row).filter((row) => row.state !== "closed" && isOfSite(row, siteId));
  const open = own.filter(({ state }) => state === "open");
  const worst = open.map(({ severity }) => severity).sort(compareSeverity);
  return { open: open.length, acknowledged: own.length - open.length, worst: worst.at(0) ?? null };
}

export function isOfSite({ siteId }: Pick<IncidentRow, "siteId">, wanted: string | null): boolean {
  return wanted === null || siteId === wanted;
}

/** Hashes lost until now: what the server counted, and since then at the rate that it last told. */
export function lostHashesOf({ row, heardAtMs }: HeldIncident, nowMs: number): number {
  if (row.state === "closed") return row.lostHashes;
  return row.lostHashes + (row.lostHashrateHs * Math.max(0, nowMs - heardAtMs)) / 1000;
}

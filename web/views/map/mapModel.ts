import type { FleetFrame } from "../../../server/contract/api.ts";
import type { Fleet } from "../../live/fleet.ts";
import { changedCells, countCodes, measureCodeOf, scaleOf, statusCodeOf, valueOf, type Colouring, type Scale } from "./colouring.ts";
import type { MapLayout } from "./layout.ts";
import { liveReadings, pastReadings, type Reading, type Readings } from "./readings.ts";

/** The instant that the map shows: now, or a past minute, whose frame is null where there is no data of it. */
export type Instant = { readonly kind: "live" } | { readonly kind: "past"; readonly atMs: number; readonly frame: FleetFrame | null };

/** What is drawn, besides where: made anew with each change of values. */
export interface Picture {
  readonly by: Colouring;
  readonly instant: Instant;
  readonly readings: Readings;
  /** One per cell, see colouring.ts. */
  readonly codes: Uint8Array;
  /** How many cells have each code. */
  readonly counts: Uint32Array;
  /** null where the colour is the status. */
  readonly scale: Scale | null;
  /** Miners that are degraded, not hashing or unreachable, by site. */
  readonly faultsOfSite: ReadonlyMap<string, number>;
}

/** What changed since the last picture: single cells, or everything. */
export type Change = readonly number[] | "all";

/** Keeps the picture of the map up to date with the fleet, outside React; whoever draws is told which cells are to be drawn anew. */
export class MapModel {
  picture: Picture;
  #layout: MapLayout;
  #by: Colouring = "status";
  #instant: Instant = { kind: "live" };
  #listeners = new Set<(change: Change) => void>();
  readonly #fleet: Fleet;

  constructor(fleet: Fleet, layout: MapLayout) {
    this.#fleet = fleet;
    this.#layout = layout;
    this.picture = this.#paint();
  }

  get layout(): MapLayout {
    return this.#layout;
  }

  subscribe = (listener: (change: Change) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Follows the fleet until the returned function is called. In the past nothing changes. */
  open(): () => void {
    return this.#fleet.subscribe(() => this.#instant.kind === "live" && this.#valuesChanged());
  }

  show({ layout, by, instant }: { layout: MapLayout; by: Colouring; instant: Instant }): void {
    const isSame = layout === this.#layout && by === this.#by && instant === this.#instant;
    if (isSame) return;
    this.#layout = layout;
    this.#by = by;
    this.#instant = instant;
    this.picture = this.#paint();
    this.#tell("all");
  }

  #valuesChanged(): void {
    const { codes } = this.picture;
    this.picture = this.#paint();
    this.#tell(changedCells(codes, this.picture.codes));
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  #paint(): Picture {
    const by = this.#by;
    const instant = this.#instant;
    const readings =
      instant.kind === "live" ? liveReadings(this.#fleet, this.#fleet.clock.nowMs()) : pastReadings(this.#fleet, instant.frame);
    const all = Array.from(this.#layout.rowOfCell, readings);
    const scale = by === "status" ? null : scaleOf(by, by === "jth" ? all.map((reading) => valueOf(by, reading)) : []);
    const codes = Uint8Array.from(all, (reading) =>
      by === "status" || scale === null ? statusCodeOf(reading) : measureCodeOf(by, scale, reading),
    );
    return { by, instant, readings, codes, counts: countCodes(codes), scale, faultsOfSite: this.#faultsOfSite(all) };
  }

  #faultsOfSite(readings: readonly Reading[]): ReadonlyMap<string, number> {
    const faults = new Map<string, number>();
    for (const { block, firstCell, cellCount } of this.#layout.blocks) {
      let count = faults.get(block.siteId) ?? 0;
      for (let cell = firstCell; cell < firstCell + cellCount; cell++) if (isFault(readings[cell])) count += 1;
      faults.set(block.siteId, count);
    }
    return faults;
  }
}

function isFault({ status }: Reading): boolean {
  return status === "degraded" || status === "notHashing" || status === "unreachable";
}

import type { FleetIdentity, Rack } from "../../server/contract/api.ts";
import type { FakePlaces } from "./fakePlaces.ts";

const RACK = { rows: 4, columns: 12 };

/** Where the miners of the fake fleet stand. */
export class FakeMap {
  readonly #placeOf = new Map<string, { readonly rackId: string; readonly slot: number }>();
  readonly #places: FakePlaces;

  constructor(places: FakePlaces) {
    this.#places = places;
  }

  /** Racks A01, A02, … with the first miners, slot by slot. */
  placeInRacks(minerCount: number): void {
    const slots = RACK.rows * RACK.columns;
    this.#places.racks = Array.from({ length: Math.ceil(minerCount / slots) }, (_, n): Rack => {
      const name = `${"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[Math.floor(n / 10)]}${String((n % 10) + 1).padStart(2, "0")}`;
      return { id: `rack-${name}`, siteId: "site1", name, ...RACK };
    });
    for (let n = 0; n < minerCount; n++)
      this.#placeOf.set(`m${n + 1}`, { rackId: this.#places.racks[Math.floor(n / slots)].id, slot: (n % slots) + 1 });
  }

  identity(columns: FleetIdentity): FleetIdentity {
    return {
      ...columns,
      rackId: columns.id.map((id) => this.#placeOf.get(id)?.rackId ?? null),
      slot: columns.id.map((id) => this.#placeOf.get(id)?.slot ?? null),
    };
  }
}

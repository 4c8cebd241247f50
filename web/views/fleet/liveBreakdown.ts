import type { Fleet } from "../../live/fleet.ts";
import { BreakdownMaker, type FleetBreakdown } from "./breakdown.ts";

/** Sums are made anew at most this often. */
const EVERY_MS = 1000;

/** The breakdown of the fleet as it is, kept up to date outside any framework while somebody looks. */
export class LiveBreakdown {
  value: FleetBreakdown;
  #madeAtMs = -Infinity;
  #listeners = new Set<() => void>();
  readonly #fleet: Fleet;
  readonly #maker: BreakdownMaker;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    this.#maker = new BreakdownMaker(fleet);
    this.value = this.#maker.make(fleet.clock.nowMs());
  }

  /** Follows the fleet until the returned function is called. */
  open(): () => void {
    this.#changed();
    return this.#fleet.subscribe(() => this.#changed());
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  read = (): FleetBreakdown => this.value;

  /** Batches come once a second, so that what is left out here is made good by the next one; miners that appear are shown at once. */
  #changed(): void {
    const nowMs = this.#fleet.clock.nowMs();
    const { rowCount, identity } = this.#fleet;
    const sameMiners = rowCount === this.value.minerCount && identity.count === this.value.identityCount;
    if (sameMiners && nowMs - this.#madeAtMs < EVERY_MS - 50) return;
    this.#madeAtMs = nowMs;
    this.value = this.#maker.make(nowMs);
    for (const listener of this.#listeners) listener();
  }
}

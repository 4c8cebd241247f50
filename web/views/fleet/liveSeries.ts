import type { Series } from "../../../server/contract/api.ts";
import type { Fleet } from "../../live/fleet.ts";
import { valuesNow } from "./fleetMetrics.ts";
import type { LiveBreakdown } from "./liveBreakdown.ts";
import { LiveTail, type Columns } from "./liveTail.ts";

/** The charts take a new value at most this often. */
const EVERY_MS = 2000;

interface LiveSeriesOptions {
  readonly loaded: Series;
  readonly lengthMs: number;
  readonly fleet: Fleet;
  readonly breakdown: LiveBreakdown;
  /** What the stream told does not join what was loaded: the page slept, or the connection was lost for a while. */
  readonly onGap: () => void;
}

/** A loaded series that goes on with the totals of the live stream, outside any framework. */
export class LiveSeries {
  #heardAtMs = -Infinity;
  #gapTold = false;
  #listeners = new Set<() => void>();
  readonly #tail: LiveTail;
  readonly #options: LiveSeriesOptions;

  constructor(options: LiveSeriesOptions) {
    this.#options = options;
    this.#tail = new LiveTail(options.loaded, options.lengthMs);
  }

  /** Follows the stream until the returned function is called. */
  open(): () => void {
    this.#take();
    return this.#options.breakdown.subscribe(() => this.#take());
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  read = (): Columns => this.#tail.columns;

  #take(): void {
    const { fleet, breakdown, onGap } = this.#options;
    const { totals, heardAtMs } = fleet;
    if (totals === null || heardAtMs === null || heardAtMs - this.#heardAtMs < EVERY_MS) return;
    this.#heardAtMs = heardAtMs;
    this.#tail.push(heardAtMs, valuesNow(totals, breakdown.value));
    for (const listener of this.#listeners) listener();
    if (!this.#tail.hasGap || this.#gapTold) return;
    this.#gapTold = true;
    onGap();
  }
}

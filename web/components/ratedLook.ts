import { formatShare, isReading } from "../format/number.ts";

/** The bar ends at 110 % of rated; the tick stands at 100 %. */
const FULL_SHARE = 1.1;
const LOW_SHARE = 0.95;

export interface RatedLook {
  readonly className: string;
  readonly label: string;
  /** Of the bar, as CSS has it; null where it is empty. */
  readonly width: string | null;
}

/** How a hashrate against rated is drawn. Outlined and empty where the value is old or missing. */
export function ratedLook(share: number | null, stale: boolean): RatedLook {
  if (stale || !isReading(share)) return { className: "rated old", label: "share of rated not known", width: null };
  return {
    className: share < LOW_SHARE ? "rated low" : "rated",
    label: `${formatShare(share)} of rated`,
    width: `${Math.min(1, share / FULL_SHARE) * 100}%`,
  };
}

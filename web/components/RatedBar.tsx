import type { CSSProperties, ReactElement } from "react";
import { formatShare, isReading } from "../format/number.ts";

/** The bar ends at 110 % of rated; the tick stands at 100 %. */
const FULL_SHARE = 1.1;
const LOW_SHARE = 0.95;

/** Measured against rated. Outlined and empty where the value is old or missing. */
export function RatedBar({ share, stale = false }: { share: number | null; stale?: boolean }): ReactElement {
  const known = !stale && isReading(share);
  const kind = known ? (share < LOW_SHARE ? "low" : "") : "old";
  return (
    <span
      className={`rated ${kind}`}
      role="img"
      aria-label={known ? `${formatShare(share)} of rated` : "share of rated not known"}
      style={known ? ({ "--share": `${Math.min(1, share / FULL_SHARE) * 100}%` } as CSSProperties) : undefined}
    />
  );
}

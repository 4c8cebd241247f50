import { ABSENT, formatNumber, isReading } from "../../format/number.ts";

/** Beyond this the server corrects the agent's instants. */
const CORRECTED_MS = 1000;

/** How far an agent's clock is from the server's: `12 ms ahead`, `3.2 s behind, corrected`. */
export function skewText(skewMs: number | null): string {
  if (!isReading(skewMs)) return ABSENT;
  const size = Math.abs(skewMs);
  if (Math.round(size) === 0) return "0 ms";
  const direction = skewMs > 0 ? "ahead" : "behind";
  return size > CORRECTED_MS ? `${formatNumber(size / 1000, 1)} s ${direction}, corrected` : `${formatNumber(size)} ms ${direction}`;
}

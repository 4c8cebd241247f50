import type { ReactElement } from "react";
import { spansWithin } from "./chartLines.ts";
import type { TimeRange } from "./timeWindow.ts";

interface GroundKeyProps {
  readonly backfilled: readonly TimeRange[];
  readonly range: TimeRange;
}

/** What the grounds of the charts below mean: grey without data, and hatched, where there is some, what came late. */
export function GroundKey({ backfilled, range }: GroundKeyProps): ReactElement {
  return (
    <span className="push micro groundkey">
      {spansWithin(backfilled, range).length > 0 && (
        <span title="Measured then, received later: an agent had lost its uplink and sent what it had kept">
          <i className="hatched" /> backfilled
        </span>
      )}
      <span>
        <i /> no data
      </span>
    </span>
  );
}

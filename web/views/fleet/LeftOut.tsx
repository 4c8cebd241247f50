import type { ReactElement, ReactNode } from "react";
import type { LiveTotals } from "../../../server/contract/live.ts";
import type { Status } from "../../../server/contract/status.ts";
import { Link } from "../../components/Link.tsx";
import { formatNumber } from "../../format/number.ts";
import { STATUS_LABELS } from "../../format/status.ts";
import { minersWhere } from "../miners/minersQuery.ts";

/** How the sums of the page come about: what counts as 0, and what is left out of them. */
export function LeftOut({ totals }: { totals: LiveTotals }): ReactElement {
  const { unreachable, unknown, paused } = totals.statusCounts;
  const parts: ReactNode[] = [];
  if (unreachable > 0)
    parts.push(
      <>
        <Some status="unreachable" count={unreachable} /> {unreachable === 1 ? "counts" : "count"} as 0 TH/s
      </>,
    );
  if (unknown > 0)
    parts.push(
      <>
        <Some status="unknown" count={unknown} /> {unknown === 1 ? "is" : "are"} left out of hashrate and rated
      </>,
    );
  if (paused > 0)
    parts.push(
      <>
        <Some status="paused" count={paused} /> {paused === 1 ? "is" : "are"} left out of rated
      </>,
    );
  return (
    <span className="soft">
      {parts.length === 0
        ? "Every miner counts in hashrate and rated."
        : parts.map((part, place) => (
            <span key={place}>
              {part}
              {place < parts.length - 1 ? "; " : "."}
            </span>
          ))}
    </span>
  );
}

function Some({ status, count }: { status: Status; count: number }): ReactElement {
  return (
    <Link href={minersWhere({ status: [status] })}>
      {formatNumber(count)} {STATUS_LABELS[status].toLowerCase()}
    </Link>
  );
}

import type { ReactElement } from "react";
import { STATUSES, type Status } from "../../../server/contract/status.ts";
import { Link } from "../../components/Link.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { ABSENT, formatNumber, formatShare } from "../../format/number.ts";
import { STATUS_LABELS } from "../../format/status.ts";
import { useFleet } from "../context.ts";
import { minersWhere } from "../miners/minersQuery.ts";

/** The six statuses: how many, which share, and a way to each. The bar above shows the shares. */
export function StatusCounts(): ReactElement {
  const { totals } = useFleet();
  const all = totals?.minerCount ?? 0;
  return (
    <div className="counts">
      <div className="sharebar" aria-hidden="true">
        {STATUSES.map((status) => {
          const count = totals?.statusCounts[status] ?? 0;
          return count > 0 && <i key={status} className={`fill-${status}`} style={{ flexGrow: count }} />;
        })}
      </div>
      {STATUSES.map((status) => (
        <Count key={status} status={status} count={totals?.statusCounts[status] ?? 0} all={all} />
      ))}
    </div>
  );
}

function Count({ status, count, all }: { status: Status; count: number; all: number }): ReactElement {
  return (
    <Link className={`plain cell ${count === 0 ? "zero" : ""}`} href={minersWhere({ status: [status] })}>
      <span className="v">
        <StatusMark status={status} />
        {all === 0 ? ABSENT : formatNumber(count)}
      </span>
      <span className="lab">
        {STATUS_LABELS[status]} {all > 0 && formatShare(count / all)}
      </span>
    </Link>
  );
}

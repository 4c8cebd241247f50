import { useSyncExternalStore, type CSSProperties, type ReactElement } from "react";
import { STATUSES } from "../../../server/contract/status.ts";
import { Link } from "../../components/Link.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { StatusText } from "../../components/StatusMark.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { formatNumber, textOf } from "../../format/number.ts";
import { useFleet } from "../context.ts";
import { minersWhere } from "../miners/minersQuery.ts";
import type { FleetBreakdown, ReasonCost } from "./breakdown.ts";
import type { LiveBreakdown } from "./liveBreakdown.ts";
import { lostScale, lostText } from "./lostScale.ts";

/** The reasons that cost the most hashrate at this moment, each a way to its miners; and what is not counted. */
export function Costs({ breakdown }: { breakdown: LiveBreakdown }): ReactElement {
  const { costs, hashingShortfallHs, identityCount } = useSyncExternalStore(breakdown.subscribe, breakdown.read);
  const scale = lostScale(costs[0]?.lostHashrateHs ?? 0);
  return (
    <section className="panel costs" aria-label="Costing the most now">
      <header>
        <h2>Costing the most now</h2>
        <span className="micro push">lost against rated</span>
      </header>
      {identityCount === 0 ? (
        <Skeleton lines={4} />
      ) : costs.length === 0 ? (
        <p className="blank soft">No miner has a fault. Nothing costs hashrate now.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col" className="num">
                Miners
              </th>
              <th scope="col" className="num">
                Lost {scale.unit}
              </th>
              <th className="bar desk" aria-hidden="true" />
            </tr>
          </thead>
          <tbody>
            {costs.map((cost) => (
              <CostRow
                key={cost.reason}
                cost={cost}
                lost={lostText(cost.lostHashrateHs, scale)}
                share={cost.lostHashrateHs / costs[0].lostHashrateHs}
              />
            ))}
          </tbody>
        </table>
      )}
      {identityCount > 0 && <NotCounted costs={costs} hashingShortfallHs={hashingShortfallHs} />}
    </section>
  );
}

function CostRow({ cost, lost, share }: { cost: ReasonCost; lost: string; share: number }): ReactElement {
  const { status, reason, minerCount } = cost;
  const fill: CSSProperties = { width: `${Number.isFinite(share) ? share * 100 : 0}%` };
  return (
    <tr>
      <td>
        <Link href={minersWhere({ reason: [reason] }, "lostHashrateHs")}>
          <StatusText status={status} reason={reason} />
        </Link>
      </td>
      <td className="num">{formatNumber(minerCount)}</td>
      <td className="num">{lost}</td>
      <td className="bar desk" aria-hidden="true">
        <span>
          <i className={`fill-${status}`} style={fill} />
        </span>
      </td>
    </tr>
  );
}

function NotCounted({ costs, hashingShortfallHs }: Pick<FleetBreakdown, "costs" | "hashingShortfallHs">): ReactElement {
  const { totals } = useFleet();
  const count = (status: (typeof STATUSES)[number]): number => totals?.statusCounts[status] ?? 0;
  const uncounted = costs.reduce((sum, { uncountedCount }) => sum + uncountedCount, 0);
  const parts = [
    count("unknown") > 0 && `${formatNumber(count("unknown"))} unknown`,
    count("paused") > 0 && `${formatNumber(count("paused"))} paused on purpose`,
    uncounted > 0 && `${formatNumber(uncounted)} without a rating in SHA-256d`,
    hashingShortfallHs > 0 && `${textOf(hashrateFigure(hashingShortfallHs))} by which hashing miners are under rated`,
  ].filter((part) => part !== false);
  return <p className="blank muted small">{parts.length === 0 ? "Every miner is counted." : `Not counted: ${parts.join(", ")}.`}</p>;
}

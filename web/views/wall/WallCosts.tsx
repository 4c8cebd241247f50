import { useSyncExternalStore, type ReactElement } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { StatusText } from "../../components/StatusMark.tsx";
import { countOf, formatNumber } from "../../format/number.ts";
import type { LiveBreakdown } from "../fleet/liveBreakdown.ts";
import { lostScale, lostText } from "../fleet/lostScale.ts";

/** As many as have room; more are counted. */
const MOST = 6;

/** The reasons that cost the most hashrate at this moment. */
export function WallCosts({ breakdown }: { breakdown: LiveBreakdown }): ReactElement {
  const { costs, identityCount } = useSyncExternalStore(breakdown.subscribe, breakdown.read);
  const scale = lostScale(costs[0]?.lostHashrateHs ?? 0);
  return (
    <section className="wallpanel" aria-label="Costing the most now">
      <header>
        <h2>Costing the most now</h2>
        {costs.length > MOST && <span className="soft">and {countOf(costs.length - MOST, "more reason")}</span>}
      </header>
      {identityCount === 0 ? (
        <Skeleton lines={4} />
      ) : costs.length === 0 ? (
        <p className="soft">No miner has a fault.</p>
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
            </tr>
          </thead>
          <tbody>
            {costs.slice(0, MOST).map(({ status, reason, minerCount, lostHashrateHs }) => (
              <tr key={reason}>
                <td>
                  <StatusText status={status} reason={reason} />
                </td>
                <td className="num">{formatNumber(minerCount)}</td>
                <td className="num">{lostText(lostHashrateHs, scale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

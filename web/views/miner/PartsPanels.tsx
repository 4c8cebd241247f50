import type { ReactElement } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import type { Pool } from "../../../server/contract/sample.ts";
import { ABSENT, formatNumber, formatShare } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { poolAddress } from "../../format/pool.ts";

/** A fan at this speed fills its bar. */
const FULL_RPM = 7000;

export function Fans({ detail, stale }: { detail: MinerDetail; stale: boolean }): ReactElement {
  const { fansRpm = [], expectedFanCount = null } = detail.sample ?? {};
  const fans: (number | null)[] = [...fansRpm];
  while (fans.length < (expectedFanCount ?? 0)) fans.push(null);
  return (
    <section className={`panel ${stale ? "stale" : ""}`} aria-label="Fans">
      <header>
        <h2>Fans</h2>
        <span className="micro push">rpm</span>
      </header>
      {fans.length === 0 && <p className="blank soft">{expectedFanCount === 0 ? "This model has no fans." : "No fan was reported."}</p>}
      {fans.map((rpm, index) => (
        <div key={index} className="fan">
          <span className="soft">Fan {index + 1}</span>
          <span className="track">
            <i style={{ width: `${Math.min(100, ((rpm ?? 0) / FULL_RPM) * 100)}%` }} />
          </span>
          <span className={`num ${rpm === 0 && !stale ? "stopped" : ""}`}>{formatNumber(rpm)}</span>
        </div>
      ))}
    </section>
  );
}

export function Pools({ detail, stale }: { detail: MinerDetail; stale: boolean }): ReactElement {
  const pools = detail.sample?.pools ?? [];
  return (
    <section className={`panel ${stale ? "stale" : ""}`} aria-label="Pools">
      <header>
        <h2>Pools</h2>
        <span className="micro push">fee pools left out; counts since start</span>
      </header>
      {pools.length === 0 ? (
        <p className="blank soft">No pool was reported.</p>
      ) : (
        <div className="scrollx" tabIndex={0} role="region" aria-label="Table of pools">
          <table>
            <thead>
              <tr>
                <th scope="col">Pool</th>
                <th scope="col">Worker</th>
                <th scope="col" className="num">
                  Accepted
                </th>
                <th scope="col" className="num">
                  Rejected
                </th>
                <th scope="col" className="num">
                  Stale
                </th>
              </tr>
            </thead>
            <tbody>
              {pools.map((pool) => (
                <PoolRow key={pool.index} pool={pool} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function PoolRow({ pool }: { pool: Pool }): ReactElement {
  const all = (pool.acceptedCount ?? 0) + (pool.rejectedCount ?? 0) + (pool.staleCount ?? 0);
  const share = (count: number | null): string => (count === null || all === 0 ? "" : formatShare(count / all, 2));
  return (
    <tr>
      <td>
        {pool.active ? <b>● active</b> : <span className={pool.status === "dead" ? "stopped" : "muted"}>○ {pool.status}</span>}{" "}
        <span className="soft" title={plainText(pool.url)}>
          {plainText(poolAddress(pool.url))}
        </span>
      </td>
      <td className="soft">{pool.worker === "" ? ABSENT : plainText(pool.worker)}</td>
      <td className="num">
        {formatNumber(pool.acceptedCount)} <span className="muted">{share(pool.acceptedCount)}</span>
      </td>
      <td className="num">
        {formatNumber(pool.rejectedCount)} <span className="muted">{share(pool.rejectedCount)}</span>
      </td>
      <td className="num">
        {formatNumber(pool.staleCount)} <span className="muted">{share(pool.staleCount)}</span>
      </td>
    </tr>
  );
}

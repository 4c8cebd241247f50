import type { ReactElement } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import type { Pool } from "../../../server/contract/sample.ts";
import { usePhone } from "../../components/useMediaQuery.ts";
import { ABSENT, formatNumber, formatShare } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { poolAddress } from "../../format/pool.ts";

export function Pools({ detail, stale }: { detail: MinerDetail; stale: boolean }): ReactElement {
  const pools = detail.sample?.pools ?? [];
  const phone = usePhone();
  return (
    <section className={`panel ${stale ? "stale" : ""}`} aria-label="Pools">
      <header>
        <h2>Pools</h2>
        <span className="micro push">fee pools left out; counts since start</span>
      </header>
      {pools.length === 0 && <p className="blank soft">No pool was reported.</p>}
      {pools.length > 0 && (phone ? <PoolList pools={pools} /> : <PoolTable pools={pools} />)}
    </section>
  );
}

const COUNTS = [
  ["Accepted", "acceptedCount"],
  ["Rejected", "rejectedCount"],
  ["Stale", "staleCount"],
] as const;

function PoolTable({ pools }: { pools: readonly Pool[] }): ReactElement {
  return (
    <div className="scrollx" tabIndex={0} role="region" aria-label="Table of pools">
      <table>
        <thead>
          <tr>
            <th scope="col">Pool</th>
            <th scope="col">Worker</th>
            {COUNTS.map(([label]) => (
              <th key={label} scope="col" className="num">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pools.map((pool) => (
            <tr key={pool.index}>
              <td>
                <PoolName pool={pool} />
              </td>
              <td className="soft">{workerOf(pool)}</td>
              {COUNTS.map(([label, count]) => (
                <td key={label} className="num">
                  <Count pool={pool} count={count} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** On a phone each pool in lines of its own, nothing of it beyond the edge. */
function PoolList({ pools }: { pools: readonly Pool[] }): ReactElement {
  return (
    <ul className="poollist">
      {pools.map((pool) => (
        <li key={pool.index}>
          <p>
            <PoolName pool={pool} />
          </p>
          <p className="soft">{workerOf(pool)}</p>
          <dl>
            {COUNTS.map(([label, count]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>
                  <Count pool={pool} count={count} />
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

function PoolName({ pool }: { pool: Pool }): ReactElement {
  return (
    <>
      {pool.active ? <b>● active</b> : <span className={pool.status === "dead" ? "stopped" : "muted"}>○ {pool.status}</span>}{" "}
      <span className="soft" title={plainText(pool.url)}>
        {plainText(poolAddress(pool.url))}
      </span>
    </>
  );
}

function workerOf({ worker }: Pool): string {
  return worker === "" ? ABSENT : plainText(worker);
}

/** Of all shares that the pool counted. */
function Count({ pool, count }: { pool: Pool; count: (typeof COUNTS)[number][1] }): ReactElement {
  const all = (pool.acceptedCount ?? 0) + (pool.rejectedCount ?? 0) + (pool.staleCount ?? 0);
  const value = pool[count];
  return (
    <>
      {formatNumber(value)} <span className="muted">{value === null || all === 0 ? "" : formatShare(value / all, 2)}</span>
    </>
  );
}

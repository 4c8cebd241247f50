import { useSyncExternalStore, type ReactElement, type ReactNode } from "react";
import { FigureText } from "../../components/FigureText.tsx";
import { Link } from "../../components/Link.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { TimeText } from "../../components/TimeText.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { formatNumber, formatShare } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { shownTemperature, temperatureUnit } from "../../format/temperature.ts";
import { formatAge } from "../../format/time.ts";
import { useNowMs, useSites } from "../context.ts";
import { minersWhere } from "../miners/minersQuery.ts";
import type { GroupSums } from "./breakdown.ts";
import type { LiveBreakdown } from "./liveBreakdown.ts";

/** Data older than this is not current, whatever the poll interval. */
const OLD_MS = 60_000;

/** How sites and models compare, from the live columns. By site only where the page is about more than one. */
export function GroupTables({ breakdown, siteId }: { breakdown: LiveBreakdown; siteId: string | null }): ReactElement {
  const { sites, models, identityCount } = useSyncExternalStore(breakdown.subscribe, breakdown.read);
  const names = useSites();
  if (identityCount === 0) return <Skeleton lines={8} />;
  return (
    <>
      {siteId === null && (
        <GroupTable
          title="By site"
          first="Site"
          last="Age"
          groups={sites}
          nameOf={(id) => siteLink(id, id === null ? null : names.nameOf(id))}
        >
          {({ oldestAgentAtMs }) => <Age atMs={oldestAgentAtMs} />}
        </GroupTable>
      )}
      <GroupTable title="By model" first="Model" last={`p95 ${temperatureUnit()}`} groups={models} nameOf={modelLink}>
        {({ chipTempCP95 }) => formatNumber(shownTemperature(chipTempCP95))}
      </GroupTable>
    </>
  );
}

function siteLink(siteId: string | null, name: string | null): ReactNode {
  return siteId === null ? "not known" : <Link href={`/?site=${encodeURIComponent(siteId)}`}>{name}</Link>;
}

function modelLink(model: string | null): ReactNode {
  return model === null ? "not known" : <Link href={minersWhere({ model: [model] })}>{plainText(model)}</Link>;
}

/** Of the agent furthest behind; grey when that is no longer current. */
function Age({ atMs }: { atMs: number }): ReactElement {
  const ageMs = useNowMs() - atMs;
  return (
    <span className={ageMs > OLD_MS ? "stale" : ""}>
      {Number.isFinite(atMs) ? <TimeText atMs={atMs}>{formatAge(ageMs)}</TimeText> : formatAge(ageMs)}
    </span>
  );
}

interface GroupTableProps {
  readonly title: string;
  readonly first: string;
  readonly last: string;
  readonly groups: readonly GroupSums[];
  readonly nameOf: (key: string | null) => ReactNode;
  /** What stands in the last column. */
  readonly children: (group: GroupSums) => ReactNode;
}

function GroupTable({ title, first, last, groups, nameOf, children }: GroupTableProps): ReactElement {
  return (
    <section className="panel groups" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="micro push">{leftOutText(groups)}</span>
      </header>
      <div className="scrollx">
        <table>
          <thead>
            <tr>
              <th scope="col">{first}</th>
              {["Miners", "Hashrate", "of rated", "J/TH", last].map((head) => (
                <th key={head} scope="col" className={`num ${head === "J/TH" ? "desk" : ""}`}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={group.key}>
                <td>{nameOf(group.key)}</td>
                <Sums group={group} />
                <td className="num">{children(group)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** A sum of no miner that reports is not 0: it is not known. */
function Sums({ group }: { group: GroupSums }): ReactElement {
  const { algorithm, minerCount, reportingCount, hashrateHs, ratedShare, efficiencyJPerTh } = group;
  return (
    <>
      <td className="num" title={`${formatNumber(reportingCount)} of ${formatNumber(minerCount)} report`}>
        {formatNumber(minerCount)}
      </td>
      <td className="num">
        <FigureText figure={hashrateFigure(reportingCount === 0 ? null : hashrateHs, algorithm)} />
      </td>
      <td className="num">{formatShare(ratedShare)}</td>
      <td className="num desk">{algorithm === "sha256d" ? formatNumber(efficiencyJPerTh, 1) : formatNumber(null)}</td>
    </>
  );
}

function leftOutText(groups: readonly GroupSums[]): string {
  const silent = groups.reduce((sum, { minerCount, reportingCount }) => sum + minerCount - reportingCount, 0);
  return silent === 0 ? "all miners report" : `hashrate and heat without ${formatNumber(silent)} that do not report`;
}

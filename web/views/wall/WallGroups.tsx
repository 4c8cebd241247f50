import { useRef, useSyncExternalStore, type ReactElement } from "react";
import { FigureText } from "../../components/FigureText.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { countOf, formatNumber, formatShare } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { useSites } from "../context.ts";
import type { LiveBreakdown } from "../fleet/liveBreakdown.ts";
import { useRowsWithRoom } from "./useRowsWithRoom.ts";

interface WallGroupsProps {
  readonly breakdown: LiveBreakdown;
  readonly by: "site" | "model";
}

/** Shown however little room there is. */
const LEAST = 4;

/** How sites or models compare: as many as have room; more are counted. */
export function WallGroups({ breakdown, by }: WallGroupsProps): ReactElement {
  const panel = useRef<HTMLElement>(null);
  const { sites, models } = useSyncExternalStore(breakdown.subscribe, breakdown.read);
  const names = useSites();
  const groups = by === "site" ? sites : models;
  const mostCount = useRowsWithRoom(panel, { least: LEAST, rowCount: groups.length });
  const nameOf = (key: string): string => plainText(by === "site" ? names.nameOf(key) : key);
  return (
    <section ref={panel} className="wallpanel wallgroups" aria-label={`By ${by}`}>
      <header>
        <h2>By {by}</h2>
        {groups.length > mostCount && <span className="soft">and {countOf(groups.length - mostCount, `more ${by}`)}</span>}
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">{by === "site" ? "Site" : "Model"}</th>
            <th scope="col" className="num">
              Miners
            </th>
            <th scope="col" className="num">
              Hashrate
            </th>
            <th scope="col" className="num">
              of rated
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, mostCount).map(({ key, algorithm, minerCount, reportingCount, hashrateHs, ratedShare }) => (
            <tr key={key}>
              <td>{key === null ? "not known" : nameOf(key)}</td>
              <td className="num">{formatNumber(minerCount)}</td>
              <td className="num">
                <FigureText figure={hashrateFigure(reportingCount === 0 ? null : hashrateHs, algorithm)} />
              </td>
              <td className="num">{formatShare(ratedShare)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

import type { ReactElement, ReactNode } from "react";
import type { LiveTotals } from "../../../server/contract/live.ts";
import { FigureText } from "../../components/FigureText.tsx";
import { Link } from "../../components/Link.tsx";
import { TimeText } from "../../components/TimeText.tsx";
import { efficiencyFigure, hashrateFigure } from "../../format/hashrate.ts";
import { figure, formatNumber, formatShare, powerFigure, textOf, type Figure } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { temperatureFigure } from "../../format/temperature.ts";
import { formatAge } from "../../format/time.ts";
import { nameOf } from "../../live/derived.ts";
import type { Fleet } from "../../live/fleet.ts";
import { countIncidents } from "../../live/incidentBook.ts";
import { useAddress, useFleet, useIncidents, useNowMs, useSites } from "../context.ts";
import { minersFrom } from "../miners/minersQuery.ts";
import { minerAddress, siteOf } from "../navigation.ts";

/** Data older than this is not current on any page, whatever the poll interval. */
export const OLD_MS = 60_000;

/** The fleet in figures, each with what it leaves out. */
export function FleetFigures(): ReactElement {
  const fleet = useFleet();
  const nowMs = useNowMs();
  const { totals } = fleet;
  const oldestAtMs = totals?.oldestAgentAtMs ?? null;
  const oldestMs = oldestAtMs === null ? null : nowMs - oldestAtMs;
  return (
    <div className="figs">
      <Fig keep figure={hashrateFigure(totals?.reportingCount === 0 ? null : totals?.hashrateHs)} label={ratedText(totals)} />
      <Fig
        keep
        figure={figure(totals?.minerCount === 0 ? null : totals?.reportingCount, "")}
        label={totals !== null && totals.minerCount > 0 ? `of ${formatNumber(totals.minerCount)} reporting` : "reporting"}
      />
      <Fig figure={powerFigure(totals?.powerW)} label="power" />
      <Fig figure={efficiencyFigure(totals?.efficiencyJPerTh)} label="efficiency" />
      <Hottest fleet={fleet} />
      <OpenIncidents />
      <Fig
        keep
        stale={oldestMs !== null && oldestMs > OLD_MS}
        figure={{ text: formatAge(oldestMs), unit: "" }}
        label={oldestMs === null ? "oldest data" : "oldest agent’s data"}
        sinceMs={oldestAtMs}
      />
    </div>
  );
}

/** What the hashrate is measured against. */
export function ratedText(totals: LiveTotals | null): string {
  if (totals === null || totals.ratedHashrateHs === 0) return "hashrate";
  const rated = `of ${textOf(hashrateFigure(totals.ratedHashrateHs))} rated`;
  return totals.reportingCount === 0 ? rated : `${formatShare(totals.hashrateHs / totals.ratedHashrateHs)} ${rated}`;
}

function Hottest({ fleet }: { fleet: Fleet }): ReactElement {
  const hottest = fleet.totals?.chipTempCMax ?? null;
  const row = hottest === null ? -1 : hottestRow(fleet, hottest);
  const href = row === -1 ? minersFrom("chipTempCMax") : minerAddress(fleet.idOf(row));
  const hot = row !== -1 && fleet.statusOf(row).reason === "overTemperature";
  return (
    <Fig
      hot={hot}
      figure={temperatureFigure(hottest)}
      label={
        hottest === null ? "hottest chip" : <Link href={href}>hottest{row === -1 ? " chip" : `, ${plainText(nameOf(fleet, row))}`}</Link>
      }
    />
  );
}

/** Those that are not closed, at the site that is shown; the bell counts every site. */
function OpenIncidents(): ReactElement {
  const { rows } = useIncidents();
  const siteId = useKnownSiteId();
  const { open, acknowledged } = countIncidents(rows ?? new Map(), siteId);
  return (
    <Fig
      figure={figure(rows === null ? null : open + acknowledged, "")}
      label={
        <Link href="/incidents">
          {open === 0 && "open "}incident{open + acknowledged === 1 ? "" : "s"}
          {open > 0 && `, ${formatNumber(open)} new`}
        </Link>
      }
    />
  );
}

/** The site that the page is about; null for all, also where the address names one that does not exist. */
function useKnownSiteId(): string | null {
  const siteId = siteOf(useAddress());
  const { items } = useSites();
  return items === null || items.some(({ id }) => id === siteId) ? siteId : null;
}

/** The miner that the fleet's maximum comes from, -1 when its row does not say so (yet). */
export function hottestRow(fleet: Fleet, hottestC: number): number {
  const temps = fleet.column("chipTempCMax");
  if (temps === undefined) return -1;
  for (let row = 0; row < fleet.rowCount; row++) {
    if (Math.abs(temps[row] - hottestC) < 0.05 && fleet.statusOf(row).status !== "unknown") return row;
  }
  return -1;
}

interface FigProps {
  readonly figure: Figure;
  readonly label: ReactNode;
  /** Shown on a phone as well. */
  readonly keep?: boolean;
  readonly stale?: boolean;
  readonly hot?: boolean;
  /** The instant that a length of time counts from. */
  readonly sinceMs?: number | null;
}

function Fig({ figure: shown, label, keep = false, stale = false, hot = false, sinceMs = null }: FigProps): ReactElement {
  const text = <FigureText figure={shown} />;
  return (
    <div className={`fig ${keep ? "keep" : ""}`}>
      <div className={`v ${stale ? "stale" : ""} ${hot ? "hot" : ""}`}>
        {hot && <span className="chevron">▴</span>}
        {sinceMs === null ? text : <TimeText atMs={sinceMs}>{text}</TimeText>}
      </div>
      <div className="lab">{label}</div>
    </div>
  );
}

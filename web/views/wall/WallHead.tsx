import { useSyncExternalStore, type ReactElement, type ReactNode } from "react";
import { STATUSES } from "../../../server/contract/status.ts";
import { FigureText } from "../../components/FigureText.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { efficiencyFigure, hashrateFigure } from "../../format/hashrate.ts";
import { ABSENT, formatNumber, formatShare, powerFigure, type Figure } from "../../format/number.ts";
import { STATUS_LABELS } from "../../format/status.ts";
import { plainText } from "../../format/plainText.ts";
import { temperatureFigure } from "../../format/temperature.ts";
import { formatAge, formatClock } from "../../format/time.ts";
import { nameOf } from "../../live/derived.ts";
import type { LinkState } from "../../live/connection.ts";
import { useFleet, useNowMs, useParts } from "../context.ts";
import { hottestRow, OLD_MS, ratedText } from "../header/FleetFigures.tsx";

/** The fleet in figures that can be read across a room. */
export function WallHead(): ReactElement {
  return (
    <header className="wallhead">
      <Statuses />
      <Figures />
    </header>
  );
}

function Statuses(): ReactElement {
  const { totals } = useFleet();
  const all = totals?.minerCount ?? 0;
  return (
    <>
      <div className="wallshares" aria-hidden="true">
        {STATUSES.map((status) => {
          const count = totals?.statusCounts[status] ?? 0;
          return count > 0 && <i key={status} className={`fill-${status}`} style={{ flexGrow: count }} />;
        })}
      </div>
      <ul className="wallstatuses">
        {STATUSES.map((status) => {
          const count = totals?.statusCounts[status] ?? 0;
          return (
            <li key={status} className={count === 0 ? "zero" : ""}>
              <span className="v">
                <StatusMark status={status} />
                {all === 0 ? ABSENT : formatNumber(count)}
              </span>
              <span className="lab">
                {STATUS_LABELS[status]} {all > 0 && formatShare(count / all)}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Figures(): ReactElement {
  const fleet = useFleet();
  const nowMs = useNowMs();
  const { totals } = fleet;
  const oldestAtMs = totals?.oldestAgentAtMs ?? null;
  const oldestMs = oldestAtMs === null ? null : nowMs - oldestAtMs;
  const hottestC = totals?.chipTempCMax ?? null;
  const row = hottestC === null ? -1 : hottestRow(fleet, hottestC);
  const isHot = row !== -1 && fleet.statusOf(row).reason === "overTemperature";
  return (
    <dl className="wallfigures">
      <Fig label={ratedText(totals)} figure={hashrateFigure(totals?.reportingCount === 0 ? null : totals?.hashrateHs)} />
      <Fig label="power" figure={powerFigure(totals?.powerW)} />
      <Fig label="efficiency" figure={efficiencyFigure(totals?.efficiencyJPerTh)} />
      <Fig
        label={row === -1 ? "hottest chip" : `hottest, ${plainText(nameOf(fleet, row))}`}
        figure={temperatureFigure(hottestC)}
        className={isHot ? "hot" : ""}
        mark={isHot && "▴ "}
      />
      <Fig
        label="oldest agent’s data"
        figure={{ text: formatAge(oldestMs), unit: "" }}
        className={oldestMs !== null && oldestMs > OLD_MS ? "stale" : ""}
      />
      <Connection />
    </dl>
  );
}

interface FigProps {
  readonly label: string;
  readonly figure: Figure;
  readonly className?: string;
  readonly mark?: ReactNode;
}

function Fig({ label, figure, className = "", mark = null }: FigProps): ReactElement {
  return (
    <div>
      <dt className="lab">{label}</dt>
      <dd className={`v ${className}`}>
        {mark}
        <FigureText figure={figure} />
      </dd>
    </div>
  );
}

const STATE_WORDS: Readonly<Record<LinkState, string>> = {
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Reconnecting",
  offline: "Offline",
  signedOut: "Signed out",
};

/** How the connection stands, its shape differing with the word; below it whom the sums are of, or how old they are. */
function Connection(): ReactElement {
  const { link } = useParts();
  const state = useSyncExternalStore(link.subscribe, () => link.state);
  return (
    <div className={`wallstate wallstate-${state}`}>
      <dt className="lab">{state === "live" ? <Reporting /> : <LastNews />}</dt>
      <dd className="v">
        <i aria-hidden="true" />
        <span role="status">{STATE_WORDS[state]}</span>
      </dd>
    </div>
  );
}

function Reporting(): ReactElement {
  const { totals } = useFleet();
  if (totals === null || totals.minerCount === 0) return <>no miner yet</>;
  return (
    <>
      {formatNumber(totals.reportingCount)} of {formatNumber(totals.minerCount)} report
    </>
  );
}

function LastNews(): ReactElement {
  const { link } = useParts();
  const { heardAtMs } = useFleet();
  const nowMs = useNowMs();
  if (heardAtMs === null) return <>no news yet</>;
  const since = link.state === "offline" ? `since ${formatClock(link.lostSinceMs, nowMs)}, ` : "";
  return (
    <>
      {since}news {formatAge(nowMs - heardAtMs)} old
    </>
  );
}

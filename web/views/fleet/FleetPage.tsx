import { lazy, Suspense, useEffect, useMemo, useState, type ReactElement } from "react";
import { EmptyFleet } from "../../components/EmptyFleet.tsx";
import { RangePicker } from "../../components/charts/RangePicker.tsx";
import { parseTimeWindow, timeWindowQuery, type RangeName, type TimeWindow } from "../../components/charts/timeWindow.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { usePhone } from "../../components/useMediaQuery.ts";
import { useAddress, useFleet, useParts } from "../context.ts";
import { siteOf } from "../navigation.ts";
import { Costs } from "./Costs.tsx";
import { GroupTables } from "./GroupTables.tsx";
import { LeftOut } from "./LeftOut.tsx";
import { LiveBreakdown } from "./liveBreakdown.ts";
import "./fleet.css";

// What the page says in words and tables is there before the charts are.
const Performance = lazy(async () => ({ default: (await import("./Performance.tsx")).Performance }));

const RANGE_NAMES: readonly RangeName[] = ["1h", "24h", "7d", "30d", "1y"];

/** The start page: what costs the most now, how the fleet did over time, and how sites and models compare. The address holds range and zoom. */
export function FleetPage({ search }: { search: string }): ReactElement {
  const { navigation, seconds } = useParts();
  const { totals } = useFleet();
  const { window, problems } = useMemo(() => parseTimeWindow(search, RANGE_NAMES), [search]);
  const show = (next: TimeWindow): void => navigation.push(`/${timeWindowQuery(next)}`);
  return (
    <main className="fleet">
      <div className="pagehead">
        <h1>Fleet</h1>
        {totals !== null && totals.minerCount > 0 && (
          <>
            <LeftOut totals={totals} />
            <RangePicker names={RANGE_NAMES} window={window} nowMs={seconds.nowMs()} onChange={show} />
          </>
        )}
      </div>
      {problems.map((problem) => (
        <p key={problem} className="trouble" role="alert">
          {problem}
        </p>
      ))}
      {totals === null ? <Skeleton lines={12} /> : totals.minerCount === 0 ? <EmptyFleet /> : <Panels window={window} onWindow={show} />}
    </main>
  );
}

function Panels({ window, onWindow }: { window: TimeWindow; onWindow: (window: TimeWindow) => void }): ReactElement {
  const { fleet } = useParts();
  const phone = usePhone();
  const siteId = siteOf(useAddress());
  const [breakdown] = useState(() => new LiveBreakdown(fleet));
  useEffect(() => breakdown.open(), [breakdown]);
  const charts = (
    <Suspense fallback={<Skeleton lines={12} />}>
      <Performance siteId={siteId} window={window} breakdown={breakdown} onWindow={onWindow} />
    </Suspense>
  );
  if (phone)
    return (
      <>
        <Costs breakdown={breakdown} />
        {charts}
        <GroupTables breakdown={breakdown} siteId={siteId} />
      </>
    );
  return (
    <div className="halves">
      {charts}
      <div className="side">
        <Costs breakdown={breakdown} />
        <GroupTables breakdown={breakdown} siteId={siteId} />
      </div>
    </div>
  );
}

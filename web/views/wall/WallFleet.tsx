import { useEffect, useMemo, useState, type ReactElement } from "react";
import { getFleetSeries } from "../../api/fleet.ts";
import { backfilledOf } from "../../components/charts/chartLines.ts";
import { RANGES, stepOf, type TimeRange } from "../../components/charts/timeWindow.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useAddress, useParts, useSites } from "../context.ts";
import { fleetCharts } from "../fleet/fleetCharts.ts";
import { FLEET_METRICS } from "../fleet/fleetMetrics.ts";
import { LiveBreakdown } from "../fleet/liveBreakdown.ts";
import { useLiveSeries } from "../fleet/useLiveSeries.ts";
import { siteOf } from "../navigation.ts";
import { useHeld } from "../useHeld.ts";
import { useLateHistory } from "../useLateHistory.ts";
import { useLoad } from "../useLoad.ts";
import { WallChart } from "./WallChart.tsx";
import { WallCosts } from "./WallCosts.tsx";
import { WallGroups } from "./WallGroups.tsx";
import type { WallQuery } from "./wallQuery.ts";

/** The history of a fleet is kept by the minute. */
const FINEST_MS = 60_000;

/** How the fleet did, and what costs the most now. */
export function WallFleet({ query, magnification }: { query: WallQuery; magnification: number }): ReactElement {
  const { fleet } = useParts();
  const scopeId = siteOf(useAddress());
  const [breakdown] = useState(() => new LiveBreakdown(fleet));
  useEffect(() => breakdown.open(), [breakdown]);
  const sites = useSites().items ?? [];
  return (
    <div className="wallfleet">
      <WallHistory siteId={scopeId} query={query} breakdown={breakdown} magnification={magnification} />
      <div className="wallside">
        <WallCosts breakdown={breakdown} />
        <WallGroups breakdown={breakdown} by={scopeId === null && sites.length > 1 ? "site" : "model"} />
      </div>
    </div>
  );
}

interface HistoryProps {
  readonly siteId: string | null;
  readonly query: WallQuery;
  readonly breakdown: LiveBreakdown;
  readonly magnification: number;
}

/** Loaded once, and carried on by the live stream for as long as the wall is there. */
function WallHistory({ siteId, query: { range }, breakdown, magnification }: HistoryProps): ReactElement {
  const { fleet } = useParts();
  const { lengthMs, title } = RANGES[range];
  const place = siteId ?? "all";
  const { data, error, reload } = useLoad(`${place}/${range}`, (signal) => {
    const toMs = Math.ceil(fleet.clock.nowMs());
    const query = { metrics: FLEET_METRICS, fromMs: Math.floor(toMs - lengthMs), toMs, stepMs: stepOf(lengthMs, FINEST_MS) };
    return getFleetSeries(siteId, query, signal);
  });
  const held = useHeld(place, data);
  const live = useLiveSeries({ loaded: data, lengthMs, breakdown, reload });
  const columns = live ?? held;
  const shown = (): TimeRange => ({ fromMs: fleet.clock.nowMs() - lengthMs, toMs: fleet.clock.nowMs() });
  useLateHistory({ siteId, what: "minutes", range: shown }, reload);
  const toMs = live?.timesMs.at(-1) ?? null;
  const timeRange = useMemo(() => (toMs === null ? null : { fromMs: toMs - lengthMs, toMs }), [toMs, lengthMs]);
  const charts = useMemo(() => (columns === null ? null : fleetCharts(columns)), [columns]);
  if (columns === null || charts === null || timeRange === null)
    return <section className="wallpanel">{error === null ? <Skeleton lines={8} /> : <Trouble error={error} retry={reload} />}</section>;
  const common = { timesMs: columns.timesMs, range: timeRange, backfilled: backfilledOf(columns), magnification };
  return (
    <section className="wallpanel wallhistory" aria-label={title}>
      <WallChart title={`Hashrate, ${title.toLowerCase()}`} {...charts.hashrate} {...common} />
      <WallChart title="Not hashing as expected" {...charts.statuses} {...common} stacked />
    </section>
  );
}

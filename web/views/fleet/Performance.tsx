import { use, useMemo, useState, type ReactElement } from "react";
import { getFleetSeries } from "../../api/fleet.ts";
import { ChartCursor } from "../../components/charts/chartCursor.ts";
import { backfilledOf } from "../../components/charts/chartLines.ts";
import { CursorTime } from "../../components/charts/CursorTime.tsx";
import { GroundKey } from "../../components/charts/GroundKey.tsx";
import { TimeChart } from "../../components/charts/TimeChart.tsx";
import { fittingZoom, RANGES, stepOf, type TimeRange, type TimeWindow } from "../../components/charts/timeWindow.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { SessionContext, useParts } from "../context.ts";
import { useHeld } from "../useHeld.ts";
import { useLateHistory } from "../useLateHistory.ts";
import { useLoad } from "../useLoad.ts";
import { fleetCharts } from "./fleetCharts.ts";
import { FLEET_METRICS } from "./fleetMetrics.ts";
import type { LiveBreakdown } from "./liveBreakdown.ts";
import type { Columns } from "./liveTail.ts";
import { useLiveSeries } from "./useLiveSeries.ts";

/** The history of a fleet is kept by the minute. */
const FINEST_MS = 60_000;
const LEAST_ZOOM_MS = 10 * FINEST_MS;

interface PerformanceProps {
  readonly siteId: string | null;
  readonly window: TimeWindow;
  readonly breakdown: LiveBreakdown;
  readonly onWindow: (window: TimeWindow) => void;
}

/** Hashrate, power, efficiency, heat and statuses over time. */
export function Performance(props: PerformanceProps): ReactElement {
  return (
    <section className="panel performance" aria-label="Performance">
      <History {...props} />
    </section>
  );
}

/** Loaded once per window, and carried on by the live stream. */
function History({ siteId, window, breakdown, onWindow }: PerformanceProps): ReactElement {
  const { fleet } = useParts();
  const { name, zoom } = window;
  const [cursor] = useState(() => new ChartCursor());
  const lengthMs = zoom === null ? RANGES[name].lengthMs : zoom.toMs - zoom.fromMs;
  const place = siteId ?? "all";
  const { data, error, reload } = useLoad(`${place}/${name}/${zoom?.fromMs ?? ""}/${zoom?.toMs ?? ""}`, (signal) => {
    const toMs = Math.ceil(zoom?.toMs ?? fleet.clock.nowMs());
    const query = { metrics: FLEET_METRICS, fromMs: Math.floor(toMs - lengthMs), toMs, stepMs: stepOf(lengthMs, FINEST_MS) };
    return getFleetSeries(siteId, query, signal);
  });
  const held = useHeld(place, data);
  const live = useLiveSeries({ loaded: zoom === null ? data : null, lengthMs, breakdown, reload });
  const columns = live ?? held;
  const shown = (): TimeRange => zoom ?? { fromMs: fleet.clock.nowMs() - lengthMs, toMs: fleet.clock.nowMs() };
  useLateHistory({ siteId, what: "minutes", range: shown }, reload);
  const zoomTo = (asked: TimeRange | null): void => {
    const fitting = asked === null ? null : fittingZoom(asked, { leastMs: LEAST_ZOOM_MS, wholeMs: RANGES[name].lengthMs });
    onWindow({ name, zoom: fitting });
  };
  const toMs = zoom?.toMs ?? live?.timesMs.at(-1) ?? fleet.clock.nowMs();
  const siteIds = use(SessionContext)?.user?.siteIds ?? null;
  const isSum = siteId === null && siteIds !== null && siteIds.length > 1;
  return (
    <>
      {error !== null && <Trouble error={error} retry={reload} />}
      {columns !== null && <Charts {...{ columns, cursor, lengthMs, toMs, isSum }} live={live !== null} onZoom={zoomTo} />}
      {columns === null && error === null && <Skeleton lines={12} />}
    </>
  );
}

interface ChartsProps {
  readonly columns: Columns;
  readonly cursor: ChartCursor;
  readonly lengthMs: number;
  readonly toMs: number;
  readonly live: boolean;
  /** Added up from several sites, whose medians and percentiles say nothing of them together. */
  readonly isSum: boolean;
  readonly onZoom: (zoom: TimeRange | null) => void;
}

const TALL = "clamp(180px, 28vh, 460px)";
const LOW = "clamp(130px, 17.6vh, 280px)";
const HEAT_BAND = ["p95", "median"] as const;

function Charts({ columns, cursor, lengthMs, toMs, live, isSum, onZoom }: ChartsProps): ReactElement {
  const { timesMs } = columns;
  const range = useMemo(() => ({ fromMs: toMs - lengthMs, toMs }), [toMs, lengthMs]);
  const charts = useMemo(() => fleetCharts(columns), [columns]);
  const { lines: heat, scale: heatScale } = charts.temperature;
  const backfilled = useMemo(() => backfilledOf({ backfilled: columns.backfilled }), [columns.backfilled]);
  const common = { timesMs, range, cursor, backfilled, onZoom };
  return (
    <>
      <header>
        <h2>Performance</h2>
        <CursorTime cursor={cursor} lastMs={Math.min(toMs, timesMs.at(-1) ?? toMs)} live={live} />
        <GroundKey backfilled={backfilled} range={range} />
      </header>
      <div className="charts">
        <TimeChart title="Hashrate" {...charts.hashrate} {...common} height={TALL} />
        <TimeChart title="Power" {...charts.power} {...common} height={LOW} />
        <TimeChart title="Efficiency" {...charts.efficiency} {...common} height={LOW} />
        <TimeChart
          title={isSum ? "Hottest chip" : "Chip temperature"}
          scale={heatScale}
          lines={isSum ? heat.slice(0, 1) : heat}
          {...common}
          height={LOW}
          band={isSum ? null : HEAT_BAND}
        />
        <TimeChart title="Not hashing as expected" {...charts.statuses} {...common} height={LOW} stacked />
      </div>
    </>
  );
}

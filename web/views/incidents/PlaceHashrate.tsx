import { useMemo, useState, type ReactElement } from "react";
import type { Series } from "../../../server/contract/api.ts";
import type { Incident } from "../../../server/contract/incidents.ts";
import { getFleetSeries } from "../../api/fleet.ts";
import { getMinerSeries } from "../../api/miners.ts";
import { ChartCursor } from "../../components/charts/chartCursor.ts";
import { backfilledOf, type ChartEvent, type ChartLine } from "../../components/charts/chartLines.ts";
import { CursorTime } from "../../components/charts/CursorTime.tsx";
import { GroundKey } from "../../components/charts/GroundKey.tsx";
import { hashrateScale, largestOf, scaled } from "../../components/charts/scale.ts";
import { TimeChart } from "../../components/charts/TimeChart.tsx";
import { fittingZoom, stepOf, type TimeRange } from "../../components/charts/timeWindow.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { plainText } from "../../format/plainText.ts";
import { useParts, useSites } from "../context.ts";
import { useLoad } from "../useLoad.ts";
import { useAfterNews } from "./useAfterNews.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const LEAST_ZOOM_MS = 10 * MINUTE_MS;
const METRICS = ["hashrateHs", "ratedHashrateHs"];

/** What the hashrate did before, while and after: of the machine, or of the site that the place is part of, for history is kept of these. */
export function PlaceHashrate({ incident }: { incident: Incident }): ReactElement {
  const sites = useSites();
  const { scope, siteId } = incident;
  const isOfMiner = scope.kind === "miner";
  const name = isOfMiner ? plainText(scope.name) : siteId === null ? "all sites" : `site ${plainText(sites.nameOf(siteId))}`;
  return (
    <section className="panel placehashrate" aria-label="Hashrate over time">
      <History incident={incident} title={`Hashrate of ${name}`} />
    </section>
  );
}

function History({ incident, title }: { incident: Incident; title: string }): ReactElement {
  const { fleet } = useParts();
  const { data, error, reload } = useLoad(`hashrate at ${incident.id} ${incident.scope.id}`, async (signal) => {
    const range = rangeAround(incident, fleet.clock.nowMs());
    return { range, series: await seriesOf(incident, range, signal) };
  });
  useAfterNews(() => incident.state !== "closed" && reload(), incident.id); // a storm of others reads no history
  return (
    <>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null ? error === null && <Skeleton lines={5} /> : <Chart incident={incident} title={title} {...data} />}
    </>
  );
}

/** As long before and after as it lasted, an hour at least and a day at most; until the last minute that is whole. */
function rangeAround({ openedAtMs, closedAtMs }: Incident, nowMs: number): TimeRange {
  const airMs = Math.min(DAY_MS, Math.max(60 * MINUTE_MS, Math.floor(closedAtMs ?? nowMs) - openedAtMs));
  const wholeMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  return { fromMs: openedAtMs - airMs, toMs: closedAtMs === null ? wholeMs : Math.min(wholeMs, closedAtMs + airMs) };
}

function seriesOf({ scope, siteId }: Incident, range: TimeRange, signal: AbortSignal): Promise<Series> {
  const query = { metrics: METRICS, ...range, stepMs: stepOf(range.toMs - range.fromMs, MINUTE_MS) };
  return scope.kind === "miner" ? getMinerSeries(scope.id, query, signal) : getFleetSeries(siteId, query, signal);
}

interface ChartProps {
  readonly incident: Incident;
  readonly title: string;
  readonly range: TimeRange;
  readonly series: Series;
}

function Chart({ incident: { openedAtMs, closedAtMs }, title, range, series }: ChartProps): ReactElement {
  const [cursor] = useState(() => new ChartCursor());
  const [zoom, setZoom] = useState<TimeRange | null>(null);
  const shown = zoom ?? range;
  const { scale, lines } = useMemo(() => linesOf(series), [series]);
  const events = useMemo(() => eventsOf({ openedAtMs, closedAtMs }), [openedAtMs, closedAtMs]);
  const marked = useMemo(() => [{ fromMs: openedAtMs, toMs: closedAtMs ?? range.toMs }], [openedAtMs, closedAtMs, range]);
  const backfilled = useMemo(() => backfilledOf(series), [series]);
  const zoomTo = (asked: TimeRange | null): void =>
    setZoom(asked === null ? null : fittingZoom(asked, { leastMs: LEAST_ZOOM_MS, wholeMs: range.toMs - range.fromMs }));
  return (
    <>
      <p className="charttime">
        <CursorTime cursor={cursor} lastMs={Math.min(shown.toMs, series.timesMs.at(-1) ?? shown.toMs)} live={false} />
        <GroundKey backfilled={backfilled} range={shown} />
      </p>
      <TimeChart
        {...{ title, scale, lines, cursor, events, marked, backfilled }}
        timesMs={series.timesMs}
        range={shown}
        height="160px"
        onZoom={zoomTo}
      />
    </>
  );
}

function eventsOf({ openedAtMs, closedAtMs }: Pick<Incident, "openedAtMs" | "closedAtMs">): ChartEvent[] {
  const opened = { atMs: openedAtMs, label: "opened", kind: "change" as const };
  return closedAtMs === null ? [opened] : [opened, { atMs: closedAtMs, label: "closed", kind: "change" }];
}

/** A miner whose rating the history does not hold has no dashed line. */
function linesOf({ series }: Series) {
  const [measured, rated] = METRICS.map((metric) => series[metric] ?? []);
  const scale = hashrateScale(largestOf(measured, rated));
  const lines: ChartLine[] = [
    { label: "measured", colour: "series-1", values: scaled(measured, scale) },
    { label: "rated", colour: "rated-line", dashed: true, values: scaled(rated, scale) },
  ];
  return { scale, lines: lines.filter(({ dashed, values }) => dashed !== true || values.some((value) => value !== null)) };
}

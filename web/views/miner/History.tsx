import { useCallback, useEffect, useMemo, useState, type ReactElement } from "react";
import type { MinerDetail, Series } from "../../../server/contract/api.ts";
import type { IncidentRow } from "../../../server/contract/incidents.ts";
import { getMinerSeries } from "../../api/miners.ts";
import { ChartCursor } from "../../components/charts/chartCursor.ts";
import { backfilledOf, type ChartLine, type LineColour } from "../../components/charts/chartLines.ts";
import type { PlotArea } from "../../components/charts/chartOptions.ts";
import { CursorTime } from "../../components/charts/CursorTime.tsx";
import { GroundKey } from "../../components/charts/GroundKey.tsx";
import { RangePicker } from "../../components/charts/RangePicker.tsx";
import { hashrateScale, largestOf, scaled } from "../../components/charts/scale.ts";
import { TimeChart } from "../../components/charts/TimeChart.tsx";
import {
  fittingZoom,
  parseTimeWindow,
  RANGES,
  stepOf,
  timeWindowQuery,
  type TimeRange,
  type TimeWindow,
} from "../../components/charts/timeWindow.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { shownTemperature, temperatureUnit } from "../../format/temperature.ts";
import { useParts } from "../context.ts";
import { minerAddress } from "../navigation.ts";
import { useHeld } from "../useHeld.ts";
import { useLateHistory } from "../useLateHistory.ts";
import { useLoad } from "../useLoad.ts";
import { boardMetric, chartEvents, drawnChains, FINEST_MS, METRICS, RANGE_NAMES, withSample } from "./history.ts";
import { spanOf } from "./incidentMarks.ts";
import { IncidentStrip } from "./IncidentStrip.tsx";

const NO_AREA: PlotArea = { left: 0, width: 0 };
const LEAST_ZOOM_MS = 12 * FINEST_MS;

interface HistoryProps {
  readonly detail: MinerDetail;
  /** All that the machine was part of. */
  readonly incidents: readonly IncidentRow[];
  readonly search: string;
}

/** Hashrate and temperature over time with what happened, loaded once per window; what is polled while the page is open is added at the end. */
export function History({ detail, incidents, search }: HistoryProps): ReactElement {
  const { navigation, seconds } = useParts();
  const { window, problems } = useMemo(() => parseTimeWindow(search, RANGE_NAMES), [search]);
  const show = (next: TimeWindow): void => navigation.push(`${minerAddress(detail.id)}${timeWindowQuery(next)}`);
  return (
    <section className="panel" aria-label="History">
      <header>
        <h2>{window.zoom === null ? RANGES[window.name].title : "History"}</h2>
        <RangePicker names={RANGE_NAMES} window={window} nowMs={seconds.nowMs()} onChange={show} />
      </header>
      {problems.map((problem) => (
        <p key={problem} className="trouble" role="alert">
          {problem}
        </p>
      ))}
      <Charts detail={detail} incidents={incidents} window={window} onWindow={show} />
    </section>
  );
}

interface ChartsProps {
  readonly detail: MinerDetail;
  readonly incidents: readonly IncidentRow[];
  readonly window: TimeWindow;
  readonly onWindow: (window: TimeWindow) => void;
}

function Charts({ detail, incidents, window, onWindow }: ChartsProps): ReactElement {
  const { fleet } = useParts();
  const { name, zoom } = window;
  const wholeMs = RANGES[name].lengthMs;
  const lengthMs = zoom === null ? wholeMs : zoom.toMs - zoom.fromMs;
  const chains = drawnChains(detail.sample);
  const question = [detail.id, name, zoom?.fromMs ?? "", zoom?.toMs ?? "", chains.join()];
  const {
    data: loaded,
    error,
    reload,
    set,
  } = useLoad(`series/${question.join("/")}`, (signal) => {
    const toMs = Math.ceil(zoom?.toMs ?? fleet.clock.nowMs());
    const query = {
      metrics: [...METRICS, ...chains.map(boardMetric)],
      fromMs: Math.floor(toMs - lengthMs),
      toMs,
      stepMs: stepOf(lengthMs, FINEST_MS),
    };
    return getMinerSeries(detail.id, query, signal);
  });
  const data = useHeld(detail.id, loaded);
  const shown = (): TimeRange => zoom ?? { fromMs: fleet.clock.nowMs() - lengthMs, toMs: fleet.clock.nowMs() };
  useLateHistory({ siteId: detail.siteId, what: "samples", range: shown }, reload);
  const { sample } = detail;
  useEffect(() => {
    if (sample !== null && zoom === null) set((held) => withSample(held, sample));
  }, [sample, zoom, set]);
  const zoomTo = (asked: TimeRange | null): void =>
    onWindow({ name, zoom: asked === null ? null : fittingZoom(asked, { leastMs: LEAST_ZOOM_MS, wholeMs }) });
  const trouble = error !== null && <Trouble error={error} retry={reload} />;
  if (data === null) return trouble || <Skeleton lines={8} />;
  if (zoom === null && !Object.values(data.series).some((values) => values.some((value) => value !== null)))
    return <p className="blank soft">Nothing was measured in this time. The first samples appear here as they are polled.</p>;
  return (
    <>
      {trouble}
      <Plots series={data} detail={detail} incidents={incidents} lengthMs={lengthMs} zoom={zoom} onZoom={zoomTo} />
    </>
  );
}

interface PlotsProps {
  readonly series: Series;
  readonly detail: MinerDetail;
  readonly incidents: readonly IncidentRow[];
  readonly lengthMs: number;
  readonly zoom: TimeRange | null;
  readonly onZoom: (zoom: TimeRange | null) => void;
}

function Plots({ series, detail, incidents, lengthMs, zoom, onZoom }: PlotsProps): ReactElement {
  const { timesMs } = series;
  const [cursor] = useState(() => new ChartCursor());
  const toMs = zoom?.toMs ?? timesMs.at(-1) ?? 0;
  const range = useMemo(() => ({ fromMs: toMs - lengthMs, toMs }), [toMs, lengthMs]);
  const events = useMemo(() => chartEvents(detail.events), [detail.events]);
  const rated = detail.sample?.ratedHashrateHs ?? null;
  const { scale, hashrates, temperatures } = useMemo(() => linesOf(series, rated, detail.algorithm), [series, rated, detail.algorithm]);
  const boards = useMemo(() => boardLines(series, detail.algorithm), [series, detail.algorithm]);
  const backfilled = useMemo(() => backfilledOf({ backfilled: series.backfilled }), [series.backfilled]);
  const marked = useMemo(() => incidents.map((row) => spanOf(row, toMs)), [incidents, toMs]);
  const [area, setArea] = useState(NO_AREA);
  const noteArea = useCallback((now: PlotArea) => setArea((held) => (held.left === now.left && held.width === now.width ? held : now)), []);
  const common = { timesMs, range, cursor, events, backfilled, marked, onZoom };
  return (
    <>
      <p className="charttime">
        <CursorTime cursor={cursor} lastMs={Math.min(toMs, timesMs.at(-1) ?? toMs)} live={zoom === null} />
        <GroundKey backfilled={backfilled} range={range} />
      </p>
      <IncidentStrip rows={incidents} range={range} live={zoom === null} area={area} />
      <TimeChart title="Hashrate" scale={scale} lines={hashrates} {...common} onArea={noteArea} height="160px" />
      {boards.lines.length > 0 && (
        <TimeChart title="By hashboard" scale={boards.scale} lines={boards.lines} {...common} height="130px" equals />
      )}
      <TimeChart title="Temperature" scale={{ unit: temperatureUnit(), digits: 0 }} lines={temperatures} {...common} height="150px" />
    </>
  );
}

function linesOf(series: Series, rated: number | null, algorithm: string) {
  const values = (metric: (typeof METRICS)[number]): readonly (number | null)[] => series.series[metric] ?? [];
  const scale = hashrateScale(Math.max(rated ?? 0, largestOf(values("hashrateHs"))), algorithm);
  const measured: ChartLine = { label: "measured", colour: "series-1", values: scaled(values("hashrateHs"), scale) };
  const ratedLine: ChartLine = {
    label: "rated",
    colour: "rated-line",
    dashed: true,
    values: scaled(
      series.timesMs.map(() => rated),
      scale,
    ),
  };
  const degrees = (metric: (typeof METRICS)[number]) =>
    values(metric).map((celsius) => (celsius === null ? null : shownTemperature(celsius)));
  const temperatures: ChartLine[] = [
    { label: "chip max", colour: "heat-4", values: degrees("chipTempCMax") },
    { label: "board max", colour: "series-1", values: degrees("boardTempCMax") },
    { label: "inlet", colour: "series-2", values: degrees("inletTempC") },
  ];
  return {
    scale,
    hashrates: rated === null ? [measured] : [measured, ratedLine],
    // A sensor that the miner does not have gets no line and no word.
    temperatures: temperatures.filter((line) => line.values.some((value) => value !== null)),
  };
}

const BOARD_COLOURS: readonly LineColour[] = ["series-2", "series-1", "series-3", "series-4"];

/** A line for each board that the series holds, of one scale. */
function boardLines({ series }: Series, algorithm: string) {
  const boards = Object.entries(series).flatMap(([metric, values]) => {
    const chain = /^hashboard\.(\d+)\./.exec(metric)?.[1];
    return chain === undefined ? [] : [{ chain, values }];
  });
  const scale = hashrateScale(Math.max(0, ...boards.map(({ values }) => largestOf(values))), algorithm);
  const lines = boards.map(({ chain, values }, index): ChartLine => {
    const colour = BOARD_COLOURS[index % BOARD_COLOURS.length];
    return { label: `board ${chain}`, colour, values: scaled(values, scale) };
  });
  return { scale, lines };
}

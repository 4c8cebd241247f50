import { useEffect, useMemo, useState, type ReactElement } from "react";
import type { MinerDetail, Series } from "../../../server/contract/api.ts";
import { getMinerSeries } from "../../api/miners.ts";
import { TimeChart } from "../../components/charts/TimeChart.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { shownTemperature, temperatureUnit } from "../../format/temperature.ts";
import { useParts } from "../context.ts";
import { minerAddress } from "../navigation.ts";
import { useLoad } from "../useLoad.ts";
import { METRICS, rangeOf, RANGES, withSample, type RangeName } from "./history.ts";

/** Hashrate and temperature over time. Loaded once per range; what is polled while the page is open is added at the end. */
export function History({ detail, search }: { detail: MinerDetail; search: string }): ReactElement {
  const { navigation } = useParts();
  const name = rangeOf(search);
  const choose = (range: RangeName): void => navigation.replace(`${minerAddress(detail.id)}${range === "24h" ? "" : `?range=${range}`}`);
  return (
    <section className="panel" aria-label="History">
      <header>
        <h2>{RANGES[name].title}</h2>
        <span className="push seg" role="group" aria-label="Length of time">
          {(Object.keys(RANGES) as RangeName[]).map((range) => (
            <button key={range} type="button" aria-pressed={range === name} onClick={() => choose(range)}>
              {RANGES[range].label}
            </button>
          ))}
        </span>
      </header>
      <Charts key={name} detail={detail} name={name} />
    </section>
  );
}

function Charts({ detail, name }: { detail: MinerDetail; name: RangeName }): ReactElement {
  const { fleet } = useParts();
  const [openedAtMs] = useState(() => fleet.clock.nowMs());
  const { lengthMs, stepMs } = RANGES[name];
  const { data, error, reload, set } = useLoad(`series/${detail.id}/${name}`, (signal) =>
    getMinerSeries(detail.id, { metrics: METRICS, fromMs: Math.floor(openedAtMs - lengthMs), toMs: Math.ceil(openedAtMs), stepMs }, signal),
  );
  const { sample } = detail;
  useEffect(() => {
    if (sample !== null) set((held) => withSample(held, sample));
  }, [sample, set]);
  if (data === null) return error === null ? <Skeleton lines={8} /> : <Trouble error={error} retry={reload} />;
  if (!Object.values(data.series).some((values) => values.some((value) => value !== null)))
    return <p className="blank soft">Nothing was measured in this time. The first samples appear here as they are polled.</p>;
  return <Plots series={data} detail={detail} lengthMs={lengthMs} />;
}

function Plots({ series, detail, lengthMs }: { series: Series; detail: MinerDetail; lengthMs: number }): ReactElement {
  const { timesMs } = series;
  const toMs = timesMs.at(-1) ?? 0;
  const range = useMemo(() => ({ fromMs: toMs - lengthMs, toMs }), [toMs, lengthMs]);
  const rated = detail.sample?.ratedHashrateHs ?? null;
  const { hashrates, temperatures, unit } = useMemo(() => linesOf(series, rated, detail.algorithm), [series, rated, detail.algorithm]);
  return (
    <>
      <TimeChart title="Hashrate" unit={unit} digits={1} timesMs={timesMs} lines={hashrates} range={range} height={150} group="miner" />
      <TimeChart
        title="Temperature"
        unit={temperatureUnit()}
        digits={0}
        timesMs={timesMs}
        lines={temperatures}
        range={range}
        height={140}
        group="miner"
      />
    </>
  );
}

function linesOf(series: Series, rated: number | null, algorithm: string) {
  const values = (metric: string): readonly (number | null)[] => series.series[metric] ?? [];
  const { unit, perUnit } = scaleOf(Math.max(rated ?? 0, ...values("hashrateHs").map((value) => value ?? 0)), algorithm);
  const hashrate = values("hashrateHs").map((value) => (value === null ? null : value / perUnit));
  const ratedLine = {
    label: "rated",
    colour: "rated-line",
    dashed: true,
    values: series.timesMs.map(() => (rated ?? 0) / perUnit),
  } as const;
  const degrees = (metric: string) => values(metric).map((celsius) => (celsius === null ? null : shownTemperature(celsius)));
  const temperatures = [
    { label: "chip max", colour: "heat-4", values: degrees("chipTempCMax") },
    { label: "board max", colour: "series-1", values: degrees("boardTempCMax") },
    { label: "inlet", colour: "series-2", values: degrees("inletTempC") },
  ] as const;
  return {
    unit,
    hashrates: [{ label: "measured", colour: "series-1", values: hashrate } as const, ...(rated === null ? [] : [ratedLine])],
    // A sensor that the miner does not have gets no line and no word.
    temperatures: temperatures.filter((line) => line.values.some((value) => value !== null)),
  };
}

/** The unit that fits the largest value, and how many H/s it is. */
function scaleOf(largestHs: number, algorithm: string): { unit: string; perUnit: number } {
  const { unit } = hashrateFigure(largestHs, algorithm);
  const step = ["", "k", "M", "G", "T", "P", "E"].indexOf(unit.replace(/(H|Sol)\/s$/, ""));
  return { unit, perUnit: 1000 ** Math.max(0, step) };
}

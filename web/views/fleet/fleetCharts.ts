import { STATUS_LABELS } from "../../format/status.ts";
import { shownTemperature, temperatureUnit } from "../../format/temperature.ts";
import type { ChartLine, ChartScale, LineColour } from "../../components/charts/chartLines.ts";
import { hashrateScale, largestOf, powerScale, scaled } from "../../components/charts/scale.ts";
import type { FleetMetric } from "./fleetMetrics.ts";
import type { Columns } from "./liveTail.ts";

interface ChartContent {
  readonly scale: ChartScale;
  readonly lines: readonly ChartLine[];
}

const FAULTS = [
  ["degraded", "degraded"],
  ["notHashing", "not-hashing"],
  ["unreachable", "unreachable"],
  ["paused", "paused"],
  ["unknown", "unknown"],
] as const satisfies readonly (readonly [string, LineColour])[];

/** What the five charts of the fleet draw, in the units that fit. */
export function fleetCharts({ series }: Columns) {
  const values = (metric: FleetMetric): readonly (number | null)[] => series[metric] ?? [];
  const hashrate = hashrateScale(largestOf(values("hashrateHs"), values("ratedHashrateHs")));
  const power = powerScale(largestOf(values("powerW")));
  const degrees = (metric: FleetMetric) => values(metric).map((celsius) => (celsius === null ? null : shownTemperature(celsius)));
  return {
    hashrate: {
      scale: hashrate,
      lines: [
        { label: "measured", colour: "series-1", values: scaled(values("hashrateHs"), hashrate) },
        { label: "rated", colour: "rated-line", dashed: true, values: scaled(values("ratedHashrateHs"), hashrate) },
      ],
    },
    power: { scale: power, lines: [{ label: "power", colour: "series-1", values: scaled(values("powerW"), power) }] },
    efficiency: {
      scale: { unit: "J/TH", digits: 1 },
      lines: [{ label: "efficiency", colour: "series-1", values: values("efficiencyJPerTh") }],
    },
    temperature: {
      scale: { unit: temperatureUnit(), digits: 0 },
      lines: [
        { label: "max", colour: "hot-text", values: degrees("chipTempCMax:max") },
        { label: "p95", colour: "heat-4", values: degrees("chipTempCMax:p95") },
        { label: "median", colour: "series-1", values: degrees("chipTempCMax:p50") },
      ],
    },
    statuses: {
      scale: { unit: "", digits: 0 },
      lines: FAULTS.map(([status, colour]) => ({ label: STATUS_LABELS[status], colour, status, values: values(`status:${status}`) })),
    },
  } as const satisfies Record<string, ChartContent>;
}

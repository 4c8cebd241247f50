import type { MinerEvent, Series } from "../../../server/contract/api.ts";
import type { Sample } from "../../../server/contract/sample.ts";
import type { ChartEvent } from "../../components/charts/chartLines.ts";
import type { RangeName } from "../../components/charts/timeWindow.ts";
import { eventText } from "./eventText.ts";

export const RANGE_NAMES: readonly RangeName[] = ["1h", "24h", "7d", "30d"];

/** A miner is polled about this often. */
export const FINEST_MS = 10_000;

export const METRICS = ["hashrateHs", "chipTempCMax", "boardTempCMax", "inletTempC"] as const;

/** The series with a sample that was polled after its last step; as it was when the step is not over yet. */
export function withSample(held: Series, sample: Sample): Series {
  const lastMs = held.timesMs.at(-1) ?? -Infinity;
  if (sample.polledAtMs < lastMs + held.stepMs) return held;
  const series = Object.fromEntries(Object.entries(held.series).map(([metric, values]) => [metric, [...values, valueOf(sample, metric)]]));
  return { ...held, timesMs: [...held.timesMs, sample.polledAtMs], series, coverage: [...held.coverage, 1] };
}

function valueOf(sample: Sample, metric: string): number | null {
  const known = METRICS.find((name) => name === metric);
  return known === undefined ? null : sample[known];
}

/** What happened to a miner, in order of time, as charts mark it: changes of status by their status, all else as a change. */
export function chartEvents(events: readonly MinerEvent[]): ChartEvent[] {
  return events
    .map((event) => ({ atMs: event.atMs, label: eventText(event), kind: event.status ?? ("change" as const) }))
    .sort((a, b) => a.atMs - b.atMs);
}

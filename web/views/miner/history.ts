import type { MinerEvent, Series } from "../../../server/contract/api.ts";
import type { Sample } from "../../../server/contract/sample.ts";
import type { ChartEvent } from "../../components/charts/chartLines.ts";
import type { RangeName } from "../../components/charts/timeWindow.ts";
import { eventText } from "./eventText.ts";

export const RANGE_NAMES: readonly RangeName[] = ["1h", "24h", "7d", "30d"];

/** A miner is polled about this often. */
export const FINEST_MS = 10_000;

export const METRICS = ["hashrateHs", "chipTempCMax", "boardTempCMax", "inletTempC"] as const;

/** More boards than this make no picture that can be read. */
const BOARDS_MAX = 8;

/** Chains of the boards that get a line each; none where there is only one, which is the whole miner. */
export function drawnChains(sample: Sample | null): number[] {
  const chains = (sample?.hashboards ?? []).map(({ chain }) => chain);
  return chains.length > 1 && chains.length <= BOARDS_MAX ? chains : [];
}

export function boardMetric(chain: number): string {
  return `hashboard.${chain}.hashrateHs`;
}

/** The series with a sample that was polled after its last step; as it was when the step is not over yet. */
export function withSample(held: Series, sample: Sample): Series {
  const lastMs = held.timesMs.at(-1) ?? -Infinity;
  if (sample.polledAtMs < lastMs + held.stepMs) return held;
  const series = Object.fromEntries(Object.entries(held.series).map(([metric, values]) => [metric, [...values, valueOf(sample, metric)]]));
  return { ...held, timesMs: [...held.timesMs, sample.polledAtMs], series, coverage: [...held.coverage, 1] };
}

function valueOf(sample: Sample, metric: string): number | null {
  const known = METRICS.find((name) => name === metric);
  if (known !== undefined) return sample[known];
  return sample.hashboards.find(({ chain }) => boardMetric(chain) === metric)?.hashrateHs ?? null;
}

/** What happened to a miner, in order of time, as charts mark it: changes of status by their status, all else as a change. */
export function chartEvents(events: readonly MinerEvent[]): ChartEvent[] {
  return events
    .map((event) => ({ atMs: event.atMs, label: eventText(event), kind: event.status ?? ("change" as const) }))
    .sort((a, b) => a.atMs - b.atMs);
}

import type { Series } from "../../../server/contract/api.ts";
import type { Sample } from "../../../server/contract/sample.ts";

const HOUR = 3_600_000;

/** Lengths of time that the history shows, with steps that make some hundred points of each. */
export const RANGES = {
  "1h": { label: "1 h", title: "Last hour", lengthMs: HOUR, stepMs: 10_000 },
  "24h": { label: "24 h", title: "Last 24 h", lengthMs: 24 * HOUR, stepMs: 120_000 },
  "7d": { label: "7 d", title: "Last 7 days", lengthMs: 168 * HOUR, stepMs: 900_000 },
} as const;
export type RangeName = keyof typeof RANGES;

export const METRICS = ["hashrateHs", "chipTempCMax", "boardTempCMax", "inletTempC"] as const;

/** The range that the address names, 24 h without one or with one that is not known. */
export function rangeOf(search: string): RangeName {
  const name = new URLSearchParams(search).get("range");
  return name === "1h" || name === "7d" ? name : "24h";
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
  return known === undefined ? null : sample[known];
}

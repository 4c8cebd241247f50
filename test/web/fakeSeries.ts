import type { Series } from "../../server/contract/api.ts";
import type { LiveTotals } from "../../server/contract/live.ts";
import { STATUSES } from "../../server/contract/status.ts";
import { noise } from "./fakeFleet.ts";

/** Steps of the question, of which those just past the middle hold nothing. */
function stepsOf(query: URLSearchParams): { stepMs: number; timesMs: number[]; isGap: (index: number) => boolean } {
  const [fromMs, toMs, stepMs] = ["fromMs", "toMs", "stepMs"].map((name) => Number(query.get(name)));
  const first = Math.floor(fromMs / stepMs) * stepMs;
  const timesMs = Array.from({ length: Math.ceil((toMs - first) / stepMs) }, (_, i) => first + i * stepMs);
  return { stepMs, timesMs, isGap: (i) => i > timesMs.length * 0.5 && i < timesMs.length * 0.54 };
}

function answer(query: URLSearchParams, base: Readonly<Record<string, { value: number; swing: number }>>): Series {
  const { stepMs, timesMs, isGap } = stepsOf(query);
  const columns = Object.entries(base).map(([metric, { value, swing }], salt) => [
    metric,
    timesMs.map((_, i) => (isGap(i) ? null : Math.max(0, value + swing * (noise(i, salt) - 0.5)))),
  ]);
  return {
    stepMs,
    timesMs,
    series: Object.fromEntries(columns) as Series["series"],
    coverage: timesMs.map((_, i) => (isGap(i) ? 0 : 1)),
    backfilled: [],
  };
}

/** The history of one miner. Hashboard 2 makes errors at 60 an hour, hashboard 3 was never counted, all others make none. */
export function minerSeriesOf(n: number, query: URLSearchParams): Series {
  const series = scalarSeries(n, query);
  const asked = (query.get("metrics") ?? "").split(",");
  for (const metric of asked) {
    const [, chain = "", name = ""] = /^hashboard\.(\d+)\.(\w+)/.exec(metric) ?? [];
    if (chain === "") continue;
    series.series[metric] = series.timesMs.map((_, i) => boardValue({ chain, name, i, stepMs: series.stepMs }));
  }
  return series;
}

function boardValue({ chain, name, i, stepMs }: { chain: string; name: string; i: number; stepMs: number }): number | null {
  if (name === "hashrateHs") return 66e12 + Number(chain) * 1e12 + 1e12 * noise(i, Number(chain));
  if (chain === "3") return null;
  return chain === "2" ? 100 + (60 * i * stepMs) / 3_600_000 : 3;
}

function scalarSeries(n: number, query: URLSearchParams): Series {
  return answer(query, {
    hashrateHs: { value: 198e12 + n * 1e9, swing: 6e12 },
    chipTempCMax: { value: 72, swing: 3 },
    boardTempCMax: { value: 62, swing: 2 },
    inletTempC: { value: 24, swing: 1 },
  });
}

/** The history of a fleet that was always about as it is now. */
export function fleetSeriesOf(totals: LiveTotals, query: URLSearchParams): Series {
  const { hashrateHs, ratedHashrateHs, statusCounts } = totals;
  const statuses = STATUSES.map((status) => [`status:${status}`, { value: statusCounts[status], swing: 0.2 * statusCounts[status] }]);
  return answer(query, {
    hashrateHs: { value: hashrateHs, swing: hashrateHs * 0.01 },
    ratedHashrateHs: { value: ratedHashrateHs, swing: 0 },
    powerW: { value: totals.powerW ?? 0, swing: (totals.powerW ?? 0) * 0.01 },
    efficiencyJPerTh: { value: totals.efficiencyJPerTh ?? 0, swing: 0.3 },
    "chipTempCMax:max": { value: 94, swing: 4 },
    "chipTempCMax:p95": { value: 76, swing: 1 },
    "chipTempCMax:p50": { value: 66, swing: 1 },
    ...(Object.fromEntries(statuses) as Record<string, { value: number; swing: number }>),
  });
}

import { z } from "zod";
import { STATUSES } from "../contract/status.ts";
import { HASHBOARD_METRICS, SCALAR_METRICS, type SeriesQuery } from "../store/store.ts";
import { ProblemError } from "./problem.ts";

const POINT_LIMIT = 2000;
const METRIC_LIMIT = 20;
const DAY_MS = 86_400_000;

const instant = z.coerce.number().int().min(0).max(8.64e15);
/** `metrics=a,b&fromMs&toMs&stepMs`; without times the last day, without a step the store's choice. */
export const SeriesParams = z.strictObject({
  metrics: z.union([z.string(), z.array(z.string())]),
  fromMs: instant.optional(),
  toMs: instant.optional(),
  stepMs: z.coerce
    .number()
    .int()
    .min(1)
    .max(366 * DAY_MS)
    .optional(),
});

/** Reads a request for a series. Throws ProblemError (400) that names the metric or time at fault. */
export function readSeriesQuery(params: z.infer<typeof SeriesParams>, target: SeriesQuery["target"], nowMs: number): SeriesQuery {
  const toMs = params.toMs ?? nowMs;
  const fromMs = params.fromMs ?? toMs - DAY_MS;
  if (fromMs >= toMs) throw new ProblemError(400, "fromMs must be before toMs", { field: "fromMs" });
  const stepMs = params.stepMs ?? null;
  if (stepMs !== null && (toMs - fromMs) / stepMs > POINT_LIMIT)
    throw new ProblemError(400, `stepMs: at most ${POINT_LIMIT} points; take at least ${Math.ceil((toMs - fromMs) / POINT_LIMIT)}`, {
      field: "stepMs",
    });
  return { target, metrics: readMetrics(params.metrics, "minerKey" in target), fromMs, toMs, stepMs };
}

function readMetrics(text: string | string[], ofMiner: boolean): string[] {
  const metrics = [...new Set([text].flat().flatMap((each) => each.split(",").map((name) => name.trim())))];
  if (metrics.length > METRIC_LIMIT) throw new ProblemError(400, `metrics: at most ${METRIC_LIMIT} at a time`, { field: "metrics" });
  const wrong = metrics.find((metric) => !isMetric(metric, ofMiner));
  if (wrong !== undefined) throw new ProblemError(400, `metrics: there is no metric "${wrong}" here`, { field: "metrics" });
  return metrics;
}

function isMetric(metric: string, ofMiner: boolean): boolean {
  const [name = "", ...rest] = metric.split(":");
  const statistic = rest.at(0);
  if (rest.length > 1) return false;
  if (name === "status") return !ofMiner && STATUSES.some((status) => status === statistic);
  const statistics = ofMiner ? ["min", "max"] : ["min", "max", "p50", "p95"];
  if (statistic !== undefined && !statistics.includes(statistic)) return false;
  return SCALAR_METRICS.some((scalar) => scalar === name) || (ofMiner && isPartMetric(name));
}

/** Values of one hashboard (`hashboard.3.chipTempCMax`) or one fan (`fan.1.rpm`). */
function isPartMetric(name: string): boolean {
  const board = /^hashboard\.\d{1,3}\.(\w+)$/.exec(name);
  return board === null ? /^fan\.[1-9]\d?\.rpm$/.test(name) : HASHBOARD_METRICS.some((metric) => metric === board[1]);
}

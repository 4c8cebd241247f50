import { useEffect, useMemo } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import { getMinerSeries } from "../../api/miners.ts";
import { useParts } from "../context.ts";
import { useLoad } from "../useLoad.ts";
import {
  countedChains,
  countsOf,
  ERROR_STEP_MS,
  ERROR_WINDOW_MS,
  errorMetric,
  growthPerHour,
  withErrors,
  type ErrorCounts,
} from "./errorRate.ts";

const NONE: ErrorCounts = new Map();

/** Hardware errors per hour of each board by its chain, over the last hour: loaded once, then counted on with each sample. null where that is not known. */
export function useErrorRates(detail: MinerDetail): ReadonlyMap<number, number | null> {
  const { fleet } = useParts();
  const chains = countedChains(detail);
  const { data, set } = useLoad(`errors/${detail.id}/${chains.join()}`, async (signal): Promise<ErrorCounts> => {
    if (chains.length === 0) return NONE;
    const toMs = Math.ceil(fleet.clock.nowMs());
    const query = { metrics: chains.map(errorMetric), fromMs: toMs - ERROR_WINDOW_MS, toMs, stepMs: ERROR_STEP_MS };
    return countsOf(await getMinerSeries(detail.id, query, signal), chains);
  });
  const { sample } = detail;
  useEffect(() => {
    if (sample !== null) set((held) => withErrors(held, sample));
  }, [sample, set]);
  return useMemo(() => new Map([...(data ?? NONE)].map(([chain, counts]) => [chain, growthPerHour(counts)])), [data]);
}

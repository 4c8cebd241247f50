import type { AgentSample, Hashboard, MinerMode } from "../../server/contract/sample.ts";
import type { RawObject } from "../cgminer/framing.ts";
import type { MinerModel } from "../models/catalogue.ts";
import { countOrNull, firstOf, numberOrNull, positiveOrNull, rateHs, sumOf } from "./fields.ts";
import { decodeFans } from "./fans.ts";
import { decodeHashboards, liveChains } from "./hashboards.ts";
import { fillPower, ratedHashrateHs } from "./ratings.ts";
import { dataRow, identityRow, summaryRow, type DecodeInput } from "./replies.ts";
import { decodeShares } from "./shares.ts";
import { coldestOf, hottestOf } from "./temperatures.ts";
import { unitsOf } from "./units.ts";

/** `Mode` of an X17 that sleeps. */
const MODE_SLEEP = 254;

/**
 * Decodes the old-style `stats` of stock firmware, 2016 to today, and of all firmware that imitates it. Where `stats` is refused, rates and uptime
 * come from `summary`, and nothing is said about boards and fans.
 */
export function decodeStock(input: DecodeInput): AgentSample {
  const data = dataRow(input.replies.stats);
  const hasStats = "GHS 5s" in data || "GHS av" in data;
  const { machine } = input;
  const { model } = machine;
  const summary = summaryRow(input.replies);
  const chains = liveChains(data);
  const rate = numberOrNull(data["GHS 5s"] ?? summary["GHS 5s"]);
  const mean = numberOrNull(data["GHS av"] ?? summary["GHS av"]);
  const units = unitsOf({
    rateUnit: data.rate_unit ?? summary.rate_unit,
    model,
    total: rate === null || rate === 0 ? mean : rate,
    chainSum: chains.reduce((sum, chain) => sum + (chain.rawRate ?? 0), 0),
  });
  const ideal = positiveOrNull(data.total_rateideal);
  const ratedHs = ratedHashrateHs(machine, rateHs(ideal, units.totalHs));
  const isStopped = rate === 0;
  const ratedBoardHs = ratedHs === null || model?.chainCount == null ? null : Math.round(ratedHs / model.chainCount);
  const hashboards = hasStats ? decodeHashboards(data, chains, { model, chainUnitHs: units.chainHs, isStopped, ratedBoardHs }) : [];
  const shares = decodeShares(input, data);
  const flow = airflow(hashboards, machine.family === "stock" ? model : null);
  const sample: AgentSample = {
    agentAtMs: input.agentAtMs,
    durationMs: input.durationMs,
    uptimeMs: uptimeMs(data, summary),
    algorithm: machine.algorithm,
    mode: modeOf(identityRow(input.replies.stats), data, hashboards, isStopped),
    hashrateHs: rateHs(rate, units.totalHs),
    hashrateMeanHs: rateHs(mean, units.totalHs),
    hashrate30mHs: rateHs(data.rate_30m ?? data["GHS 30m"] ?? summary["GHS 30m"], units.totalHs),
    ratedHashrateHs: ratedHs,
    powerW: null,
    powerSource: null,
    efficiencyJPerTh: null,
    chipTempCMax: hottestOf(hashboards.map((board) => board.chipTempsC)),
    boardTempCMax: hottestOf(hashboards.map((board) => board.boardTempsC)),
    inletTempC: flow.inletTempC,
    outletTempC: flow.outletTempC,
    fansRpm: decodeFans(data, model),
    expectedFanCount: model?.fanCount ?? null,
    hwErrorCount: hwErrorCount(data, summary, hashboards),
    acceptedCount: shares.acceptedCount,
    rejectedCount: shares.rejectedCount,
    staleCount: shares.staleCount,
    expectedHashboardCount: model?.chainCount ?? null,
    hashboards,
    pools: input.pools.pools,
  };
  return fillPower(sample, machine.family === "stock" ? stockPowerW(data) : null, machine);
}

/** Age of the mining program in ms. */
export function uptimeMs(data: RawObject, summary: RawObject): number | null {
  const elapsedS = firstOf(countOrNull(data.Elapsed), countOrNull(summary.Elapsed));
  return elapsedS === null ? null : elapsedS * 1000;
}

/** `no_matching_work` is the total where it counts (a Z11 leaves it at 0), else the chains' sum, else what `summary` says. */
function hwErrorCount(data: RawObject, summary: RawObject, boards: readonly Hashboard[]): number | null {
  return firstOf(
    positiveOrNull(countOrNull(data.no_matching_work)),
    sumOf(boards.map((board) => board.hwErrorCount)),
    countOrNull(data.no_matching_work),
    countOrNull(summary["Hardware Errors"]),
  );
}

/** Some stock images of 2023 and later give watts, as `chain_power` "3250 W" or in a field of its own; "34.65 (AB)" is no power. */
function stockPowerW(data: RawObject): number | null {
  const text = data.chain_power;
  const stated = typeof text === "string" && /\d\s*W$/i.test(text.trim()) ? positiveOrNull(text) : null;
  return firstOf(stated, positiveOrNull(data.power), positiveOrNull(data.Power), positiveOrNull(data.watt));
}

function modeOf(identity: RawObject, data: RawObject, boards: readonly Hashboard[], isStopped: boolean): MinerMode | null {
  if (numberOrNull(data.Mode) === MODE_SLEEP || numberOrNull(identity["miner-mode"]) === 1) return "sleeping";
  const present = boards.filter((board) => board.present);
  // All x at rate 0: asleep or stopped by heat, port 4028 does not tell which.
  const isHalted = isStopped && present.length > 0 && present.every((board) => isAllBad(board.chipMap));
  return isHalted ? "stopped" : null;
}

function isAllBad(map: string | null): boolean {
  return map !== null && /x/i.test(map) && !/o/i.test(map);
}

interface Flow {
  inletTempC: number | null;
  outletTempC: number | null;
}
const NO_FLOW: Flow = { inletTempC: null, outletTempC: null };

/** Coldest sensor at the inlet and hottest at the outlet, where the model's boards are known to have some there and all four answer. */
export function airflow(boards: readonly Hashboard[], model: MinerModel | null): Flow {
  if (model?.airflow == null) return NO_FLOW;
  const sensors = boards
    .map((board) => (model.airflow === "chipInOut" ? board.chipTempsC : board.boardTempsC))
    .filter((list) => list.length > 1);
  const whole = sensors.filter((list) => list.length === 4);
  switch (model.airflow) {
    case "pcbPairs":
      return { inletTempC: coldestOf(whole.map((list) => list.slice(0, 2))), outletTempC: hottestOf(whole.map((list) => list.slice(2))) };
    case "chipInOut":
      return {
        inletTempC: coldestOf(sensors.map((list) => list.slice(0, 1))),
        outletTempC: hottestOf(sensors.map((list) => list.slice(1, 2))),
      };
    case "pcbInOut":
      return {
        inletTempC: coldestOf(whole.map((list) => list.slice(0, 1))),
        outletTempC: hottestOf(whole.map((list) => list.slice(2, 3))),
      };
  }
}

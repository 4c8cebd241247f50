import type { Hashboard } from "../../server/contract/sample.ts";
import type { RawObject } from "../cgminer/framing.ts";
import type { MinerModel } from "../models/catalogue.ts";
import { readChipMap } from "./chipMap.ts";
import { countOrNull, numberOrNull, positiveOrNull, rateHs } from "./fields.ts";
import { rowLayout, type ChainKeys } from "./rowLayout.ts";
import { dashedTemperatures, realTemperatures } from "./temperatures.ts";

/** A chain that answers, with its raw rate: enough to settle the unit before the boards are decoded. */
export interface LiveChain {
  readonly keys: ChainKeys;
  readonly rawRate: number | null;
}

/**
 * Chains that answer in a `stats` row, in order: with chips, a letter in the map, or a rate other than 0. Absent ones give 0, "", "0.00",
 * "0-0-0-0" or "-", and MSKminer an ideal rate for 13 chains that do not exist. Numbers are the firmware's own: 1 to 3, 6 to 8, 1 to 13.
 */
export function liveChains(data: RawObject): LiveChain[] {
  const live: LiveChain[] = [];
  for (const keys of rowLayout(data).chains) {
    const rawRate = numberOrNull(data[keys.rate]);
    if ((countOrNull(data[keys.count]) ?? 0) > 0 || (rawRate ?? 0) > 0 || readChipMap(data[keys.map]).text !== null)
      live.push({ keys, rawRate });
  }
  return live;
}

export interface BoardContext {
  readonly model: MinerModel | null;
  readonly chainUnitHs: number;
  /** The machine's total is 0: a map of x then says "stopped" (asleep or too hot), not "dead". */
  readonly isStopped: boolean;
  readonly ratedBoardHs: number | null;
}

/** Decodes the chains that answer and adds, as `present: false`, those that the model has besides; in order of their number. */
export function decodeHashboards(data: RawObject, chains: readonly LiveChain[], context: BoardContext): Hashboard[] {
  const boards = chains.map((chain) => decodeBoard(data, chain, context));
  const missing = missingChains(
    chains.map(({ keys }) => keys.chain),
    context.model,
  );
  if (missing.length === 0) return boards;
  return [...boards, ...missing.map((chain) => absentBoard(chain, context))].sort((a, b) => a.chain - b.chain);
}

function decodeBoard(data: RawObject, { keys, rawRate }: LiveChain, context: BoardContext): Hashboard {
  const letters = readChipMap(data[keys.map]);
  const chipMap = letters.text;
  const isSilent = context.isStopped && letters.ok === 0;
  const idealHs = positiveOrNull(data[keys.ideal]);
  return {
    chain: keys.chain,
    present: true,
    hashrateHs: rateHs(rawRate, context.chainUnitHs),
    ratedHashrateHs: idealHs === null ? context.ratedBoardHs : rateHs(idealHs, context.chainUnitHs),
    chipCount: positiveOrNull(countOrNull(data[keys.count])) ?? (letters.ok + letters.bad || null),
    expectedChipCount: context.model?.chipsPerChain ?? null,
    chipOkCount: chipMap === null || isSilent ? null : letters.ok,
    chipBadCount: chipMap === null || isSilent ? null : letters.bad,
    chipMap,
    freqMhz: frequencyMhz(data, keys),
    voltageV: null,
    chipTempsC: chipTemperatures(data, keys, context.model),
    boardTempsC: boardTemperatures(data, keys),
    hwErrorCount: countOrNull(data[keys.errors]),
  };
}

/** Hydro boards of the S21+ carry water sensors in the place of chips; their chip stands in the first PIC sensor. */
function chipTemperatures(data: RawObject, keys: ChainKeys, model: MinerModel | null): number[] {
  if (model?.airflow === "pcbInOut") return dashedTemperatures(data[keys.pic]).slice(0, 1);
  const joined = data[keys.chip];
  if (joined !== undefined) return dashedTemperatures(joined);
  const [chipIn = "", chipOut = ""] = keys.split;
  if (data[chipIn] !== undefined) return [...dashedTemperatures(data[chipIn]), ...dashedTemperatures(data[chipOut])];
  return realTemperatures(keys.chips.map((key) => numberOrNull(data[key])));
}

function boardTemperatures(data: RawObject, keys: ChainKeys): number[] {
  const joined = data[keys.pcb];
  if (joined !== undefined) return dashedTemperatures(joined);
  const [, , pcbIn = "", pcbOut = ""] = keys.split;
  if (data[pcbIn] !== undefined) return [...dashedTemperatures(data[pcbIn]), ...dashedTemperatures(data[pcbOut])];
  return realTemperatures([numberOrNull(data[keys.board])]);
}

function frequencyMhz(data: RawObject, keys: ChainKeys): number | null {
  for (const key of keys.frequencies) {
    const mhz = positiveOrNull(data[key]);
    if (mhz !== null) return mhz;
  }
  return commonFrequencyMhz(data.frequency);
}

/** The machine-wide `frequency` ("550", 645) where boards give none; "1600M" of an E3 is its memory. */
function commonFrequencyMhz(value: unknown): number | null {
  return typeof value === "string" && !/^[\d.]+$/.test(value.trim()) ? null : positiveOrNull(value);
}

/** Numbers of the chains that the model has and the reply has not. */
export function missingChains(present: readonly number[], model: MinerModel | null): number[] {
  if (model?.chainCount == null) return [];
  const missing: number[] = [];
  for (let chain = model.firstChain; present.length + missing.length < model.chainCount; chain++) {
    if (!present.includes(chain)) missing.push(chain);
  }
  return missing;
}

/** A hashboard that the model has and the reply does not. */
export function absentBoard(chain: number, { model, ratedBoardHs }: Pick<BoardContext, "model" | "ratedBoardHs">): Hashboard {
  return {
    chain,
    present: false,
    hashrateHs: null,
    ratedHashrateHs: ratedBoardHs,
    chipCount: null,
    expectedChipCount: model?.chipsPerChain ?? null,
    chipOkCount: null,
    chipBadCount: null,
    chipMap: null,
    freqMhz: null,
    voltageV: null,
    chipTempsC: [],
    boardTempsC: [],
    hwErrorCount: null,
  };
}

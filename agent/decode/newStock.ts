import type { AgentSample, Hashboard } from "../../server/contract/sample.ts";
import type { RawObject } from "../cgminer/framing.ts";
import { isObject, rowsOf } from "../cgminer/replies.ts";
import type { MinerModel } from "../models/catalogue.ts";
import { countOrNull, firstOf, numberOrNull, positiveOrNull, rateHs, sumOf } from "./fields.ts";
import { readChipMap } from "./chipMap.ts";
import { turningAndStopped } from "./fans.ts";
import { absentBoard, missingChains } from "./hashboards.ts";
import { fillPower, ratedHashrateHs } from "./ratings.ts";
import type { DecodeInput } from "./replies.ts";
import { airflow, decodeStock } from "./stock.ts";
import { hottestOf, listedTemperatures } from "./temperatures.ts";
import { unitHs } from "./units.ts";

/** True for the answer of Bitmain's rewrite (`new_api`, `stats.cgi`): one STATS row with a list of chains. */
export function isNewStats(reply: RawObject | undefined): boolean {
  const row = rowsOf(reply, "STATS").at(0);
  return row !== undefined && ("chain" in row || "rate_5s" in row);
}

/** Decodes the `new_api` answer of `stats`. `chain[].index` 0 is chain 1; `rate_unit` names the unit ("GH/s"). */
export function decodeNewStock(input: DecodeInput): AgentSample {
  const reply = input.replies.newStats;
  const row = rowsOf(reply, "STATS")[0] ?? {};
  const { machine } = input;
  const { model } = machine;
  const unit = unitHs(row.rate_unit) ?? 1e9;
  const ratedHs = ratedHashrateHs(machine, positiveOrNull(rateHs(row.rate_ideal, unit)));
  const hashrateHs = rateHs(row.rate_5s, unit);
  const hashboards = boardsOf(row, { unit, model, isStopped: hashrateHs === 0 });
  const flow = airflow(hashboards, model);
  const elapsedS = countOrNull(row.elapsed);
  const sample: AgentSample = {
    ...decodeStock({ ...input, replies: { summary: input.replies.summary } }),
    uptimeMs: elapsedS === null ? null : elapsedS * 1000,
    mode: numberOrNull(row["miner-mode"]) === 1 ? "sleeping" : null,
    hashrateHs,
    hashrateMeanHs: rateHs(row.rate_avg, unit),
    hashrate30mHs: rateHs(row.rate_30m, unit),
    ratedHashrateHs: ratedHs,
    chipTempCMax: hottestOf(hashboards.map((board) => board.chipTempsC)),
    boardTempCMax: hottestOf(hashboards.map((board) => board.boardTempsC)),
    inletTempC: flow.inletTempC,
    outletTempC: flow.outletTempC,
    fansRpm: Array.isArray(row.fan) ? turningAndStopped((row.fan as unknown[]).map(numberOrNull), model) : [],
    hwErrorCount: sumOf(hashboards.map((board) => board.hwErrorCount)),
    hashboards,
  };
  return fillPower(sample, firstOf(positiveOrNull(row.chain_power), positiveOrNull(row.power), positiveOrNull(row.watt)), machine);
}

interface NewBoards {
  readonly unit: number;
  readonly model: MinerModel | null;
  readonly isStopped: boolean;
}

function boardsOf(row: RawObject, context: NewBoards): Hashboard[] {
  const chains = Array.isArray(row.chain) ? (row.chain as unknown[]).filter(isObject).slice(0, 32) : [];
  const boards = chains.map((chain, position) => decodeChain(chain, position, context));
  const missing = missingChains(
    boards.map((board) => board.chain),
    context.model,
  );
  return [...boards, ...missing.map((chain) => absentBoard(chain, { model: context.model, ratedBoardHs: null }))].sort(
    (a, b) => a.chain - b.chain,
  );
}

function decodeChain(chain: RawObject, position: number, { unit, model, isStopped }: NewBoards): Hashboard {
  const { ok, bad, text: map } = readChipMap(chain.asic);
  const isSilent = map === null || (isStopped && ok === 0);
  const isWaterChip = model?.airflow === "pcbInOut";
  return {
    ...absentBoard((countOrNull(chain.index) ?? position) + 1, { model, ratedBoardHs: null }),
    present: true,
    hashrateHs: rateHs(chain.rate_real, unit),
    ratedHashrateHs: positiveOrNull(rateHs(chain.rate_ideal, unit)),
    chipCount: countOrNull(chain.asic_num),
    chipOkCount: isSilent ? null : ok,
    chipBadCount: isSilent ? null : bad,
    chipMap: map,
    freqMhz: positiveOrNull(chain.freq_avg),
    chipTempsC: isWaterChip ? listedTemperatures(chain.temp_pic).slice(0, 1) : listedTemperatures(chain.temp_chip),
    boardTempsC: listedTemperatures(chain.temp_pcb),
    hwErrorCount: countOrNull(chain.hw),
  };
}

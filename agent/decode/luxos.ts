import type { AgentSample, Hashboard, MinerMode } from "../../server/contract/sample.ts";
import type { RawObject } from "../cgminer/framing.ts";
import { rowsOf } from "../cgminer/replies.ts";
import { firstOf, numberOrNull, positiveOrNull, rateHs, textOrNull } from "./fields.ts";
import { fillPower } from "./ratings.ts";
import type { DecodeInput, Replies } from "./replies.ts";
import { decodeStock } from "./stock.ts";
import { coldestOf, hottestOf, realTemperatures } from "./temperatures.ts";

/**
 * LuxOS imitates the stock answer, but its `chain_rateN` are averages (`devs` has the 5 s rate of each board, in any order), `total_acn` is the
 * number of chains, and `total rate` the mean of the boards: neither is read. Watts come from `power`, intake and exhaust from `temps`.
 */
export function decodeLuxos(input: DecodeInput): AgentSample {
  const sample = decodeStock(input);
  const { replies } = input;
  for (const dev of rowsOf(replies.devs, "DEVS")) readDev(dev, sample.hashboards);
  const corners = cornerTemperatures(replies);
  sample.inletTempC = coldestOf([corners.intake]);
  sample.outletTempC = hottestOf([corners.exhaust]);
  sample.mode = modeOf(replies) ?? sample.mode;
  return fillPower(sample, positiveOrNull(rowsOf(replies.power, "POWER")[0]?.Watts), input.machine);
}

/** `ID` 0 is chain 1. */
function readDev(dev: RawObject, boards: readonly Hashboard[]): void {
  const chain = (numberOrNull(dev.ID) ?? -1) + 1;
  const board = boards.find((candidate) => candidate.chain === chain && candidate.present);
  if (board === undefined) return;
  board.hashrateHs = rateHs(dev["MHS 5s"], 1e6) ?? board.hashrateHs;
  board.ratedHashrateHs = firstOf(positiveOrNull(rateHs(dev["Nominal MHS"], 1e6)), board.ratedHashrateHs);
}

interface Corners {
  readonly intake: number[];
  readonly exhaust: number[];
}

/** METADATA says for each corner whether it stands at the intake or at the exhaust. */
function cornerTemperatures(replies: Replies): Corners {
  const corners: Corners = { intake: [], exhaust: [] };
  const labels = rowsOf(replies.temps, "METADATA")[0] ?? {};
  for (const [corner, about] of Object.entries(labels)) {
    const label = JSON.stringify(about);
    const values = realTemperatures(rowsOf(replies.temps, "TEMPS").map((row) => numberOrNull(row[corner])));
    if (/intake/i.test(label)) corners.intake.push(...values);
    else if (/exhaust/i.test(label)) corners.exhaust.push(...values);
  }
  return corners;
}

function modeOf(replies: Replies): MinerMode | null {
  const config = rowsOf(replies.config, "CONFIG")[0] ?? {};
  if (/sleep/i.test(textOrNull(config.CurtailMode) ?? "")) return "sleeping";
  const devs = rowsOf(replies.devs, "DEVS");
  if (devs.length > 0 && devs.every((dev) => dev.IsRamping === true)) return "starting";
  return config.IsTuning === true ? "tuning" : null;
}

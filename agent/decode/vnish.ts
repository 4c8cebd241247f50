import type { AgentSample, MinerMode } from "../../server/contract/sample.ts";
import type { RawObject } from "../cgminer/framing.ts";
import { positiveOrNull, sumOf, textOrNull } from "./fields.ts";
import { fillPower } from "./ratings.ts";
import { dataRow, type DecodeInput } from "./replies.ts";
import { decodeStock } from "./stock.ts";

/**
 * VNish 3.8 and 1.2: the stock answer plus `state`, watts per chain (`chain_consumptionN`, 0 when not measured) and `chain_volN`
 * (10 mV steps in 3.8: 920; mV in 1.2: 12625). Its per-board rates need not add up to the total while it tunes.
 */
export function decodeVnish(input: DecodeInput): AgentSample {
  const sample = decodeStock(input);
  const data = dataRow(input.replies.stats);
  const powers = sample.hashboards.map((board) => positiveOrNull(data[`chain_consumption${board.chain}`]));
  for (const board of sample.hashboards) if (board.present) board.voltageV = voltageV(data[`chain_vol${board.chain}`]);
  sample.mode = modeOf(data) ?? sample.mode;
  return fillPower(sample, sumOf(powers), input.machine);
}

function voltageV(value: unknown): number | null {
  const raw = positiveOrNull(value);
  if (raw === null) return null;
  return raw >= 5000 ? raw / 1000 : raw / 100;
}

function modeOf(data: RawObject): MinerMode | null {
  const state = textOrNull(data.state) ?? "";
  if (/tun/i.test(state)) return "tuning";
  if (/sleep|pause/i.test(state)) return "sleeping";
  if (/init|start|warm/i.test(state)) return "starting";
  return /stop|shut|fail/i.test(state) ? "stopped" : null;
}

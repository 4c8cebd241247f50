import type { AgentSample } from "../../server/contract/sample.ts";
import type { RawObject } from "../cgminer/framing.ts";
import { firstOf, positiveOrNull, sumOf } from "./fields.ts";
import { fillPower } from "./ratings.ts";
import { dataRow, type DecodeInput } from "./replies.ts";
import { decodeStock } from "./stock.ts";

/** MSKminer: the stock answer plus watts (`total_power`, `chain_power` "967.50 (AB)", `chain_powerN`), `chain_voltageN` in V, and `tune_running`. */
export function decodeMsk(input: DecodeInput): AgentSample {
  const sample = decodeStock(input);
  const data = dataRow(input.replies.stats);
  for (const board of sample.hashboards) if (board.present) board.voltageV = positiveOrNull(data[`chain_voltage${board.chain}`]);
  if (String(data.tune_running) === "1") sample.mode = "tuning";
  return fillPower(sample, powerW(sample, data), input.machine);
}

function powerW({ hashboards }: AgentSample, data: RawObject): number | null {
  const perBoard = hashboards.map((board) => positiveOrNull(data[`chain_power${board.chain}`]));
  return firstOf(positiveOrNull(data.total_power), positiveOrNull(data.chain_power), sumOf(perBoard));
}

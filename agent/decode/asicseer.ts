import type { AgentSample } from "../../server/contract/sample.ts";
import { positiveOrNull } from "./fields.ts";
import { dataRow, type DecodeInput } from "./replies.ts";
import { decodeStock } from "./stock.ts";

/** asicseer: the stock answer with the fields of `summary` merged into it, and `voltageN` in steps of 10 mV. */
export function decodeAsicseer(input: DecodeInput): AgentSample {
  const sample = decodeStock(input);
  const data = dataRow(input.replies.stats);
  for (const board of sample.hashboards) {
    const voltage = board.present ? positiveOrNull(data[`voltage${board.chain}`]) : null;
    board.voltageV = voltage === null ? null : voltage / 100;
  }
  return sample;
}

import type { AgentSample } from "../../server/contract/sample.ts";
import { decodeAsicseer } from "./asicseer.ts";
import { decodeBraiins } from "./braiins.ts";
import { decodeLuxos } from "./luxos.ts";
import { decodeMsk } from "./msk.ts";
import { decodeNewStock, isNewStats } from "./newStock.ts";
import { dataRow, summaryRow, type DecodeInput, type FirmwareFamily, type Replies } from "./replies.ts";
import { decodeStock } from "./stock.ts";
import { decodeVnish } from "./vnish.ts";

type Decoder = (input: DecodeInput) => AgentSample;

/** Firmware without a decoder of its own imitates the stock answer, or gives cgminer's `summary` and `devs`. */
const DECODERS: Readonly<Partial<Record<FirmwareFamily, Decoder>>> = {
  asicseer: decodeAsicseer,
  luxos: decodeLuxos,
  msk: decodeMsk,
  vnish: decodeVnish,
};

/** Decodes one poll. The replies must hold readings, see `hasReadings`. */
export function decodeSample(input: DecodeInput): AgentSample {
  if (isNewStats(input.replies.newStats)) return decodeNewStock(input);
  if (!hasOldStats(input.replies) && givesMegahashes(input.replies)) return decodeBraiins(input);
  return (DECODERS[input.machine.family] ?? decodeStock)(input);
}

/** True when the replies hold something that a sample can be made of, and not only a name. */
export function hasReadings(replies: Replies): boolean {
  return hasOldStats(replies) || isNewStats(replies.newStats) || "Elapsed" in summaryRow(replies);
}

function hasOldStats(replies: Replies): boolean {
  const data = dataRow(replies.stats);
  return "GHS 5s" in data || "GHS av" in data;
}

function givesMegahashes(replies: Replies): boolean {
  const summary = summaryRow(replies);
  return "MHS 5s" in summary || "MHS av" in summary;
}

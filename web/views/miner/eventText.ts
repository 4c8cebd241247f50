import type { MinerEvent } from "../../../server/contract/api.ts";
import type { Reason } from "../../../server/contract/status.ts";
import { plainText } from "../../format/plainText.ts";
import { REASON_LABELS, STATUS_LABELS } from "../../format/status.ts";

/** A change of status in the words of the page; other events in their own. */
export function eventText({ kind, status, reason, text }: MinerEvent): string {
  if (kind !== "status" || status === null) return plainText(text);
  const word = reason === null || !(reason in REASON_LABELS) ? "" : REASON_LABELS[reason as Reason];
  return word === "" || word === "ok" ? STATUS_LABELS[status] : `${STATUS_LABELS[status]}: ${word}`;
}

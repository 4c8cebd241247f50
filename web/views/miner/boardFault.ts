import type { Hashboard } from "../../../server/contract/sample.ts";
import type { Status } from "../../../server/contract/status.ts";

export interface BoardFault {
  readonly status: Status;
  readonly text: string;
}

/** What is wrong with one board, the worst first; null when nothing is seen. A rate that is not reported is no fault. */
export function boardFault(board: Hashboard): BoardFault | null {
  if (!board.present) return { status: "degraded", text: "missing" };
  if (board.hashrateHs === 0) return { status: "degraded", text: "does not hash" };
  const bad = badChipCount(board);
  return bad > 0 ? { status: "degraded", text: bad === 1 ? "1 chip bad" : `${bad} chips bad` } : null;
}

/** Chips that the board reports as bad, or that it lacks against its model. */
export function badChipCount(board: Hashboard): number {
  const missing = board.expectedChipCount !== null && board.chipCount !== null ? board.expectedChipCount - board.chipCount : 0;
  return Math.max(board.chipBadCount ?? 0, missing, 0);
}

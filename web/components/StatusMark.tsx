import type { ReactElement } from "react";
import type { Reason, Status } from "../../server/contract/status.ts";
import { STATUS_LABELS, statusWord } from "../format/status.ts";

/** Shape, letter and colour of a status. Filled is a fault; outlined is fine, on purpose, or not known. */
export function StatusMark({ status, size = 16 }: { status: Status; size?: number }): ReactElement {
  return (
    <svg className={`mark mark-${status}`} width={size} height={size} viewBox="-.5 -.5 17 17" role="img" aria-label={STATUS_LABELS[status]}>
      {SHAPES[status]}
    </svg>
  );
}

const SHAPES: Readonly<Record<Status, ReactElement>> = {
  hashing: (
    <>
      <circle className="edge" cx="8" cy="8" r="6.8" />
      <text x="8" y="11.1">
        H
      </text>
    </>
  ),
  degraded: (
    <>
      <path className="fill" d="M8 .6 15.9 15H.1Z" />
      <text x="8" y="13.4">
        D
      </text>
    </>
  ),
  notHashing: (
    <>
      <rect className="fill" x="1" y="1" width="14" height="14" rx="1.5" />
      <text x="8" y="11.1">
        N
      </text>
    </>
  ),
  unreachable: (
    <>
      <path className="fill" d="M8-.4 16.4 8 8 16.4-.4 8Z" />
      <text x="8" y="11.1">
        U
      </text>
    </>
  ),
  paused: (
    <>
      <path className="edge" d="M5 1.5H2.2a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1H5M11 1.5h2.8a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H11" />
      <text x="8" y="11.1">
        P
      </text>
    </>
  ),
  unknown: (
    <>
      <circle className="edge dashed" cx="8" cy="8" r="6.8" />
      <text x="8" y="11.1">
        ?
      </text>
    </>
  ),
};

/** The mark and the word beside it: the reason where it says more than the status. */
export function StatusText({ status, reason }: { status: Status; reason: Reason }): ReactElement {
  return (
    <span className="st">
      <StatusMark status={status} />
      {statusWord(status, reason)}
    </span>
  );
}

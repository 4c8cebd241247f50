import type { ReactElement } from "react";
import type { Reason, Status } from "../../server/contract/status.ts";
import { STATUS_LABELS, statusWord } from "../format/status.ts";
import { STATUS_BOX, STATUS_SHAPES } from "./statusShapes.ts";

/** Shape, letter and colour of a status. Filled is a fault; outlined is fine, on purpose, or not known. */
export function StatusMark({ status, size = 16 }: { status: Status; size?: number }): ReactElement {
  const { tag: Shape, look, attributes, letter, y } = STATUS_SHAPES[status];
  return (
    <svg className={`mark mark-${status}`} width={size} height={size} viewBox={STATUS_BOX} role="img" aria-label={STATUS_LABELS[status]}>
      <Shape className={look} {...attributes} />
      <text x="8" y={y}>
        {letter}
      </text>
    </svg>
  );
}

/** The mark and the word beside it: the reason where it says more than the status. */
export function StatusText({ status, reason }: { status: Status; reason: Reason }): ReactElement {
  return (
    <span className="st">
      <StatusMark status={status} />
      {statusWord(status, reason)}
    </span>
  );
}

import type { ReactElement } from "react";
import { Link } from "../../components/Link.tsx";
import { SeverityMark } from "../../components/SeverityMark.tsx";
import { formatNumber } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { incidentAddress } from "../navigation.ts";
import { nextJump, previousJump, type Jump } from "./incidentJumps.ts";

interface JumpsProps {
  readonly jumps: readonly Jump[];
  /** null: now. */
  readonly atMs: number | null;
  readonly onGo: (atMs: number) => void;
}

/** From one incident to the one before or after it; not there where there was none. */
export function IncidentJumps({ jumps, atMs, onGo }: JumpsProps): ReactElement | null {
  if (jumps.length === 0) return null;
  const here = jumps.find((jump) => jump.atMs === atMs) ?? null;
  return (
    <>
      <div className="seg incidentjumps" role="group" aria-label="Incidents">
        <JumpButton label="Previous incident" sign="‹" jump={previousJump(jumps, atMs)} onGo={onGo} />
        <JumpButton label="Next incident" sign="›" jump={nextJump(jumps, atMs)} onGo={onGo} />
      </div>
      <p className="incidentat" role="status">
        {here !== null && <OpenedHere jump={here} />}
      </p>
    </>
  );
}

function JumpButton({
  label,
  sign,
  jump,
  onGo,
}: { label: string; sign: string; jump: Jump | null } & Pick<JumpsProps, "onGo">): ReactElement {
  return (
    <button type="button" aria-label={label} title={label} disabled={jump === null} onClick={() => jump !== null && onGo(jump.atMs)}>
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}

function OpenedHere({ jump: { incidents } }: { jump: Jump }): ReactElement {
  const [first] = incidents;
  return (
    <>
      <SeverityMark severity={first.severity} /> <Link href={incidentAddress(first.id)}>{plainText(first.explanation)}</Link>
      {incidents.length > 1 && ` and ${formatNumber(incidents.length - 1)} more`}
    </>
  );
}

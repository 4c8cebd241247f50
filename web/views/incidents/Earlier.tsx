import type { ReactElement } from "react";
import type { Incident, IncidentRow, ScopeKind } from "../../../server/contract/incidents.ts";
import { getIncidents } from "../../api/incidents.ts";
import { Link } from "../../components/Link.tsx";
import { SeverityMark } from "../../components/SeverityMark.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { countOf } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { formatSpan } from "../../format/time.ts";
import { incidentAddress } from "../navigation.ts";
import { useLoad } from "../useLoad.ts";
import { Clock } from "./cells.tsx";

const SHOWN = 5;
/** Itself, those that were part of another, and one more than is shown. */
const ASKED = "30";

/** What happened at the same place before: what comes back has a cause that was not found. Nothing where nothing did. */
export function Earlier({ incident }: { incident: Incident }): ReactElement | null {
  const { id, scope, openedAtMs } = incident;
  const { data, error, reload } = useLoad(`earlier at ${scope.kind} ${scope.id}`, (signal) =>
    getIncidents({ kind: scope.kind, scope: scope.id, limit: ASKED }, null, signal),
  );
  const earlier = (data?.items ?? []).filter((row) => row.id !== id && row.mergedIntoId === null && row.openedAtMs < openedAtMs);
  if (earlier.length === 0 && error === null) return null;
  return (
    <section className="panel earlier" aria-label="Before at this place">
      <header>
        <h2>Before at this {placeWord(scope.kind)}</h2>
        {earlier.length > SHOWN && <span className="micro push">the last {countOf(SHOWN, "incident")}</span>}
      </header>
      {error !== null && <Trouble error={error} retry={reload} />}
      <ul>
        {earlier.slice(0, SHOWN).map((row) => (
          <Line key={row.id} row={row} />
        ))}
      </ul>
    </section>
  );
}

function placeWord(kind: ScopeKind): string {
  return kind === "miner" ? "machine" : kind === "pdu" ? "PDU" : kind;
}

function Line({ row: { id, severity, explanation, openedAtMs, closedAtMs } }: { row: IncidentRow }): ReactElement {
  return (
    <li>
      <SeverityMark severity={severity} size={15} />
      <span>
        <Link href={incidentAddress(id)}>{plainText(explanation)}</Link>{" "}
        <span className="muted">
          <Clock atMs={openedAtMs} />
          {closedAtMs === null ? ", still open" : `, for ${formatSpan(closedAtMs - openedAtMs)}`}
        </span>
      </span>
    </li>
  );
}

import type { ReactElement } from "react";
import type { IncidentRow } from "../../../server/contract/incidents.ts";
import { acknowledgeIncident } from "../../api/incidents.ts";
import { Link } from "../../components/Link.tsx";
import { SeverityText } from "../../components/SeverityMark.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { plainText } from "../../format/plainText.ts";
import { useMayOperate, useParts } from "../context.ts";
import { Clock, Since, StateText } from "../incidents/cells.tsx";
import { incidentAddress } from "../navigation.ts";
import { useAction } from "../useAction.ts";

/** What is wrong with the machine now and whether somebody looks after it; nothing where nothing is. */
export function OpenIncidents({ rows }: { rows: readonly IncidentRow[] }): ReactElement | null {
  if (rows.length === 0) return null;
  return (
    <section className="panel openincidents" aria-label="Open incidents">
      <ul>
        {rows.map((row) => (
          <OpenIncident key={row.id} row={row} />
        ))}
      </ul>
    </section>
  );
}

function OpenIncident({ row }: { row: IncidentRow }): ReactElement {
  const { incidents } = useParts();
  const mayOperate = useMayOperate();
  const { busy, error, run } = useAction();
  return (
    <li>
      <SeverityText severity={row.severity} />
      <Link className="what" href={incidentAddress(row.id)}>
        {plainText(row.explanation)}
      </Link>
      <span className="soft">
        Since <Clock atMs={row.openedAtMs} />, <Since atMs={row.openedAtMs} />. <StateText row={row} />
        {row.state === "open" && ", not acknowledged"}.
      </span>
      {mayOperate && row.state === "open" && (
        <button
          type="button"
          className="btn push"
          disabled={busy}
          aria-label={`Acknowledge: ${plainText(row.explanation)}`}
          onClick={() => run(async () => incidents.takeRow(await acknowledgeIncident(row.id)))}
        >
          Acknowledge
        </button>
      )}
      {error !== null && <Trouble error={error} />}
    </li>
  );
}

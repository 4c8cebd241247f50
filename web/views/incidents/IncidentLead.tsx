import type { ReactElement } from "react";
import type { Incident, IncidentRow } from "../../../server/contract/incidents.ts";
import { Link } from "../../components/Link.tsx";
import { SeverityText } from "../../components/SeverityMark.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { plainText } from "../../format/plainText.ts";
import { formatSpan } from "../../format/time.ts";
import { useMayOperate } from "../context.ts";
import { incidentAddress } from "../navigation.ts";
import { useAction } from "../useAction.ts";
import { causeStatus } from "./causeStatus.ts";
import { Clock, PlaceText, Since, StateText } from "./cells.tsx";
import { IncidentActions } from "./IncidentActions.tsx";

interface LeadProps {
  readonly incident: Incident;
  readonly onAnswer: (row: IncidentRow) => void;
}

/** What happened, in one sentence, how it stands, and what can be done. */
export function IncidentLead({ incident, onAnswer }: LeadProps): ReactElement {
  const mayOperate = useMayOperate();
  const action = useAction();
  const { id, cause, explanation, severity, state, openedAtMs, closedAtMs, mergedIntoId } = incident;
  return (
    <>
      <div className="incidentlead">
        <StatusMark status={causeStatus(cause)} size={32} />
        <div className="leadtext">
          <p className="micro muted">
            <Link href="/incidents">Incidents</Link> / {id} / <PlaceText row={incident} />
          </p>
          <h1>{plainText(explanation)}</h1>
          <p className="soft">
            <SeverityText severity={severity} /> <StateText row={incident} />
            {state === "open" && ", not acknowledged"}.{" "}
            {closedAtMs === null ? (
              <>
                Since <Clock atMs={openedAtMs} />, <Since atMs={openedAtMs} />.
              </>
            ) : (
              <>
                From <Clock atMs={openedAtMs} /> to <Clock atMs={closedAtMs} />, {formatSpan(closedAtMs - openedAtMs)}.
              </>
            )}{" "}
            {mergedIntoId !== null && (
              <>
                It turned out to be part of <Link href={incidentAddress(mergedIntoId)}>{mergedIntoId}</Link>.
              </>
            )}
          </p>
        </div>
        {mayOperate && state !== "closed" && <IncidentActions incident={incident} action={action} onAnswer={onAnswer} />}
      </div>
      {action.error !== null && <Trouble error={action.error} />}
    </>
  );
}

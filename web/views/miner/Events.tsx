import type { ReactElement } from "react";
import type { MinerDetail, MinerEvent } from "../../../server/contract/api.ts";
import type { IncidentRow } from "../../../server/contract/incidents.ts";
import { Link } from "../../components/Link.tsx";
import { SeverityMark } from "../../components/SeverityMark.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { TimeText } from "../../components/TimeText.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { plainText } from "../../format/plainText.ts";
import { formatClock, formatSpan } from "../../format/time.ts";
import { incidentAddress } from "../navigation.ts";
import { eventText } from "./eventText.ts";
import type { MinerIncidents } from "./useMinerIncidents.ts";

interface EventsProps {
  readonly detail: MinerDetail;
  readonly incidents: MinerIncidents;
  readonly nowMs: number;
}

type Happening = { readonly atMs: number; readonly event: MinerEvent } | { readonly atMs: number; readonly incident: IncidentRow };

/** What happened to the miner, with the incidents that it was part of, the newest first. */
export function Events({ detail, incidents: { all, error, reload }, nowMs }: EventsProps): ReactElement {
  const happenings: Happening[] = [
    ...detail.events.map((event) => ({ atMs: event.atMs, event })),
    ...all.map((incident) => ({ atMs: incident.openedAtMs, incident })),
  ].sort((a, b) => b.atMs - a.atMs);
  return (
    <section className="panel events" aria-label="Events">
      <header>
        <h2>Events</h2>
      </header>
      {error !== null && <Trouble error={error} retry={reload} />}
      {happenings.length === 0 && <p className="blank soft">Nothing has happened to this miner yet.</p>}
      <ul>
        {happenings.map((happening, index) => (
          <li key={"incident" in happening ? happening.incident.id : `${happening.atMs}/${index}`}>
            <TimeText atMs={happening.atMs}>{formatClock(happening.atMs, nowMs)}</TimeText>
            {"incident" in happening ? <IncidentLine row={happening.incident} /> : <EventLine event={happening.event} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function EventLine({ event }: { event: MinerEvent }): ReactElement {
  return (
    <>
      {event.status === null ? <span className="muted">·</span> : <StatusMark status={event.status} size={15} />}
      <span>{eventText(event)}</span>
    </>
  );
}

function IncidentLine({ row: { id, severity, explanation, openedAtMs, closedAtMs } }: { row: IncidentRow }): ReactElement {
  return (
    <>
      <SeverityMark severity={severity} size={15} />
      <span>
        Incident <Link href={incidentAddress(id)}>{plainText(explanation)}</Link>
        <span className="muted">{closedAtMs === null ? ", still open" : `, for ${formatSpan(closedAtMs - openedAtMs)}`}</span>
      </span>
    </>
  );
}

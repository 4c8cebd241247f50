import { lazy, Suspense, type ReactElement } from "react";
import type { Incident } from "../../../server/contract/incidents.ts";
import { ApiError } from "../../api/request.ts";
import { Link } from "../../components/Link.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { Earlier } from "./Earlier.tsx";
import { IncidentFacts } from "./IncidentFacts.tsx";
import { IncidentLead } from "./IncidentLead.tsx";
import { Members } from "./Members.tsx";
import { Messages } from "./Messages.tsx";
import { Notes } from "./Notes.tsx";
import { Timeline } from "./Timeline.tsx";
import { useIncident } from "./useIncident.ts";
import { WhyHere } from "./WhyHere.tsx";
import "./incident.css";

const BlastRadius = lazy(async () => ({ default: (await import("./BlastRadius.tsx")).BlastRadius }));
const PlaceHashrate = lazy(async () => ({ default: (await import("./PlaceHashrate.tsx")).PlaceHashrate }));

/** One cause: what, how many, since when, why it stands here, what it costs, and who looks after it. */
export function IncidentPage({ incidentId }: { incidentId: string }): ReactElement {
  const { data, error, reload, takeAnswer } = useIncident(incidentId);
  if (data === null && error instanceof ApiError && error.status === 404) return <NoSuchIncident incidentId={incidentId} />;
  return (
    <main className="incident">
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null ? (
        error === null && <Skeleton lines={12} />
      ) : (
        <>
          <IncidentLead incident={data} onAnswer={takeAnswer} />
          <IncidentFacts incident={data} />
          <Panels incident={data} onNoted={reload} />
        </>
      )}
    </main>
  );
}

function Panels({ incident, onNoted }: { incident: Incident; onNoted: () => void }): ReactElement {
  return (
    <div className="incidentcols">
      <div>
        <WhyHere incident={incident} />
        <Earlier incident={incident} />
        <Messages incidentId={incident.id} />
        <Notes incident={incident} onNoted={onNoted} />
      </div>
      <div>
        {incident.scope.kind !== "server" && (
          <Suspense fallback={<Skeleton lines={6} />}>
            <BlastRadius incident={incident} />
          </Suspense>
        )}
        {incident.scope.kind !== "server" && (
          <Suspense fallback={<Skeleton lines={5} />}>
            <PlaceHashrate incident={incident} />
          </Suspense>
        )}
        <Timeline entries={incident.timeline} />
      </div>
      <div className="widest">
        <Members incident={incident} />
      </div>
    </div>
  );
}

/** A link outlives what it names. */
function NoSuchIncident({ incidentId }: { incidentId: string }): ReactElement {
  return (
    <main>
      <div className="panel nothing">
        <h1>There is no incident “{incidentId}”</h1>
        <p className="soft">It is gone with the history that was kept so long, you may not see its site, or the link is wrong.</p>
        <Link className="btn primary" href="/incidents">
          Go to the incidents
        </Link>
      </div>
    </main>
  );
}

import type { ReactElement, ReactNode } from "react";
import type { Incident } from "../../../server/contract/incidents.ts";
import { FigureText } from "../../components/FigureText.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { formatNumber, formatShare } from "../../format/number.ts";
import { formatAge } from "../../format/time.ts";
import { useFleet, useIncidents, useParts } from "../context.ts";
import { Clock, LostSoFar, Since } from "./cells.tsx";

/** The incident in one strip: what it costs, how many, how fast. */
export function IncidentFacts({ incident }: { incident: Incident }): ReactElement {
  const { rows } = useIncidents();
  const { seconds } = useParts();
  const isClosed = incident.state === "closed";
  const held = rows?.get(incident.id) ?? { row: incident, heardAtMs: seconds.nowMs() };
  return (
    <section className="panel incidentfacts" aria-label="Incident in figures">
      {!isClosed && (
        <Fact label={<ShareOfRated lostHs={incident.lostHashrateHs} />}>
          <FigureText figure={hashrateFigure(incident.lostHashrateHs)} />
        </Fact>
      )}
      <Fact label={isClosed ? "lost in all" : "lost so far"}>
        <LostSoFar held={held} />
      </Fact>
      <Fact label={isClosed ? "members" : "members now, of all that joined"}>
        {isClosed ? (
          formatNumber(incident.memberCount)
        ) : (
          <>
            {formatNumber(incident.firingCount)} <small className="unit">of {formatNumber(incident.memberCount)}</small>
          </>
        )}
      </Fact>
      {incident.minerCount !== incident.memberCount && <Fact label="miners that they stand for">{formatNumber(incident.minerCount)}</Fact>}
      {incident.members.length > 1 && <Fact label="from the first to the last to join">{formatAge(spreadMs(incident))}</Fact>}
      <Fact label={isClosed ? "closed" : "open for"}>
        {incident.closedAtMs === null ? <Since atMs={incident.openedAtMs} /> : <Clock atMs={incident.closedAtMs} />}
      </Fact>
    </section>
  );
}

function ShareOfRated({ lostHs }: { lostHs: number }): ReactElement {
  const rated = useFleet().totals?.ratedHashrateHs ?? 0;
  return <>lost now{rated > 0 && `, ${formatShare(lostHs / rated)} of rated`}</>;
}

function spreadMs({ members }: Incident): number {
  const joined = members.map(({ joinedAtMs }) => joinedAtMs);
  return joined.reduce((last, atMs) => Math.max(last, atMs), 0) - joined.reduce((first, atMs) => Math.min(first, atMs), Infinity);
}

function Fact({ label, children }: { label: ReactNode; children: ReactNode }): ReactElement {
  return (
    <div>
      <b>{children}</b>
      <span>{label}</span>
    </div>
  );
}

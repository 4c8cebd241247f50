import type { ReactElement } from "react";
import { Link } from "../../components/Link.tsx";
import { countOf, formatNumber } from "../../format/number.ts";
import { countIncidents } from "../../live/incidentBook.ts";
import { useFleet, useIncidents } from "../context.ts";
import { incidentsAddress, usualSort, type IncidentQuery } from "./incidentsQuery.ts";

const PLAIN: IncidentQuery = { state: "active", severities: [], scope: null, sort: usualSort("active") };
const CLOSED: IncidentQuery = { ...PLAIN, state: "closed", sort: usualSort("closed") };

/** An empty list says what it means: that nothing is wrong, that nothing can be seen, or that the filter leaves nothing. */
export function NoIncidents({ query, siteId }: { query: IncidentQuery; siteId: string | null }): ReactElement {
  const isFiltered = query.severities.length > 0 || query.scope !== null;
  const { rows } = useIncidents();
  const { open, acknowledged } = countIncidents(rows ?? new Map(), siteId);
  if (query.state === "closed")
    return (
      <Nothing
        lead={isFiltered ? "No closed incident matches." : "No incident has closed yet."}
        rest="Here stand those that ended, by themselves or because somebody resolved them."
      />
    );
  if (open + acknowledged > 0)
    return (
      <Nothing
        lead={
          isFiltered ? "No incident matches." : query.state === "open" ? "Nothing waits to be acknowledged." : "Nothing is acknowledged."
        }
        rest={`${countOf(open + acknowledged, "incident")} ${open + acknowledged === 1 ? "is" : "are"} not closed: ${formatNumber(open)} open, ${formatNumber(acknowledged)} acknowledged.`}
        way={{ href: incidentsAddress(PLAIN), label: "Show them" }}
      />
    );
  return <AllQuiet />;
}

function AllQuiet(): ReactElement {
  const { totals } = useFleet();
  const unknown = totals?.statusCounts.unknown ?? 0;
  const watched = (totals?.minerCount ?? 0) - unknown;
  const unseen = unknown === 0 ? "" : ` ${countOf(unknown, "miner")} cannot be seen now: of these nobody can say.`;
  return (
    <Nothing
      lead="No incident is open."
      rest={
        watched === 0
          ? `No miner is watched yet.${unseen}`
          : `No rule that is on fires for any of ${countOf(watched, "miner")} that can be seen.${unseen}`
      }
      way={{ href: incidentsAddress(CLOSED), label: "Show closed incidents" }}
    />
  );
}

interface NothingProps {
  readonly lead: string;
  readonly rest: string;
  readonly way?: { readonly href: string; readonly label: string };
}

function Nothing({ lead, rest, way }: NothingProps): ReactElement {
  return (
    <div className="panel nothing">
      <p>
        <b>{lead}</b> {rest}
      </p>
      {way !== undefined && (
        <Link className="btn" href={way.href}>
          {way.label}
        </Link>
      )}
    </div>
  );
}

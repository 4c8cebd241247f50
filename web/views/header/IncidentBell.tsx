import { useSyncExternalStore, type ReactElement } from "react";
import { Link } from "../../components/Link.tsx";
import { Popover } from "../../components/Popover.tsx";
import { SeverityMark } from "../../components/SeverityMark.tsx";
import { TimeText } from "../../components/TimeText.tsx";
import { countOf, formatNumber } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { compareSeverity, SEVERITY_LABELS } from "../../format/severity.ts";
import { formatSpan } from "../../format/time.ts";
import { countIncidents, type HeldIncident } from "../../live/incidentBook.ts";
import { useIncidents, useNowMs, useParts } from "../context.ts";
import { incidentAddress } from "../navigation.ts";

const SHOWN_MAX = 6;

/** How many incidents nobody has acknowledged, at any site, marked by the worst; the list below leads to each. */
export function IncidentBell(): ReactElement {
  const { rows } = useIncidents();
  const { open, worst } = countIncidents(rows ?? new Map(), null);
  const label = rows === null ? "Incidents" : worst === null ? "No open incident" : `${countOf(open, "open incident")}, the worst ${worst}`;
  return (
    <>
      <Popover
        button={
          <span className="bellface" aria-hidden="true">
            <BellShape />
            {worst !== null && <SeverityMark severity={worst} />}
            {open > 0 && <b>{formatNumber(open)}</b>}
          </span>
        }
        label={label}
        className="btn quiet bell"
        align="end"
      >
        <OpenList open={openOf(rows)} />
      </Popover>
      <Announcement />
    </>
  );
}

function openOf(rows: ReadonlyMap<string, HeldIncident> | null): HeldIncident[] {
  return [...(rows?.values() ?? [])]
    .filter(({ row }) => row.state === "open")
    .sort((a, b) => compareSeverity(a.row.severity, b.row.severity) || b.row.openedAtMs - a.row.openedAtMs);
}

function OpenList({ open }: { open: readonly HeldIncident[] }): ReactElement {
  const nowMs = useNowMs();
  return (
    <div className="belllist">
      {open.length === 0 && <p className="soft">Nothing waits to be acknowledged.</p>}
      {open.slice(0, SHOWN_MAX).map(({ row }) => (
        <Link key={row.id} className="plain bellrow" href={incidentAddress(row.id)} data-closes>
          <SeverityMark severity={row.severity} />
          <span>{plainText(row.explanation)}</span>
          <span className="muted">
            <TimeText atMs={row.openedAtMs}>{formatSpan(nowMs - row.openedAtMs)}</TimeText>
          </span>
        </Link>
      ))}
      <Link className="btn" href="/incidents" data-closes>
        {open.length > SHOWN_MAX ? `All ${formatNumber(open.length)} open, and the others` : "All incidents"}
      </Link>
    </div>
  );
}

function BellShape(): ReactElement {
  return (
    <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" className="bellshape">
      <path d="M4.5 14h11l-1.5-2.5V8a4 4 0 0 0-8 0v3.5zM8.5 16.5a1.6 1.6 0 0 0 3 0" strokeLinejoin="round" />
    </svg>
  );
}

/** Says a new incident once to those who hear the page, when nothing else is being said. */
function Announcement(): ReactElement {
  const { incidents } = useParts();
  const newest = useSyncExternalStore(incidents.subscribe, () => incidents.newest);
  return (
    <span className="unseen" role="status" aria-label="New incidents">
      {newest !== null && `New incident, ${SEVERITY_LABELS[newest.severity].toLowerCase()}: ${newest.explanation}`}
    </span>
  );
}

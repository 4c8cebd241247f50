import type { ReactElement } from "react";
import { getAllIncidents } from "../../api/incidents.ts";
import { saveFile } from "../../components/saveFile.ts";
import { Trouble } from "../../components/Trouble.tsx";
import { usePhone } from "../../components/useMediaQuery.ts";
import { formatNumber } from "../../format/number.ts";
import { SEVERITY_LABELS, WORST_FIRST } from "../../format/severity.ts";
import { formatDate } from "../../format/time.ts";
import { countIncidents } from "../../live/incidentBook.ts";
import { useIncidents, useSites } from "../context.ts";
import { useAction } from "../useAction.ts";
import { incidentsCsv } from "./incidentsCsv.ts";
import {
  SCOPE_LABELS,
  SCOPES,
  serverQuery,
  STATE_CHOICES,
  usualSort,
  type IncidentQuery,
  type IncidentSort,
  type StateChoice,
} from "./incidentsQuery.ts";

interface FilterProps {
  readonly query: IncidentQuery;
  readonly siteId: string | null;
  readonly onAsk: (part: Partial<IncidentQuery>) => void;
}

const STATE_LABELS: Readonly<Record<StateChoice, string>> = {
  active: "Not closed",
  open: "Open",
  acknowledged: "Acknowledged",
  closed: "Closed",
};

/** Which incidents, in which order, and all of them as a file. */
export function IncidentFilters({ query, siteId, onAsk }: FilterProps): ReactElement {
  const phone = usePhone();
  const { severities } = query;
  const toggle = (severity: IncidentQuery["severities"][number]): void =>
    onAsk({ severities: WORST_FIRST.filter((each) => (each === severity) !== severities.includes(each)) });
  return (
    <div className="incidentbar">
      <StatePicker query={query} siteId={siteId} onAsk={onAsk} />
      <div className="seg" role="group" aria-label="Severity">
        {WORST_FIRST.map((severity) => (
          <button key={severity} type="button" aria-pressed={severities.includes(severity)} onClick={() => toggle(severity)}>
            {SEVERITY_LABELS[severity]}
          </button>
        ))}
      </div>
      <select
        className="input"
        aria-label="Scope"
        value={query.scope ?? ""}
        onChange={(event) => onAsk({ scope: SCOPES.find((scope) => scope === event.target.value) ?? null })}
      >
        <option value="">Any scope</option>
        {SCOPES.map((scope) => (
          <option key={scope} value={scope}>
            {SCOPE_LABELS[scope]}
          </option>
        ))}
      </select>
      {phone && <SortPicker query={query} onAsk={onAsk} />}
      <Export query={query} siteId={siteId} />
    </div>
  );
}

function StatePicker({ query, siteId, onAsk }: FilterProps): ReactElement {
  const { rows } = useIncidents();
  const counts = rows === null ? null : countIncidents(rows, siteId);
  const countOfChoice: Readonly<Record<StateChoice, number | null>> = {
    active: counts === null ? null : counts.open + counts.acknowledged,
    open: counts?.open ?? null,
    acknowledged: counts?.acknowledged ?? null,
    closed: null,
  };
  const pick = (state: StateChoice): void => onAsk({ state, sort: usualSort(state) });
  return (
    <div className="seg" role="group" aria-label="State">
      {STATE_CHOICES.map((state) => (
        <button key={state} type="button" aria-pressed={state === query.state} onClick={() => pick(state)}>
          {STATE_LABELS[state]}
          {countOfChoice[state] !== null && <small className="muted"> {formatNumber(countOfChoice[state])}</small>}
        </button>
      ))}
    </div>
  );
}

const ORDERS: readonly (IncidentSort & { readonly label: string })[] = [
  { field: "severity", descending: true, label: "The worst first" },
  { field: "lostHashes", descending: true, label: "Most lost first" },
  { field: "lostHashrateHs", descending: true, label: "Losing most now first" },
  { field: "firingCount", descending: true, label: "Most members first" },
  { field: "openedAtMs", descending: true, label: "Newest first" },
  { field: "openedAtMs", descending: false, label: "Oldest first" },
  { field: "closedAtMs", descending: true, label: "Last closed first" },
];

/** The orders that the heads of the table give, where there is no table. */
function SortPicker({ query: { sort }, onAsk }: Pick<FilterProps, "query" | "onAsk">): ReactElement {
  const chosen = ORDERS.findIndex(({ field, descending }) => field === sort.field && descending === sort.descending);
  const choose = (place: string): void => {
    const { field, descending } = ORDERS[Number(place)] ?? usualSort("active");
    onAsk({ sort: { field, descending } });
  };
  return (
    <select className="input" aria-label="Order" value={chosen} onChange={(event) => choose(event.target.value)}>
      {chosen === -1 && <option value={-1}>As the link says</option>}
      {ORDERS.map(({ label }, place) => (
        <option key={label} value={place}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** All that match, also those that are not shown yet, as the server has them at this moment. */
function Export({ query, siteId }: Pick<FilterProps, "query" | "siteId">): ReactElement {
  const sites = useSites();
  const { busy, error, run } = useAction();
  const save = async (): Promise<void> => {
    const rows = await getAllIncidents(serverQuery(query, siteId), new AbortController().signal);
    const name = `hashwatch-incidents-${formatDate(Date.now())}.csv`;
    saveFile(
      name,
      incidentsCsv(rows, (id) => sites.nameOf(id)),
      "text/csv;charset=utf-8",
    );
  };
  return (
    <div className="push">
      {error !== null && <Trouble error={error} />}
      <button type="button" className="btn" disabled={busy} onClick={() => run(save)}>
        Export CSV
      </button>
    </div>
  );
}

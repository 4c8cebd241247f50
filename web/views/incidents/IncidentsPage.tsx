import { useMemo, useState, type ReactElement } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { usePhone } from "../../components/useMediaQuery.ts";
import { formatNumber } from "../../format/number.ts";
import { useAddress, useMayOperate, useParts } from "../context.ts";
import { siteOf } from "../navigation.ts";
import { AreaNav } from "./AreaNav.tsx";
import { BulkBar } from "./BulkBar.tsx";
import { IncidentCards } from "./IncidentCards.tsx";
import { IncidentFilters } from "./IncidentFilters.tsx";
import { incidentsAddress, parseIncidentsQuery, type IncidentQuery, type SortField } from "./incidentsQuery.ts";
import { IncidentTable } from "./IncidentTable.tsx";
import { NoIncidents } from "./NoIncidents.tsx";
import { useIncidentList, type IncidentList } from "./useIncidentList.ts";
import "./incidents.css";

const NONE: ReadonlySet<string> = new Set();

/** One row per cause: what happened, since when, what it costs, and who looks after it. The address holds filter and order. */
export function IncidentsPage({ search }: { search: string }): ReactElement {
  const { navigation } = useParts();
  const phone = usePhone();
  const mayOperate = useMayOperate();
  const siteId = siteOf(useAddress());
  const { query, problems } = useMemo(() => parseIncidentsQuery(search), [search]);
  const [picked, setPicked] = useState(NONE);
  const [isPointed, setPointed] = useState(false);
  const list = useIncidentList(query, { siteId, isHeld: isPointed || picked.size > 0 });
  const ask = (part: Partial<IncidentQuery>): void => {
    setPicked(NONE);
    navigation.push(incidentsAddress({ ...query, ...part }));
  };
  const sortBy = (field: SortField): void =>
    ask({ sort: { field, descending: query.sort.field === field ? !query.sort.descending : true } });
  const pick = (ids: readonly string[], isPicked: boolean): void =>
    setPicked((held) => new Set(isPicked ? [...held, ...ids] : [...held].filter((id) => !ids.includes(id))));
  const Listed = phone ? IncidentCards : IncidentTable;
  return (
    <main className="incidents">
      <h1 className="unseen">Incidents</h1>
      <AreaNav />
      {problems.map((problem) => (
        <p key={problem} className="trouble" role="alert">
          {problem}
        </p>
      ))}
      <IncidentFilters query={query} siteId={siteId} onAsk={ask} />
      {list.error !== null && <Trouble error={list.error} retry={list.reload} />}
      {list.items === null ? (
        list.error === null && <Skeleton lines={8} />
      ) : list.items.length === 0 ? (
        <NoIncidents query={query} siteId={siteId} />
      ) : (
        <div onPointerEnter={() => setPointed(true)} onPointerLeave={() => setPointed(false)}>
          <Listed
            items={list.items}
            query={query}
            picked={mayOperate && query.state !== "closed" ? picked : null}
            onPick={pick}
            onSort={sortBy}
          />
          <More list={list} />
        </div>
      )}
      <BulkBar picked={picked} onDone={() => setPicked(NONE)} />
    </main>
  );
}

function More({ list: { items, totalCount, showMore, loadingMore } }: { list: IncidentList }): ReactElement | null {
  if (showMore === null) return null;
  return (
    <div className="showmore">
      <button type="button" className="btn" disabled={loadingMore.busy} onClick={showMore}>
        Show more
      </button>
      <span className="soft">
        {formatNumber(items?.length)} of {formatNumber(totalCount)} shown
      </span>
      {loadingMore.error !== null && <Trouble error={loadingMore.error} />}
    </div>
  );
}

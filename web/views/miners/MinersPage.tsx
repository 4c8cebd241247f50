import { useMemo, type ReactElement } from "react";
import { Link } from "../../components/Link.tsx";
import { SearchBox } from "../../components/SearchBox.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { usePhone } from "../../components/useMediaQuery.ts";
import type { RowQuery } from "../../live/order.ts";
import { useFleet, useMayOperate, useParts } from "../context.ts";
import { FilterBar } from "./FilterBar.tsx";
import { MinerCards } from "./MinerCards.tsx";
import { DEFAULT_QUERY, minersAddress, nextSort, parseMinersQuery } from "./minersQuery.ts";
import { MinerTable } from "./MinerTable.tsx";
import { QuerySentence } from "./QuerySentence.tsx";
import { useRowOrder } from "./useRowOrder.ts";
import "./miners.css";

/** All miners, as a table or, on a phone, as cards. The address holds filter, search and order. */
export function MinersPage({ search }: { search: string }): ReactElement {
  const { navigation } = useParts();
  const fleet = useFleet();
  const phone = usePhone();
  const { query, problems } = useMemo(() => parseMinersQuery(search), [search]);
  const order = useRowOrder(query);
  const change = (part: Partial<RowQuery>): void => navigation.push(minersAddress({ ...query, ...part }));
  return (
    <main className="miners">
      <h1 className="unseen">Miners</h1>
      {phone && <SearchBox />}
      {problems.map((problem) => (
        <p key={problem} className="trouble" role="alert">
          {problem}
        </p>
      ))}
      <FilterBar query={query} onStatuses={(statuses) => change({ statuses })} />
      <QuerySentence query={query} shownCount={order.rows.length} totalCount={fleet.rowCount} onChange={change} />
      {fleet.totals === null ? (
        <Skeleton lines={12} />
      ) : order.rows.length === 0 ? (
        <NoRows empty={fleet.rowCount === 0} />
      ) : phone ? (
        <MinerCards order={order} />
      ) : (
        <MinerTable order={order} query={query} onSort={(key) => change(nextSort(query, key))} />
      )}
    </main>
  );
}

/** Says what is true, and what to do next. */
function NoRows({ empty }: { empty: boolean }): ReactElement {
  const mayOperate = useMayOperate();
  if (!empty)
    return (
      <div className="panel nothing">
        <p>
          <b>No miner matches.</b> Take a condition away, or see them all.
        </p>
        <Link className="btn" href={minersAddress(DEFAULT_QUERY)}>
          Show all miners
        </Link>
      </div>
    );
  return (
    <div className="panel nothing">
      <p>
        <b>No miner yet.</b>{" "}
        {mayOperate ? "Add the address ranges of a site and scan them" : "Ask an operator to add the address ranges of a site"}, or look at
        an invented fleet of 500 with the demo:
      </p>
      <code>npx hashwatch demo</code>
      {mayOperate && (
        <Link className="btn primary" href="/sites">
          Add ranges
        </Link>
      )}
    </div>
  );
}

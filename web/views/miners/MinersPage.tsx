import { useMemo, type ReactElement } from "react";
import { EmptyFleet } from "../../components/EmptyFleet.tsx";
import { Link } from "../../components/Link.tsx";
import { SearchBox } from "../../components/SearchBox.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { usePhone } from "../../components/useMediaQuery.ts";
import type { RowQuery } from "../../live/rowQuery.ts";
import { useFleet, useParts } from "../context.ts";
import { useSelectionInAddress } from "../useSelectionInAddress.ts";
import { ColumnsPanel } from "./ColumnsPanel.tsx";
import type { Layout } from "./layout.ts";
import { MinerCards } from "./MinerCards.tsx";
import { minersAddress, nextSort, parseMinersAddress } from "./minersQuery.ts";
import { MinerTable } from "./MinerTable.tsx";
import { QuerySentence } from "./QuerySentence.tsx";
import { useLayout, useLiveColumns } from "./useLayout.ts";
import { usePlaces } from "./usePlaces.ts";
import { useRowOrder } from "./useRowOrder.ts";
import "./miners.css";
import "./table.css";

/** All miners, as a table or, on a phone, as cards. The address holds filter, search, order, columns and selection. */
export function MinersPage({ search }: { search: string }): ReactElement {
  const { navigation } = useParts();
  const fleet = useFleet();
  const phone = usePhone();
  const places = usePlaces();
  const source = useMemo(() => ({ fleet, places }), [fleet, places]);
  const { query, layout: addressLayout, problems } = useMemo(() => parseMinersAddress(search), [search]);
  const { layout, isChanged, keep } = useLayout(addressLayout, fleet.identity.hasNames);
  const order = useRowOrder(source, query);
  useSelectionInAddress();
  useLiveColumns(query, phone ? [] : layout.map(({ field }) => field));
  const ask = (changed: RowQuery): void => navigation.push(minersAddress(changed, addressLayout));
  const arrange = (changed: Layout | null): void => {
    keep(changed);
    navigation.replace(minersAddress(query, changed));
  };
  return (
    <main className="miners">
      <h1 className="unseen">Miners</h1>
      {phone && <SearchBox />}
      {problems.map((problem) => (
        <p key={problem} className="trouble" role="alert">
          {problem}
        </p>
      ))}
      <div className="tablebar">{!phone && <ColumnsPanel layout={layout} isChanged={isChanged} onLayout={arrange} />}</div>
      <QuerySentence source={source} query={query} shownCount={order.rows.length} onQuery={ask} />
      {fleet.totals === null ? (
        <Skeleton lines={12} />
      ) : order.rows.length === 0 ? (
        <NoRows empty={fleet.rowCount === 0} />
      ) : phone ? (
        <MinerCards source={source} order={order} />
      ) : (
        <MinerTable
          source={source}
          order={order}
          sort={query.sort}
          layout={layout}
          onSort={(field, added) => ask({ ...query, sort: nextSort(query.sort, field, added) })}
          onLayout={arrange}
        />
      )}
    </main>
  );
}

/** Says what is true, and what to do next. */
function NoRows({ empty }: { empty: boolean }): ReactElement {
  if (empty) return <EmptyFleet />;
  return (
    <div className="panel nothing">
      <p>
        <b>No miner matches.</b> Take a condition away, or see them all.
      </p>
      <Link className="btn" href={minersAddress()}>
        Show all miners
      </Link>
    </div>
  );
}

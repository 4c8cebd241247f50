import { useMemo, useState, type ReactElement } from "react";
import { EmptyFleet } from "../../components/EmptyFleet.tsx";
import { Link } from "../../components/Link.tsx";
import { SearchBox } from "../../components/SearchBox.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { usePhone } from "../../components/useMediaQuery.ts";
import type { RowQuery } from "../../live/rowQuery.ts";
import { useFleetShape, useParts } from "../context.ts";
import { SelectionInAddress } from "../SelectionInAddress.ts";
import { ColumnsPanel } from "./ColumnsPanel.tsx";
import { ExportButton } from "./ExportButton.tsx";
import type { Layout } from "./layout.ts";
import { MinerCards } from "./MinerCards.tsx";
import { minersAddress, nextSort, parseMinersAddress } from "./minersQuery.ts";
import { MinerTable } from "./MinerTable.tsx";
import { QuerySentence } from "./QuerySentence.tsx";
import { TableSelection } from "./TableSelection.tsx";
import { useLayout, useLiveColumns } from "./useLayout.ts";
import { usePickedRows } from "./usePickedRows.ts";
import { usePlaces } from "./usePlaces.ts";
import { useRowOrder } from "./useRowOrder.ts";
import { useSavedViews } from "./useSavedViews.ts";
import { ViewsBar } from "./ViewsBar.tsx";
import "./miners.css";
import "./table.css";
import "./views.css";

const MISSING_VIEW = "The view in this link was deleted, or is not shared with you. What the link says besides it is shown.";

/** All miners, as a table or, on a phone, as cards. The address holds filter, search, order, columns and selection. */
export function MinersPage({ search }: { search: string }): ReactElement {
  const { navigation } = useParts();
  const fleet = useFleetShape();
  const phone = usePhone();
  const [isSelecting, setSelecting] = useState(false);
  const places = usePlaces();
  const source = useMemo(() => ({ fleet, places }), [fleet, places]);
  const asked = useMemo(() => parseMinersAddress(search), [search]);
  const { query, layout: addressLayout, viewId } = asked;
  const arrangement = useLayout(addressLayout, fleet.identity.hasNames);
  const { layout, isChanged, keep } = arrangement;
  const views = useSavedViews(asked, arrangement);
  const order = useRowOrder(source, query);
  const picked = usePickedRows(fleet, order.rows);
  useLiveColumns(query, phone ? [] : layout.map(({ field }) => field));
  const ask = (changed: RowQuery): void => navigation.push(minersAddress(changed, addressLayout, viewId));
  const arrange = (changed: Layout | null): void => {
    keep(changed);
    navigation.replace(minersAddress(query, changed, viewId));
  };
  return (
    <main className="miners">
      <SelectionInAddress />
      <h1 className="unseen">Miners</h1>
      {phone && <SearchBox />}
      {[...asked.problems, ...(views.isMissing ? [MISSING_VIEW] : [])].map((problem) => (
        <p key={problem} className="trouble" role="alert">
          {problem}
        </p>
      ))}
      <div className="tablebar">
        <ViewsBar views={views} isPlain={minersAddress(query, addressLayout) === minersAddress()} />
        <div className="tools push">
          {phone ? (
            <button type="button" className="btn" aria-pressed={isSelecting} onClick={() => setSelecting(!isSelecting)}>
              Select
            </button>
          ) : (
            <ColumnsPanel layout={layout} isChanged={isChanged} onLayout={arrange} />
          )}
          <ExportButton source={source} rows={order.rows} picked={picked} layout={layout} />
        </div>
      </div>
      <QuerySentence source={source} query={query} shownCount={order.rows.length} onQuery={ask} />
      {fleet.totals === null ? (
        <Skeleton lines={12} />
      ) : order.rows.length === 0 ? (
        <NoRows empty={fleet.rowCount === 0} />
      ) : phone ? (
        <MinerCards source={source} order={order} isSelecting={isSelecting} />
      ) : (
        <MinerTable
          source={source}
          order={order}
          picked={picked}
          sort={query.sort}
          layout={layout}
          onSort={(field, added) => ask({ ...query, sort: nextSort(query.sort, field, added) })}
          onLayout={arrange}
        />
      )}
      <TableSelection rows={order.rows} picked={picked} />
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

import { memo, type ReactElement } from "react";
import { FigureText } from "../../components/FigureText.tsx";
import { Link } from "../../components/Link.tsx";
import { SeverityText } from "../../components/SeverityMark.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { ABSENT, formatNumber } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { formatSpan } from "../../format/time.ts";
import { workFigure } from "../../format/work.ts";
import type { HeldIncident } from "../../live/incidentBook.ts";
import { incidentAddress } from "../navigation.ts";
import { causeStatus } from "./causeStatus.ts";
import { Clock, LostSoFar, PlaceText, Since, StateText } from "./cells.tsx";
import type { IncidentSort, SortField } from "./incidentsQuery.ts";
import { pickable, type Listing } from "./listing.ts";

interface Head {
  readonly field: SortField;
  readonly label: string;
}

const HEADS: Readonly<Record<"active" | "closed", readonly Head[]>> = {
  active: [
    { field: "severity", label: "Severity" },
    { field: "openedAtMs", label: "Open for" },
    { field: "firingCount", label: "Members now" },
    { field: "lostHashrateHs", label: "Lost now" },
    { field: "lostHashes", label: "Lost so far" },
  ],
  closed: [
    { field: "severity", label: "Severity" },
    { field: "closedAtMs", label: "Closed" },
    { field: "openedAtMs", label: "Lasted, since" },
    { field: "memberCount", label: "Members" },
    { field: "lostHashes", label: "Lost" },
  ],
};

/** One row of two lines per incident; a press on a head sorts. */
export function IncidentTable({ items, query, picked, onPick, onSort }: Listing): ReactElement {
  const isClosed = query.state === "closed";
  const open = pickable(items);
  return (
    <div className="panel scrollx" tabIndex={0} role="region" aria-label="List of incidents">
      <table className="incidenttable">
        <thead>
          <tr>
            {picked !== null && (
              <th scope="col" className="tick">
                <input
                  type="checkbox"
                  aria-label="Pick every open one that is shown"
                  disabled={open.length === 0}
                  checked={open.length > 0 && open.every((id) => picked.has(id))}
                  onChange={(event) => onPick(open, event.target.checked)}
                />
              </th>
            )}
            <th scope="col">Incident</th>
            {HEADS[isClosed ? "closed" : "active"].map((head) => (
              <SortHead key={head.field} head={head} sort={query.sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((held) => (
            <Row
              key={held.row.id}
              held={held}
              isClosedList={isClosed}
              isPicked={picked === null ? null : picked.has(held.row.id)}
              onPick={onPick}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SortHead({ head: { field, label }, sort, onSort }: { head: Head; sort: IncidentSort; onSort: Listing["onSort"] }): ReactElement {
  const isSorted = sort.field === field;
  return (
    <th
      scope="col"
      className={field === "severity" ? "" : "num"}
      aria-sort={isSorted ? (sort.descending ? "descending" : "ascending") : undefined}
    >
      <button type="button" className={`sorthead ${isSorted ? "sorted" : ""}`} onClick={() => onSort(field)}>
        {label}
        <span aria-hidden="true">{isSorted ? (sort.descending ? " ↓" : " ↑") : ""}</span>
      </button>
    </th>
  );
}

interface RowProps {
  readonly held: HeldIncident;
  readonly isClosedList: boolean;
  /** null: cannot be picked. */
  readonly isPicked: boolean | null;
  readonly onPick: Listing["onPick"];
}

const Row = memo(function Row({ held, isClosedList, isPicked, onPick }: RowProps): ReactElement {
  const { row } = held;
  return (
    <tr data-incident={row.id} className={isPicked === true ? "picked" : ""}>
      {isPicked !== null && (
        <td className="tick">
          <input
            type="checkbox"
            aria-label={`Pick ${row.explanation}`}
            disabled={row.state !== "open"}
            checked={isPicked}
            onChange={(event) => onPick([row.id], event.target.checked)}
          />
        </td>
      )}
      <td>
        <div className="what">
          <StatusMark status={causeStatus(row.cause)} size={20} />
          <div>
            <Link className="plain" href={incidentAddress(row.id)}>
              {plainText(row.explanation)}
            </Link>
            <small>
              <PlaceText row={row} />. <StateText row={row} />
            </small>
          </div>
        </div>
      </td>
      <td>
        <SeverityText severity={row.severity} />
      </td>
      {isClosedList ? <ClosedFigures row={row} /> : <LiveFigures held={held} />}
    </tr>
  );
});

function LiveFigures({ held }: { held: HeldIncident }): ReactElement {
  const { row } = held;
  return (
    <>
      <td className="num">
        <Since atMs={row.openedAtMs} />
      </td>
      <td className="num">
        {formatNumber(row.firingCount)}
        <small className="muted"> of {formatNumber(row.memberCount)}</small>
      </td>
      <td className="num">
        <FigureText figure={hashrateFigure(row.lostHashrateHs)} />
      </td>
      <td className="num">
        <LostSoFar held={held} />
      </td>
    </>
  );
}

function ClosedFigures({ row }: Pick<HeldIncident, "row">): ReactElement {
  return (
    <>
      <td className="num">{row.closedAtMs === null ? ABSENT : <Clock atMs={row.closedAtMs} />}</td>
      <td className="num">
        {formatSpan((row.closedAtMs ?? row.openedAtMs) - row.openedAtMs)}{" "}
        <small className="muted">
          <Clock atMs={row.openedAtMs} />
        </small>
      </td>
      <td className="num">{formatNumber(row.memberCount)}</td>
      <td className="num">
        <FigureText figure={workFigure(row.lostHashes)} />
      </td>
    </>
  );
}

import { memo, type ReactElement } from "react";
import { FigureText } from "../../components/FigureText.tsx";
import { Link } from "../../components/Link.tsx";
import { SeverityText } from "../../components/SeverityMark.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { formatNumber } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import type { HeldIncident } from "../../live/incidentBook.ts";
import { incidentAddress } from "../navigation.ts";
import { causeStatus } from "./causeStatus.ts";
import { LostSoFar, PlaceText, Since, StateText } from "./cells.tsx";
import { pickable, type Listing } from "./listing.ts";

/** The list at phone width: a card per incident, with a box to tick beside those that nobody has acknowledged. */
export function IncidentCards({ items, picked, onPick }: Listing): ReactElement {
  const open = pickable(items);
  return (
    <>
      {picked !== null && open.length > 1 && (
        <label className="pickall">
          <input type="checkbox" checked={open.every((id) => picked.has(id))} onChange={(event) => onPick(open, event.target.checked)} />
          Pick all {formatNumber(open.length)} that are open
        </label>
      )}
      <ul className="incidentcards" aria-label="List of incidents">
        {items.map((held) => (
          <Card key={held.row.id} held={held} isPicked={picked === null ? null : picked.has(held.row.id)} onPick={onPick} />
        ))}
      </ul>
    </>
  );
}

interface CardProps {
  readonly held: HeldIncident;
  readonly isPicked: boolean | null;
  readonly onPick: Listing["onPick"];
}

const Card = memo(function Card({ held, isPicked, onPick }: CardProps): ReactElement {
  const { row } = held;
  return (
    <li className={`panel incidentcard ${isPicked === true ? "picked" : ""}`} data-incident={row.id}>
      <Link className="plain" href={incidentAddress(row.id)}>
        <span className="cardtop">
          <StatusMark status={causeStatus(row.cause)} size={20} />
          <b>{plainText(row.explanation)}</b>
        </span>
        <small className="soft">
          <PlaceText row={row} />. <StateText row={row} />
        </small>
        <span className="cardfigures">
          <SeverityText severity={row.severity} />
          <span>
            <Since atMs={row.openedAtMs} />
            <small>{row.state === "closed" ? "since it opened" : "open"}</small>
          </span>
          <span>
            {formatNumber(row.firingCount)}
            <small>of {formatNumber(row.memberCount)} members</small>
          </span>
          <span>
            <FigureText figure={hashrateFigure(row.lostHashrateHs)} />
            <small>lost now</small>
          </span>
          <span>
            <LostSoFar held={held} />
            <small>lost so far</small>
          </span>
        </span>
      </Link>
      {isPicked !== null && row.state === "open" && (
        <label className="cardpick">
          <input type="checkbox" checked={isPicked} onChange={(event) => onPick([row.id], event.target.checked)} />
          <span className="unseen">Pick {row.explanation}</span>
        </label>
      )}
    </li>
  );
});

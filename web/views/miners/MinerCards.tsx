import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useState, type ReactElement, type ReactNode } from "react";
import { FigureText } from "../../components/FigureText.tsx";
import { Link } from "../../components/Link.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { formatShare, powerFigure } from "../../format/number.ts";
import { statusWord } from "../../format/status.ts";
import { temperatureFigure } from "../../format/temperature.ts";
import { formatAge } from "../../format/time.ts";
import type { RowSource } from "../../live/fields.ts";
import type { RowOrder } from "../../live/rowOrder.ts";
import { useFleet, useNowMs, useParts, useSelectedIds } from "../context.ts";
import { minerAddress } from "../navigation.ts";
import { rowFacts } from "./rowFacts.ts";

const CARD_HEIGHT = 78;

interface MinerCardsProps {
  readonly source: RowSource;
  readonly order: RowOrder;
  /** A touch selects a miner rather than opens it. */
  readonly isSelecting: boolean;
}

/** The table at phone width: one card of two lines per miner; the page itself scrolls. */
export function MinerCards({ source, order, isSelecting }: MinerCardsProps): ReactElement {
  const { selection } = useParts();
  const fleet = useFleet();
  const nowMs = useNowMs();
  const selectedIds = useSelectedIds();
  const [top, setTop] = useState(0);
  const { rows } = order;
  const pick = useCallback((id: string) => selection.toggle(id), [selection]);
  const virtual = useWindowVirtualizer({ count: rows.length, estimateSize: () => CARD_HEIGHT, overscan: 6, scrollMargin: top });
  return (
    <div
      className="cards"
      role="list"
      aria-label="Miners"
      ref={(node) => setTop(node?.offsetTop ?? 0)}
      style={{ height: virtual.getTotalSize() }}
    >
      {virtual.getVirtualItems().map((item) => (
        <Card
          key={item.key}
          source={source}
          row={rows[item.index]}
          place={{ position: item.index + 1, count: rows.length }}
          top={item.start - top}
          stamp={fleet.revision}
          nowMs={nowMs}
          onPick={isSelecting ? pick : null}
          selected={selectedIds.size > 0 && selectedIds.has(fleet.idOf(rows[item.index]))}
        />
      ))}
    </div>
  );
}

interface CardProps {
  readonly source: RowSource;
  readonly row: number;
  readonly place: { readonly position: number; readonly count: number };
  readonly top: number;
  readonly stamp: number;
  readonly nowMs: number;
  readonly selected: boolean;
  /** null: a touch opens the machine. */
  readonly onPick: ((id: string) => void) | null;
}

const Card = memo(function Card({ source, row, place, top, nowMs, selected, onPick }: CardProps): ReactElement {
  const facts = rowFacts(source, row, nowMs);
  return (
    <div
      role="listitem"
      aria-posinset={place.position}
      aria-setsize={place.count}
      className={`card ${selected ? "selected" : ""}`}
      data-status={facts.status}
      style={{ transform: `translateY(${top}px)` }}
    >
      <CardBody id={facts.id} selected={selected} onPick={onPick}>
        <span className="line1">
          <StatusMark status={facts.status} />
          {selected && onPick === null && <span className="unseen">selected</span>}
          <b>{facts.text("name")}</b>
          <span className="soft">{statusWord(facts.status, facts.reason)}</span>
          <span className="push muted micro">{facts.text("model")}</span>
        </span>
        <span className="line2">
          <span className={facts.tone}>
            <FigureText figure={hashrateFigure(facts.number("hashrateHs"), facts.algorithm)} />
            <small>{facts.stale ? "last seen" : `${formatShare(facts.number("ratedShare"))} of rated`}</small>
          </span>
          <span className={facts.hot ? "hot" : facts.tone}>
            {facts.hot && "▴ "}
            <FigureText figure={temperatureFigure(facts.number("chipTempCMax"))} />
            <small>chip</small>
          </span>
          <span className={facts.tone}>
            <FigureText figure={powerFigure(facts.number("powerW"))} />
            <small>power</small>
          </span>
          <span className={facts.tone}>
            {formatAge(facts.number("sampleAgeMs"))}
            <small>age</small>
          </span>
        </span>
      </CardBody>
    </div>
  );
});

interface CardBodyProps extends Pick<CardProps, "selected" | "onPick"> {
  readonly id: string;
  readonly children: ReactNode;
}

/** The way to the machine, or a box to tick. */
function CardBody({ id, selected, onPick, children }: CardBodyProps): ReactElement {
  if (onPick === null)
    return (
      <Link className="plain" href={minerAddress(id)}>
        {children}
      </Link>
    );
  return (
    <button type="button" className="plain" role="checkbox" aria-checked={selected} onClick={() => onPick(id)}>
      <i className="cardtick" aria-hidden="true">
        {selected && "✓"}
      </i>
      {children}
    </button>
  );
}

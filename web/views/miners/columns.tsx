import type { ReactElement, ReactNode } from "react";
import { RatedBar } from "../../components/RatedBar.tsx";
import { Link } from "../../components/Link.tsx";
import { StatusText } from "../../components/StatusMark.tsx";
import { efficiencyFigure, hashrateFigure } from "../../format/hashrate.ts";
import { ABSENT, formatNumber, formatShare, textOf, type Figure } from "../../format/number.ts";
import { poolHost } from "../../format/pool.ts";
import { temperatureFigure, temperatureUnit } from "../../format/temperature.ts";
import { formatAge } from "../../format/time.ts";
import type { SortKey } from "../../live/order.ts";
import { minerAddress } from "../navigation.ts";
import type { RowFacts } from "./rowFacts.ts";

export interface Column {
  readonly key: SortKey;
  readonly head: string;
  readonly unit?: string | (() => string);
  readonly numeric?: boolean;
  /** A track of the grid's template. */
  readonly width: string;
  readonly cell: (facts: RowFacts) => ReactNode;
}

/** In a column whose head says TH/s, only other algorithms carry their unit. */
function inColumn(figure: Figure, headUnit: string): string {
  return figure.unit === headUnit ? figure.text : textOf(figure);
}

function Hashrate({ facts }: { facts: RowFacts }): ReactElement {
  return (
    <span className="hashrate">
      <RatedBar share={facts.ratedShare} stale={facts.stale} />
      <span className={facts.tone}>{inColumn(hashrateFigure(facts.hashrateHs, facts.algorithm), "TH/s")}</span>
    </span>
  );
}

function ChipTemp({ facts }: { facts: RowFacts }): ReactElement {
  const { text } = temperatureFigure(facts.chipTempC);
  return facts.hot ? <span className="hot">▴ {text}</span> : <span className={facts.tone}>{text}</span>;
}

function SlowestFan({ facts }: { facts: RowFacts }): ReactElement {
  const stopped = !facts.stale && facts.fanRpmMin === 0;
  return <span className={stopped ? "stopped" : facts.tone}>{formatNumber(facts.fanRpmMin)}</span>;
}

/** What is computed from old values is a dash: it would look like news. */
const unlessStale = (facts: RowFacts, text: string): ReactNode => <span className={facts.tone}>{facts.stale ? ABSENT : text}</span>;

const COLUMNS: readonly Column[] = [
  {
    key: "name",
    head: "Miner",
    width: "minmax(84px, 0.5fr)",
    cell: (facts) => (
      <Link className="plain name" href={minerAddress(facts.id)} tabIndex={-1}>
        {facts.name}
      </Link>
    ),
  },
  { key: "status", head: "Status", width: "146px", cell: (facts) => <StatusText status={facts.status} reason={facts.reason} /> },
  { key: "model", head: "Model", width: "minmax(100px, 0.5fr)", cell: (facts) => <span className="soft">{facts.model}</span> },
  { key: "address", head: "Address", width: "108px", cell: (facts) => <span className="id soft">{facts.address}</span> },
  {
    key: "lostHashrateHs",
    head: "Lost",
    unit: "TH/s",
    numeric: true,
    width: "72px",
    cell: (facts) => inColumn(hashrateFigure(facts.lostHashrateHs, facts.algorithm), "TH/s"),
  },
  { key: "hashrateHs", head: "Hashrate", unit: "TH/s", numeric: true, width: "128px", cell: (facts) => <Hashrate facts={facts} /> },
  {
    key: "ratedShare",
    head: "of rated",
    numeric: true,
    width: "66px",
    cell: (facts) => unlessStale(facts, formatShare(facts.ratedShare)),
  },
  { key: "chipTempCMax", head: "Chip", unit: temperatureUnit, numeric: true, width: "66px", cell: (facts) => <ChipTemp facts={facts} /> },
  { key: "fanRpmMin", head: "Fan min", unit: "rpm", numeric: true, width: "84px", cell: (facts) => <SlowestFan facts={facts} /> },
  {
    key: "powerW",
    head: "Power",
    unit: "W",
    numeric: true,
    width: "74px",
    cell: (facts) => <span className={facts.tone}>{formatNumber(facts.powerW)}</span>,
  },
  {
    key: "efficiencyJPerTh",
    head: "J/TH",
    numeric: true,
    width: "60px",
    cell: (facts) => unlessStale(facts, inColumn(efficiencyFigure(facts.efficiencyJPerTh, facts.algorithm), "J/TH")),
  },
  {
    key: "rejectRatio",
    head: "Reject",
    numeric: true,
    width: "68px",
    cell: (facts) => unlessStale(facts, formatShare(facts.rejectRatio, 2)),
  },
  {
    key: "pool",
    head: "Pool",
    width: "minmax(128px, 1fr)",
    cell: (facts) => (
      <span className="soft" title={facts.pool}>
        {poolHost(facts.pool)}
      </span>
    ),
  },
  { key: "worker", head: "Worker", width: "minmax(104px, 0.9fr)", cell: (facts) => <span className="soft">{facts.worker}</span> },
  {
    key: "sampleAgeMs",
    head: "Age",
    numeric: true,
    width: "76px",
    cell: (facts) => <span className={facts.stale ? "stale" : "soft"}>{formatAge(facts.ageMs)}</span>,
  },
];

/** Where no miner has a name of its own the first column would repeat the address: then the address leads. */
export function columnsFor(hasNames: boolean): readonly Column[] {
  if (hasNames) return COLUMNS;
  return COLUMNS.filter((column) => column.key !== "name").map((column) =>
    column.key === "address" ? { ...column, width: "minmax(124px, 0.7fr)", cell: addressLink } : column,
  );
}

function addressLink(facts: RowFacts): ReactNode {
  return (
    <Link className="plain name id" href={minerAddress(facts.id)} tabIndex={-1}>
      {facts.address}
    </Link>
  );
}

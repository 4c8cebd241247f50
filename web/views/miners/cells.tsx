import { Fragment, type ReactElement, type ReactNode } from "react";
import { Link } from "../../components/Link.tsx";
import { RatedBar } from "../../components/RatedBar.tsx";
import { StatusText } from "../../components/StatusMark.tsx";
import { efficiencyFigure, hashrateFigure } from "../../format/hashrate.ts";
import { ABSENT, formatNumber, formatShare, textOf, type Figure } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { statusWord } from "../../format/status.ts";
import { temperatureFigure } from "../../format/temperature.ts";
import { formatAge, formatIso, formatSpan } from "../../format/time.ts";
import { fansOf, type NumberField, type TextField } from "../../live/fields.ts";
import { minerAddress } from "../navigation.ts";
import type { RowFacts } from "./rowFacts.ts";

export type Cell = (facts: RowFacts) => ReactNode;

/** In a column whose head says TH/s, only other algorithms carry their unit. */
function inColumn(figure: Figure, headUnit: string): string {
  return figure.unit === headUnit ? figure.text : textOf(figure);
}

/** What is computed from old values is a dash: it would look like news. */
const unlessStale = (facts: RowFacts, text: string): string => (facts.stale ? ABSENT : text);

export const rateCell =
  (field: NumberField): Cell =>
  (facts) =>
    inColumn(hashrateFigure(facts.number(field), facts.algorithm), "TH/s");

export const temperatureCell =
  (field: NumberField): Cell =>
  (facts) =>
    temperatureFigure(facts.number(field)).text;

export const countCell =
  (field: NumberField): Cell =>
  (facts) =>
    formatNumber(facts.number(field));

export const shareCell =
  (field: NumberField, digits: number): Cell =>
  (facts) =>
    unlessStale(facts, formatShare(facts.number(field), digits));

export const textCell =
  (field: TextField): Cell =>
  (facts) =>
    facts.text(field);

/** The instant from which the time of a cell counts. */
export function instantOf(facts: RowFacts, field: NumberField): string | undefined {
  const ageMs = facts.number(field);
  return Number.isNaN(ageMs) ? undefined : formatIso(facts.source.fleet.clock.nowMs() - ageMs);
}

export const ageCell =
  (field: NumberField): Cell =>
  (facts) =>
    formatAge(facts.number(field));

export const uptimeCell: Cell = (facts) => unlessStale(facts, formatSpan(facts.number("uptimeMs")));

export const efficiencyCell: Cell = (facts) =>
  unlessStale(facts, inColumn(efficiencyFigure(facts.number("efficiencyJPerTh"), facts.algorithm), "J/TH"));

/** As StatusText has it; the one mark that nearly every row has is drawn by the style sheet, which costs a fraction of a picture. */
export const statusCell: Cell = ({ status, reason }) =>
  status === "hashing" ? <span className="st ring">{statusWord(status, reason)}</span> : <StatusText status={status} reason={reason} />;

const rateText = rateCell("hashrateHs");

export const hashrateCell: Cell = (facts) => (
  <>
    <RatedBar share={facts.number("ratedShare")} stale={facts.stale} />
    {rateText(facts)}
  </>
);

export const chipTempCell: Cell = (facts) => {
  const { text } = temperatureFigure(facts.number("chipTempCMax"));
  return facts.hot ? <span className="hot">▴ {text}</span> : text;
};

export const slowestFanCell: Cell = (facts) => fan(facts, facts.number("fanRpmMin"));

export const fansCell: Cell = (facts) => {
  const rpms = fansOf(facts.source.fleet, facts.row);
  if (rpms.length === 0) return ABSENT;
  return rpms.map((rpm, place) => (
    <Fragment key={place}>
      {place > 0 && " "}
      {fan(facts, rpm)}
    </Fragment>
  ));
};

function fan({ stale }: RowFacts, rpm: number): ReactNode {
  return !stale && rpm === 0 ? <span className="stopped">{formatNumber(rpm)}</span> : formatNumber(rpm);
}

/** The text that leads to the machine's page. */
export function MinerLink({ facts, field }: { facts: RowFacts; field: "name" | "address" }): ReactElement {
  return (
    <Link className={`plain name ${field === "address" ? "id" : ""}`} href={minerAddress(facts.id)} tabIndex={-1} title={facts.text(field)}>
      {facts.text(field)}
    </Link>
  );
}

export function Tags({ facts }: { facts: RowFacts }): ReactElement {
  const { fleet } = facts.source;
  const tags = fleet.identity.columns.tags[fleet.identityOfRow()[facts.row]] ?? [];
  return (
    <>
      {tags.map((tag) => (
        <span key={tag} className="tag">
          {plainText(tag)}
        </span>
      ))}
    </>
  );
}

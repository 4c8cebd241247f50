import type { ReactElement, ReactNode } from "react";
import { Link } from "../../components/Link.tsx";
import { RatedBar } from "../../components/RatedBar.tsx";
import { efficiencyFigure, hashrateFigure } from "../../format/hashrate.ts";
import { ABSENT, formatNumber, formatShare, textOf, type Figure } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
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

const toned = (facts: RowFacts, text: string): ReactNode => <span className={facts.tone}>{text}</span>;

/** What is computed from old values is a dash: it would look like news. */
const unlessStale = (facts: RowFacts, text: string): ReactNode => toned(facts, facts.stale ? ABSENT : text);

const rateText = (facts: RowFacts, field: NumberField): string => inColumn(hashrateFigure(facts.number(field), facts.algorithm), "TH/s");

export const rateCell =
  (field: NumberField): Cell =>
  (facts) =>
    toned(facts, rateText(facts, field));

/** What a rating or a loss is does not age with the sample. */
export const steadyRateCell =
  (field: NumberField): Cell =>
  (facts) =>
    rateText(facts, field);

export const temperatureCell =
  (field: NumberField): Cell =>
  (facts) =>
    toned(facts, temperatureFigure(facts.number(field)).text);

export const countCell =
  (field: NumberField): Cell =>
  (facts) =>
    toned(facts, formatNumber(facts.number(field)));

export const shareCell =
  (field: NumberField, digits: number): Cell =>
  (facts) =>
    unlessStale(facts, formatShare(facts.number(field), digits));

export const textCell =
  (field: TextField): Cell =>
  (facts) => (
    <span className="soft" title={facts.text(field)}>
      {facts.text(field)}
    </span>
  );

/** Addresses, MACs and serials: a zero that is no O. */
export const idCell =
  (field: TextField): Cell =>
  (facts) => <span className="id soft">{facts.text(field)}</span>;

/** A time since an instant, the instant on hover. */
export const sinceCell =
  (field: "statusAgeMs" | "lastSeenAgeMs"): Cell =>
  (facts) => {
    const ageMs = facts.number(field);
    return (
      <span className="soft" title={Number.isNaN(ageMs) ? undefined : formatIso(facts.source.fleet.clock.nowMs() - ageMs)}>
        {formatAge(ageMs)}
      </span>
    );
  };

export const uptimeCell: Cell = (facts) => unlessStale(facts, formatSpan(facts.number("uptimeMs")));

export const efficiencyCell: Cell = (facts) =>
  unlessStale(facts, inColumn(efficiencyFigure(facts.number("efficiencyJPerTh"), facts.algorithm), "J/TH"));

export function Hashrate({ facts }: { facts: RowFacts }): ReactElement {
  return (
    <span className="hashrate">
      <RatedBar share={facts.number("ratedShare")} stale={facts.stale} />
      <span className={facts.tone}>{rateText(facts, "hashrateHs")}</span>
    </span>
  );
}

export function ChipTemp({ facts }: { facts: RowFacts }): ReactElement {
  const { text } = temperatureFigure(facts.number("chipTempCMax"));
  return facts.hot ? <span className="hot">▴ {text}</span> : <span className={facts.tone}>{text}</span>;
}

export function SlowestFan({ facts }: { facts: RowFacts }): ReactElement {
  return <Fan facts={facts} rpm={facts.number("fanRpmMin")} />;
}

export function Fans({ facts }: { facts: RowFacts }): ReactElement {
  const rpms = fansOf(facts.source.fleet, facts.row);
  if (rpms.length === 0) return <span className={facts.tone}>{ABSENT}</span>;
  return (
    <>
      {rpms.map((rpm, fan) => (
        <span key={fan}>
          {fan > 0 && " "}
          <Fan facts={facts} rpm={rpm} />
        </span>
      ))}
    </>
  );
}

function Fan({ facts, rpm }: { facts: RowFacts; rpm: number }): ReactElement {
  return <span className={!facts.stale && rpm === 0 ? "stopped" : facts.tone}>{formatNumber(rpm)}</span>;
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

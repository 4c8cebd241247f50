import { efficiencyFigure, hashrateFigure } from "../../format/hashrate.ts";
import { ABSENT, formatNumber, formatShare, textOf, type Figure } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { temperatureFigure } from "../../format/temperature.ts";
import { formatAge, formatIso, formatSpan } from "../../format/time.ts";
import { fansOf, type NumberField, type TextField } from "../../live/fields.ts";
import { minerAddress } from "../navigation.ts";
import { span, statusText, writeAttribute, writeRated, writeText } from "./drawing.ts";
import type { RowFacts } from "./rowFacts.ts";

/** What is more than a text: drawn anew where the key is another than that of what the cell shows. */
export interface Drawn {
  readonly key: string;
  /** The cell holds nothing, or what the same column drew of another row. */
  readonly draw: (cell: HTMLElement) => void;
}

/** `scoped`: an address with the site in it that the page is about. */
export type Cell = (facts: RowFacts, scoped: (address: string) => string) => string | Drawn;

/** In a column whose head says TH/s, only other algorithms carry their unit. */
function inColumn(figure: Figure, headUnit: string): string {
  return figure.unit === headUnit ? figure.text : textOf(figure);
}

/** What is computed from old values is a dash: it would look like news. */
const unlessStale = (facts: RowFacts, text: string): string => (facts.stale ? ABSENT : text);

const rateText = (facts: RowFacts, field: NumberField): string => inColumn(hashrateFigure(facts.number(field), facts.algorithm), "TH/s");

export const rateCell =
  (field: NumberField): Cell =>
  (facts) =>
    rateText(facts, field);

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

export const statusCell: Cell = ({ status, reason }) => ({
  key: `${status} ${reason}`,
  draw: (cell) => cell.replaceChildren(statusText(status, reason)),
});

export const hashrateCell: Cell = (facts) => {
  const shown = { share: facts.number("ratedShare"), stale: facts.stale, text: rateText(facts, "hashrateHs") };
  return { key: `${shown.share} ${shown.stale} ${shown.text}`, draw: (cell) => writeRated(cell, shown) };
};

export const chipTempCell: Cell = (facts) => {
  const { text } = temperatureFigure(facts.number("chipTempCMax"));
  return facts.hot ? { key: `hot ${text}`, draw: (cell) => cell.replaceChildren(span("hot", `▴ ${text}`)) } : text;
};

export const slowestFanCell: Cell = (facts) => {
  const rpm = facts.number("fanRpmMin");
  return isStopped(facts, rpm) ? fans(facts, [rpm]) : formatNumber(rpm);
};

export const fansCell: Cell = (facts) => {
  const rpms = fansOf(facts.source.fleet, facts.row);
  return rpms.length === 0 ? ABSENT : fans(facts, rpms);
};

/** Speeds side by side; a fan that stands still stands out. */
function fans(facts: RowFacts, rpms: readonly number[]): Drawn {
  const pieces = (): (string | HTMLElement)[] =>
    rpms.flatMap((rpm, place) => [place > 0 ? " " : "", isStopped(facts, rpm) ? span("stopped", formatNumber(rpm)) : formatNumber(rpm)]);
  return { key: `${facts.stale} ${rpms.join(" ")}`, draw: (cell) => cell.replaceChildren(...pieces()) };
}

function isStopped({ stale }: RowFacts, rpm: number): boolean {
  return !stale && rpm === 0;
}

/** The text that leads to the machine's page. */
export const linkCell =
  (field: "name" | "address"): Cell =>
  (facts, scoped) => {
    const text = facts.text(field);
    const href = scoped(minerAddress(facts.id));
    return { key: `${href} ${text}`, draw: (cell) => writeLink(cell, { text, href, look: field === "address" ? "id" : "" }) };
  };

function writeLink(cell: HTMLElement, { text, href, look }: { text: string; href: string; look: string }): void {
  const held = cell.firstElementChild;
  const link = held instanceof HTMLAnchorElement ? held : document.createElement("a");
  if (link !== held) {
    link.className = `plain name ${look}`;
    link.tabIndex = -1;
    cell.replaceChildren(link);
  }
  link.setAttribute("href", href);
  writeAttribute(link, "title", text);
  writeText(link, text);
}

export const tagsCell: Cell = (facts) => {
  const { fleet } = facts.source;
  const tags = (fleet.identity.columns.tags[fleet.identityOfRow()[facts.row]] ?? []).map(plainText);
  return { key: tags.join("\n"), draw: (cell) => cell.replaceChildren(...tags.map((tag) => span("tag", tag))) };
};

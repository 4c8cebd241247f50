import { selectionProblems } from "../../live/selectionText.ts";
import type { Grouping } from "./blocks.ts";
import { COLOURINGS, type Colouring } from "./colouring.ts";

export const SPANS = ["24h", "30d"] as const;
/** How far back the scrubber reaches. */
export type Span = (typeof SPANS)[number];

/** What the address says about the map. */
export interface MapQuery {
  readonly by: Colouring;
  readonly group: Grouping;
  /** The instant shown, epoch ms; null: now. */
  readonly atMs: number | null;
  readonly span: Span;
}

export const DEFAULT_MAP: MapQuery = { by: "status", group: "rack", atMs: null, span: "24h" };

const GROUPINGS: readonly Grouping[] = ["rack", "subnet"];
const KNOWN = ["by", "group", "at", "span", "site", "select"];

/** Reads `?by=temp&group=subnet&at=2026-11-24T03:04:00Z&span=30d`. What is wrong is named and left out. */
export function parseMapQuery(search: string): { query: MapQuery; problems: string[] } {
  const params = new URLSearchParams(search);
  const problems: string[] = [];
  const choice = <T extends string>(name: string, known: readonly T[], standard: T): T => {
    const text = params.get(name);
    const found = known.find((each) => each === text);
    if (text !== null && found === undefined) problems.push(`“${name}=${text}” is not known here. Known are ${known.join(", ")}.`);
    return found ?? standard;
  };
  for (const name of new Set(params.keys()))
    if (!KNOWN.includes(name)) problems.push(`“${name}” is not known here. Known are by, group, at, span and select.`);
  problems.push(...selectionProblems(params.get("select") ?? ""));
  return {
    query: {
      by: choice("by", COLOURINGS, DEFAULT_MAP.by),
      group: choice("group", GROUPINGS, DEFAULT_MAP.group),
      atMs: parseInstant(params.get("at"), problems),
      span: choice("span", SPANS, DEFAULT_MAP.span),
    },
    problems,
  };
}

function parseInstant(text: string | null, problems: string[]): number | null {
  if (text === null) return null;
  const atMs = Date.parse(text);
  if (!Number.isNaN(atMs)) return atMs;
  problems.push(`“at=${text}” is no instant, such as 2026-11-24T03:04:00Z. The map shows now.`);
  return null;
}

/** The address of the map with this choice; what is as by default is left out. */
export function mapAddress({ by, group, atMs, span }: MapQuery): string {
  const params = new URLSearchParams();
  if (by !== DEFAULT_MAP.by) params.set("by", by);
  if (group !== DEFAULT_MAP.group) params.set("group", group);
  if (atMs !== null) params.set("at", new Date(atMs).toISOString().replace(".000Z", "Z"));
  if (span !== DEFAULT_MAP.span) params.set("span", span);
  const query = params.toString().replaceAll("%3A", ":");
  return query === "" ? "/map" : `/map?${query}`;
}

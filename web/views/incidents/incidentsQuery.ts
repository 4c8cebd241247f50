import type { IncidentRow, IncidentState, ScopeKind, Severity } from "../../../server/contract/incidents.ts";
import { compareSeverity, WORST_FIRST } from "../../format/severity.ts";
import { isOfSite, lostHashesOf, type HeldIncident } from "../../live/incidentBook.ts";

/** Which incidents a list holds: those that are not closed, or those of one state. */
export const STATE_CHOICES = ["active", "open", "acknowledged", "closed"] as const;
export type StateChoice = (typeof STATE_CHOICES)[number];

export const SCOPE_LABELS: Readonly<Record<ScopeKind, string>> = {
  server: "Server",
  site: "Site",
  agent: "Agent",
  subnet: "Subnet",
  rack: "Rack",
  switch: "Switch",
  pdu: "PDU",
  miner: "Miner",
};
export const SCOPES = Object.keys(SCOPE_LABELS) as readonly ScopeKind[];

const SORT_FIELDS = ["severity", "openedAtMs", "closedAtMs", "firingCount", "memberCount", "lostHashrateHs", "lostHashes"] as const;
export type SortField = (typeof SORT_FIELDS)[number];

export interface IncidentSort {
  readonly field: SortField;
  readonly descending: boolean;
}

/** What the address says of the list. */
export interface IncidentQuery {
  readonly state: StateChoice;
  /** Empty: any. */
  readonly severities: readonly Severity[];
  /** null: any. */
  readonly scope: ScopeKind | null;
  readonly sort: IncidentSort;
}

/** The worst first, or of closed ones the last to end. */
export function usualSort(state: StateChoice): IncidentSort {
  return { field: state === "closed" ? "closedAtMs" : "severity", descending: true };
}

const KNOWN = ["state", "severity", "scope", "sort", "site"];

/** Reads `?state=closed&severity=critical,warning&scope=rack&sort=-lostHashes`. What is wrong is named and left out. */
export function parseIncidentsQuery(search: string): { query: IncidentQuery; problems: readonly string[] } {
  const params = new URLSearchParams(search);
  const problems: string[] = [];
  const known = <T extends string>(name: string, word: string, words: readonly T[]): T | null => {
    const found = words.find((each) => each === word) ?? null;
    if (found === null) problems.push(`“${name}=${word}” is not known here. Known are ${words.join(", ")}.`);
    return found;
  };
  for (const name of new Set(params.keys()))
    if (!KNOWN.includes(name)) problems.push(`“${name}” is not known here. Known are ${KNOWN.slice(0, -1).join(", ")}.`);
  const one = <T extends string>(name: string, words: readonly T[]): T | null => {
    const word = params.get(name);
    return word === null ? null : known(name, word, words);
  };
  const state = one("state", STATE_CHOICES) ?? "active";
  const asked = (params.get("severity") ?? "").split(",").filter(Boolean);
  const severities = asked.flatMap((word) => known("severity", word, WORST_FIRST) ?? []);
  const sortText = params.get("sort");
  const field = sortText === null ? null : known("sort", sortText.replace(/^-/, ""), SORT_FIELDS);
  const sort = field === null ? usualSort(state) : { field, descending: sortText?.startsWith("-") === true };
  return { query: { state, severities, scope: one("scope", SCOPES), sort }, problems };
}

export function incidentsAddress({ state, severities, scope, sort }: IncidentQuery): string {
  const params = new URLSearchParams();
  const usual = usualSort(state);
  if (state !== "active") params.set("state", state);
  if (severities.length > 0) params.set("severity", severities.join(","));
  if (scope !== null) params.set("scope", scope);
  if (sort.field !== usual.field || sort.descending !== usual.descending) params.set("sort", sortText(sort));
  const query = params.toString().replaceAll("%2C", ",");
  return query === "" ? "/incidents" : `/incidents?${query}`;
}

/** The same as the server takes it. */
export function serverQuery({ state, severities, scope, sort }: IncidentQuery, siteId: string | null): Readonly<Record<string, string>> {
  return {
    state: state === "active" ? "open,acknowledged" : state,
    ...(severities.length > 0 ? { severity: severities.join(",") } : {}),
    ...(scope === null ? {} : { kind: scope }),
    ...(siteId === null ? {} : { site: siteId }),
    sort: sortText(sort),
  };
}

const sortText = ({ field, descending }: IncidentSort): string => `${descending ? "-" : ""}${field}`;

const STATES_OF: Readonly<Record<StateChoice, readonly IncidentState[]>> = {
  active: ["open", "acknowledged"],
  open: ["open"],
  acknowledged: ["acknowledged"],
  closed: ["closed"],
};

export function isOfQuery(row: IncidentRow, { state, severities, scope }: IncidentQuery, siteId: string | null): boolean {
  const fits = <T>(wanted: readonly T[], value: T): boolean => wanted.length === 0 || wanted.includes(value);
  return (
    STATES_OF[state].includes(row.state) &&
    fits(severities, row.severity) &&
    fits(scope === null ? [] : [scope], row.scope.kind) &&
    isOfSite(row, siteId)
  );
}

/** The order of a list; what ties stands with the dearest first, then the newest. */
export function compareIncidents({ field, descending }: IncidentSort, nowMs: number): (a: HeldIncident, b: HeldIncident) => number {
  const valueOf = (held: HeldIncident): number => {
    if (field === "severity") return -WORST_FIRST.indexOf(held.row.severity);
    return field === "lostHashes" ? lostHashesOf(held, nowMs) : (held.row[field] ?? -Infinity);
  };
  return (a, b) =>
    (descending ? valueOf(b) - valueOf(a) : valueOf(a) - valueOf(b)) ||
    compareSeverity(a.row.severity, b.row.severity) ||
    b.row.lostHashrateHs - a.row.lostHashrateHs ||
    b.row.openedAtMs - a.row.openedAtMs;
}

import type { IncidentRow } from "../../../server/contract/incidents.ts";
import { csvText } from "../../format/csv.ts";

const HEAD = [
  ...["Incident", "State", "Severity", "Scope", "Place", "Site", "Cause", "Explanation", "Opened at", "Closed at"],
  ...["Members", "Firing", "Miners", "Lost now, TH/s", "Lost, TH/s·h", "Flapping", "Acknowledged by", "Assigned to", "Snoozed until"],
];

/** Incidents as CSV, in the given order; numbers without separators, instants in ISO 8601. */
export function incidentsCsv(rows: readonly IncidentRow[], siteName: (siteId: string) => string): string {
  return csvText([HEAD, ...rows.map((row) => lineOf(row, siteName))]);
}

function lineOf(row: IncidentRow, siteName: (siteId: string) => string): (string | number | null)[] {
  const instant = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());
  return [
    ...[row.id, row.state, row.severity, row.scope.kind, row.scope.name, row.siteId === null ? null : siteName(row.siteId)],
    ...[row.cause, row.explanation, instant(row.openedAtMs), instant(row.closedAtMs)],
    ...[row.memberCount, row.firingCount, row.minerCount, rounded(row.lostHashrateHs / 1e12), rounded(row.lostHashes / 3.6e15)],
    ...[row.flapping ? "yes" : "no", row.acknowledgedBy, row.assignee, instant(row.snoozedUntilMs)],
  ];
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

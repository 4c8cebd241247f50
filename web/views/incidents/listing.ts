import type { HeldIncident } from "../../live/incidentBook.ts";
import type { IncidentQuery, SortField } from "./incidentsQuery.ts";

/** What the table and the cards of incidents take. */
export interface Listing {
  readonly items: readonly HeldIncident[];
  readonly query: IncidentQuery;
  /** null: nothing can be picked here. */
  readonly picked: ReadonlySet<string> | null;
  readonly onPick: (ids: readonly string[], isPicked: boolean) => void;
  readonly onSort: (field: SortField) => void;
}

/** Acknowledging is for those that nobody has acknowledged. */
export function pickable(items: readonly HeldIncident[]): string[] {
  return items.filter(({ row }) => row.state === "open").map(({ row }) => row.id);
}

import type { Incident } from "../contract/incidents.ts";

/**
 * The seam between incidents and whoever tells people about them.
 *
 * Every change of an incident that is known to people becomes one piece of news with the next sequence number, on disk before it is told. A reader keeps
 * the last number that it has dealt with, in the same transaction as what it made of the news, and after any stop goes on with `after(thatNumber)`: nothing
 * is missed, nothing told twice.
 */
export interface IncidentNewsFeed {
  /** The highest number there is; 0 before the first. A reader that starts for the first time begins here. */
  readonly lastSeq: number;
  /** News with a higher number, oldest first, at most `limit`. Kept for at least 7 days. */
  after(seq: number, limit: number): Promise<IncidentNews[]>;
  /** Calls back whenever there is more; returns what ends it. */
  onNews(listener: () => void): () => void;
  /** The incident as it is now, cut as in news; null where it is not known. For escalation, and for previews of templates. */
  current(incidentId: string): Promise<Incident | null>;
}

/**
 * `opened`: it has gathered and stands; comes a second time, with `suppressedBy` null, when an incident that opened in a silence is still open at its end.
 * `changed`: the scope moved up or the severity rose. `updated`: anything else (members, notes, acknowledgement, flapping mark, hashrate lost): nothing is
 * sent, channels that can edit bring theirs up to date. `closed`: all members left, a person resolved it, or, with `mergedIntoId`, it became part of another,
 * whose `opened` or `changed` came before; people are not told of that again.
 */
export interface IncidentNews {
  /** From 1, ascending, never used twice; gaps are possible. */
  readonly seq: number;
  readonly atMs: number;
  readonly kind: "opened" | "changed" | "updated" | "closed";
  readonly reason: "scopeUp" | "severityUp" | null; // of `changed`
  /** Recorded, not to be sent. */
  readonly suppressedBy: Incident["suppressedBy"];
  /** After it; members and timeline hold at most MESSAGE_ENTRIES_MAX entries. */
  readonly incident: Incident;
}

import { MESSAGE_ENTRIES_MAX, type Incident, type IncidentMember, type IncidentRow } from "../contract/incidents.ts";
import { isFiring, type GatheredIncident, type Member } from "./state.ts";
import { causeOf, explanationOf } from "./wording.ts";

/** An incident as it is shown and sent, at an instant; at most so many members and lines of the timeline, those that fire first. */
export function presentIncident(incident: GatheredIncident, nowMs: number, entriesMax = Infinity): Incident {
  const { id, state, severity, scope, siteId, openedAtMs, closedAtMs, members, lossHs, acknowledgedBy, assignee } = incident;
  const firing = members.filter(isFiring);
  const inOrder =
    members.length > entriesMax ? [...firing, ...members.filter((member) => !isFiring(member))].slice(0, entriesMax) : members;
  const countedMs = closedAtMs === null ? Math.max(0, nowMs - incident.countedAtMs) : 0;
  return {
    ...{ id, state, severity, scope: { kind: scope.kind, id: scope.id, name: scope.name }, siteId, openedAtMs, closedAtMs },
    ...{ cause: causeOf(members), explanation: explanationOf(incident), memberCount: members.length, firingCount: firing.length },
    minerCount: members.reduce((sum, { subject }) => sum + (subject.kind === "server" ? 0 : subject.minerCount), 0),
    members: inOrder.map(presentMember),
    ...{ lostHashrateHs: lossHs, lostHashes: incident.lostHashes + (lossHs * countedMs) / 1000 },
    flapping: members.some(({ alerts }) => alerts.some((alert) => alert.flapping)) || members.some(({ last }) => last.flapping),
    ...{ acknowledgedBy, assignee, snoozedUntilMs: incident.snoozedUntilMs },
    suppressedBy: incident.quiet ?? (incident.snoozedUntilMs === null ? null : "snooze"),
    ...{ mergedIntoId: incident.mergedIntoId, placement: incident.placement, notes: incident.notes.slice(-entriesMax) },
    timeline: incident.timeline.slice(-entriesMax),
  };
}

export const presentForMessage = (incident: GatheredIncident, nowMs: number): Incident =>
  presentIncident(incident, nowMs, MESSAGE_ENTRIES_MAX);

/** A row of the list. */
export function rowOfIncident(incident: Incident): IncidentRow {
  const row: Partial<Incident> & IncidentRow = { ...incident };
  delete row.members;
  delete row.placement;
  delete row.notes;
  delete row.timeline;
  return row;
}

export function presentMember({ subject, alerts, last, joinedAtMs, leftAtMs, beforeHs }: Member): IncidentMember {
  const { kind, id, name, address } = subject;
  const causes = alerts.length > 0 ? [...new Set(alerts.map(({ cause }) => cause))] : [last.cause];
  const flapping = alerts.length > 0 ? alerts.some((alert) => alert.flapping) : last.flapping;
  const state = alerts.length > 0 ? "firing" : "resolved";
  const seen = [...new Set(alerts.map(({ detail }) => detail))].filter((detail) => detail !== "");
  const detail = alerts.length > 0 ? seen.join("; ") : last.detail;
  return { kind, id, name, address, state, causes, detail, flapping, joinedAtMs, leftAtMs, beforeHs };
}

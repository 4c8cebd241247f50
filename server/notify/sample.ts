import type { MessageEvent } from "../contract/channels.ts";
import type { Incident } from "../contract/incidents.ts";

/** An incident made up for previews and tests of a channel; it says so. */
export function sampleIncident(event: MessageEvent, nowMs: number): Incident {
  const openedAtMs = nowMs - 12 * 60_000;
  const closed = event === "closed";
  return {
    ...{ id: "i0", state: closed ? "closed" : "open", severity: "critical", siteId: null, cause: "unreachable" },
    scope: { kind: "rack", id: "sample", name: "B07" },
    explanation: "46 of 48 miners in rack B07 became unreachable within 20 s (an example)",
    ...{ openedAtMs, closedAtMs: closed ? nowMs : null, memberCount: 46, firingCount: closed ? 0 : 46, minerCount: 46 },
    members: [],
    ...{ lostHashrateHs: closed ? 0 : 4.6e15, lostHashes: 4.6e15 * 720, flapping: false, acknowledgedBy: null, assignee: null },
    ...{ snoozedUntilMs: null, suppressedBy: null, mergedIntoId: null },
    placement: [{ kind: "rack", id: "sample", name: "B07", changedCount: 46, minerCount: 48 }],
    notes: [],
    timeline: [{ atMs: openedAtMs, kind: "opened", text: "An example", by: null }],
  };
}

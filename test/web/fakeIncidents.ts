import type { Incident, IncidentMember, IncidentRow } from "../../server/contract/incidents.ts";
import { list, ok, refused, type Answer } from "./fakeAnswer.ts";

/** An incident of one miner, changed as a test wants it. */
export function incidentOf(number: number, change: Partial<Incident> = {}): Incident {
  const openedAtMs = change.openedAtMs ?? Date.now() - number * 600_000;
  const members = change.members ?? [memberOf(number, { joinedAtMs: openedAtMs })];
  return {
    ...{ id: `i${number}`, state: "open", severity: "warning", siteId: "site1", cause: "unreachable" },
    scope: { kind: "miner", id: `m${number}`, name: members[0]?.name ?? "" },
    explanation: `${members[0]?.name ?? "A miner"} became unreachable: no answer`,
    ...{ openedAtMs, closedAtMs: null, memberCount: members.length, minerCount: members.length },
    firingCount: members.filter(({ state }) => state === "firing").length,
    ...{ members, lostHashrateHs: 100e12, lostHashes: 3.6e17, flapping: false, acknowledgedBy: null, assignee: null },
    ...{ snoozedUntilMs: null, suppressedBy: null, mergedIntoId: null, notes: [] },
    placement: [
      { kind: "site", id: "site1", name: "Pecos", changedCount: members.length, minerCount: 500 },
      { kind: "miner", id: `m${number}`, name: members[0]?.name ?? "", changedCount: 1, minerCount: 1 },
    ],
    timeline: [{ atMs: openedAtMs, kind: "opened", text: "Opened with 1 member", by: null }],
    ...change,
  };
}

export function memberOf(number: number, change: Partial<IncidentMember> = {}): IncidentMember {
  const slot = String(((number - 1) % 48) + 1).padStart(2, "0");
  return {
    ...{ kind: "miner", id: `m${number}`, name: `A01-${slot}`, address: `10.20.0.${number + 1}`, state: "firing" },
    ...{
      causes: ["unreachable"],
      detail: "no answer",
      flapping: false,
      joinedAtMs: Date.now() - 600_000,
      leftAtMs: null,
      beforeHs: 200e12,
    },
    ...change,
  };
}

/** A whole rack of the fake map, first miner first, that went dark. */
export function rackIncident(number: number, change: Partial<Incident> = {}): Incident {
  const members = Array.from({ length: 48 }, (_, n) => memberOf(n + 1));
  return incidentOf(number, {
    severity: "critical",
    scope: { kind: "rack", id: "rack-A01", name: "A01" },
    explanation: "48 of 48 miners in rack A01 became unreachable within 9 s",
    ...{ members, lostHashrateHs: 9.6e15, lostHashes: 3.6e18 },
    placement: [
      { kind: "site", id: "site1", name: "Pecos", changedCount: 48, minerCount: 500 },
      { kind: "rack", id: "rack-A01", name: "A01", changedCount: 48, minerCount: 48 },
    ],
    ...change,
  });
}

/** Incidents behind the page, changed by its requests and by tests. `onNews` gets what the live stream tells. */
export class FakeIncidents {
  items: Incident[] = [];
  onNews: (incident: Incident) => void = () => undefined;
  /** What the next act is refused with, null for nothing. */
  refusal: Answer | null = null;
  /** What was asked of which, in order. */
  readonly acts: { readonly id: string; readonly deed: string; readonly body: Record<string, unknown> }[] = [];

  /** Changes or adds one as the server would see it, and tells. */
  put(incident: Incident): void {
    const isKnown = this.items.some(({ id }) => id === incident.id);
    this.items = isKnown ? this.items.map((held) => (held.id === incident.id ? incident : held)) : [...this.items, incident];
    this.onNews({ ...incident, members: incident.members.slice(0, 100), timeline: incident.timeline.slice(-100) });
  }

  change(id: string, change: Partial<Incident>): Incident {
    const changed = { ...this.#find(id), ...change } as Incident;
    this.put(changed);
    return changed;
  }

  /** null: not about incidents. */
  answer(call: string, url: URL, body: Record<string, unknown>): Answer | null {
    const [, method = "", id = "", deed = ""] = /^(\w+) \/incidents(?:\/([^/]+))?(?:\/(\w+))?$/.exec(call) ?? [];
    if (method === "") return null;
    if (id === "") return this.#list(url.searchParams);
    if (id === "acknowledge") return this.#acknowledgeAll(body["ids"] as string[]);
    const incident = this.#find(id);
    if (incident === undefined) return refused(404, `There is no incident ${id}`);
    if (method === "GET")
      return deed === "members" ? list(incident.members) : ok({ ...incident, members: incident.members.slice(0, 1000) });
    return this.#act(incident, deed, body);
  }

  #find(id: string): Incident | undefined {
    return this.items.find((each) => each.id === id);
  }

  #list(query: URLSearchParams): Answer {
    const has = (name: string, value: string | null): boolean =>
      query
        .get(name)
        ?.split(",")
        .includes(value ?? "") ?? true;
    const fits = (row: Incident): boolean =>
      has("state", row.state) && has("severity", row.severity) && has("kind", row.scope.kind) &&
      has("scope", row.scope.id) &&
      has("site", row.siteId) &&
      (query.get("miner") === null || row.members.some(({ id }) => has("miner", id))); // prettier-ignore
    const rows = this.items.filter(fits).map(rowOf);
    const from = Number(query.get("cursor") ?? 0);
    const to = from + Number(query.get("limit") ?? 100);
    return ok({ items: rows.slice(from, to), nextCursor: to < rows.length ? String(to) : null, totalCount: rows.length });
  }

  #acknowledgeAll(ids: readonly string[]): Answer {
    this.acts.push({ id: ids.join(), deed: "acknowledge", body: {} });
    const open = ids.filter((id) => this.#find(id)?.state === "open");
    for (const id of open) this.change(id, { state: "acknowledged", acknowledgedBy: "maria" });
    return ok({ acknowledgedIds: open, skippedIds: ids.filter((id) => !open.includes(id)) });
  }

  #act(incident: Incident, deed: string, body: Record<string, unknown>): Answer {
    if (this.refusal !== null) {
      const refusal = this.refusal;
      this.refusal = null;
      return refusal;
    }
    this.acts.push({ id: incident.id, deed, body });
    return ok(rowOf(this.change(incident.id, changeOf(incident, deed, body))));
  }
}

function changeOf(incident: Incident, deed: string, body: Record<string, unknown>): Partial<Incident> {
  const atMs = Date.now();
  switch (deed) {
    case "acknowledge":
      return { state: "acknowledged", acknowledgedBy: "maria" };
    case "assign":
      return { assignee: body["assignee"] as string | null };
    case "snooze":
      return { snoozedUntilMs: body["untilMs"] as number | null };
    case "resolve":
      return { state: "closed", closedAtMs: atMs };
    default:
      return { notes: [...incident.notes, { atMs, by: "maria", text: String(body["text"]) }] };
  }
}

function rowOf(incident: Incident): IncidentRow {
  const row: Partial<Incident> & IncidentRow = { ...incident };
  delete row.members;
  delete row.placement;
  delete row.notes;
  delete row.timeline;
  return row;
}

import { z } from "zod";
import type { Principal } from "../accounts/principal.ts";
import { id } from "../contract/api.ts";
import {
  AssignBody,
  BulkAcknowledgeBody,
  BulkAcknowledged,
  DETAIL_MEMBERS_MAX,
  Incident,
  IncidentMember,
  IncidentRow,
  IncidentState,
  NoteBody,
  ScopeKind,
  Severity,
  SEVERITIES,
  SnoozeBody,
} from "../contract/incidents.ts";
import type { LogEvent } from "../incidents/log.ts";
import type { ApiDeps } from "./deps.ts";
import { pageInOrder, pageOf, PageQuery } from "./page.ts";
import { found, notFound, ProblemError } from "./problem.ts";
import { anyOf } from "./queryList.ts";
import { route, type Route } from "./route.ts";

const params = z.strictObject({ id });
const SORTS = ["openedAtMs", "closedAtMs", "severity", "memberCount", "firingCount", "lostHashrateHs", "lostHashes"] as const;
const IncidentQuery = PageQuery.extend({
  state: anyOf(IncidentState),
  severity: anyOf(Severity),
  kind: anyOf(ScopeKind), // of the scope
  scope: anyOf(id), // the node that it stands at
  site: anyOf(z.string().max(100)),
  miner: anyOf(id), // is or was a member
  sort: z.enum([...SORTS, ...SORTS.map((field) => `-${field}` as const)]).default("-openedAtMs"),
});
type IncidentQuery = z.infer<typeof IncidentQuery>;

/** What happened, where, and who looks after it. */
export function incidentRoutes(deps: ApiDeps): Route[] {
  return [listRoute(deps), bulkRoute(deps), detailRoute(deps), membersRoute(deps), ...actRoutes(deps)];
}

function listRoute({ alerts }: ApiDeps): Route {
  return route({
    method: "get",
    path: "/incidents",
    role: "viewer",
    summary: "Incidents, open and closed, the newest first unless sorted otherwise",
    query: IncidentQuery,
    answer: pageOf(IncidentRow),
    action: null,
    async handler({ query, principal, nowMs }) {
      const ofMiners = query.miner === undefined ? null : await idsOfMiners(alerts, query.miner);
      const isWanted = (row: IncidentRow): boolean => sees(principal, row) && fits(row, query) && ofMiners?.has(row.id) !== false;
      const rows = alerts.incidents.rows(nowMs).filter(isWanted);
      rows.sort(orderOf(query.sort));
      return pageInOrder(rows, query);
    },
  });
}

async function idsOfMiners({ incidents }: ApiDeps["alerts"], minerIds: readonly string[]): Promise<Set<string>> {
  const ids = await Promise.all([...new Set(minerIds)].map((minerId) => incidents.idsOfMiner(minerId)));
  return new Set(ids.flat());
}

function fits(row: IncidentRow, { state, severity, kind, scope, site }: IncidentQuery): boolean {
  const has = <T>(wanted: readonly T[] | undefined, value: T): boolean => wanted === undefined || wanted.includes(value);
  const isAt = has(kind, row.scope.kind) && has(scope, row.scope.id) && has<string | null>(site, row.siteId);
  return isAt && has(state, row.state) && has(severity, row.severity);
}

/** `-` in front for descending; equal ones by number. What has no value yet comes last. */
function orderOf(sort: IncidentQuery["sort"]): (a: IncidentRow, b: IncidentRow) => number {
  const field = sort.replace(/^-/, "") as (typeof SORTS)[number];
  const direction = sort.startsWith("-") ? -1 : 1;
  const numberOf = (row: IncidentRow): number => Number(row.id.slice(1));
  return (a, b) => {
    const [x, y] = [valueOf(a, field), valueOf(b, field)];
    if (x === null || y === null) return x === y ? direction * (numberOf(a) - numberOf(b)) : x === null ? 1 : -1;
    return direction * (x - y || numberOf(a) - numberOf(b));
  };
}

function valueOf(row: IncidentRow, field: (typeof SORTS)[number]): number | null {
  return field === "severity" ? SEVERITIES.indexOf(row.severity) : row[field];
}

function bulkRoute({ alerts }: ApiDeps): Route {
  return route({
    method: "post",
    path: "/incidents/acknowledge",
    role: "operator",
    summary: "Acknowledge several incidents; those that are not open are skipped",
    body: BulkAcknowledgeBody,
    answer: BulkAcknowledged,
    action: "incident.acknowledge",
    async handler({ body, principal, nowMs }) {
      const rows = [...new Set(body.ids)].map((incidentId) => ({ incidentId, row: alerts.incidents.row(incidentId, nowMs) }));
      const open = rows
        .filter(({ row }) => row !== null && sees(principal, row) && row.state === "open")
        .map(({ incidentId }) => incidentId);
      await Promise.all(
        open.map((incidentId) => alerts.incidents.act({ type: "acknowledge", atMs: nowMs, incidentId, by: principal.name })),
      );
      return { acknowledgedIds: open, skippedIds: body.ids.filter((each) => !open.includes(each)) };
    },
  });
}

function detailRoute({ alerts }: ApiDeps): Route {
  return route({
    method: "get",
    path: "/incidents/:id",
    role: "viewer",
    summary: "One incident: why it stands there, its members, timeline and notes",
    params,
    answer: Incident,
    action: null,
    async handler({ params, principal, nowMs }) {
      const incident = await visibleIncident(alerts, params.id, { principal, nowMs });
      return { ...incident, members: incident.members.slice(0, DETAIL_MEMBERS_MAX) };
    },
  });
}

function membersRoute({ alerts }: ApiDeps): Route {
  return route({
    method: "get",
    path: "/incidents/:id/members",
    role: "viewer",
    summary: "All members of an incident, in the order in which they joined",
    params,
    query: PageQuery,
    answer: pageOf(IncidentMember),
    action: null,
    async handler({ params, query, principal, nowMs }) {
      const { members } = await visibleIncident(alerts, params.id, { principal, nowMs });
      return pageInOrder(members, query);
    },
  });
}

type Act = Extract<LogEvent, { by: string }>;

function actRoutes(deps: ApiDeps): Route[] {
  const none = z.strictObject({}).optional();
  return [
    actRoute(deps, { name: "acknowledge", summary: "Acknowledge an incident", body: none, act: () => ({ type: "acknowledge" }) }),
    actRoute(deps, {
      name: "assign",
      summary: "Say who looks after an incident; null for nobody",
      body: AssignBody,
      act: ({ assignee }) => ({ type: "assign", assignee }),
    }),
    actRoute(deps, {
      name: "snooze",
      summary: "Tell nobody of an incident until then; null ends it",
      body: SnoozeBody,
      act: ({ untilMs }, nowMs) => ({ type: "snooze", untilMs: ahead(untilMs, nowMs) }),
    }),
    actRoute(deps, {
      name: "resolve",
      summary: "Close an incident, whatever its members say",
      body: none,
      act: () => ({ type: "resolve" }),
    }),
    noteRoute(deps),
  ];
}

type ActFields = Act extends infer E ? (E extends Act ? Omit<E, "atMs" | "incidentId" | "by"> : never) : never;

function actRoute<B>(
  { alerts }: ApiDeps,
  { name, summary, body, act }: { name: string; summary: string; body: z.ZodType<B>; act: (body: B, nowMs: number) => ActFields },
): Route {
  return route({
    method: "post",
    path: `/incidents/:id/${name}`,
    role: "operator",
    summary,
    params,
    body,
    answer: IncidentRow,
    action: `incident.${name}`,
    async handler({ params, body: asked, principal, nowMs }) {
      const row = visibleRow(alerts, params.id, { principal, nowMs });
      if (row.state === "closed") throw new ProblemError(409, `Incident ${params.id} is closed`);
      await alerts.incidents.act({ ...act(asked, nowMs), atMs: nowMs, incidentId: params.id, by: principal.name });
      return found("incident", params.id, alerts.incidents.row(params.id, nowMs));
    },
  });
}

function noteRoute({ alerts }: ApiDeps): Route {
  return route({
    method: "post",
    path: "/incidents/:id/notes",
    role: "operator",
    summary: "Add a note, also when the incident is closed",
    params,
    body: NoteBody,
    answer: IncidentRow,
    status: 201,
    action: "incident.notes",
    async handler({ params, body: { text }, principal, nowMs }) {
      const row = visibleRow(alerts, params.id, { principal, nowMs });
      const by = principal.name;
      if (row.state !== "closed") await alerts.incidents.act({ type: "note", atMs: nowMs, incidentId: params.id, by, text });
      else if (!(await alerts.incidents.noteClosed(params.id, { atMs: nowMs, by, text }))) throw notFound("incident", params.id);
      return row;
    },
  });
}

function ahead(untilMs: number | null, nowMs: number): number | null {
  if (untilMs !== null && untilMs <= nowMs) throw new ProblemError(400, "untilMs: choose an instant that lies ahead", { field: "untilMs" });
  return untilMs;
}

/** What belongs to no single site is for those who may see all. */
function sees({ siteIds }: Principal, { siteId }: Pick<IncidentRow, "siteId">): boolean {
  return siteIds === null || (siteId !== null && siteIds.includes(siteId));
}

function visibleRow(
  { incidents }: ApiDeps["alerts"],
  incidentId: string,
  { principal, nowMs }: { principal: Principal; nowMs: number },
): IncidentRow {
  const row = incidents.row(incidentId, nowMs);
  if (row === null || !sees(principal, row)) throw notFound("incident", incidentId);
  return row;
}

async function visibleIncident(
  { incidents }: ApiDeps["alerts"],
  incidentId: string,
  { principal, nowMs }: { principal: Principal; nowMs: number },
): Promise<Incident> {
  const incident = await incidents.whole(incidentId, nowMs);
  if (incident === null || !sees(principal, incident)) throw notFound("incident", incidentId);
  return incident;
}

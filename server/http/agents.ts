import { z } from "zod";
import { Agent, AgentBody, AgentCreated, AgentPatch, id, Range, RangeBody, Scan, ScanBody } from "../contract/api.ts";
import type { NewCode } from "../fleet/directoryAgents.ts";
import type { AgentRecord } from "../fleet/ports.ts";
import { readRange } from "../fleet/rangeText.ts";
import { seesSite, type Principal } from "../accounts/principal.ts";
import type { ApiDeps } from "./deps.ts";
import { pageOf, PageQuery, paginate } from "./page.ts";
import { found, notFound, ProblemError } from "./problem.ts";
import { Reply, route, type Route } from "./route.ts";
import { onlyVisible, requireVisibleSite, visible } from "./siteAccess.ts";

const params = z.strictObject({ id });
const RangeListQuery = PageQuery.extend({ agent: id.optional(), site: id.optional() });
const RangePatch = z.strictObject({ range: RangeBody.shape.range });

/** Agents: admins enrol and revoke them, operators let them scan. */
export function agentRoutes(deps: ApiDeps): Route[] {
  const { directory, agentLink } = deps;
  return [
    route({
      method: "get",
      path: "/agents",
      role: "viewer",
      summary: "All agents with the state of their connection",
      query: PageQuery,
      answer: pageOf(Agent),
      action: null,
      handler({ query, principal, nowMs }) {
        const page = paginate(onlyVisible(directory.agents(), principal), query);
        return { ...page, items: page.items.map((agent) => agentLink.describe(agent, nowMs)) };
      },
    }),
    route({
      method: "post",
      path: "/agents",
      role: "admin",
      summary: "Create an agent; the answer holds the one-time code for its enrolment, good for an hour",
      body: AgentBody,
      answer: AgentCreated,
      status: 201,
      action: "agent.create",
      handler({ body, principal }) {
        requireVisibleSite(directory, body.siteId, principal, "siteId");
        return withServerUrl(deps, directory.createAgent(body));
      },
    }),
    route({
      method: "post",
      path: "/agents/:id/code",
      role: "admin",
      summary: "A new one-time code for an agent that was not enrolled yet or has lost its key; a code from before is void",
      params,
      answer: AgentCreated,
      status: 201,
      action: "agent.code",
      async handler({ params, principal }) {
        visibleAgent(deps, params.id, principal);
        return withServerUrl(deps, directory.renewCode(params.id));
      },
    }),
    route({
      method: "get",
      path: "/agents/:id",
      role: "viewer",
      summary: "One agent",
      params,
      answer: Agent,
      action: null,
      handler: ({ params, principal, nowMs }) => agentLink.describe(visibleAgent(deps, params.id, principal), nowMs),
    }),
    route({
      method: "patch",
      path: "/agents/:id",
      role: "admin",
      summary: "Rename an agent, or revoke its key for ever",
      params,
      body: AgentPatch,
      answer: Agent,
      action: "agent.change",
      async handler({ params, body, principal, nowMs }) {
        visibleAgent(deps, params.id, principal);
        const agent = found("agent", params.id, await directory.changeAgent(params.id, body));
        if (body.revoked === true) agentLink.disconnect(agent.id);
        return agentLink.describe(agent, nowMs);
      },
    }),
    route({
      method: "delete",
      path: "/agents/:id",
      role: "admin",
      summary: "Delete an agent and its ranges; its miners stay and become unknown",
      params,
      answer: null,
      action: "agent.delete",
      async handler({ params, principal }) {
        visibleAgent(deps, params.id, principal);
        if (!(await directory.removeAgent(params.id))) throw notFound("agent", params.id);
        agentLink.disconnect(params.id);
      },
    }),
    ...scanRoutes(deps),
  ];
}

/** With the address at which the agent reaches this server. */
async function withServerUrl({ publicUrl }: ApiDeps, created: Promise<NewCode>): Promise<AgentCreated> {
  return { ...(await created), serverUrl: publicUrl?.origin ?? null };
}

function visibleAgent({ directory }: ApiDeps, agentId: string, principal: Principal): AgentRecord {
  return visible("agent", agentId, directory.agent(agentId), principal);
}

function scanRoutes(deps: ApiDeps): Route[] {
  const { directory, agentLink } = deps;
  const isVisible = (scan: Scan, principal: Principal): boolean => {
    const agent = directory.agent(scan.agentId);
    return agent === null ? principal.siteIds === null : seesSite(principal, agent.siteId);
  };
  return [
    route({
      method: "post",
      path: "/agents/:id/scan",
      role: "operator",
      summary: "Let an agent scan its ranges, or those given; GET /scans/{id} shows the progress",
      params,
      body: ScanBody,
      answer: Scan,
      status: 202,
      action: "agent.scan",
      async handler({ params, body, principal }) {
        visibleAgent(deps, params.id, principal);
        const ranges = body.ranges?.map((text, index) => requireRange(text, `ranges.${index}`)) ?? null;
        const scan = await agentLink.startScan(params.id, ranges);
        if (scan === null) throw new ProblemError(409, "The agent is not connected; start it, then scan again");
        return new Reply(scan, { headers: { location: `/api/v1/scans/${scan.id}` } });
      },
    }),
    route({
      method: "get",
      path: "/scans",
      role: "viewer",
      summary: "Scans since the server started",
      query: PageQuery,
      answer: pageOf(Scan),
      action: null,
      handler: ({ query, principal }) =>
        paginate(
          agentLink.scans().filter((scan) => isVisible(scan, principal)),
          query,
        ),
    }),
    route({
      method: "get",
      path: "/scans/:id",
      role: "viewer",
      summary: "One scan with its progress and what was found",
      params,
      answer: Scan,
      action: null,
      handler({ params, principal }) {
        const scan = agentLink.scan(params.id);
        return found("scan", params.id, scan !== null && isVisible(scan, principal) ? scan : null);
      },
    }),
    route({
      method: "delete",
      path: "/scans/:id",
      role: "operator",
      summary: "Stop a scan that is under way; what it found stays found. One that has ended stays as it is",
      params,
      answer: Scan,
      action: "scan.stop",
      handler({ params, principal }) {
        const scan = agentLink.scan(params.id);
        return found("scan", params.id, scan !== null && isVisible(scan, principal) ? agentLink.stopScan(params.id) : null);
      },
    }),
  ];
}

function requireRange(text: string, field: string): string {
  const reading = readRange(text);
  if (!reading.ok) throw new ProblemError(400, reading.problem, { field });
  return reading.range;
}

/** Ranges: what an agent polls. */
export function rangeRoutes({ directory }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/ranges",
      role: "viewer",
      summary: "All ranges, of one agent or site where asked",
      query: RangeListQuery,
      answer: pageOf(Range),
      action: null,
      handler({ query, principal }) {
        const ranges = onlyVisible(directory.ranges(query.agent), principal);
        return paginate(query.site === undefined ? ranges : ranges.filter((range) => range.siteId === query.site), query);
      },
    }),
    route({
      method: "post",
      path: "/ranges",
      role: "operator",
      summary: "Let an agent poll a range: CIDR, a-b or one address, with an optional :port",
      body: RangeBody,
      answer: Range,
      status: 201,
      action: "range.create",
      handler({ body, principal }) {
        const agent = directory.agent(body.agentId);
        if (agent === null || !seesSite(principal, agent.siteId))
          throw new ProblemError(400, `There is no agent ${body.agentId}`, { field: "agentId" });
        if (body.siteId !== undefined && body.siteId !== agent.siteId)
          throw new ProblemError(400, `siteId: the agent belongs to site ${agent.siteId}`, { field: "siteId" });
        return directory.createRange(body);
      },
    }),
    route({
      method: "get",
      path: "/ranges/:id",
      role: "viewer",
      summary: "One range",
      params,
      answer: Range,
      action: null,
      handler: ({ params, principal }) => visible("range", params.id, directory.range(params.id), principal),
    }),
    route({
      method: "patch",
      path: "/ranges/:id",
      role: "operator",
      summary: "Change a range",
      params,
      body: RangePatch,
      answer: Range,
      action: "range.change",
      async handler({ params, body, principal }) {
        visible("range", params.id, directory.range(params.id), principal);
        return found("range", params.id, await directory.changeRange(params.id, body));
      },
    }),
    route({
      method: "delete",
      path: "/ranges/:id",
      role: "operator",
      summary: "Stop polling a range",
      params,
      answer: null,
      action: "range.delete",
      async handler({ params, principal }) {
        visible("range", params.id, directory.range(params.id), principal);
        if (!(await directory.removeRange(params.id))) throw notFound("range", params.id);
      },
    }),
  ];
}

import { z } from "zod";
import { seesSite } from "../accounts/principal.ts";
import { id, Site, SiteBody } from "../contract/api.ts";
import type { ApiDeps } from "./deps.ts";
import { pageOf, PageQuery, paginate } from "./page.ts";
import { found, notFound, ProblemError } from "./problem.ts";
import { route, type Route } from "./route.ts";

const params = z.strictObject({ id });
const RemoveQuery = z.strictObject({ everything: z.stringbool().default(false) });

/** Sites: everybody sees theirs, admins of all sites change them. */
export function siteRoutes(deps: ApiDeps): Route[] {
  const { directory, fleet } = deps;
  return [
    route({
      method: "get",
      path: "/sites",
      role: "viewer",
      wall: true,
      summary: "All sites",
      query: PageQuery,
      answer: pageOf(Site),
      action: null,
      handler: ({ query, principal }) =>
        paginate(
          directory.sites().filter((site) => seesSite(principal, site.id)),
          query,
        ),
    }),
    route({
      method: "post",
      path: "/sites",
      role: "admin",
      allSites: true,
      summary: "Create a site",
      body: SiteBody,
      answer: Site,
      status: 201,
      action: "site.create",
      handler: ({ body }) => directory.createSite(body),
    }),
    route({
      method: "get",
      path: "/sites/:id",
      role: "viewer",
      summary: "One site",
      params,
      answer: Site,
      action: null,
      handler: ({ params, principal }) => found("site", params.id, seesSite(principal, params.id) ? directory.site(params.id) : null),
    }),
    route({
      method: "patch",
      path: "/sites/:id",
      role: "admin",
      allSites: true,
      summary: "Rename a site",
      params,
      body: SiteBody,
      answer: Site,
      action: "site.change",
      handler: async ({ params, body }) => found("site", params.id, await directory.changeSite(params.id, body)),
    }),
    route({
      method: "delete",
      path: "/sites/:id",
      role: "admin",
      allSites: true,
      summary:
        "Delete a site that has no miners and no agents, or with everything=true one with all that is in it; history stays until retention",
      params,
      query: RemoveQuery,
      answer: null,
      action: "site.delete",
      async handler({ params, query, nowMs }) {
        if (query.everything) await emptySite(deps, found("site", params.id, directory.site(params.id)));
        const minerCount = fleet.list({ site: [params.id], limit: 1, allowedSites: null }, nowMs).totalCount;
        if (minerCount > 0) throw new ProblemError(409, `The site still has ${minerCount} miners; delete them first`);
        if (!(await directory.removeSite(params.id))) throw notFound("site", params.id);
      },
    }),
  ];
}

/** Agents first, so that no miner comes back. The server's own agent cannot go, and so its site stays. */
async function emptySite({ directory, fleet, agentLink }: ApiDeps, { id, name }: Site): Promise<void> {
  const agents = directory.agents().filter((agent) => agent.siteId === id);
  if (agents.some(({ embedded }) => embedded))
    throw new ProblemError(409, `${name} is the site of the agent inside this server, which cannot go`);
  for (const agent of agents) {
    await directory.removeAgent(agent.id);
    agentLink.disconnect(agent.id);
  }
  await fleet.forgetSite(id);
}

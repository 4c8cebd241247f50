import { z } from "zod";
import { id, Rack, RackBody, RackImport, RackPatch } from "../contract/api.ts";
import type { ApiDeps } from "./deps.ts";
import { pageOf, PageQuery, paginate } from "./page.ts";
import { found, notFound, ProblemError } from "./problem.ts";
import { applyImport, exportPlaces, planImport } from "./rackImport.ts";
import { route, type Route } from "./route.ts";
import { onlyVisible, requireVisibleSite, visible } from "./siteAccess.ts";

const params = z.strictObject({ id });
const ListQuery = PageQuery.extend({ site: id.optional() });
const ImportQuery = z.strictObject({ dryRun: z.stringbool().default(false), site: id.optional() });

/** Racks of a site, and which miner stands where. */
export function rackRoutes(deps: ApiDeps): Route[] {
  const { directory } = deps;
  return [
    route({
      method: "get",
      path: "/racks",
      role: "viewer",
      wall: true,
      summary: "All racks, or those of one site",
      query: ListQuery,
      answer: pageOf(Rack),
      action: null,
      handler: ({ query, principal }) => paginate(onlyVisible(directory.racks(query.site), principal), query),
    }),
    route({
      method: "post",
      path: "/racks",
      role: "operator",
      summary: "Create a rack",
      body: RackBody,
      answer: Rack,
      status: 201,
      action: "rack.create",
      handler({ body, principal }) {
        requireVisibleSite(directory, body.siteId, principal, "siteId");
        return directory.createRack(body);
      },
    }),
    exportRoute(deps),
    importRoute(deps),
    route({
      method: "get",
      path: "/racks/:id",
      role: "viewer",
      summary: "One rack",
      params,
      answer: Rack,
      action: null,
      handler: ({ params, principal }) => visible("rack", params.id, directory.rack(params.id), principal),
    }),
    route({
      method: "patch",
      path: "/racks/:id",
      role: "operator",
      summary: "Change a rack's name or size",
      params,
      body: RackPatch,
      answer: Rack,
      action: "rack.change",
      async handler({ params, body, principal }) {
        visible("rack", params.id, directory.rack(params.id), principal);
        return found("rack", params.id, await directory.changeRack(params.id, body));
      },
    }),
    route({
      method: "delete",
      path: "/racks/:id",
      role: "operator",
      summary: "Delete a rack; its miners stay, without a place",
      params,
      answer: null,
      action: "rack.delete",
      async handler({ params, principal, nowMs }) {
        visible("rack", params.id, directory.rack(params.id), principal);
        await clearRack(deps, params.id, nowMs);
        if (!(await directory.removeRack(params.id))) throw notFound("rack", params.id);
      },
    }),
  ];
}

async function clearRack({ fleet }: ApiDeps, rackId: string, nowMs: number): Promise<void> {
  for (;;) {
    const { items } = fleet.list({ rack: [rackId], limit: 1000, allowedSites: null }, nowMs);
    if (items.length === 0) return;
    await Promise.all(items.map((miner) => fleet.patch(miner.id, { rackId: null, slot: null })));
  }
}

function exportRoute({ directory, fleet }: ApiDeps): Route {
  return route({
    method: "get",
    path: "/racks/export",
    role: "viewer",
    summary: "Where the miners of a site stand, as the CSV that /racks/import takes",
    query: z.strictObject({ site: id }),
    answer: z.string(),
    answerType: "csv",
    action: null,
    handler({ query: { site }, principal, nowMs }) {
      requireVisibleSite(directory, site, principal);
      return exportPlaces({ siteId: site, racks: directory.racks(site), fleet, nowMs });
    },
  });
}

function importRoute(deps: ApiDeps): Route {
  return route({
    method: "post",
    path: "/racks/import",
    role: "operator",
    summary:
      "Place miners from CSV with the columns address or name, rack, slot; an empty rack takes a miner out; racks that are not there are created. dryRun=true only tells what would change",
    query: ImportQuery,
    body: z
      .string()
      .min(1)
      .max(4 << 20),
    bodyType: "csv",
    bodyLimitBytes: 4 << 20,
    answer: RackImport,
    action: "rack.import",
    async handler({ query, body, principal, nowMs }) {
      const siteId = query.site ?? onlySite(deps, principal.siteIds);
      requireVisibleSite(deps.directory, siteId, principal);
      const plan = planImport({ text: body, siteId, racks: deps.directory.racks(siteId), fleet: deps.fleet, nowMs });
      const error = plan.errors.at(0);
      if (query.dryRun) return { ...plan.report, dryRun: true };
      if (error !== undefined)
        throw new ProblemError(
          422,
          `Nothing was changed. Line ${error.line}: ${error.detail} (${plan.errors.length} lines at fault; dryRun=true lists them)`,
        );
      await applyImport(plan, { siteId, directory: deps.directory, fleet: deps.fleet });
      return { ...plan.report, dryRun: false };
    },
  });
}

function onlySite({ directory }: ApiDeps, siteIds: readonly string[] | null): string {
  const sites = directory.sites().filter((site) => siteIds?.includes(site.id) ?? true);
  const site = sites.at(0);
  if (sites.length !== 1 || site === undefined) throw new ProblemError(400, "site: say which site the racks belong to", { field: "site" });
  return site.id;
}

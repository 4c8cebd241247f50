import { z } from "zod";
import type { Principal } from "../accounts/principal.ts";
import { id, Node, NodeBody, NodePatch } from "../contract/api.ts";
import type { ApiDeps } from "./deps.ts";
import { pageOf, PageQuery, paginate } from "./page.ts";
import { found, notFound, ProblemError } from "./problem.ts";
import { route, type Route } from "./route.ts";
import { onlyVisible, requireVisibleSite, visible } from "./siteAccess.ts";

const params = z.strictObject({ id });

/** Switches and power strips, and the miners that hang on them. */
export function nodeRoutes(deps: ApiDeps): Route[] {
  const { directory } = deps;
  return [
    route({
      method: "get",
      path: "/nodes",
      role: "viewer",
      summary: "All switches and power strips",
      query: PageQuery,
      answer: pageOf(Node),
      action: null,
      handler: ({ query, principal }) => paginate(onlyVisible(directory.nodes(), principal), query),
    }),
    route({
      method: "post",
      path: "/nodes",
      role: "operator",
      summary: "Create a switch or a power strip",
      body: NodeBody,
      answer: Node,
      status: 201,
      action: "node.create",
      handler({ body, principal, nowMs }) {
        requireVisibleSite(directory, body.siteId, principal, "siteId");
        requireMiners(deps, body.minerIds, body.siteId, nowMs);
        return directory.createNode(body);
      },
    }),
    route({
      method: "get",
      path: "/nodes/:id",
      role: "viewer",
      summary: "One switch or power strip",
      params,
      answer: Node,
      action: null,
      handler: ({ params, principal }) => visibleNode(deps, params.id, principal),
    }),
    route({
      method: "patch",
      path: "/nodes/:id",
      role: "operator",
      summary: "Change a switch or power strip",
      params,
      body: NodePatch,
      answer: Node,
      action: "node.change",
      async handler({ params, body, principal, nowMs }) {
        const { siteId } = visibleNode(deps, params.id, principal);
        requireMiners(deps, body.minerIds ?? [], siteId, nowMs);
        return found("node", params.id, await directory.changeNode(params.id, body));
      },
    }),
    route({
      method: "delete",
      path: "/nodes/:id",
      role: "operator",
      summary: "Delete a switch or power strip",
      params,
      answer: null,
      action: "node.delete",
      async handler({ params, principal }) {
        visibleNode(deps, params.id, principal);
        if (!(await directory.removeNode(params.id))) throw notFound("node", params.id);
      },
    }),
  ];
}

function visibleNode({ directory }: ApiDeps, nodeId: string, principal: Principal): Node {
  return visible("node", nodeId, directory.node(nodeId), principal);
}

function requireMiners({ fleet }: ApiDeps, minerIds: readonly string[], siteId: string, nowMs: number): void {
  const unknown = minerIds.findIndex((minerId) => fleet.detail(minerId, nowMs)?.siteId !== siteId);
  if (unknown >= 0)
    throw new ProblemError(400, `minerIds: the site has no miner ${minerIds[unknown] ?? ""}`, { field: `minerIds.${unknown}` });
}

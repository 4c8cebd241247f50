import { z } from "zod";
import { hasRole, type Principal } from "../accounts/principal.ts";
import { id, View, ViewBody, ViewPatch } from "../contract/api.ts";
import type { ApiDeps } from "./deps.ts";
import { pageOf, PageQuery, paginate } from "./page.ts";
import { found, notFound, ProblemError } from "./problem.ts";
import { route, type Route } from "./route.ts";

const params = z.strictObject({ id });

/** Saved views of the table: one's own, and those that others share. */
export function viewRoutes({ directory }: ApiDeps): Route[] {
  const visibleView = (viewId: string, principal: Principal): View => {
    const view = directory.view(viewId);
    if (view === null || (view.owner !== principal.name && !view.shared)) throw notFound("view", viewId);
    return view;
  };
  const ownView = (viewId: string, principal: Principal): View => {
    const view = visibleView(viewId, principal);
    if (view.owner !== principal.name && !hasRole(principal, "admin")) throw new ProblemError(403, `This view belongs to ${view.owner}`);
    return view;
  };
  return [
    route({
      method: "get",
      path: "/views",
      role: "viewer",
      summary: "Your saved views and those that are shared",
      query: PageQuery,
      answer: pageOf(View),
      action: null,
      handler: ({ query, principal }) =>
        paginate(
          directory.views().filter((view) => view.shared || view.owner === principal.name),
          query,
        ),
    }),
    route({
      method: "post",
      path: "/views",
      role: "viewer",
      summary: "Save a view",
      body: ViewBody,
      answer: View,
      status: 201,
      action: "view.create",
      handler({ body, principal }) {
        requireMayShare(body.shared, principal);
        return directory.createView(principal.name, body);
      },
    }),
    route({
      method: "get",
      path: "/views/:id",
      role: "viewer",
      summary: "One view",
      params,
      answer: View,
      action: null,
      handler: ({ params, principal }) => visibleView(params.id, principal),
    }),
    route({
      method: "patch",
      path: "/views/:id",
      role: "viewer",
      summary: "Change a view of yours",
      params,
      body: ViewPatch,
      answer: View,
      action: "view.change",
      async handler({ params, body, principal }) {
        const view = ownView(params.id, principal);
        requireMayShare(body.shared ?? view.shared, principal);
        return found("view", params.id, await directory.changeView(params.id, body));
      },
    }),
    route({
      method: "delete",
      path: "/views/:id",
      role: "viewer",
      summary: "Delete a view of yours",
      params,
      answer: null,
      action: "view.delete",
      async handler({ params, principal }) {
        ownView(params.id, principal);
        if (!(await directory.removeView(params.id))) throw notFound("view", params.id);
      },
    }),
  ];
}

/** What others see is for those who run the fleet; who no longer does may still take it back, or delete it. */
function requireMayShare(shared: boolean, principal: Principal): void {
  if (shared && !hasRole(principal, "operator"))
    throw new ProblemError(403, "Sharing a view, or changing one that is shared, needs the role operator", { field: "shared" });
}

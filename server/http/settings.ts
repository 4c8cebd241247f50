import { z } from "zod";
import { hasRole, type Principal } from "../accounts/principal.ts";
import { AuditEntry, id, Settings, SettingsPatch, StorageForecast, View, ViewBody, ViewPatch } from "../contract/api.ts";
import type { ApiDeps } from "./deps.ts";
import { pageOf, PageQuery, paginate, readCursor, writeCursor } from "./page.ts";
import { found, notFound, ProblemError } from "./problem.ts";
import { route, type Route } from "./route.ts";

const params = z.strictObject({ id });

/** Thresholds, retention, units and the interval, and what the data takes on disk. */
export function settingRoutes({ directory, store }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/settings",
      role: "viewer",
      summary: "Thresholds, retention, units and the polling interval",
      answer: Settings,
      action: null,
      handler: () => directory.settings(),
    }),
    route({
      method: "patch",
      path: "/settings",
      role: "admin",
      allSites: true,
      summary: "Change settings; what is left out stays",
      body: SettingsPatch,
      answer: Settings,
      action: "settings.change",
      handler: ({ body }) => directory.changeSettings(body),
    }),
    route({
      method: "put",
      path: "/settings",
      role: "admin",
      allSites: true,
      summary: "Replace the settings",
      body: Settings,
      answer: Settings,
      action: "settings.change",
      handler: ({ body }) => directory.changeSettings(body),
    }),
    route({
      method: "get",
      path: "/settings/storage",
      role: "viewer",
      summary: "Size of the database, and when the disk will be full",
      answer: StorageForecast,
      action: null,
      handler: () => store.forecast(),
    }),
  ];
}

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
  const requireMayShare = (shared: boolean | undefined, principal: Principal): void => {
    if (shared === true && !hasRole(principal, "operator"))
      throw new ProblemError(403, "Sharing a view needs the role operator", { field: "shared" });
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
        ownView(params.id, principal);
        requireMayShare(body.shared, principal);
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

const AuditQuery = PageQuery.extend({ actor: z.string().max(200).optional(), action: z.string().max(60).optional() });

/** Who did what, when, from where, with what result: for admins of all sites. */
export function auditRoutes({ store }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/audit",
      role: "admin",
      allSites: true,
      summary: "The audit log, newest first",
      query: AuditQuery,
      answer: pageOf(AuditEntry),
      action: null,
      async handler({ query: { limit, cursor, actor, action } }) {
        const beforeId = cursor === undefined ? null : Number(readCursor(cursor));
        if (Number.isNaN(beforeId))
          throw new ProblemError(400, "The cursor is not one that a list gave; start again without it", { field: "cursor" });
        const filter = { ...(actor === undefined ? {} : { actor }), ...(action === undefined ? {} : { action }) };
        const { items, totalCount } = await store.readAudit({ beforeId, limit: limit + 1, ...filter });
        const shown = items.slice(0, limit);
        const last = shown.at(-1);
        return { items: shown, nextCursor: items.length > limit && last !== undefined ? writeCursor(String(last.id)) : null, totalCount };
      },
    }),
  ];
}

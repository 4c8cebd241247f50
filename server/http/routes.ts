import { z } from "zod";
import { id } from "../contract/api.ts";
import { NotificationRoute, RouteBody, RoutePatch } from "../contract/channels.ts";
import type { ApiDeps } from "./deps.ts";
import { pageInOrder, pageOf, PageQuery } from "./page.ts";
import { found, notFound } from "./problem.ts";
import { route, type Route } from "./route.ts";

const params = z.strictObject({ id });

/** Which incidents go to which channels, when, and who is asked next where nobody acknowledges. */
export function notificationRoutes({ notifications: { book } }: ApiDeps): Route[] {
  const common = { role: "operator", allSites: true } as const;
  return [
    route({
      ...common,
      method: "get",
      path: "/routes",
      summary: "All routes from incidents to channels",
      query: PageQuery,
      answer: pageOf(NotificationRoute),
      action: null,
      handler: ({ query }) => pageInOrder(book.routes(), query),
    }),
    route({
      ...common,
      method: "post",
      path: "/routes",
      summary: "Make a route by severity, scope, site and time of day",
      body: RouteBody,
      answer: NotificationRoute,
      status: 201,
      action: "route.create",
      handler: ({ body }) => book.createRoute(body),
    }),
    route({
      ...common,
      method: "get",
      path: "/routes/:id",
      summary: "One route",
      params,
      answer: NotificationRoute,
      action: null,
      handler: ({ params }) => found("route", params.id, book.route(params.id)),
    }),
    route({
      ...common,
      method: "patch",
      path: "/routes/:id",
      summary: "Change a route; what is left out stays",
      params,
      body: RoutePatch,
      answer: NotificationRoute,
      action: "route.change",
      handler: async ({ params, body }) => found("route", params.id, await book.changeRoute(params.id, body)),
    }),
    route({
      ...common,
      method: "delete",
      path: "/routes/:id",
      summary: "Delete a route",
      params,
      answer: null,
      action: "route.delete",
      async handler({ params }) {
        if (!(await book.removeRoute(params.id))) throw notFound("route", params.id);
      },
    }),
  ];
}

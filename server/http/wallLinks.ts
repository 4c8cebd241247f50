import { z } from "zod";
import { id, WallLink, WallLinkBody, WallLinkCreated } from "../contract/api.ts";
import type { ApiDeps } from "./deps.ts";
import { pageOf, PageQuery, paginate } from "./page.ts";
import { found, notFound } from "./problem.ts";
import { route, type Route } from "./route.ts";
import { requireSites } from "./siteAccess.ts";

const params = z.strictObject({ id });

/** Links for screens in a control room: for admins of all sites. POST /session/wall opens one. */
export function wallRoutes({ accounts: { wallLinks }, directory, publicUrl }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/wall-links",
      role: "admin",
      allSites: true,
      summary: "All wall links, without their secrets",
      query: PageQuery,
      answer: pageOf(WallLink),
      action: null,
      handler: ({ query }) => paginate(wallLinks.list(), query),
    }),
    route({
      method: "post",
      path: "/wall-links",
      role: "admin",
      allSites: true,
      summary: "Create a wall link; its secret is in this answer and nowhere else",
      body: WallLinkBody,
      answer: WallLinkCreated,
      status: 201,
      action: "wallLink.create",
      async handler({ body }) {
        requireSites(directory, body.siteIds);
        return { ...(await wallLinks.create(body)), serverUrl: publicUrl?.origin ?? null };
      },
    }),
    route({
      method: "get",
      path: "/wall-links/:id",
      role: "admin",
      allSites: true,
      summary: "One wall link, without its secret",
      params,
      answer: WallLink,
      action: null,
      handler: ({ params }) => found("wall link", params.id, wallLinks.get(params.id)),
    }),
    route({
      method: "delete",
      path: "/wall-links/:id",
      role: "admin",
      allSites: true,
      summary: "Revoke a wall link at once; screens that show it go dark",
      params,
      answer: null,
      action: "wallLink.revoke",
      async handler({ params }) {
        if (!(await wallLinks.revoke(params.id))) throw notFound("wall link", params.id);
      },
    }),
  ];
}

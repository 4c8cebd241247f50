import { z } from "zod";
import { id, Token, TokenBody, TokenCreated, User, UserBody, UserPatch } from "../contract/api.ts";
import type { ApiDeps } from "./deps.ts";
import { pageOf, PageQuery, paginate } from "./page.ts";
import { found, notFound } from "./problem.ts";
import { route, type Route } from "./route.ts";
import { requireSites } from "./siteAccess.ts";

const params = z.strictObject({ id });

/** Users: for admins of all sites. */
export function userRoutes({ accounts: { users }, directory }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/users",
      role: "admin",
      allSites: true,
      summary: "All users",
      query: PageQuery,
      answer: pageOf(User),
      action: null,
      handler: ({ query }) => paginate(users.list(), query),
    }),
    route({
      method: "post",
      path: "/users",
      role: "admin",
      allSites: true,
      summary: "Create a user",
      body: UserBody,
      answer: User,
      status: 201,
      action: "user.create",
      handler({ body }) {
        requireSites(directory, body.siteIds);
        return users.create(body);
      },
    }),
    route({
      method: "get",
      path: "/users/:id",
      role: "admin",
      allSites: true,
      summary: "One user",
      params,
      answer: User,
      action: null,
      handler: ({ params }) => found("user", params.id, users.get(params.id)),
    }),
    route({
      method: "patch",
      path: "/users/:id",
      role: "admin",
      allSites: true,
      summary: "Change a user's role, sites or password; a new password ends the user's sessions",
      params,
      body: UserPatch,
      answer: User,
      action: "user.change",
      async handler({ params, body }) {
        requireSites(directory, body.siteIds ?? null);
        return found("user", params.id, await users.change(params.id, body));
      },
    }),
    route({
      method: "delete",
      path: "/users/:id",
      role: "admin",
      allSites: true,
      summary: "Delete a user, its sessions and its private views",
      params,
      answer: null,
      action: "user.delete",
      async handler({ params }) {
        const user = users.get(params.id);
        if (user === null || !(await users.remove(params.id))) throw notFound("user", params.id);
        await directory.removePrivateViews(user.username);
      },
    }),
  ];
}

/** API tokens: for admins of all sites. */
export function tokenRoutes({ accounts: { tokens }, directory }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/tokens",
      role: "admin",
      allSites: true,
      summary: "All API tokens, without their secrets",
      query: PageQuery,
      answer: pageOf(Token),
      action: null,
      handler: ({ query }) => paginate(tokens.list(), query),
    }),
    route({
      method: "post",
      path: "/tokens",
      role: "admin",
      allSites: true,
      summary: "Create an API token; its secret is in this answer and nowhere else",
      body: TokenBody,
      answer: TokenCreated,
      status: 201,
      action: "token.create",
      handler({ body }) {
        requireSites(directory, body.siteIds);
        return tokens.create(body);
      },
    }),
    route({
      method: "get",
      path: "/tokens/:id",
      role: "admin",
      allSites: true,
      summary: "One API token, without its secret",
      params,
      answer: Token,
      action: null,
      handler: ({ params }) => found("token", params.id, tokens.get(params.id)),
    }),
    route({
      method: "delete",
      path: "/tokens/:id",
      role: "admin",
      allSites: true,
      summary: "Revoke an API token at once",
      params,
      answer: null,
      action: "token.revoke",
      async handler({ params }) {
        if (!(await tokens.revoke(params.id))) throw notFound("token", params.id);
      },
    }),
  ];
}

import { z } from "zod";
import type { Principal } from "../accounts/principal.ts";
import { id } from "../contract/api.ts";
import { Silence, SilenceBody, SilencePatch } from "../contract/incidents.ts";
import { requireScopeOf } from "./alertRules.ts";
import type { ApiDeps } from "./deps.ts";
import { pageOf, PageQuery, paginate } from "./page.ts";
import { found, notFound } from "./problem.ts";
import { route, type Route } from "./route.ts";

const params = z.strictObject({ id });

/** Windows in which alerts are recorded and nobody is told: quiet hours, and maintenance, which also shows the machines as paused. */
export function silenceRoutes({ alerts: { silences } }: ApiDeps): Route[] {
  const own = (silenceId: string, principal: Principal, nowMs: number): void =>
    requireScopeOf(principal, found("silence", silenceId, silences.get(silenceId, nowMs)).scope);
  return [
    route({
      method: "get",
      path: "/silences",
      role: "viewer",
      summary: "All silences and maintenance windows, with when they are open",
      query: PageQuery,
      answer: pageOf(Silence),
      action: null,
      handler: ({ query, nowMs }) => paginate(silences.list(nowMs), query),
    }),
    route({
      method: "post",
      path: "/silences",
      role: "operator",
      summary: "Set a silence or a maintenance window, once or by cron expression",
      body: SilenceBody,
      answer: Silence,
      status: 201,
      action: "silence.create",
      handler({ body, principal }) {
        requireScopeOf(principal, body.scope);
        return silences.create(body, principal.name);
      },
    }),
    route({
      method: "get",
      path: "/silences/:id",
      role: "viewer",
      summary: "One silence or maintenance window",
      params,
      answer: Silence,
      action: null,
      handler: ({ params, nowMs }) => found("silence", params.id, silences.get(params.id, nowMs)),
    }),
    route({
      method: "patch",
      path: "/silences/:id",
      role: "operator",
      summary: "Change a silence or maintenance window; what is left out stays",
      params,
      body: SilencePatch,
      answer: Silence,
      action: "silence.change",
      async handler({ params, body, principal, nowMs }) {
        own(params.id, principal, nowMs);
        if (body.scope !== undefined) requireScopeOf(principal, body.scope);
        return found("silence", params.id, await silences.change(params.id, body));
      },
    }),
    route({
      method: "delete",
      path: "/silences/:id",
      role: "operator",
      summary: "Delete a silence or maintenance window",
      params,
      answer: null,
      action: "silence.delete",
      async handler({ params, principal, nowMs }) {
        own(params.id, principal, nowMs);
        if (!(await silences.remove(params.id))) throw notFound("silence", params.id);
      },
    }),
  ];
}

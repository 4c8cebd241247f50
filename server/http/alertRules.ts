import { z } from "zod";
import type { Principal } from "../accounts/principal.ts";
import { id } from "../contract/api.ts";
import { AlertRule, AlertRuleBody, AlertRulePatch, RulePreview, type RuleScope } from "../contract/incidents.ts";
import type { ApiDeps } from "./deps.ts";
import { pageOf, PageQuery } from "./page.ts";
import { found, notFound, ProblemError } from "./problem.ts";
import { route, type Route } from "./route.ts";

const params = z.strictObject({ id });
const RuleQuery = PageQuery.pick({ limit: true });

/** What is watched: the built-in rules and those that people made. */
export function alertRuleRoutes({ alerts }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/alert-rules",
      role: "viewer",
      summary: "All alert rules, the built-in ones first",
      query: RuleQuery.extend({ limit: RuleQuery.shape.limit.default(1000) }),
      answer: pageOf(AlertRule),
      action: null,
      handler({ query }) {
        const rules = alerts.rules.rules();
        return { items: rules.slice(0, query.limit).map((rule) => alerts.ruleNow(rule)), nextCursor: null, totalCount: rules.length };
      },
    }),
    route({
      method: "post",
      path: "/alert-rules",
      role: "operator",
      summary: "Make a rule",
      body: AlertRuleBody,
      answer: AlertRule,
      status: 201,
      action: "alertRule.create",
      async handler({ body, principal }) {
        requireScopeOf(principal, body.scope);
        return alerts.ruleNow(await alerts.rules.create(body));
      },
    }),
    route({
      method: "post",
      path: "/alert-rules/preview",
      role: "operator",
      summary: "Whom a rule would touch now, and how often it would have fired in the last seven days",
      body: AlertRuleBody,
      answer: RulePreview,
      action: null,
      handler({ body, principal, nowMs }) {
        alerts.rules.requireEvaluable(body);
        return alerts.preview(body, principal.siteIds, nowMs);
      },
    }),
    route({
      method: "get",
      path: "/alert-rules/:id",
      role: "viewer",
      summary: "One alert rule",
      params,
      answer: AlertRule,
      action: null,
      handler: ({ params }) => alerts.ruleNow(found("alert rule", params.id, alerts.rules.rule(params.id))),
    }),
    route({
      method: "patch",
      path: "/alert-rules/:id",
      role: "operator",
      summary: "Change a rule, or switch it on or off; what is left out stays",
      params,
      body: AlertRulePatch,
      answer: AlertRule,
      action: "alertRule.change",
      async handler({ params, body, principal }) {
        const rule = found("alert rule", params.id, alerts.rules.rule(params.id));
        requireScopeOf(principal, rule.scope);
        if (body.scope !== undefined) requireScopeOf(principal, body.scope);
        return alerts.ruleNow(found("alert rule", params.id, await alerts.rules.change(params.id, body)));
      },
    }),
    route({
      method: "delete",
      path: "/alert-rules/:id",
      role: "operator",
      summary: "Delete a rule that people made",
      params,
      answer: null,
      action: "alertRule.delete",
      async handler({ params, principal }) {
        const rule = found("alert rule", params.id, alerts.rules.rule(params.id));
        requireScopeOf(principal, rule.scope);
        if (!(await alerts.rules.remove(params.id))) throw notFound("alert rule", params.id);
      },
    }),
  ];
}

/** Who is limited to sites may make and change rules for these alone. */
export function requireScopeOf({ siteIds }: Principal, scope: Pick<RuleScope, "siteIds">): void {
  if (siteIds === null) return;
  if (scope.siteIds.length === 0 || scope.siteIds.some((siteId) => !siteIds.includes(siteId)))
    throw new ProblemError(403, `Your account is limited to sites: name some of ${siteIds.join(", ")} in the scope`, {
      field: "scope.siteIds",
    });
}

import type { Page } from "../../server/contract/api.ts";
import type { AlertRule, AlertRuleBody, AlertRulePatch, RulePreview } from "../../server/contract/incidents.ts";
import { request } from "./request.ts";

/** All of them, the built-in ones first. */
export function getAlertRules(signal: AbortSignal): Promise<Page<AlertRule>> {
  return request("/alert-rules", { signal });
}

export function createAlertRule(body: AlertRuleBody): Promise<AlertRule> {
  return request("/alert-rules", { method: "POST", body });
}

export function changeAlertRule(ruleId: string, body: AlertRulePatch): Promise<AlertRule> {
  return request(`/alert-rules/${encodeURIComponent(ruleId)}`, { method: "PATCH", body });
}

export function removeAlertRule(ruleId: string): Promise<unknown> {
  return request(`/alert-rules/${encodeURIComponent(ruleId)}`, { method: "DELETE" });
}

export function previewAlertRule(body: AlertRuleBody): Promise<RulePreview> {
  return request("/alert-rules/preview", { method: "POST", body });
}

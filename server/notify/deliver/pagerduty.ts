import type { Severity } from "../../contract/incidents.ts";
import { requestOutward } from "../outward.ts";
import type { TargetPolicy } from "../targets.ts";
import { refused, resultOf, type Outgoing, type Send, type SendResult, type Target } from "./farEnd.ts";

const SUMMARY_MAX = 1024;
const SEVERITY: Record<Severity, string> = { info: "info", warning: "warning", critical: "critical" };

/**
 * Events API v2: triggers at `opened` and `changed`, resolves at `closed`; one `dedup_key` per incident. A summary is an event of its own, as grave as the
 * worst that it names, which is resolved when all of them are over. A test is resolved at once.
 */
export const sendPagerduty: Send<"pagerduty"> = async (target, outgoing, policy) => {
  if (target.routingKey == null) return refused("PagerDuty needs the integration key of a service");
  const isTest = outgoing.message.event === "test";
  const result = await enqueue(target, { outgoing, action: outgoing.message.event === "closed" ? "resolve" : "trigger", policy });
  return isTest && result.ok ? enqueue(target, { outgoing, action: "resolve", policy }) : result;
};

async function enqueue(
  { routingKey, baseUrl }: Target<"pagerduty">,
  { outgoing, action, policy }: { outgoing: Outgoing; action: "trigger" | "resolve"; policy: TargetPolicy },
): Promise<SendResult> {
  const { message, incidentKey, nowMs } = outgoing;
  const payload = {
    summary: message.title.slice(0, SUMMARY_MAX),
    source: message.incident?.scope.name ?? "Hashwatch",
    severity: SEVERITY[message.severity ?? "info"],
    ...(message.incident === null ? {} : { class: message.incident.cause }),
    custom_details: { text: message.text },
  };
  const links = message.link === null ? [] : [{ href: message.link, text: "Open in Hashwatch" }];
  const event = { routing_key: routingKey, event_action: action, dedup_key: incidentKey, client: "Hashwatch", payload, links };
  return resultOf(
    await requestOutward({
      method: "POST",
      url: new URL("/v2/enqueue", baseUrl).href,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(event),
      policy,
      nowMs,
    }),
  );
}

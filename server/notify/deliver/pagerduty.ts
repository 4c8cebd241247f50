import type { Severity } from "../../contract/incidents.ts";
import { requestOutward } from "../outward.ts";
import { refused, resultOf, type Send } from "./farEnd.ts";

const SUMMARY_MAX = 1024;
const SEVERITY: Record<Severity, string> = { info: "info", warning: "warning", critical: "critical" };

/** Events API v2: triggers at `opened` and `changed`, resolves at `closed`; one `dedup_key` per incident. */
export const sendPagerduty: Send<"pagerduty"> = async ({ routingKey, baseUrl }, outgoing, policy) => {
  const { message, incidentKey, nowMs } = outgoing;
  if (routingKey == null) return refused("PagerDuty needs the integration key of a service");
  const event = { routing_key: routingKey, event_action: message.event === "closed" ? "resolve" : "trigger", dedup_key: incidentKey };
  const payload = {
    summary: message.title.slice(0, SUMMARY_MAX),
    source: message.incident?.scope.name ?? "Hashwatch",
    severity: SEVERITY[message.incident?.severity ?? "info"],
    ...(message.incident === null ? {} : { class: message.incident.cause }),
    custom_details: { text: message.text },
  };
  const links = message.link === null ? [] : [{ href: message.link, text: "Open in Hashwatch" }];
  return resultOf(
    await requestOutward({
      method: "POST",
      url: new URL("/v2/enqueue", baseUrl).href,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...event, client: "Hashwatch", payload, links }),
      policy,
      nowMs,
    }),
  );
};

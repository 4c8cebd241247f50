import { z } from "zod";
import { id } from "./api.ts";
import { Incident, ScopeKind, Severity } from "./incidents.ts";

/** Who is told of incidents, where and when: what /channels, /routes, /deliveries and /settings/notifications take and answer. */

const instant = z.number().int();
const name = z.string().trim().min(1).max(100);
const httpUrl = z.url({ protocol: /^https?$/, error: "must be an address like https://example.com/hook" }).max(2000);
const host = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9.:_-]{1,253}$/, "must be a host name or an address");
const mailbox = z
  .string()
  .trim()
  .max(320)
  .regex(/^[^<>\r\n,;]*<?[^<>\s@]+@[^<>\s@]+>?$/, "must be like ops@example.com");

/** What is answered in place of a secret that is set. Sent back, as well as left out, it leaves the secret as it is. */
export const SECRET_MASK = "••••••••";
/** Written, never read back. null: none. */
const secret = z.string().min(1).max(2000).nullable().optional();
const secretUrl = z
  .union([httpUrl, z.literal(SECRET_MASK)])
  .nullable()
  .optional();

/* Channels */

export const ChannelTarget = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("webhook"), url: httpUrl, signingKey: secret }),
  z.strictObject({
    kind: z.literal("email"),
    host,
    port: z.number().int().min(1).max(65_535),
    /** `tls` from the first byte, `starttls` or nothing is sent, `none`: in the clear. */
    security: z.enum(["tls", "starttls", "none"]),
    username: z.string().max(320).nullable().default(null),
    password: secret,
    from: mailbox,
    to: z.array(mailbox).min(1).max(50),
  }),
  /** With `botToken` and `channel` a message is kept up to date; with `webhookUrl` it cannot be. */
  z.strictObject({
    kind: z.literal("slack"),
    webhookUrl: secretUrl,
    botToken: secret,
    channel: z.string().trim().min(1).max(100).nullable().default(null),
    baseUrl: httpUrl.default("https://slack.com"),
  }),
  z.strictObject({ kind: z.literal("discord"), webhookUrl: secretUrl }),
  z.strictObject({
    kind: z.literal("telegram"),
    botToken: secret,
    chatId: z.string().trim().min(1).max(100),
    baseUrl: httpUrl.default("https://api.telegram.org"),
  }),
  z.strictObject({ kind: z.literal("pagerduty"), routingKey: secret, baseUrl: httpUrl.default("https://events.pagerduty.com") }),
]);
export type ChannelTarget = z.infer<typeof ChannelTarget>;

export const MESSAGE_EVENTS = ["opened", "changed", "closed"] as const;
export type MessageEvent = (typeof MESSAGE_EVENTS)[number];
const template = z.string().min(1).max(4000).nullable().default(null);
/** Text of each message with `{{field}}` for what is known of the incident; null: the text that comes with the program. */
export const Templates = z.strictObject({ opened: template, changed: template, closed: template });
export type Templates = z.infer<typeof Templates>;
export const TEMPLATE_FIELDS = [
  "title",
  "event",
  "severity",
  "state",
  "explanation",
  "cause",
  "scopeKind",
  "scopeName",
  "siteName",
  "memberCount",
  "firingCount",
  "minerCount",
  "openedAt",
  "closedAt",
  "duration",
  "lostThs",
  "lostThsHours",
  "flapping",
  "acknowledgedBy",
  "assignee",
  "incidentId",
  "link",
] as const;
export type TemplateField = (typeof TEMPLATE_FIELDS)[number];

/** A name of the IANA time zone database. */
const timeZone = z.string().max(60).refine(isTimeZone, "must be a time zone like Europe/Berlin").default("UTC");
const channelFields = {
  name,
  enabled: z.boolean(),
  target: ChannelTarget,
  /** Loopback and private addresses are reached only with this consent of the administrator. */
  allowPrivate: z.boolean(),
  /** Messages an hour; what exceeds it is told in one summary. */
  budgetPerHour: z.number().int().min(1).max(1000),
  templates: Templates,
  timeZone,
};
export const ChannelBody = z.strictObject({
  ...channelFields,
  enabled: channelFields.enabled.default(true),
  allowPrivate: channelFields.allowPrivate.default(false),
  budgetPerHour: channelFields.budgetPerHour.default(20),
  templates: Templates.default({ opened: null, changed: null, closed: null }),
});
export type ChannelBody = z.infer<typeof ChannelBody>;
/** What is left out stays; so does a secret that `target` leaves out or gives masked, where it still goes to the same far end. */
export const ChannelPatch = z.strictObject({ ...channelFields, timeZone: timeZone.unwrap() }).partial();
export type ChannelPatch = z.infer<typeof ChannelPatch>;
export const Channel = z.object({
  id,
  ...channelFields,
  createdAtMs: instant,
  queuedCount: z.number().int(),
  deadCount: z.number().int(),
  lastSentAtMs: instant.nullable(),
  lastError: z.string().nullable(), // of the last attempt, null where it was taken
});
export type Channel = z.infer<typeof Channel>;
/** What the far end said, whatever it was. */
export const ChannelTested = z.object({ ok: z.boolean(), detail: z.string(), durationMs: z.number().int() });
export type ChannelTested = z.infer<typeof ChannelTested>;

export const PreviewBody = z.strictObject({
  templates: ChannelBody.shape.templates,
  event: z.enum(MESSAGE_EVENTS),
  /** null: an incident made up for the purpose. */
  incidentId: id.nullable().default(null),
  timeZone,
});
export type PreviewBody = z.infer<typeof PreviewBody>;
export const Preview = z.object({ title: z.string(), text: z.string() });
export type Preview = z.infer<typeof Preview>;

/* Routes */

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time like 22:30");
/** From `from` to `to` of each of the days (1 Monday to 7 Sunday) on which it begins; past midnight where `to` is not later. */
export const DayWindow = z.strictObject({ days: z.array(z.number().int().min(1).max(7)).min(1).max(7), from: clockTime, to: clockTime });
export type DayWindow = z.infer<typeof DayWindow>;
const ids = z.array(id).max(1000);
const routeFields = {
  name,
  enabled: z.boolean(),
  channelIds: ids,
  /** Empty lists leave nothing out; several lists must all fit. */
  severities: z.array(Severity).max(3),
  scopeKinds: z.array(ScopeKind).max(10),
  scopeIds: ids,
  siteIds: ids,
  timeZone,
  /** When the route holds; empty: always. What is open and not acknowledged when they begin is told then. */
  hours: z.array(DayWindow).max(20),
  /** What opens in them is told when they end, if it still stands then. */
  quietHours: z.array(DayWindow).max(20),
  /** Further channels for who has not acknowledged in time. */
  escalation: z.array(z.strictObject({ afterMinutes: z.number().int().min(1).max(10_080), channelIds: ids.min(1) })).max(10),
};
export const RouteBody = z.strictObject({
  ...routeFields,
  enabled: routeFields.enabled.default(true),
  severities: routeFields.severities.default([]),
  scopeKinds: routeFields.scopeKinds.default([]),
  scopeIds: ids.default([]),
  siteIds: ids.default([]),
  hours: routeFields.hours.default([]),
  quietHours: routeFields.quietHours.default([]),
  escalation: routeFields.escalation.default([]),
});
export type RouteBody = z.infer<typeof RouteBody>;
export const RoutePatch = z.strictObject({ ...routeFields, timeZone: timeZone.unwrap() }).partial();
export type RoutePatch = z.infer<typeof RoutePatch>;
export const NotificationRoute = z.object({ id, ...routeFields, createdAtMs: instant });
export type NotificationRoute = z.infer<typeof NotificationRoute>;

/* Deliveries */

/** `suppressed`: recorded, not sent; `dropped`: made pointless by what came after it. */
export const DELIVERY_STATES = ["queued", "sent", "dead", "suppressed", "dropped"] as const;
export const DeliveryState = z.enum(DELIVERY_STATES);
export type DeliveryState = z.infer<typeof DeliveryState>;
/** `edited`: brings an earlier message up to date; `summary`: what the budget held back. */
export const DeliveryEvent = z.enum([...MESSAGE_EVENTS, "edited", "summary"]);
export type DeliveryEvent = z.infer<typeof DeliveryEvent>;
export const Delivery = z.object({
  id, // "d" and a number that grows
  channelId: id,
  channelName: z.string(),
  incidentId: id.nullable(),
  event: DeliveryEvent,
  title: z.string(),
  state: DeliveryState,
  createdAtMs: instant,
  attemptCount: z.number().int(),
  nextAttemptAtMs: instant.nullable(),
  endedAtMs: instant.nullable(),
  detail: z.string(), // what the far end said last, or why it was not sent
});
export type Delivery = z.infer<typeof Delivery>;

export const RetryBody = z.strictObject({ channelId: id });
export const Retried = z.object({ queuedCount: z.number().int() });
export type Retried = z.infer<typeof Retried>;

/* What a webhook gets */

export const WebhookBody = z.object({
  event: z.enum([...MESSAGE_EVENTS, "summary", "test"]),
  incident: Incident.nullable(), // null: of a summary
  title: z.string(),
  text: z.string(),
  link: z.string().nullable(),
});
export type WebhookBody = z.infer<typeof WebhookBody>;

/* Settings of all notifications */

/** `example.com`, `*.example.com`, an address; each with `:port` or for any. */
const targetPattern = z
  .string()
  .trim()
  .regex(
    /^(\*\.)?[A-Za-z0-9._-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/,
    "must be like example.com, *.example.com or 192.0.2.1:8443",
  );
export const NotificationSettings = z.strictObject({
  /** Hosts that messages and pings may go to; empty: any. */
  allowedTargets: z.array(targetPattern).max(200),
  /** Asked for with GET while every part is alive; null: no heartbeat. */
  heartbeat: z
    .strictObject({ url: httpUrl, intervalMs: z.number().int().min(10_000).max(86_400_000), allowPrivate: z.boolean().default(false) })
    .nullable(),
});
export type NotificationSettings = z.infer<typeof NotificationSettings>;

/* The heartbeat */

const PartState = z.object({ alive: z.boolean(), detail: z.string() }); // detail: what is wrong
export type PartState = z.infer<typeof PartState>;
/** Delivery is alive while its queue moves or is empty; polling while an agent delivers or none is expected to. */
export const Heartbeat = z.object({
  parts: z.object({ polling: PartState, ingest: PartState, evaluation: PartState, delivery: PartState }),
  lastPingAtMs: instant.nullable(),
  lastOkAtMs: instant.nullable(),
  lastError: z.string().nullable(), // of the last ping, null where it was answered with 2xx
});
export type Heartbeat = z.infer<typeof Heartbeat>;

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).format(0) !== "";
  } catch {
    return false;
  }
}

import type { Channel, ChannelBody, ChannelTarget, Templates } from "../../../../server/contract/channels.ts";

export type TargetKind = ChannelTarget["kind"];
export const KIND_LABELS: Readonly<Record<TargetKind, string>> = {
  webhook: "Webhook",
  email: "E-mail",
  slack: "Slack",
  discord: "Discord",
  telegram: "Telegram",
  pagerduty: "PagerDuty events",
};
export const TARGET_KINDS = Object.keys(KIND_LABELS) as readonly TargetKind[];

export interface TargetField {
  readonly key: string;
  readonly label: string;
  /** Shown masked, and kept as it is where it is not typed anew. */
  readonly isSecret?: boolean;
  readonly hint?: string;
}

const SECURITIES = ["starttls", "tls", "none"] as const;
export const SECURITY_LABELS: Readonly<Record<(typeof SECURITIES)[number], string>> = {
  starttls: "STARTTLS, or nothing is sent",
  tls: "TLS from the first byte",
  none: "none, in the clear",
};

/** What is asked for of each kind, besides the security of e-mail. */
export const TARGET_FIELDS: Readonly<Record<TargetKind, readonly TargetField[]>> = {
  webhook: [
    { key: "url", label: "URL" },
    { key: "signingKey", label: "Signing key", isSecret: true, hint: "Signs each message with HMAC-SHA-256. Empty: no signature." },
  ],
  email: [
    { key: "host", label: "SMTP host" },
    { key: "port", label: "Port" },
    { key: "username", label: "User name", hint: "Empty: without sign-in." },
    { key: "password", label: "Password", isSecret: true },
    { key: "from", label: "From" },
    { key: "to", label: "To", hint: "Several are parted by commas." },
  ],
  slack: [
    { key: "webhookUrl", label: "Webhook URL", isSecret: true, hint: "Or a bot token and a channel: such messages are kept up to date." },
    { key: "botToken", label: "Bot token", isSecret: true },
    { key: "channel", label: "Channel" },
  ],
  discord: [{ key: "webhookUrl", label: "Webhook URL", isSecret: true }],
  telegram: [
    { key: "botToken", label: "Bot token", isSecret: true },
    { key: "chatId", label: "Chat id" },
  ],
  pagerduty: [{ key: "routingKey", label: "Routing key", isSecret: true }],
};

/** A channel as it is typed. */
export interface ChannelDraft {
  readonly name: string;
  readonly kind: TargetKind;
  readonly values: Readonly<Record<string, string>>;
  readonly allowPrivate: boolean;
  readonly budget: string;
  readonly timeZone: string;
  readonly templates: Templates;
}

const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** null: a new one. */
export function channelDraftOf(channel: Channel | null): ChannelDraft {
  if (channel === null)
    return {
      ...{
        name: "",
        kind: "webhook",
        values: { port: "587", security: "starttls" },
        allowPrivate: false,
        budget: "20",
        timeZone: OWN_ZONE,
      },
      templates: { opened: null, changed: null, closed: null },
    };
  const { name, target, allowPrivate, budgetPerHour, timeZone, templates } = channel;
  const values = Object.fromEntries(Object.entries(target).map(([key, value]) => [key, textOf(value)]));
  return { name, kind: target.kind, values, allowPrivate, budget: String(budgetPerHour), timeZone, templates };
}

const textOf = (value: string | number | readonly string[] | null | undefined): string =>
  Array.isArray(value) ? value.join(", ") : String(value ?? "");

/** What the server is sent; what is wrong with it the server says, and where. `held`: the channel as it is, whose far end may be kept. */
export function channelBodyOf(draft: ChannelDraft, held: Channel | null): ChannelBody {
  const { name, allowPrivate, budget, timeZone, templates } = draft;
  const budgetPerHour = Number(budget);
  return {
    ...{ name: name.trim(), enabled: held?.enabled ?? true, target: targetOf(draft, held?.target ?? null), allowPrivate, budgetPerHour },
    ...{ templates, timeZone: timeZone.trim() },
  };
}

function targetOf({ kind, values }: ChannelDraft, held: ChannelTarget | null): ChannelTarget {
  const text = (key: string): string => (values[key] ?? "").trim();
  const orNull = (key: string): string | null => text(key) || null;
  const baseUrl = (usual: string): string => (held?.kind === kind && "baseUrl" in held ? held.baseUrl : usual);
  switch (kind) {
    case "webhook":
      return { kind, url: text("url"), signingKey: orNull("signingKey") };
    case "email":
      return {
        ...{ kind, host: text("host"), port: Number(text("port")), username: orNull("username"), password: orNull("password") },
        ...{ from: text("from"), to: listOf(text("to")), security: SECURITIES.find((each) => each === text("security")) ?? "starttls" },
      };
    case "slack":
      return {
        ...{ kind, webhookUrl: orNull("webhookUrl"), botToken: orNull("botToken"), channel: orNull("channel") },
        baseUrl: baseUrl("https://slack.com"),
      };
    case "discord":
      return { kind, webhookUrl: orNull("webhookUrl") };
    case "telegram":
      return { kind, botToken: orNull("botToken"), chatId: text("chatId"), baseUrl: baseUrl("https://api.telegram.org") };
    case "pagerduty":
      return { kind, routingKey: orNull("routingKey"), baseUrl: baseUrl("https://events.pagerduty.com") };
  }
}

function listOf(text: string): string[] {
  return text
    .split(/[,;\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** Where it goes, in a few words; never a secret. */
export function targetText(target: ChannelTarget): string {
  switch (target.kind) {
    case "webhook":
      return target.url;
    case "email":
      return `${target.to.join(", ")} by ${target.host}:${target.port}`;
    case "slack":
      return target.channel ?? "by webhook";
    case "telegram":
      return `chat ${target.chatId}`;
    case "discord":
      return "by webhook";
    case "pagerduty":
      return "by routing key";
  }
}

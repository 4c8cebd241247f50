import { z } from "zod";
import {
  ChannelBody,
  ChannelTarget,
  NotificationRoute,
  NotificationSettings,
  SECRET_MASK,
  type ChannelPatch,
  type RouteBody,
  type RoutePatch,
} from "../contract/channels.ts";
import { ChangeError } from "../fleet/changeError.ts";
import { createSerial, mirrorChange, RecordMirror, writeThrough } from "../fleet/recordMirror.ts";
import { newId } from "../fleet/secrets.ts";
import type { RecordStore } from "../store/store.ts";
import { requireKnownFields } from "./template.ts";
import type { Vault } from "./vault.ts";

type Secret = string | null | undefined;
const SECRETS_OF: Record<ChannelTarget["kind"], readonly string[]> = {
  webhook: ["signingKey"],
  email: ["password"],
  slack: ["webhookUrl", "botToken"],
  discord: ["webhookUrl"],
  telegram: ["botToken"],
  pagerduty: ["routingKey"],
};
const sealed = z.string().nullable().optional();
/** As it is kept: what is sealed is no address, and longer than a secret may be. */
const StoredTarget = z.union(
  ChannelTarget.options.map((option) => {
    const fields = SECRETS_OF[option.shape.kind.value];
    return z.strictObject({ ...option.shape, ...Object.fromEntries(fields.map((field) => [field, sealed])) });
  }),
) as unknown as z.ZodType<ChannelTarget>;
/** A channel as it is kept: its secrets sealed. */
const StoredChannel = z.object({ id: z.string(), ...ChannelBody.shape, target: StoredTarget, createdAtMs: z.number().int() });
export type StoredChannel = z.infer<typeof StoredChannel>;

const SETTINGS_ID = "notifications";
const NO_SETTINGS: NotificationSettings = { allowedTargets: [], heartbeat: null };
const CHANNELS_MAX = 200;
const ROUTES_MAX = 500;

/** Channels, routes and the settings of notifications. Changes reject with ChangeError, and answer null or false where there is no such record. */
export interface ChannelBook {
  channels(): StoredChannel[];
  channel(channelId: string): StoredChannel | null;
  createChannel(body: ChannelBody): Promise<StoredChannel>;
  changeChannel(channelId: string, patch: ChannelPatch): Promise<StoredChannel | null>;
  removeChannel(channelId: string): Promise<boolean>;
  /** The target with its secrets in the clear, for who sends. */
  openTarget(channel: StoredChannel): ChannelTarget;
  routes(): NotificationRoute[];
  route(routeId: string): NotificationRoute | null;
  createRoute(body: RouteBody): Promise<NotificationRoute>;
  changeRoute(routeId: string, patch: RoutePatch): Promise<NotificationRoute | null>;
  removeRoute(routeId: string): Promise<boolean>;
  settings(): NotificationSettings;
  changeSettings(settings: NotificationSettings): Promise<NotificationSettings>;
}

interface Parts {
  readonly records: RecordStore;
  readonly vault: Vault;
  readonly clock: () => number;
}

/** Loads what is kept. Rejects with StoreError where a record cannot be read. */
export async function openChannelBook({ records, vault, clock }: Parts): Promise<ChannelBook> {
  const channels = new RecordMirror("channel", StoredChannel);
  const routes = new RecordMirror("route", NotificationRoute);
  const settings = new RecordMirror("notifySetting", NotificationSettings);
  for (const mirror of [channels, routes, settings]) await mirror.reload(records);
  const serial = createSerial();

  async function putChannel(channel: StoredChannel): Promise<StoredChannel> {
    requireSoundChannel(channel, channels.values());
    await writeThrough(records, [mirrorChange(channels, channel.id, channel)]);
    return channel;
  }
  async function putRoute(route: NotificationRoute): Promise<NotificationRoute> {
    requireSoundRoute(route, { routes: routes.values(), isChannel: (channelId) => channels.get(channelId) !== null });
    await writeThrough(records, [mirrorChange(routes, route.id, route)]);
    return route;
  }

  return {
    channels: () => channels.values(),
    channel: (channelId) => channels.get(channelId),
    createChannel: (body) =>
      serial(() => {
        requireRoom(channels.size, CHANNELS_MAX, "channels");
        return putChannel({ id: newId(), ...body, target: sealTarget(body.target, null, vault), createdAtMs: clock() });
      }),
    changeChannel: (channelId, patch) =>
      serial(async () => {
        const old = channels.get(channelId);
        if (old === null) return null;
        const target = patch.target === undefined ? old.target : sealTarget(patch.target, old.target, vault);
        return putChannel({ ...old, ...given(patch), target });
      }),
    removeChannel: (channelId) =>
      serial(async () => {
        if (channels.get(channelId) === null) return false;
        const routed = routes.values().map((route) => [route, withoutChannel(route, channelId)] as const);
        const changed = routed.filter(([before, after]) => before !== after);
        await writeThrough(records, [
          mirrorChange(channels, channelId, null),
          ...changed.map(([, after]) => mirrorChange(routes, after.id, after)),
        ]);
        return true;
      }),
    openTarget: ({ target }) => mapSecrets(target, (sealed) => (sealed == null ? null : vault.open(sealed))),
    routes: () => routes.values(),
    route: (routeId) => routes.get(routeId),
    createRoute: (body) =>
      serial(() => {
        requireRoom(routes.size, ROUTES_MAX, "routes");
        return putRoute({ id: newId(), ...body, createdAtMs: clock() });
      }),
    changeRoute: (routeId, patch) =>
      serial(async () => {
        const old = routes.get(routeId);
        return old === null ? null : putRoute({ ...old, ...given(patch) });
      }),
    removeRoute: (routeId) =>
      serial(async () => {
        if (routes.get(routeId) === null) return false;
        await writeThrough(records, [mirrorChange(routes, routeId, null)]);
        return true;
      }),
    settings: () => settings.get(SETTINGS_ID) ?? NO_SETTINGS,
    changeSettings: (changed) =>
      serial(async () => {
        await writeThrough(records, [mirrorChange(settings, SETTINGS_ID, changed)]);
        return changed;
      }),
  };
}

/** A patch without the fields that were left out. */
function given<T extends object>(patch: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function requireRoom(count: number, max: number, what: string): void {
  if (count >= max) throw new ChangeError("conflict", `There are ${max} ${what} already, which is the limit; delete one first`);
}

function requireSoundChannel(channel: StoredChannel, others: readonly StoredChannel[]): void {
  requireFreeName("channel", channel, others);
  for (const [event, template] of Object.entries(channel.templates))
    if (template !== null) requireKnownFields(template, `templates.${event}`);
  const missing = missingIn(channel.target);
  if (missing !== null) throw new ChangeError("invalid", `${channel.target.kind}: ${missing[1]}`, `target.${missing[0]}`);
}

/** What a kind of channel cannot do without, with the words to ask for it. */
function missingIn(target: ChannelTarget): [field: string, detail: string] | null {
  switch (target.kind) {
    case "webhook":
      return null;
    case "email":
      return target.username !== null && target.password == null ? ["password", "a user name needs its password; enter it again"] : null;
    case "slack": {
      const byBot = target.botToken != null && target.channel !== null;
      return byBot || target.webhookUrl != null
        ? null
        : ["botToken", "enter a bot token with a channel, or the address of an incoming webhook"];
    }
    case "discord":
      return target.webhookUrl == null ? ["webhookUrl", "enter the address of a webhook"] : null;
    case "telegram":
      return target.botToken == null ? ["botToken", "enter the token of a bot"] : null;
    case "pagerduty":
      return target.routingKey == null ? ["routingKey", "enter the integration key of a service"] : null;
  }
}

function requireSoundRoute(
  route: NotificationRoute,
  known: { routes: readonly NotificationRoute[]; isChannel: (channelId: string) => boolean },
): void {
  requireFreeName("route", route, known.routes);
  const lists = [
    ["channelIds", route.channelIds] as const,
    ...route.escalation.map((step, n) => [`escalation.${n}.channelIds`, step.channelIds] as const),
  ];
  for (const [field, channelIds] of lists) {
    const unknown = channelIds.find((channelId) => !known.isChannel(channelId));
    if (unknown !== undefined) throw new ChangeError("invalid", `There is no channel ${unknown}`, field);
  }
}

function requireFreeName(what: string, { id, name }: { id: string; name: string }, all: readonly { id: string; name: string }[]): void {
  if (all.some((other) => other.id !== id && other.name.toLowerCase() === name.toLowerCase()))
    throw new ChangeError("conflict", `A ${what} with the name “${name}” is there already; choose another name`, "name");
}

function withoutChannel(route: NotificationRoute, channelId: string): NotificationRoute {
  const uses = route.channelIds.includes(channelId) || route.escalation.some((step) => step.channelIds.includes(channelId));
  if (!uses) return route;
  const without = (channelIds: readonly string[]) => channelIds.filter((other) => other !== channelId);
  const escalation = route.escalation.map((step) => ({ ...step, channelIds: without(step.channelIds) }));
  return { ...route, channelIds: without(route.channelIds), escalation: escalation.filter((step) => step.channelIds.length > 0) };
}

/* Secrets */

/** The target with each of its secrets replaced. */
function mapSecrets(target: ChannelTarget, replace: (secret: Secret, field: string) => string | null): ChannelTarget {
  const values = target as Readonly<Record<string, unknown>>;
  const replaced = SECRETS_OF[target.kind].map((field) => [field, replace(values[field] as Secret, field)]);
  return { ...target, ...Object.fromEntries(replaced) } as ChannelTarget;
}

/** As it may be shown. */
export function maskTarget(target: ChannelTarget): ChannelTarget {
  return mapSecrets(target, (sealed) => (sealed == null ? null : SECRET_MASK));
}

/**
 * As it is kept. A secret that is left out or masked stays what it was, but only where it goes to the same far end as before: else a new address would
 * be given the old secret.
 */
function sealTarget(target: ChannelTarget, old: ChannelTarget | null, vault: Vault): ChannelTarget {
  const kept = (old !== null && farEndOf(old) === farEndOf(target) ? old : {}) as Readonly<Record<string, Secret>>;
  return mapSecrets(target, (secret, field) => {
    if (secret === undefined || secret === SECRET_MASK) return kept[field] ?? null;
    return secret === null ? null : vault.seal(secret);
  });
}

function farEndOf(target: ChannelTarget): string {
  if (target.kind === "webhook") return `webhook ${target.url}`;
  if (target.kind === "email") return `email ${target.host}:${target.port} ${target.security}`;
  return "baseUrl" in target ? `${target.kind} ${target.baseUrl}` : target.kind;
}

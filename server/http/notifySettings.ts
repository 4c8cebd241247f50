import { ChannelTested, Heartbeat, NotificationSettings } from "../contract/channels.ts";
import type { ApiDeps } from "./deps.ts";
import { route, type Route } from "./route.ts";

/** What holds for all channels, and the heartbeat that tells when Hashwatch itself has stopped. */
export function notifySettingRoutes({ notifications }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/settings/notifications",
      role: "admin",
      allSites: true,
      summary: "Where messages may go, and the heartbeat",
      answer: NotificationSettings,
      action: null,
      handler: () => notifications.book.settings(),
    }),
    route({
      method: "put",
      path: "/settings/notifications",
      role: "admin",
      allSites: true,
      summary: "Replace them",
      body: NotificationSettings,
      answer: NotificationSettings,
      action: "settings.notifications",
      handler: ({ body }) => notifications.changeSettings(body),
    }),
    route({
      method: "get",
      path: "/heartbeat",
      role: "viewer",
      summary: "Which parts are alive, and how the last ping ended",
      answer: Heartbeat,
      action: null,
      handler: () => notifications.heartbeat.shown(),
    }),
    route({
      method: "post",
      path: "/heartbeat/test",
      role: "admin",
      allSites: true,
      summary: "Ping now; the answer is the far end's own. Refused while a part is down, as a ping would say that all is well",
      answer: ChannelTested,
      action: "heartbeat.test",
      handler: () => notifications.heartbeat.pingNow(),
    }),
  ];
}

import type { ChannelTested, Heartbeat, NotificationSettings } from "../../server/contract/channels.ts";
import { request } from "./request.ts";

export function getNotificationSettings(signal: AbortSignal): Promise<NotificationSettings> {
  return request("/settings/notifications", { signal });
}

export function replaceNotificationSettings(settings: NotificationSettings): Promise<NotificationSettings> {
  return request("/settings/notifications", { method: "PUT", body: settings });
}

/** Which parts are alive, and how the last ping ended. */
export function getHeartbeat(signal: AbortSignal): Promise<Heartbeat> {
  return request("/heartbeat", { signal });
}

/** Pings now; what the far end answers, whatever it is. */
export function testHeartbeat(): Promise<ChannelTested> {
  return request("/heartbeat/test", { method: "POST" });
}

import type { Page } from "../../server/contract/api.ts";
import type {
  Channel,
  ChannelBody,
  ChannelPatch,
  ChannelTested,
  Delivery,
  DeliveryState,
  NotificationRoute,
  Preview,
  PreviewBody,
  Retried,
  RouteBody,
  RoutePatch,
} from "../../server/contract/channels.ts";
import { getAll } from "./pages.ts";
import { request } from "./request.ts";

const channelPath = (channelId: string): string => `/channels/${encodeURIComponent(channelId)}`;
const routePath = (routeId: string): string => `/routes/${encodeURIComponent(routeId)}`;

export function getChannels(signal: AbortSignal): Promise<Channel[]> {
  return getAll("/channels", signal);
}

export function createChannel(body: ChannelBody): Promise<Channel> {
  return request("/channels", { method: "POST", body });
}

/** Secrets that are sent back masked stay as they are. */
export function changeChannel(channelId: string, body: ChannelPatch): Promise<Channel> {
  return request(channelPath(channelId), { method: "PATCH", body });
}

export function removeChannel(channelId: string): Promise<unknown> {
  return request(channelPath(channelId), { method: "DELETE" });
}

/** Sends a message now; what the far end answers, whatever it is. */
export function testChannel(channelId: string): Promise<ChannelTested> {
  return request(`${channelPath(channelId)}/test`, { method: "POST" });
}

export function previewMessage(body: PreviewBody): Promise<Preview> {
  return request("/channels/preview", { method: "POST", body });
}

export function getRoutes(signal: AbortSignal): Promise<NotificationRoute[]> {
  return getAll("/routes", signal);
}

export function createRoute(body: RouteBody): Promise<NotificationRoute> {
  return request("/routes", { method: "POST", body });
}

export function changeRoute(routeId: string, body: RoutePatch): Promise<NotificationRoute> {
  return request(routePath(routeId), { method: "PATCH", body });
}

export function removeRoute(routeId: string): Promise<unknown> {
  return request(routePath(routeId), { method: "DELETE" });
}

/** Which messages; null leaves none out. */
export interface DeliveryQuery {
  readonly state: DeliveryState | null;
  readonly incidentId: string | null;
}

/** The newest first. */
export function getDeliveries({ state, incidentId }: DeliveryQuery, cursor: string | null, signal: AbortSignal): Promise<Page<Delivery>> {
  const query = new URLSearchParams();
  if (state !== null) query.set("state", state);
  if (incidentId !== null) query.set("incident", incidentId);
  if (cursor !== null) query.set("cursor", cursor);
  return request(`/deliveries?${query.toString()}`, { signal });
}

export function retryDelivery(deliveryId: string): Promise<Delivery> {
  return request(`/deliveries/${encodeURIComponent(deliveryId)}/retry`, { method: "POST" });
}

/** All dead letters of a channel. */
export function retryDeadLetters(channelId: string): Promise<Retried> {
  return request("/deliveries/retry", { method: "POST", body: { channelId } });
}

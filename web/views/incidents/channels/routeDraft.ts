import type { DayWindow, NotificationRoute, RouteBody } from "../../../../server/contract/channels.ts";
import { ABSENT } from "../../../format/number.ts";
import { SEVERITY_LABELS } from "../../../format/severity.ts";
import { SCOPE_LABELS } from "../incidentsQuery.ts";

export const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"] as const;
export const NEW_WINDOW: DayWindow = { days: [1, 2, 3, 4, 5, 6, 7], from: "22:00", to: "07:00" };
export type EscalationStep = RouteBody["escalation"][number];

/** null: a new one, for every incident at any hour. */
export function routeDraftOf(route: NotificationRoute | null): RouteBody {
  if (route === null)
    return {
      ...{ name: "", enabled: true, channelIds: [], severities: [], scopeKinds: [], scopeIds: [], siteIds: [] },
      ...{ timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, hours: [], quietHours: [], escalation: [] },
    };
  const { name, enabled, channelIds, severities, scopeKinds, scopeIds, siteIds, timeZone, hours, quietHours, escalation } = route;
  return { name, enabled, channelIds, severities, scopeKinds, scopeIds, siteIds, timeZone, hours, quietHours, escalation };
}

/** Which incidents a route is for, in words. */
export function matchText({ severities, scopeKinds, scopeIds, siteIds }: NotificationRoute, siteName: (siteId: string) => string): string {
  const parts = [
    severities.map((severity) => SEVERITY_LABELS[severity].toLowerCase()).join(", "),
    scopeKinds.map((kind) => `${SCOPE_LABELS[kind].toLowerCase()} incidents`).join(", "),
    scopeIds.length > 0 && `at ${scopeIds.join(", ")}`,
    siteIds.length > 0 && `site ${siteIds.map(siteName).join(", ")}`,
  ].filter(Boolean);
  return parts.length === 0 ? "every incident" : parts.join("; ");
}

/** `Mo–Fr 22:00 to 07:00`. */
export function windowsText(windows: readonly DayWindow[]): string {
  return windows.map(({ days, from, to }) => `${daysText(days)} ${from} to ${to}`).join(", ");
}

function daysText(days: readonly number[]): string {
  const sorted = [...days].sort((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1) ?? 0];
  const isRun = sorted.length > 2 && last - first === sorted.length - 1;
  if (sorted.length === DAYS.length) return "every day";
  const name = (day: number): string => DAYS[day - 1] ?? ABSENT;
  return isRun ? `${name(first)}–${name(last)}` : sorted.map(name).join(", ");
}

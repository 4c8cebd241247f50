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

/** What the names in a text stand for. */
interface Names {
  readonly siteName: (siteId: string) => string;
  /** Of a rack, an agent or another node, with what it is. */
  readonly nodeName: (nodeId: string) => string;
}

/** Which incidents a route is for, in words. */
export function matchText({ severities, scopeKinds, scopeIds, siteIds }: NotificationRoute, { siteName, nodeName }: Names): string {
  const parts = [
    severities.map((severity) => SEVERITY_LABELS[severity].toLowerCase()).join(", "),
    scopeKinds.map((kind) => `${SCOPE_LABELS[kind].toLowerCase()} incidents`).join(", "),
    scopeIds.length > 0 && `at ${scopeIds.map(nodeName).join(", ")}`,
    siteIds.length > 0 && `site ${siteIds.map(siteName).join(", ")}`,
  ].filter(Boolean);
  return parts.length === 0 ? "every incident" : parts.join("; ");
}

/** `7:00`, `0700` and `07.00` as `07:00`; null for what is no time of day. */
export function clockTimeOf(text: string): string | null {
  const [, hour = "", minute = ""] = /^\s*(\d{1,2})[:.]?(\d{2})\s*$/.exec(text) ?? [];
  return hour === "" || Number(hour) > 23 || Number(minute) > 59 ? null : `${hour.padStart(2, "0")}:${minute}`;
}

/** The route as it is sent, or what is typed wrongly in its hours, by field. */
export function routeBodyOf(draft: RouteBody): { body: RouteBody; problems: Readonly<Record<string, string>> } {
  const problems: Record<string, string> = {};
  const read = (field: "hours" | "quietHours"): DayWindow[] =>
    draft[field].map((window, place) => {
      if (window.days.length === 0) problems[`${field}.${place}.days`] = "Pick at least one day";
      const time = (end: "from" | "to"): string => {
        const known = clockTimeOf(window[end]);
        if (known === null)
          problems[`${field}.${place}.${end}`] = `“${window[end]}” is no time of day: write it like 22:30, from 00:00 to 23:59`;
        return known ?? window[end];
      };
      return { ...window, from: time("from"), to: time("to") };
    });
  const [hours, quietHours] = [read("hours"), read("quietHours")];
  return { body: { ...draft, name: draft.name.trim(), timeZone: draft.timeZone.trim(), hours, quietHours }, problems };
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

import type { DayWindow, NotificationRoute } from "../contract/channels.ts";
import type { Incident } from "../contract/incidents.ts";

type Match = Pick<NotificationRoute, "id" | "channelIds" | "escalation" | "timeZone" | "quietHours">;

/** Routes that an incident takes at a moment. A channel that no route names, in use or not, hears of everything. */
export function routesOf(
  incident: Incident,
  { routes, channelIds, nowMs }: { routes: readonly NotificationRoute[]; channelIds: readonly string[]; nowMs: number },
): Match[] {
  const taken = routes.filter((route) => route.enabled && fits(route, incident) && holdsAt(route.hours, route.timeZone, nowMs, true));
  const named = new Set(routes.flatMap((route) => [...route.channelIds, ...route.escalation.flatMap((step) => step.channelIds)]));
  const unnamed = channelIds.filter((channelId) => !named.has(channelId));
  return [...taken, { id: "", channelIds: unnamed, escalation: [], timeZone: "UTC", quietHours: [] }];
}

/** Channels of routes that the incident would take, and whose hours begin later. */
export function laterChannelIds(incident: Incident, { routes, nowMs }: { routes: readonly NotificationRoute[]; nowMs: number }): string[] {
  const later = routes.filter((route) => route.enabled && fits(route, incident) && !holdsAt(route.hours, route.timeZone, nowMs, true));
  return later.flatMap(({ channelIds }) => channelIds);
}

/** True in the quiet hours of a route. */
export function isQuiet({ quietHours, timeZone }: Match, nowMs: number): boolean {
  return holdsAt(quietHours, timeZone, nowMs, false);
}

function fits({ severities, scopeKinds, scopeIds, siteIds }: NotificationRoute, { severity, scope, siteId, placement }: Incident): boolean {
  const among = <T>(list: readonly T[], ...values: T[]) => list.length === 0 || values.some((value) => list.includes(value));
  const nodes = placement.map((node) => node.id);
  return (
    among(severities, severity) &&
    among(scopeKinds, scope.kind) &&
    among(scopeIds, scope.id, ...nodes) &&
    among<string | null>(siteIds, siteId)
  );
}

/** True inside one of the windows; `whenNone` where there is none. */
export function holdsAt(windows: readonly DayWindow[], timeZone: string, nowMs: number, whenNone: boolean): boolean {
  if (windows.length === 0) return whenNone;
  const { day, minute } = localTime(nowMs, timeZone);
  const dayBefore = day === 1 ? 7 : day - 1;
  return windows.some(({ days, from, to }) => {
    const [begin, end] = [minuteOf(from), minuteOf(to)];
    if (begin < end) return days.includes(day) && minute >= begin && minute < end;
    return (days.includes(day) && minute >= begin) || (days.includes(dayBefore) && minute < end);
  });
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const formats = new Map<string, Intl.DateTimeFormat>(); // making one takes longer than all that it does

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  formats.set(timeZone, format);
  return format;
}

function localTime(nowMs: number, timeZone: string): { day: number; minute: number } {
  const format = formatIn(timeZone);
  const parts = Object.fromEntries(format.formatToParts(nowMs).map(({ type, value }) => [type, value]));
  return { day: DAYS.indexOf(parts.weekday) + 1, minute: Number(parts.hour) * 60 + Number(parts.minute) };
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

import type { Incident, IncidentMember, TimelineEntry } from "../../server/contract/incidents.ts";

/** What is held of an incident, after news of it that hold some of its members and the end of its timeline alone. */
export function mergeIncident(held: Incident, news: Incident): Incident {
  return { ...news, members: mergeMembers(held.members, news.members), timeline: mergeTimeline(held.timeline, news.timeline) };
}

function mergeMembers(held: readonly IncidentMember[], news: readonly IncidentMember[]): IncidentMember[] {
  const keyOf = ({ kind, id }: IncidentMember): string => `${kind} ${id}`;
  const known = new Map(news.map((member) => [keyOf(member), member]));
  const kept = held.map((member) => known.get(keyOf(member)) ?? member);
  const keys = new Set(held.map(keyOf));
  return [...kept, ...news.filter((member) => !keys.has(keyOf(member)))];
}

function mergeTimeline(held: readonly TimelineEntry[], news: readonly TimelineEntry[]): TimelineEntry[] {
  const [first] = news;
  if (news.length === 0) return [...held];
  const isFirst = ({ atMs, kind, text }: TimelineEntry): boolean => atMs === first.atMs && kind === first.kind && text === first.text;
  const start = held.findIndex(isFirst);
  return [...(start === -1 ? held.filter(({ atMs }) => atMs < first.atMs) : held.slice(0, start)), ...news];
}

/** Whether members that the news left out have changed: then the whole is to be asked for again. */
export function isIncomplete({ members, memberCount, firingCount }: Incident, mostMembers: number): boolean {
  if (members.length < Math.min(memberCount, mostMembers)) return true;
  return memberCount <= mostMembers && members.filter(({ state }) => state === "firing").length !== firingCount;
}

import type { DeliveryEvent, MessageEvent, Templates } from "../contract/channels.ts";
import type { Incident, ScopeKind, Severity } from "../contract/incidents.ts";
import { severityRank, type HeldBack } from "./budget.ts";
import { fillTemplate, type FieldValues } from "./template.ts";

/** What a far end is told, in words and, for programs, whole. */
export interface Message {
  readonly event: DeliveryEvent | "test";
  readonly title: string;
  readonly text: string;
  readonly link: string | null;
  readonly incident: Incident | null;
  /** The worst of what it tells; null: nothing is wrong by it. */
  readonly severity: Severity | null;
}

export interface Wording {
  readonly templates: Templates;
  readonly timeZone: string;
  /** Address that people use, without a slash at the end. */
  readonly publicUrl: string;
  readonly siteName: (siteId: string) => string | null;
}

const SCOPE_WORDS: Record<ScopeKind, string> = {
  server: "Server",
  site: "Site",
  agent: "Agent",
  subnet: "Subnet",
  rack: "Rack",
  switch: "Switch",
  pdu: "PDU",
  miner: "Miner",
};

/** The message about one incident as it is now. `nowMs` is when it is written: durations of what goes on run up to it. */
export function messageOf(event: MessageEvent | "edited", incident: Incident, wording: Wording, nowMs: number): Message {
  const told: MessageEvent = event === "edited" ? (incident.state === "closed" ? "closed" : "changed") : event;
  const values = fieldsOf(told, incident, wording, nowMs);
  const template = wording.templates[told];
  const text = template === null ? standardText(values) : fillTemplate(template, values);
  const title = event === "edited" && told === "changed" ? titleOf("opened", incident) : values.title; // in its place it is no news
  return { event, title, text, link: values.link, incident, severity: incident.severity };
}

/** What is known of an incident, as text. */
function fieldsOf(event: MessageEvent, incident: Incident, wording: Wording, nowMs: number): FieldValues {
  const { scope, siteId, closedAtMs, openedAtMs } = incident;
  const siteName = siteId === null ? "" : (wording.siteName(siteId) ?? siteId);
  const at = (atMs: number | null) => (atMs === null ? "" : instantText(atMs, wording.timeZone));
  return {
    title: titleOf(event, incident),
    event,
    severity: incident.severity,
    state: incident.state,
    explanation: incident.explanation,
    cause: incident.cause,
    scopeKind: SCOPE_WORDS[scope.kind],
    scopeName: scope.name,
    siteName,
    memberCount: String(incident.memberCount),
    firingCount: String(incident.firingCount),
    minerCount: String(incident.minerCount),
    openedAt: at(openedAtMs),
    closedAt: at(closedAtMs),
    duration: durationText((closedAtMs ?? nowMs) - openedAtMs),
    lostThs: figure(incident.lostHashrateHs / 1e12),
    lostThsHours: figure(incident.lostHashes / 1e12 / 3600),
    flapping: incident.flapping ? "flapping" : "",
    acknowledgedBy: incident.acknowledgedBy ?? "",
    assignee: incident.assignee ?? "",
    incidentId: incident.id,
    link: incidentLink(wording.publicUrl, incident.id),
  };
}

export function incidentLink(publicUrl: string, incidentId: string): string {
  return `${publicUrl}/incidents/${encodeURIComponent(incidentId)}`;
}

/** One line that says how grave, what and where: "Critical: 46 of 48 miners in rack B07 became unreachable within 20 s". */
export function titleOf(event: MessageEvent, { severity, explanation, scope }: Incident): string {
  const place = explanation.includes(scope.name) ? "" : `${SCOPE_WORDS[scope.kind]} ${scope.name}: `;
  const grave = event === "opened" ? capital(severity) : `Now ${severity}`;
  return `${event === "closed" ? "Resolved" : grave}: ${place}${explanation}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Below the title, which says what: where, how many, since when, lost, link: one line each, and none for what is not known. */
function standardText(values: FieldValues): string {
  const { event, scopeKind, scopeName, siteName, openedAt, closedAt, duration, acknowledgedBy } = values;
  const closed = event === "closed";
  const atSite = siteName === "" || scopeKind === "Site" ? "" : ` at ${siteName}`;
  const lines = [
    `Where: ${scopeKind.toLowerCase()} ${scopeName}${atSite}`,
    `Miners: ${values.minerCount}${closed ? "" : `, ${values.firingCount} of ${values.memberCount} alerts still firing`}`,
    closed ? `From ${openedAt} to ${closedAt} (${duration})` : `Since: ${openedAt} (${duration})`,
    ...lossLines(closed, values),
    ...(values.flapping === "" ? [] : ["It comes and goes: held as one incident"]),
    ...(acknowledgedBy === "" || closed ? [] : [`Acknowledged by ${acknowledgedBy}`]),
    values.link,
  ];
  return lines.join("\n");
}

/** None while nothing is known of it: it is counted from a moment after the incident opened. */
function lossLines(closed: boolean, { lostThs, lostThsHours }: FieldValues): string[] {
  if (closed) return lostThsHours === "0" ? [] : [`Lost: ${lostThsHours} TH/s·h`];
  return lostThs === "0" && lostThsHours === "0" ? [] : [`Lost: ${lostThs} TH/s now, ${lostThsHours} TH/s·h so far`];
}

/** A message that was held back, and its incident as it is now; null: it is not known any more. */
export interface Summarised {
  readonly held: HeldBack;
  readonly now: Incident | null;
}

export function isStillOpen({ now }: Summarised): boolean {
  return now !== null && now.state !== "closed";
}

/** What the budget of a channel held back, in one message. */
export function summaryOf(all: readonly Summarised[], publicUrl: string): Message {
  const shown = all.slice(0, 50).map((each) => `- ${summaryLine(each)} (${incidentLink(publicUrl, each.held.id)})`);
  const more = all.length > shown.length ? [`… and ${all.length - shown.length} more`] : [];
  const link = `${publicUrl}/incidents`;
  const title = `${all.length} more ${all.length === 1 ? "message" : "messages"} in the last hour, beyond the budget of this channel`;
  const severities = all.filter(isStillOpen).flatMap(({ now }) => (now === null ? [] : [now.severity]));
  const severity = severities.toSorted((a, b) => severityRank(b) - severityRank(a)).at(0) ?? null;
  return { event: "summary", title, text: [...shown, ...more, link].join("\n"), link, incident: null, severity };
}

/** As it is when people read it. */
function summaryLine({ held: { event, title }, now }: Summarised): string {
  if (event === "closed") return title;
  if (now === null) return `${title}, over by now`;
  const ended = now.mergedIntoId === null ? "over by now" : "part of a larger one by now";
  return `${titleOf(event, now)}${now.state === "closed" ? `, ${ended}` : ""}`;
}

/** Ends a summary at a far end that keeps it until it is resolved. */
export function summaryOver(publicUrl: string): Message {
  const link = `${publicUrl}/incidents`;
  const title = "Resolved: every incident of this summary is over";
  return { event: "closed", title, text: link, link, incident: null, severity: null };
}

function instantText(atMs: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  return `${format.format(atMs)} ${timeZone}`;
}

function durationText(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const figures = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
function figure(value: number): string {
  return figures.format(value);
}

/** What a channel gets when it is tried out. */
export function testMessage(channelName: string, publicUrl: string): Message {
  const text = `This is a test of the channel “${channelName}”. Incidents will look like this, with what happened and where.\n${publicUrl}/incidents`;
  return { event: "test", title: "Hashwatch test message", text, link: `${publicUrl}/incidents`, incident: null, severity: null };
}

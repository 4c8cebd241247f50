import { z } from "zod";
import type { DeliveryEvent, MessageEvent, NotificationRoute } from "../contract/channels.ts";
import type { Incident } from "../contract/incidents.ts";
import type { IncidentNews } from "../incidents/news.ts";
import { allows, freshBudget, hasEnded, holdBack, scopeRank, severityRank, spend, type Budget } from "./budget.ts";
import { titleOf } from "./message.ts";
import { isQuiet, routesOf } from "./routing.ts";

/** From news of incidents to messages for channels. Pure: what people were told comes in, and goes out changed. */

const instant = z.number().nullable();
/** What one channel was told of one incident. */
const ToldChannel = z.object({
  /** `quiet`: to be told when the quiet hours end; `heldBack`: beyond the budget, it stands in a summary. */
  state: z.enum(["told", "quiet", "heldBack"]),
  severity: z.number(), // rank, as last told
  scope: z.number(),
  changedAtMs: instant, // the last `changed` that was sent
  editedAtMs: instant,
  /** When to look again: whether to send `changed`, to edit, or whether the quiet hours are over. */
  changeDueAtMs: instant,
  editDueAtMs: instant,
  quietUntilMs: instant,
});
type ToldChannel = z.infer<typeof ToldChannel>;
/** What people were told of one incident; kept while it stands. */
export const Told = z.object({
  incidentId: z.string(),
  channels: z.record(z.string(), ToldChannel),
  escalations: z.array(z.object({ routeId: z.string(), step: z.number(), dueAtMs: z.number() })),
});
export type Told = z.infer<typeof Told>;

export interface PlanChannel {
  readonly id: string;
  readonly enabled: boolean;
  readonly budgetPerHour: number;
  readonly canEdit: boolean;
  /** Its `closed` ends something at the far end and tells nobody: sent whatever is quiet or spent. */
  readonly resolves: boolean;
}
export interface PlanWorld {
  readonly channels: readonly PlanChannel[];
  readonly routes: readonly NotificationRoute[];
  readonly nowMs: number;
}
export interface Planned {
  readonly channelId: string;
  readonly incident: Incident;
  readonly event: Exclude<DeliveryEvent, "summary">;
  /** Why it is recorded and not sent; null: it is sent. */
  readonly suppressed: string | null;
}
export interface Plan {
  /** null: nobody needs to be remembered. */
  readonly told: Told | null;
  readonly budgets: ReadonlyMap<string, Budget>;
  readonly messages: readonly Planned[];
}
export interface PlanState {
  readonly told: Told | null;
  readonly budgets: ReadonlyMap<string, Budget>;
}

/** A burst of changes is told once. */
const SETTLE_MS = 30_000;
const CHANGED_EVERY_MS = 600_000;
const EDIT_EVERY_MS = 15_000;
const MINUTE_MS = 60_000;

/** What a piece of news makes of what was told. */
export function planNews(state: PlanState, news: IncidentNews, world: PlanWorld): Plan {
  const planner = new Planner(state, news.incident, world);
  switch (news.kind) {
    case "opened":
      if (news.suppressedBy === null) planner.open();
      else planner.recordOpened(`recorded, not sent: ${news.suppressedBy}`);
      break;
    case "changed":
      planner.edit();
      if (news.suppressedBy === null) planner.change();
      break;
    case "updated":
      planner.edit();
      break;
    case "closed":
      planner.close(news.suppressedBy, news.incident.mergedIntoId !== null);
      break;
  }
  return planner.plan();
}

/** When `planDue` has something to look at; null: never. */
export function dueAtOf(told: Told): number | null {
  const ofChannels = Object.values(told.channels).flatMap((each) => [each.changeDueAtMs, each.editDueAtMs, each.quietUntilMs]);
  const all = [...ofChannels, ...told.escalations.map((each) => each.dueAtMs)].filter((atMs) => atMs !== null);
  return all.length === 0 ? null : Math.min(...all);
}

/** What became due by the clock; `incident` as it is now. */
export function planDue(state: PlanState, incident: Incident, world: PlanWorld): Plan {
  const planner = new Planner(state, incident, world);
  planner.lookAgain();
  return planner.plan();
}

class Planner {
  readonly #incident: Incident;
  readonly #world: PlanWorld;
  readonly #budgets: Map<string, Budget>;
  readonly #messages: Planned[] = [];
  readonly #channels = new Map<string, ToldChannel>();
  #escalations: Told["escalations"];
  #ended = false;

  constructor({ told, budgets }: PlanState, incident: Incident, world: PlanWorld) {
    this.#incident = incident;
    this.#world = world;
    this.#budgets = new Map(budgets);
    this.#escalations = told?.escalations ?? [];
    for (const [channelId, each] of Object.entries(told?.channels ?? {})) this.#channels.set(channelId, each);
  }

  plan(): Plan {
    const forgotten = this.#ended || (this.#channels.size === 0 && this.#escalations.length === 0);
    const told = { incidentId: this.#incident.id, channels: Object.fromEntries(this.#channels), escalations: this.#escalations };
    return { told: forgotten ? null : told, budgets: this.#budgets, messages: this.#messages };
  }

  /** Tells every channel on the incident's way that has not been told. */
  open(): void {
    const { nowMs } = this.#world;
    const ways = this.#ways();
    const loud = ways.filter((way) => !isQuiet(way, nowMs));
    for (const { id, channelIds, escalation } of loud) {
      channelIds.forEach((channelId) => this.#tellOpened(channelId));
      escalation.forEach(({ afterMinutes }, step) => this.#escalate({ routeId: id, step, dueAtMs: nowMs + afterMinutes * MINUTE_MS }));
    }
    for (const channelId of ways.flatMap((way) => way.channelIds)) this.#awaitEndOfQuiet(channelId);
  }

  /** Notes for whom a message would have been. */
  recordOpened(suppressed: string): void {
    const channelIds = new Set(this.#ways().flatMap((way) => way.channelIds));
    for (const channelId of channelIds) {
      if (this.#usable(channelId) !== null && !this.#channels.has(channelId)) this.#add(channelId, "opened", suppressed);
    }
  }

  /** The scope moved up or the severity rose: further channels may be on its way now, and those that were told hear of it soon. */
  change(): void {
    const { nowMs } = this.#world;
    this.#update((each, channel) => {
      if (each.state !== "told" || channel.canEdit || each.changeDueAtMs !== null) return each;
      return { ...each, changeDueAtMs: Math.max(nowMs + SETTLE_MS, (each.changedAtMs ?? -Infinity) + CHANGED_EVERY_MS) };
    });
    for (const [channelId, each] of this.#channels) if (each.state === "heldBack") this.#retryHeldBack(channelId);
    this.open();
  }

  /** Who can edit brings its message up to date, not too often. */
  edit(): void {
    const { nowMs } = this.#world;
    this.#update((each, channel) => {
      if (each.state !== "told" || !channel.canEdit || each.editDueAtMs !== null) return each;
      return { ...each, editDueAtMs: Math.max(nowMs, (each.editedAtMs ?? -Infinity) + EDIT_EVERY_MS) };
    });
  }

  close(suppressedBy: Incident["suppressedBy"], merged: boolean): void {
    for (const [channelId, each] of this.#channels) {
      const channel = this.#usable(channelId);
      if (channel === null || each.state !== "told") continue;
      if (channel.canEdit) this.#add(channelId, "edited");
      if (channel.resolves) this.#add(channelId, "closed");
      else if (merged) continue;
      else if (suppressedBy !== null) this.#add(channelId, "closed", `recorded, not sent: ${suppressedBy}`);
      else this.#send(channelId, "closed");
    }
    this.#ended = true;
  }

  lookAgain(): void {
    // Of one that is closed the news is on the way.
    if (this.#incident.state === "closed" || this.#incident.suppressedBy !== null) {
      this.#postpone();
      return;
    }
    this.#update((each, _channel, channelId) => this.#changeDue(channelId, each));
    this.#update((each, _channel, channelId) => this.#editDue(channelId, each));
    this.#endQuiet();
    this.#escalateDue();
  }

  #ways() {
    const { routes, channels, nowMs } = this.#world;
    return routesOf(this.#incident, { routes, channelIds: channels.map((channel) => channel.id), nowMs });
  }

  #usable(channelId: string): PlanChannel | null {
    return this.#world.channels.find((channel) => channel.id === channelId && channel.enabled) ?? null;
  }

  #tellOpened(channelId: string): void {
    const known = this.#channels.get(channelId);
    if (this.#usable(channelId) === null || (known !== undefined && known.state !== "quiet")) return;
    this.#channels.set(channelId, this.#toldAs(this.#send(channelId, "opened") ? "told" : "heldBack"));
  }

  #retryHeldBack(channelId: string): void {
    const channel = this.#usable(channelId);
    const budget = this.#budgets.get(channelId);
    if (channel === null || budget === undefined || !allows(budget, this.#incident, channel.budgetPerHour)) return;
    this.#send(channelId, "opened");
    this.#channels.set(channelId, this.#toldAs("told"));
  }

  #awaitEndOfQuiet(channelId: string): void {
    if (this.#usable(channelId) === null || this.#channels.has(channelId)) return;
    this.#channels.set(channelId, { ...this.#toldAs("quiet"), quietUntilMs: this.#world.nowMs + MINUTE_MS });
    this.#add(channelId, "opened", "recorded, not sent: quiet hours");
  }

  #endQuiet(): void {
    const { nowMs } = this.#world;
    const waiting = [...this.#channels].filter(([, each]) => each.quietUntilMs !== null && each.quietUntilMs <= nowMs);
    if (waiting.length === 0) return;
    this.open();
    this.#update((each) => (each.state === "quiet" ? { ...each, quietUntilMs: nowMs + MINUTE_MS } : each));
  }

  #escalate(entry: Told["escalations"][number]): void {
    const known = this.#escalations.some(({ routeId, step }) => routeId === entry.routeId && step === entry.step);
    if (!known) this.#escalations = [...this.#escalations, entry];
  }

  /** A step that has been taken stays, never due again, so that it is not taken twice. */
  #escalateDue(): void {
    const { nowMs, routes } = this.#world;
    const due = this.#escalations.filter((each) => each.dueAtMs <= nowMs);
    this.#escalations = this.#escalations.map((each) => (each.dueAtMs <= nowMs ? { ...each, dueAtMs: NEVER_MS } : each));
    if (this.#incident.state !== "open") return;
    for (const { routeId, step } of due) {
      const route = routes.find((each) => each.id === routeId && each.enabled);
      route?.escalation[step]?.channelIds.forEach((channelId) => this.#tellOpened(channelId));
    }
  }

  #changeDue(channelId: string, each: ToldChannel): ToldChannel {
    const { nowMs } = this.#world;
    if (each.changeDueAtMs === null || each.changeDueAtMs > nowMs) return each;
    const told = this.#toldAs("told");
    const grew = told.severity > each.severity || told.scope > each.scope;
    if (!grew || !this.#send(channelId, "changed")) return { ...each, changeDueAtMs: null };
    return { ...each, severity: told.severity, scope: told.scope, changedAtMs: nowMs, changeDueAtMs: null };
  }

  #editDue(channelId: string, each: ToldChannel): ToldChannel {
    const { nowMs } = this.#world;
    if (each.editDueAtMs === null || each.editDueAtMs > nowMs) return each;
    this.#add(channelId, "edited");
    return { ...each, editedAtMs: nowMs, editDueAtMs: null };
  }

  /** While it is quiet nothing goes out; what is due waits. */
  #postpone(): void {
    const { nowMs } = this.#world;
    const later = (atMs: number | null) => (atMs !== null && atMs <= nowMs ? nowMs + MINUTE_MS : atMs);
    this.#update((each, _channel, channelId) => ({
      ...this.#editDue(channelId, each),
      changeDueAtMs: later(each.changeDueAtMs),
      quietUntilMs: later(each.quietUntilMs),
    }));
    this.#escalations = this.#escalations.map((each) => ({ ...each, dueAtMs: later(each.dueAtMs) ?? NEVER_MS }));
  }

  #toldAs(state: ToldChannel["state"]): ToldChannel {
    const { severity, scope } = this.#incident;
    return {
      ...{ state, severity: severityRank(severity), scope: scopeRank(scope.kind) },
      ...{ changedAtMs: null, editedAtMs: null, changeDueAtMs: null, editDueAtMs: null, quietUntilMs: null },
    };
  }

  /** Sends within the budget; false: held back for the summary. */
  #send(channelId: string, event: MessageEvent): boolean {
    const { nowMs } = this.#world;
    const limit = this.#usable(channelId)?.budgetPerHour ?? 0;
    const known = this.#budgets.get(channelId);
    const budget = known === undefined || hasEnded(known, nowMs) ? freshBudget(channelId, nowMs) : known;
    const goes = allows(budget, this.#incident, limit);
    const held = { id: this.#incident.id, title: titleOf(event, this.#incident) };
    this.#budgets.set(channelId, goes ? spend(budget, this.#incident) : holdBack(budget, held));
    this.#add(channelId, event, goes ? null : "held back for the summary: the budget of the hour is spent");
    return goes;
  }

  #add(channelId: string, event: Planned["event"], suppressed: string | null = null): void {
    this.#messages.push({ channelId, incident: this.#incident, event, suppressed });
  }

  #update(change: (each: ToldChannel, channel: PlanChannel, channelId: string) => ToldChannel): void {
    for (const [channelId, each] of this.#channels) {
      const channel = this.#usable(channelId);
      if (channel !== null) this.#channels.set(channelId, change(each, channel, channelId));
    }
  }
}

const NEVER_MS = Number.MAX_SAFE_INTEGER;

import type { DeliveryEvent, MessageEvent, NotificationRoute } from "../contract/channels.ts";
import type { Incident } from "../contract/incidents.ts";
import type { IncidentNews } from "../incidents/news.ts";
import { allows, freshBudget, hasEnded, holdBack, scopeRank, severityRank, spend, type Budget } from "./budget.ts";
import { titleOf } from "./message.ts";
import { isQuiet, laterChannelIds, routesOf } from "./routing.ts";
import type { Told, ToldChannel } from "./told.ts";

/** From news of incidents to messages for channels. Pure: what people were told comes in, and goes out changed. */

export interface PlanChannel {
  readonly id: string;
  readonly enabled: boolean;
  readonly budgetPerHour: number;
  readonly canEdit: boolean;
  /** What it tells of stands at the far end until it is resolved. `closed` does that and tells nobody: sent whatever is quiet or spent. */
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
const EDIT_SPACING_MS = 15_000;
const EDIT_SPACING_MAX_MS = 600_000;
const MINUTE_MS = 60_000;
/** Quiet hours without end: after this nobody is told any more that it is over. */
const LATE_CLOSE_MS = 86_400_000;
const QUIET_HOURS = "recorded, not sent: quiet hours";

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
      if (news.suppressedBy === null) planner.catchUp();
      break;
    case "closed":
      planner.close(news.suppressedBy, news.incident.mergedIntoId !== null);
      break;
  }
  return planner.plan();
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
  #channels = new Map<string, ToldChannel>();
  #escalations: Told["escalations"];

  constructor({ told, budgets }: PlanState, incident: Incident, world: PlanWorld) {
    this.#incident = incident;
    this.#world = world;
    this.#budgets = new Map(budgets);
    this.#escalations = told?.escalations ?? [];
    for (const [channelId, each] of Object.entries(told?.channels ?? {})) this.#channels.set(channelId, each);
  }

  plan(): Plan {
    const forgotten = this.#channels.size === 0 && this.#escalations.length === 0;
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
    for (const channelId of laterChannelIds(this.#incident, this.#world)) this.#awaitHours(channelId);
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
    this.#awaitChange();
    for (const [channelId, each] of this.#channels) if (each.state === "heldBack") this.#retryHeldBack(channelId);
    this.open();
  }

  /** What grew while nobody was to be told is told after it. */
  catchUp(): void {
    const { severity, scope } = this.#toldAs("told");
    const isBehind = [...this.#channels.values()].some((each) => hasHeard(each) && (severity > each.severity || scope > each.scope));
    if (isBehind) this.#awaitChange();
  }

  #awaitChange(): void {
    const { nowMs } = this.#world;
    this.#update((each, channel) => {
      if (!hasHeard(each) || hasOwnToEdit(each, channel) || each.changeDueAtMs !== null) return each;
      return { ...each, changeDueAtMs: Math.max(nowMs + SETTLE_MS, (each.changedAtMs ?? -Infinity) + CHANGED_EVERY_MS) };
    });
  }

  /** Who can edit brings its message up to date where it says something else by now: soon at first, then less and less often. */
  edit(): void {
    const { nowMs } = this.#world;
    const shown = shownOf(this.#incident);
    const spacingMs = Math.min(EDIT_SPACING_MAX_MS, Math.max(EDIT_SPACING_MS, (nowMs - this.#incident.openedAtMs) / 20));
    this.#update((each, channel) => {
      if (!hasOwnToEdit(each, channel) || each.editDueAtMs !== null || each.shown === shown) return each;
      return { ...each, editDueAtMs: Math.max(nowMs, (each.editedAtMs ?? -Infinity) + spacingMs) };
    });
  }

  /**
   * Tells those of the end who were told of the begin, be it in a summary; who has quiet hours now is told after them. What a far end keeps until it is
   * resolved is resolved; a summary is when the last that it names is over.
   */
  close(suppressedBy: Incident["suppressedBy"], merged: boolean): void {
    const closing = new Map<string, ToldChannel>();
    for (const [channelId, each] of this.#channels) {
      const channel = this.#usable(channelId);
      if (channel === null || !hasHeard(each)) continue;
      if (hasOwnToEdit(each, channel)) this.#add(channelId, "edited");
      if (channel.resolves && each.state === "told") this.#add(channelId, "closed");
      else if (channel.resolves || merged) continue;
      else if (suppressedBy !== null) this.#add(channelId, "closed", `recorded, not sent: ${suppressedBy}`);
      else if (this.#hasQuiet(channelId)) closing.set(channelId, this.#closingLater(channelId));
      else this.#send(channelId, "closed");
    }
    this.#end(closing);
  }

  #closingLater(channelId: string): ToldChannel {
    this.#add(channelId, "closed", QUIET_HOURS);
    return { ...this.#toldAs("closing"), quietUntilMs: this.#world.nowMs + MINUTE_MS };
  }

  /** Nobody is left to be told but those who have quiet hours. */
  #end(closing: ReadonlyMap<string, ToldChannel>): void {
    this.#channels = new Map(closing);
    this.#escalations = [];
  }

  #closeAfterQuiet(): void {
    const { nowMs } = this.#world;
    const closing = [...this.#channels].filter(([, each]) => each.state === "closing");
    if (closing.length === 0) return;
    const isLongAgo = nowMs - (this.#incident.closedAtMs ?? nowMs) >= LATE_CLOSE_MS;
    const still = closing.filter(
      ([channelId, { quietUntilMs }]) => !isLongAgo && ((quietUntilMs ?? 0) > nowMs || this.#hasQuiet(channelId)),
    );
    const waiting = new Map(still.map(([channelId, each]) => [channelId, { ...each, quietUntilMs: nextLook(each.quietUntilMs, nowMs) }]));
    const loud = closing.filter(([channelId]) => !waiting.has(channelId) && !isLongAgo && this.#usable(channelId) !== null);
    for (const [channelId] of loud) this.#send(channelId, "closed");
    this.#end(waiting);
  }

  lookAgain(): void {
    if (this.#incident.state === "closed") this.#closeAfterQuiet();
    // Of one that is closed the news is on the way.
    if (this.#incident.state === "closed" || this.#incident.suppressedBy !== null) {
      this.#postpone();
      return;
    }
    this.#update((each, _channel, channelId) => this.#changeDue(channelId, each));
    this.#update((each, _channel, channelId) => this.#editDue(channelId, each));
    this.#lookAtWaiting();
    this.#escalateDue();
  }

  #ways() {
    const { routes, channels, nowMs } = this.#world;
    return routesOf(this.#incident, { routes, channelIds: channels.map((channel) => channel.id), nowMs });
  }

  /** Every way that leads to the channel now has quiet hours. */
  #hasQuiet(channelId: string): boolean {
    const ways = this.#ways().filter(({ channelIds }) => channelIds.includes(channelId));
    return ways.length > 0 && ways.every((way) => isQuiet(way, this.#world.nowMs));
  }

  #usable(channelId: string): PlanChannel | null {
    return this.#world.channels.find((channel) => channel.id === channelId && channel.enabled) ?? null;
  }

  #tellOpened(channelId: string): void {
    const known = this.#channels.get(channelId);
    if (this.#usable(channelId) === null || (known !== undefined && !isWaiting(known))) return;
    if (known?.state === "later" && this.#incident.state !== "open") return;
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
    this.#add(channelId, "opened", QUIET_HOURS);
  }

  /** Whose hours begin later is told then of what is still open, unless somebody has it in hand by then. */
  #awaitHours(channelId: string): void {
    if (this.#incident.state !== "open" || this.#usable(channelId) === null || this.#channels.has(channelId)) return;
    this.#channels.set(channelId, { ...this.#toldAs("later"), quietUntilMs: this.#world.nowMs + MINUTE_MS });
  }

  #lookAtWaiting(): void {
    const { nowMs } = this.#world;
    const isDue = [...this.#channels.values()].some((each) => isWaiting(each) && each.quietUntilMs !== null && each.quietUntilMs <= nowMs);
    if (!isDue) return;
    this.open();
    const isInHand = this.#incident.state !== "open";
    for (const [channelId, each] of this.#channels) {
      const isNever = each.state === "later" && isInHand;
      if (isWaiting(each)) this.#channels.set(channelId, { ...each, quietUntilMs: isNever ? null : nowMs + MINUTE_MS });
    }
  }

  #escalate(entry: Told["escalations"][number]): void {
    const known = this.#escalations.some(({ routeId, step }) => routeId === entry.routeId && step === entry.step);
    if (!known) this.#escalations = [...this.#escalations, entry];
  }

  /** A step that has been taken stays, never due again, so that it is not taken twice. */
  #escalateDue(): void {
    const { nowMs, routes } = this.#world;
    const due = this.#escalations.filter((each) => each.dueAtMs <= nowMs);
    for (const entry of due) {
      const route = routes.find((each) => each.id === entry.routeId && each.enabled);
      const isLater = route !== undefined && isQuiet(route, nowMs);
      this.#escalations = this.#escalations.map((each) =>
        each === entry ? { ...each, dueAtMs: isLater ? nowMs + MINUTE_MS : NEVER_MS } : each,
      );
      if (isLater || this.#incident.state !== "open") continue;
      route?.escalation[entry.step]?.channelIds.forEach((channelId) => this.#tellOpened(channelId));
    }
  }

  #changeDue(channelId: string, each: ToldChannel): ToldChannel {
    const { nowMs } = this.#world;
    if (each.changeDueAtMs === null || each.changeDueAtMs > nowMs) return each;
    if (this.#hasQuiet(channelId)) return { ...each, changeDueAtMs: nowMs + MINUTE_MS };
    const told = this.#toldAs("told");
    const grew = told.severity > each.severity || told.scope > each.scope;
    if (!grew || !this.#send(channelId, "changed")) return { ...each, changeDueAtMs: null };
    return { ...told, changedAtMs: nowMs };
  }

  #editDue(channelId: string, each: ToldChannel): ToldChannel {
    const { nowMs } = this.#world;
    if (each.editDueAtMs === null || each.editDueAtMs > nowMs) return each;
    this.#add(channelId, "edited");
    return { ...each, shown: shownOf(this.#incident), editedAtMs: nowMs, editDueAtMs: null };
  }

  /** While it is quiet nothing goes out; what is due waits. */
  #postpone(): void {
    const { nowMs } = this.#world;
    const later = (atMs: number | null) => nextLook(atMs, nowMs);
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
      ...{ state, summaryId: null, severity: severityRank(severity), scope: scopeRank(scope.kind) },
      shown: shownOf(this.#incident),
      ...{ changedAtMs: null, editedAtMs: null, changeDueAtMs: null, editDueAtMs: null, quietUntilMs: null },
    };
  }

  /** Sends within the budget; false: held back for the summary. */
  #send(channelId: string, event: MessageEvent): boolean {
    const { nowMs } = this.#world;
    const limit = this.#usable(channelId)?.budgetPerHour ?? 0;
    const known = this.#budgets.get(channelId);
    const isOver = known !== undefined && hasEnded(known, nowMs) && known.heldBack.length === 0; // what was held back is told first
    const budget = known === undefined || isOver ? freshBudget(channelId, nowMs) : known;
    const goes = allows(budget, this.#incident, limit);
    const held = { id: this.#incident.id, event, title: titleOf(event, this.#incident) };
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

/** People know of it, by a message of its own or by a summary. */
function hasHeard({ state }: ToldChannel): boolean {
  return state === "told" || state === "summarised";
}

function hasOwnToEdit({ state }: ToldChannel, { canEdit }: PlanChannel): boolean {
  return canEdit && state === "told";
}

/** People are to be told when their time comes. */
function isWaiting({ state }: ToldChannel): boolean {
  return state === "quiet" || state === "later";
}

/** What was due and could not be done is looked at again in a minute. */
function nextLook(atMs: number | null, nowMs: number): number | null {
  return atMs !== null && atMs <= nowMs ? nowMs + MINUTE_MS : atMs;
}

/** What is worth an edit. That more hashrate is lost as time goes by is not. */
function shownOf({ state, severity, scope, firingCount, memberCount, acknowledgedBy, assignee, flapping }: Incident): string {
  return [state, severity, scope.kind, scope.id, firingCount, memberCount, acknowledgedBy, assignee, flapping].join("|");
}

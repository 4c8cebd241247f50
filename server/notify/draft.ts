import type { Incident } from "../contract/incidents.ts";
import type { RecordMirror } from "../fleet/recordMirror.ts";
import { freshBudget, scopeRank, severityRank, type Budget } from "./budget.ts";
import type { ChannelBook, StoredChannel } from "./channelBook.ts";
import { canEdit } from "./deliver/send.ts";
import type { StoredDelivery } from "./delivery.ts";
import { isStillOpen, messageOf, summaryOf, summaryOver, type Message, type Summarised } from "./message.ts";
import type { Plan, PlanChannel, Planned, PlanState, PlanWorld } from "./plan.ts";
import type { Told } from "./told.ts";

export interface DraftParts {
  readonly book: ChannelBook;
  /** Address that people use, without a slash at the end. */
  readonly publicUrl: () => string;
  readonly siteName: (siteId: string) => string | null;
  readonly clock: () => number; // epoch ms
}
/** What is on disk. */
interface Kept {
  readonly told: RecordMirror<Told>;
  readonly budgets: RecordMirror<Budget>;
}
interface Added {
  readonly message: Message;
  readonly incidentId: string | null;
  readonly summaryId?: string;
  /** Why it is not sent; null: it is. */
  readonly suppressed: string | null;
}

/** What people were told, what is left of budgets, and deliveries: changes that are written together. */
export class Draft {
  readonly told = new Map<string, Told | null>();
  readonly budgets = new Map<string, Budget | null>();
  readonly deliveries: StoredDelivery[] = [];
  nextNumber: number;
  readonly #parts: DraftParts;
  readonly #kept: Kept;
  readonly #world: PlanWorld;

  constructor(parts: DraftParts, kept: Kept, nextNumber: number) {
    this.#parts = parts;
    this.#kept = kept;
    this.nextNumber = nextNumber;
    const { book, clock } = parts;
    this.#world = { channels: book.channels().map(planChannelOf), routes: book.routes(), nowMs: clock() };
  }

  get isEmpty(): boolean {
    return this.told.size === 0 && this.budgets.size === 0 && this.deliveries.length === 0;
  }

  take({ id }: Incident, planOf: (state: PlanState, world: PlanWorld) => Plan): void {
    const told = this.#toldOf(id);
    const budgets = this.#budgetsNow();
    const plan = planOf({ told, budgets }, this.#world);
    for (const [channelId, budget] of plan.budgets) if (budget !== budgets.get(channelId)) this.budgets.set(channelId, budget);
    for (const planned of plan.messages) this.#deliver(planned);
    if (JSON.stringify(plan.told) !== JSON.stringify(told)) this.#remember(id, plan.told);
  }

  /** The incident is not known any more. */
  forget(incidentId: string): void {
    this.#remember(incidentId, null);
  }

  /**
   * One message about all that was held back, which counts for the next hour. A far end that keeps it until it is resolved gets none where all is over by now:
   * there would be nothing left to resolve it.
   */
  summarise(channelId: string, all: readonly Summarised[]): void {
    const channel = this.#parts.book.channel(channelId);
    const open = all.filter(isStillOpen);
    const counts = channel === null || !channel.enabled ? [] : planChannelOf(channel).resolves ? open : all;
    if (channel === null || counts.length === 0) {
      this.budgets.set(channelId, null);
      return;
    }
    this.budgets.set(channelId, { ...freshBudget(channelId, this.#world.nowMs), sentCount: 1 });
    const message = summaryOf(all, this.#parts.publicUrl());
    const summaryId = this.#add(channel, { message, incidentId: null, suppressed: null });
    for (const { now } of open) if (now !== null) this.#noteSummary(now, channelId, summaryId);
  }

  /** From now on people know of the incident by that summary. */
  #noteSummary({ id, severity, scope }: Incident, channelId: string, summaryId: string): void {
    const told = this.#toldOf(id);
    const each = told?.channels[channelId];
    if (told === null || each === undefined) return;
    const state = each.state === "heldBack" ? "summarised" : each.state;
    const heard = { ...each, state, summaryId, severity: severityRank(severity), scope: scopeRank(scope.kind) };
    this.#remember(id, { ...told, channels: { ...told.channels, [channelId]: heard } });
  }

  #toldOf(incidentId: string): Told | null {
    const drafted = this.told.get(incidentId);
    return drafted === undefined ? this.#kept.told.get(incidentId) : drafted;
  }

  #remember(incidentId: string, told: Told | null): void {
    const before = this.#toldOf(incidentId);
    this.told.set(incidentId, told);
    for (const [channelId, { summaryId }] of Object.entries(before?.channels ?? {}))
      if (summaryId !== null && told?.channels[channelId]?.summaryId !== summaryId) this.#leaveSummary(channelId, summaryId);
  }

  /** An incident has left the summary; where it was the last, a far end that keeps the summary hears that it is over. */
  #leaveSummary(channelId: string, summaryId: string): void {
    const channel = this.#parts.book.channel(channelId);
    if (channel?.enabled !== true || !planChannelOf(channel).resolves || this.#standsIn(channelId, summaryId)) return;
    this.#add(channel, { message: summaryOver(this.#parts.publicUrl()), incidentId: null, summaryId, suppressed: null });
  }

  #standsIn(channelId: string, summaryId: string): boolean {
    const ids = new Set([...this.#kept.told.values().map(({ incidentId }) => incidentId), ...this.told.keys()]);
    return [...ids].some((incidentId) => this.#toldOf(incidentId)?.channels[channelId]?.summaryId === summaryId);
  }

  #budgetsNow(): ReadonlyMap<string, Budget> {
    const kept = this.#kept.budgets.values().map((budget) => [budget.channelId, budget] as const);
    const all = new Map<string, Budget | null>([...kept, ...this.budgets]);
    return new Map([...all].flatMap(([id, budget]) => (budget === null ? [] : [[id, budget]])));
  }

  #deliver({ channelId, incident, event, suppressed }: Planned): void {
    const channel = this.#parts.book.channel(channelId);
    if (channel === null) return;
    const message = messageOf(event, incident, { ...this.#parts, ...channel, publicUrl: this.#parts.publicUrl() }, this.#world.nowMs);
    this.#add(channel, { message, incidentId: incident.id, suppressed });
  }

  /** Answers with the id of the delivery. */
  #add({ id: channelId, name: channelName }: StoredChannel, { message, incidentId, summaryId, suppressed }: Added): string {
    const { nowMs } = this.#world;
    const { event, title } = message;
    if (event === "test") throw new RangeError("A test is not queued");
    const isQueued = suppressed === null;
    const id = `d${this.nextNumber++}`;
    this.deliveries.push({
      ...{ id, channelId, channelName, incidentId, event, title, createdAtMs: nowMs, attemptCount: 0 },
      ...{ isUnderway: false, uncertainCount: 0, ref: null, summaryId: summaryId ?? null },
      message: isQueued ? { ...message, event } : null,
      state: isQueued ? "queued" : "suppressed",
      nextAttemptAtMs: isQueued ? nowMs : null,
      endedAtMs: isQueued ? null : nowMs,
      detail: suppressed ?? "",
    });
    return id;
  }
}

function planChannelOf({ id, enabled, budgetPerHour, target }: StoredChannel): PlanChannel {
  return { id, enabled, budgetPerHour, canEdit: canEdit(target), resolves: target.kind === "pagerduty" };
}

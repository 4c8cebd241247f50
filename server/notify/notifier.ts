import { z } from "zod";
import { createSerial, mirrorChange, RecordMirror, writeThrough } from "../fleet/recordMirror.ts";
import { newId } from "../fleet/secrets.ts";
import type { IncidentNewsFeed } from "../incidents/news.ts";
import type { RecordStore } from "../store/store.ts";
import { Budget, hasEnded } from "./budget.ts";
import type { DeliveryCounters } from "./counters.ts";
import { Draft, type DraftParts } from "./draft.ts";
import type { Summarised } from "./message.ts";
import { planDue, planNews } from "./plan.ts";
import type { DeliveryQueue } from "./queue.ts";
import { dueAtOf, Told } from "./told.ts";

const NEWS_AT_ONCE = 100;
const STATE_ID = "state";
const State = z.object({
  /** Tells this installation from others; made once. */
  installationId: z.string(),
  /** Number of the last news that were dealt with. */
  seq: z.number().int(),
  nextNumber: z.number().int(), // of a delivery
});
type State = z.infer<typeof State>;

export interface NotifierParts extends DraftParts {
  readonly records: RecordStore;
  readonly feed: IncidentNewsFeed;
  readonly queue: DeliveryQueue;
  readonly counters: DeliveryCounters;
}

/** Loads what people were told. The first start begins with the news that come then. Rejects with StoreError where a record cannot be read. */
export async function openNotifier(parts: NotifierParts): Promise<Notifier> {
  const { records, feed } = parts;
  const kept = {
    state: new RecordMirror("notifyState", State),
    told: new RecordMirror("told", Told),
    budgets: new RecordMirror("budget", Budget),
  };
  for (const mirror of Object.values(kept)) await mirror.reload(records);
  if (kept.state.get(STATE_ID) === null) {
    const state = { installationId: newId(), seq: feed.lastSeq, nextNumber: 1 };
    await writeThrough(records, [mirrorChange(kept.state, STATE_ID, state)]);
  }
  return new Notifier(parts, kept);
}

interface Kept {
  readonly state: RecordMirror<State>;
  readonly told: RecordMirror<Told>;
  readonly budgets: RecordMirror<Budget>;
}

/**
 * Makes deliveries of news and of time. What people were told, the news dealt with and the deliveries made of them are written in one transaction: whenever
 * the server stops, nothing is left out and nothing made twice.
 */
export class Notifier {
  readonly #parts: NotifierParts;
  readonly #kept: Kept;
  readonly #serial = createSerial();
  /** Of news that changed nothing, which need not be written. */
  #seenSeq = 0;

  constructor(parts: NotifierParts, kept: Kept) {
    this.#parts = parts;
    this.#kept = kept;
  }

  get installationId(): string {
    return this.#state.installationId;
  }

  get #state(): State {
    const state = this.#kept.state.get(STATE_ID);
    if (state === null) throw new RangeError("The notifier has no state");
    return state;
  }

  get #seq(): number {
    return Math.max(this.#state.seq, this.#seenSeq);
  }

  isTold(incidentId: string): boolean {
    return this.#kept.told.get(incidentId) !== null;
  }

  /** Takes in what is new, and what is due by the clock. */
  take(): Promise<void> {
    return this.#serial(async () => {
      await this.#sumUp();
      await this.#takeNews();
      await this.#takeDue();
    });
  }

  async #takeNews(): Promise<void> {
    const { feed } = this.#parts;
    while (this.#seq < feed.lastSeq) {
      const news = await feed.after(this.#seq, NEWS_AT_ONCE);
      const last = news.at(-1);
      if (last === undefined) return;
      const draft = this.#draft();
      for (const each of news) draft.take(each.incident, (state, world) => planNews(state, each, world));
      await this.#commit(draft, last.seq);
      this.#seenSeq = last.seq;
    }
  }

  async #takeDue(): Promise<void> {
    const nowMs = this.#parts.clock();
    const due = this.#kept.told.values().filter((told) => (dueAtOf(told) ?? Infinity) <= nowMs);
    if (due.length === 0) return;
    const draft = this.#draft();
    for (const { incidentId } of due) {
      const incident = await this.#parts.feed.current(incidentId);
      if (incident === null) draft.forget(incidentId);
      else draft.take(incident, (state, world) => planDue(state, incident, world));
    }
    await this.#commit(draft, this.#seq);
  }

  /** What the budget of an hour held back goes out in one message when the hour is over; it counts for the next. */
  async #sumUp(): Promise<void> {
    const nowMs = this.#parts.clock();
    const over = this.#kept.budgets.values().filter((budget) => hasEnded(budget, nowMs));
    if (over.length === 0) return;
    const draft = this.#draft();
    for (const { channelId, heldBack } of over) {
      const all: Summarised[] = [];
      for (const held of heldBack) all.push({ held, now: await this.#parts.feed.current(held.id) });
      draft.summarise(channelId, all);
    }
    await this.#commit(draft, this.#seq);
  }

  #draft(): Draft {
    return new Draft(this.#parts, this.#kept, this.#state.nextNumber);
  }

  async #commit(draft: Draft, seq: number): Promise<void> {
    const { records, queue, counters } = this.#parts;
    if (draft.isEmpty) return;
    const state = { ...this.#state, seq, nextNumber: draft.nextNumber };
    await writeThrough(records, [
      mirrorChange(this.#kept.state, STATE_ID, state),
      ...[...draft.told].map(([id, told]) => mirrorChange(this.#kept.told, id, told)),
      ...[...draft.budgets].map(([id, budget]) => mirrorChange(this.#kept.budgets, id, budget)),
      ...queue.changesOf(draft.deliveries),
    ]);
    queue.admit(draft.deliveries);
    for (const { channelId, state: became } of draft.deliveries) if (became === "suppressed") counters.count(channelId, became);
  }
}

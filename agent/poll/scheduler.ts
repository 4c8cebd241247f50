import { POLL_FAILURES, type PollFailure } from "../../server/contract/sample.ts";
import type { Clock } from "../clock.ts";
import { AnswerTimes } from "./answerTimes.ts";
import { DueHeap, type Due } from "./dueHeap.ts";
import { endpointKey, hashText } from "./endpoint.ts";
import { Fifo } from "./fifo.ts";
import { Lateness } from "./lateness.ts";
import type { Endpoint, MinerPoller, PollOutcome } from "./ports.ts";
import { intervalsBetweenPolls, nextInGrid, SUSPECT_AFTER_MISSES } from "./spacing.ts";

export const CONCURRENCY_MAX = 2000;
const CONCURRENCY_MIN = 64;
const SUSPECT_SHARE = 4; // suspect miners hold at most one lane in four
const SHORTEST_DEADLINE_MS = 2000;
const WATCH_EVERY_MS = 2000;
const WATCH_FOR_MS = 60_000;
const TICK_MS = 10; // due times closer together than this share a wake-up
const FIRST_POLLS_PER_MS = 0.5; // how fast miners that are new are asked for the first time

export interface SchedulerOptions {
  readonly clock: Pick<Clock, "monotonicMs" | "after">;
  readonly intervalMs: number;
  readonly concurrency: number | "auto";
  readonly connectTimeoutMs: number;
  readonly replyTimeoutMs: number;
  /** Each finished poll, with the time until the next one when nobody watches. */
  readonly onOutcome: (poller: MinerPoller, outcome: PollOutcome, spacingMs: number) => void;
}

export interface SchedulerStats {
  readonly minerCount: number;
  readonly suspectCount: number;
  readonly inFlightCount: number;
  readonly pollCount: number;
  readonly failureCounts: Record<PollFailure, number>;
  /** Polls that started more than 1 s after they were due, since the start. */
  readonly latePollCount: number;
  readonly lateMsMax: number; // in the last minute
}

/** A miner is in exactly one place: waiting in the heap, in the queue of its lane, or in flight. */
interface Entry extends Due {
  readonly key: string;
  readonly poller: MinerPoller;
  readonly hash: number;
  readonly times: AnswerTimes;
  readonly done: (outcome: PollOutcome) => void;
  phaseMs: number;
  misses: number;
  watchedUntilMs: number;
  place: "waiting" | "queued" | "flying" | "removed";
  inSuspectLane: boolean;
}

/**
 * Decides which miner is polled when, and how many at once.
 *
 * Each miner has its own instant within the interval, from a hash of its endpoint. Two lanes share the concurrency: miners that missed two polls in a
 * row queue apart from the others, hold at most a quarter of it, and are asked less and less often until they answer. A poll that comes too late for
 * its instant is made once; the instants missed meanwhile are skipped. One timer serves all miners.
 */
export class Scheduler {
  private readonly options: SchedulerOptions;
  private intervalMs: number;
  private readonly entries = new Map<string, Entry>();
  private readonly waiting = new DueHeap<Entry>();
  private readonly healthyQueue = new Fifo<Entry>();
  private readonly suspectQueue = new Fifo<Entry>();
  private readonly lateness = new Lateness();
  private readonly failureCounts = Object.fromEntries(POLL_FAILURES.map((failure) => [failure, 0])) as Record<PollFailure, number>;
  private healthyFlying = 0;
  private suspectFlying = 0;
  private pollCount = 0;
  private laneCount = CONCURRENCY_MIN;
  private cancelTimer: (() => void) | null = null;
  private timerAtMs = Infinity;
  private starting = false;
  private closed = false;

  constructor(options: SchedulerOptions) {
    this.options = options;
    this.intervalMs = options.intervalMs;
  }

  get pollIntervalMs(): number {
    return this.intervalMs;
  }

  has(endpoint: Endpoint): boolean {
    return this.entries.has(endpointKey(endpoint));
  }

  poller(endpoint: Endpoint): MinerPoller | null {
    return this.entries.get(endpointKey(endpoint))?.poller ?? null;
  }

  pollers(): MinerPoller[] {
    return Array.from(this.entries.values(), (entry) => entry.poller);
  }

  /** Takes a miner in; one that is there already stays as it is. New miners are asked soon, but not all in the same instant. */
  add(poller: MinerPoller): void {
    const key = endpointKey(poller.endpoint);
    if (this.entries.has(key) || this.closed) return;
    const entry = this.newEntry(key, poller);
    this.entries.set(key, entry);
    this.waiting.push(entry);
    this.countLanes();
    this.arm();
  }

  remove(endpoint: Endpoint): void {
    const entry = this.entries.get(endpointKey(endpoint));
    if (entry === undefined) return;
    this.entries.delete(entry.key);
    if (entry.place === "waiting") this.waiting.remove(entry);
    if (entry.place === "flying") this.land(entry);
    entry.poller.abort();
    entry.place = "removed";
    this.countLanes();
    this.startQueued();
  }

  /** A new interval holds from each miner's next poll on, which comes no later than it would have. */
  setIntervalMs(intervalMs: number): void {
    if (intervalMs === this.intervalMs) return;
    this.intervalMs = intervalMs;
    const nowMs = this.options.clock.monotonicMs();
    for (const entry of this.entries.values()) {
      entry.phaseMs = entry.hash % intervalMs;
      if (entry.place === "waiting") this.waiting.move(entry, Math.min(entry.dueMs, nextInGrid(nowMs, this.gridOf(entry))));
    }
    this.countLanes();
    this.arm();
  }

  /** Polls a miner about every 2 s for the next minute; false: not one of ours. */
  watch(endpoint: Endpoint): boolean {
    const entry = this.entries.get(endpointKey(endpoint));
    if (entry === undefined) return false;
    const nowMs = this.options.clock.monotonicMs();
    const wasWatched = entry.watchedUntilMs > nowMs;
    entry.watchedUntilMs = nowMs + WATCH_FOR_MS;
    if (!wasWatched && entry.place === "waiting") this.waiting.move(entry, Math.min(entry.dueMs, nowMs));
    this.arm();
    return true;
  }

  unwatch(endpoint: Endpoint): void {
    const entry = this.entries.get(endpointKey(endpoint));
    if (entry !== undefined) entry.watchedUntilMs = -Infinity;
  }

  /** Makes every miner due at once. */
  pollAllNow(): void {
    const nowMs = this.options.clock.monotonicMs();
    for (const entry of this.entries.values()) if (entry.place === "waiting") this.waiting.move(entry, nowMs);
    this.arm();
  }

  stats(): SchedulerStats {
    const nowMs = this.options.clock.monotonicMs();
    let suspectCount = 0;
    for (const entry of this.entries.values()) if (entry.misses >= SUSPECT_AFTER_MISSES) suspectCount++;
    return {
      minerCount: this.entries.size,
      suspectCount,
      inFlightCount: this.healthyFlying + this.suspectFlying,
      pollCount: this.pollCount,
      failureCounts: { ...this.failureCounts },
      latePollCount: this.lateness.lateCount,
      lateMsMax: this.lateness.maxMs(nowMs),
    };
  }

  /** Starts no more polls and ends those in flight. */
  close(): void {
    this.closed = true;
    this.cancelTimer?.();
    for (const entry of this.entries.values()) if (entry.place === "flying") entry.poller.abort();
  }

  private newEntry(key: string, poller: MinerPoller): Entry {
    const hash = hashText(key);
    const phaseMs = hash % this.intervalMs;
    const nowMs = this.options.clock.monotonicMs();
    const spreadMs = Math.max(500, (this.entries.size + 1) / FIRST_POLLS_PER_MS);
    const soonMs = nowMs + (hash % Math.ceil(spreadMs));
    const entry: Entry = {
      key,
      poller,
      hash,
      times: new AnswerTimes(),
      done: (outcome) => this.finish(entry, outcome),
      phaseMs,
      misses: 0,
      watchedUntilMs: -Infinity,
      place: "waiting",
      inSuspectLane: false,
      heapIndex: -1,
      dueMs: Math.min(soonMs, nextInGrid(nowMs, { phaseMs, intervalMs: this.intervalMs })),
    };
    return entry;
  }

  private gridOf(entry: Entry): { phaseMs: number; intervalMs: number } {
    return { phaseMs: entry.phaseMs, intervalMs: this.intervalMs };
  }

  /** Auto: as many as are in flight when every poll takes as long as it may, so that one on time never waits for a lane below the limit. */
  private countLanes(): void {
    const { concurrency, connectTimeoutMs, replyTimeoutMs } = this.options;
    const needed = Math.ceil((this.entries.size / this.intervalMs) * (connectTimeoutMs + replyTimeoutMs));
    this.laneCount = concurrency === "auto" ? Math.min(CONCURRENCY_MAX, Math.max(CONCURRENCY_MIN, needed)) : concurrency;
  }

  private arm(): void {
    const first = this.waiting.first;
    if (this.closed || first === undefined) return;
    const nowMs = this.options.clock.monotonicMs();
    const wakeAtMs = Math.max(first.dueMs, nowMs + TICK_MS);
    if (this.cancelTimer !== null && this.timerAtMs <= wakeAtMs) return;
    this.cancelTimer?.();
    this.timerAtMs = wakeAtMs;
    this.cancelTimer = this.options.clock.after(wakeAtMs - nowMs, this.wake);
  }

  private readonly wake = (): void => {
    this.cancelTimer = null;
    this.timerAtMs = Infinity;
    this.queueDue(this.options.clock.monotonicMs());
    this.startQueued();
    this.arm();
  };

  private queueDue(nowMs: number): void {
    for (let entry = this.waiting.first; entry !== undefined && entry.dueMs <= nowMs; entry = this.waiting.first) {
      this.waiting.remove(entry);
      entry.place = "queued";
      entry.inSuspectLane = entry.misses >= SUSPECT_AFTER_MISSES;
      (entry.inSuspectLane ? this.suspectQueue : this.healthyQueue).push(entry);
    }
  }

  private startQueued(): void {
    if (this.starting || this.closed) return; // a poll may finish while it is being started
    this.starting = true;
    while (this.healthyQueue.length > 0 && this.healthyFlying < this.healthyLanes()) this.start(this.healthyQueue.shift());
    while (this.suspectQueue.length > 0 && this.suspectFlying < this.suspectLanes()) this.start(this.suspectQueue.shift());
    this.starting = false;
  }

  private suspectShare(): number {
    return Math.max(1, Math.floor(this.laneCount / SUSPECT_SHARE));
  }

  private suspectLanes(): number {
    return Math.min(this.suspectShare(), this.laneCount - this.healthyFlying);
  }

  /** All that suspects do not ask for within their share. */
  private healthyLanes(): number {
    return this.laneCount - Math.min(this.suspectShare(), this.suspectFlying + this.suspectQueue.length);
  }

  private start(entry: Entry | undefined): void {
    if (entry === undefined || entry.place === "removed") return;
    const nowMs = this.options.clock.monotonicMs();
    this.lateness.record(nowMs - entry.dueMs, nowMs);
    this.pollCount++;
    entry.place = "flying";
    if (entry.inSuspectLane) this.suspectFlying++;
    else this.healthyFlying++;
    const replyTimeoutMs = this.replyDeadlineMs(entry);
    entry.poller.poll({ connectTimeoutMs: Math.min(this.options.connectTimeoutMs, replyTimeoutMs), replyTimeoutMs }, entry.done);
  }

  /** Four times what the miner usually takes, at least 2 s, below the limit; the whole limit after a miss, so that a miner that slowed down is heard. */
  private replyDeadlineMs(entry: Entry): number {
    const limitMs = this.options.replyTimeoutMs;
    if (entry.misses > 0) return limitMs;
    if (4 * entry.times.maxMs() <= SHORTEST_DEADLINE_MS)
      return entry.times.p95Ms() === null ? limitMs : Math.min(limitMs, SHORTEST_DEADLINE_MS);
    return Math.min(limitMs, Math.max(SHORTEST_DEADLINE_MS, 4 * (entry.times.p95Ms() ?? limitMs)));
  }

  private land(entry: Entry): void {
    if (entry.inSuspectLane) this.suspectFlying--;
    else this.healthyFlying--;
  }

  private finish(entry: Entry, outcome: PollOutcome): void {
    if (entry.place !== "flying" || this.closed) return;
    this.land(entry);
    this.learn(entry, outcome);
    const intervals = intervalsBetweenPolls(entry.misses, this.intervalMs);
    entry.place = "waiting";
    entry.dueMs = this.nextDueMs(entry, intervals);
    this.waiting.push(entry);
    this.options.onOutcome(entry.poller, outcome, intervals * this.intervalMs);
    this.startQueued();
    this.arm();
  }

  private learn(entry: Entry, outcome: PollOutcome): void {
    if (outcome.ok) {
      entry.misses = 0;
      entry.times.add(outcome.sample.durationMs);
    } else {
      entry.misses++;
      this.failureCounts[outcome.failure]++;
    }
  }

  private nextDueMs(entry: Entry, intervals: number): number {
    const nowMs = this.options.clock.monotonicMs();
    if (entry.watchedUntilMs > nowMs && this.intervalMs > WATCH_EVERY_MS) return Math.max(entry.dueMs + WATCH_EVERY_MS, nowMs + TICK_MS);
    const dueMs = nextInGrid(entry.dueMs + (intervals - 1) * this.intervalMs, this.gridOf(entry));
    return dueMs > nowMs ? dueMs : nextInGrid(nowMs, this.gridOf(entry));
  }
}

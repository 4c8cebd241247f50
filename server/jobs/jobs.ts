import { parse } from "node-cron";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Settings } from "../contract/api.ts";
import type { Sample } from "../contract/sample.ts";
import type { MinuteState, Store } from "../store/store.ts";

/** One entry of the server's timetable. Two runs of one job never overlap: a run that is due while the last goes on is left out. */
export interface Job {
  readonly name: string;
  readonly cron: string; // with seconds
  /** Asked each second, but after a run that failed: whether there is reason to run before that. */
  isDue?(nowMs: number): boolean;
  run(nowMs: number): Promise<void>;
}

/** What the timetable needs of the fleet in memory. */
export interface JobFleet {
  /** State of the minute that began at atMs and has just ended. */
  minute(atMs: number): MinuteState;
  /** Details to be kept for a restart: every miner about once a minute, spread. */
  detailsDue(nowMs: number): { minerKey: number; sample: Sample }[];
}

/** What the timetable drives of the alerts. */
export interface JobAlerts {
  evaluate(nowMs: number): Promise<void>;
  refreshBaselines(nowMs: number): Promise<void>;
  readForecast(): Promise<void>;
}

/** What the timetable drives of the notifications. */
export interface JobNotifications {
  tick(): Promise<void>;
}

const MINUTE_MS = 60_000;
/** A run that a busy machine delays by less is made up for, not left out. */
const LATE_RUN_S = 30;

/** What the timetable tells of history that came late. */
export interface JobBackfill {
  toldAnew(spans: Awaited<ReturnType<Store["rollUp"]>>, nowMs: number): void;
  isDue(nowMs: number): boolean;
}

/** Everything that the server does by the clock, in one list. */
export function serverJobs(parts: {
  fleet: JobFleet;
  alerts: JobAlerts;
  notifications: JobNotifications;
  backfill: JobBackfill;
  store: Store;
  settings: () => Settings;
}): Job[] {
  const { fleet, alerts, notifications, backfill, store, settings } = parts;
  return [
    {
      name: "minute",
      cron: "0 * * * * *",
      run: (nowMs) => store.appendMinute(fleet.minute(Math.round(nowMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS)),
    },
    { name: "details", cron: "*/2 * * * * *", run: async (nowMs) => saveDetails(store, fleet.detailsDue(nowMs)) },
    { name: "alerts", cron: "* * * * * *", run: (nowMs) => alerts.evaluate(nowMs) },
    { name: "notify", cron: "* * * * * *", run: () => notifications.tick() },
    { name: "baselines", cron: "15 * * * * *", run: (nowMs) => alerts.refreshBaselines(nowMs) },
    { name: "forecast", cron: "20 */10 * * * *", run: () => alerts.readForecast() },
    { name: "seal", cron: "*/5 * * * * *", run: (nowMs) => store.seal(nowMs) },
    {
      name: "rollup",
      cron: "30 * * * * *",
      isDue: (nowMs) => backfill.isDue(nowMs),
      run: async (nowMs) => backfill.toldAnew(await store.rollUp(nowMs), nowMs),
    },
    { name: "retention", cron: "45 17 * * * *", run: (nowMs) => store.retain(nowMs, settings().retention) },
  ];
}

async function saveDetails(store: Store, details: { minerKey: number; sample: Sample }[]): Promise<void> {
  if (details.length > 0) await store.saveDetails(details);
}

/** Starts the timetable; the function that it returns stops it and resolves when no run is left. A failed run is logged and tried again when next due. */
export function startJobs(
  jobs: readonly Job[],
  { clock, log }: { clock: Pick<Clock, "nowMs" | "after">; log: Logger },
): () => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const failed = new Set<Job>();
  const start = (job: Job) => {
    if (running.has(job.name)) return;
    const run = job
      .run(clock.nowMs())
      .then(
        () => void failed.delete(job),
        (error: unknown) => {
          failed.add(job);
          log.error({ job: job.name, err: error }, "job failed");
        },
      )
      .finally(() => running.delete(job.name));
    running.set(job.name, run);
  };
  const entries = jobs.map((job) => ({ job, isTime: dueSeconds(job.cron) }));
  const isEarly = (job: Job): boolean => !failed.has(job) && job.isDue?.(clock.nowMs()) === true;
  const stop = eachSecond(clock, (fromS, toS) => {
    for (const { job, isTime } of entries) if (isTime(fromS, toS) || isEarly(job)) start(job);
  });
  return async () => {
    stop();
    await Promise.all(running.values());
  };
}

/** Calls at the begin of each second, with the first and last one since the call before: a busy machine is late at times. */
function eachSecond(clock: Pick<Clock, "nowMs" | "after">, run: (fromS: number, toS: number) => void): () => void {
  let lastS = Math.floor(clock.nowMs() / 1000);
  const tick = () => {
    const nowS = Math.floor(clock.nowMs() / 1000);
    run(Math.max(lastS + 1, nowS - LATE_RUN_S), nowS);
    lastS = nowS;
    cancel = wait();
  };
  const wait = () => clock.after(1000 - (clock.nowMs() % 1000), tick);
  let cancel = wait();
  return () => cancel();
}

/** Tells whether an expression holds at one of the given seconds, by the local time. */
function dueSeconds(cron: string): (fromS: number, toS: number) => boolean {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = parse(cron);
  const holdsAt = (at: Date) =>
    second.includes(at.getSeconds()) &&
    minute.includes(at.getMinutes()) &&
    hour.includes(at.getHours()) &&
    dayOfMonth.includes(at.getDate()) &&
    month.includes(at.getMonth() + 1) &&
    dayOfWeek.includes(at.getDay());
  return (fromS, toS) => {
    for (let s = fromS; s <= toS; s++) if (holdsAt(new Date(s * 1000))) return true;
    return false;
  };
}

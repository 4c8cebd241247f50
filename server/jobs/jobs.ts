import { schedule, type ScheduledTask } from "node-cron";
import type { Logger } from "pino";
import type { Settings } from "../contract/api.ts";
import type { Sample } from "../contract/sample.ts";
import type { MinuteState, Store } from "../store/store.ts";

/** One entry of the server's timetable. Two runs of one job never overlap: a run that is due while the last goes on is left out. */
export interface Job {
  readonly name: string;
  readonly cron: string; // with seconds
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

const MINUTE_MS = 60_000;
/** A run that a busy machine delays by less is made up for, not left out. */
const LATE_RUN_MS = 30_000;

/** Everything that the server does by the clock, in one list. */
export function serverJobs(parts: { fleet: JobFleet; alerts: JobAlerts; store: Store; settings: () => Settings }): Job[] {
  const { fleet, alerts, store, settings } = parts;
  return [
    {
      name: "minute",
      cron: "0 * * * * *",
      run: (nowMs) => store.appendMinute(fleet.minute(Math.round(nowMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS)),
    },
    { name: "details", cron: "*/2 * * * * *", run: async (nowMs) => saveDetails(store, fleet.detailsDue(nowMs)) },
    { name: "alerts", cron: "* * * * * *", run: (nowMs) => alerts.evaluate(nowMs) },
    { name: "baselines", cron: "15 * * * * *", run: (nowMs) => alerts.refreshBaselines(nowMs) },
    { name: "forecast", cron: "20 */10 * * * *", run: () => alerts.readForecast() },
    { name: "seal", cron: "*/5 * * * * *", run: (nowMs) => store.seal(nowMs) },
    { name: "rollup", cron: "30 * * * * *", run: (nowMs) => store.rollUp(nowMs) },
    { name: "retention", cron: "45 17 * * * *", run: (nowMs) => store.retain(nowMs, settings().retention) },
  ];
}

async function saveDetails(store: Store, details: { minerKey: number; sample: Sample }[]): Promise<void> {
  if (details.length > 0) await store.saveDetails(details);
}

/** Starts the timetable; the function that it returns stops it and resolves when no run is left. A failed run is logged and tried again when next due. */
export function startJobs(jobs: readonly Job[], { nowMs, log }: { nowMs: () => number; log: Logger }): () => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const start = (job: Job) => {
    if (running.has(job.name)) return;
    const run = job
      .run(nowMs())
      .catch((error: unknown) => log.error({ job: job.name, err: error }, "job failed"))
      .finally(() => running.delete(job.name));
    running.set(job.name, run);
  };
  const tasks: ScheduledTask[] = jobs.map((job) =>
    schedule(job.cron, () => start(job), { suppressMissedWarning: true, missedExecutionTolerance: LATE_RUN_MS }),
  );
  return async () => {
    for (const task of tasks) await task.destroy();
    await Promise.all(running.values());
  };
}

import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../../server/clock.ts";
import { startJobs, type Job } from "../../../server/jobs/jobs.ts";

const log = pino({ level: "silent" });

describe("startJobs()", () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 12, 0, 0) }));
  afterEach(() => void vi.useRealTimers());

  it("runs each job when it is due, with the time of the clock", async () => {
    const seen: number[] = [];
    const job: Job = { name: "tick", cron: "*/5 * * * * *", run: (nowMs) => Promise.resolve(void seen.push(nowMs)) };
    const stop = startJobs([job], { clock: systemClock, log });
    await vi.advanceTimersByTimeAsync(16_000);
    await stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(seen.map((atMs) => (atMs - Date.UTC(2026, 0, 1, 12)) / 1000)).toEqual([5, 10, 15]);
  });

  it("leaves a run out while the last one goes on, and waits for it at the end", async () => {
    let running = 0;
    let most = 0;
    let finish: () => void = () => undefined;
    const job: Job = {
      name: "slow",
      cron: "* * * * * *",
      run: async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => (finish = resolve));
        running--;
      },
    };
    const stop = startJobs([job], { clock: systemClock, log });
    await vi.advanceTimersByTimeAsync(4000);
    expect([running, most]).toEqual([1, 1]);
    let stopped = false;
    const stopping = stop().then(() => (stopped = true));
    await vi.advanceTimersByTimeAsync(10);
    expect(stopped).toBe(false);
    finish();
    await stopping;
    expect(running).toBe(0);
  });

  it("runs a job before its time where there is reason to", async () => {
    const seen: number[] = [];
    const begin = Date.UTC(2026, 0, 1, 12);
    const isDue = (nowMs: number): boolean => nowMs - begin === 7000;
    const job: Job = { name: "each minute", cron: "30 * * * * *", isDue, run: (nowMs) => Promise.resolve(void seen.push(nowMs - begin)) };
    const stop = startJobs([job], { clock: systemClock, log });
    await vi.advanceTimersByTimeAsync(40_000);
    await stop();
    expect(seen).toEqual([7000, 30_000]);
  });

  it("makes up once for what a busy machine came late to, and leaves out what is longer ago", async () => {
    const ran: string[] = [];
    const jobOf = (name: string, cron: string): Job => ({ name, cron, run: () => Promise.resolve(void ran.push(name)) });
    const stop = startJobs([jobOf("often", "*/5 * * * * *"), jobOf("each minute", "20 * * * * *")], { clock: systemClock, log });
    vi.setSystemTime(Date.UTC(2026, 0, 1, 12, 0, 40));
    await vi.advanceTimersByTimeAsync(1500);
    expect(ran).toEqual(["often", "each minute"]);
    vi.setSystemTime(Date.UTC(2026, 0, 1, 12, 5, 3));
    ran.length = 0;
    await vi.advanceTimersByTimeAsync(1500);
    expect(ran).toEqual(["often"]);
    await stop();
  });

  it("tries a failed job again when it is next due", async () => {
    let runs = 0;
    const job: Job = { name: "broken", cron: "* * * * * *", run: () => (runs++, Promise.reject(new Error("disk full"))) };
    const stop = startJobs([job], { clock: systemClock, log });
    await vi.advanceTimersByTimeAsync(3100);
    await stop();
    expect(runs).toBe(3);
  });
});

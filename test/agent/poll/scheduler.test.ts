import { describe, expect, it } from "vitest";
import { Scheduler, type SchedulerOptions } from "../../../agent/poll/scheduler.ts";
import type { Endpoint, MinerPoller, PollOutcome } from "../../../agent/poll/ports.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { SimulatedMiner } from "../support/simulatedMiner.ts";

const INTERVAL_MS = 10_000;

interface Seen {
  poller: MinerPoller;
  outcome: PollOutcome;
  spacingMs: number;
  atMs: number;
}

function endpointOf(index: number): Endpoint {
  return { address: `10.0.${index >> 8}.${index & 255}`, port: 4028 };
}

function setUp(options: Partial<SchedulerOptions> = {}): { clock: FakeClock; scheduler: Scheduler; seen: Seen[] } {
  const clock = new FakeClock();
  const seen: Seen[] = [];
  const scheduler = new Scheduler({
    clock,
    intervalMs: INTERVAL_MS,
    concurrency: "auto",
    connectTimeoutMs: 1000,
    replyTimeoutMs: 5000,
    onOutcome: (poller, outcome, spacingMs) => seen.push({ poller, outcome, spacingMs, atMs: clock.monotonicMs() }),
    ...options,
  });
  return { clock, scheduler, seen };
}

function addMiners(scheduler: Scheduler, clock: FakeClock, count: number, answerMs: (index: number) => number | null): SimulatedMiner[] {
  return Array.from({ length: count }, (_, index) => {
    const miner = new SimulatedMiner(clock, endpointOf(index), answerMs(index));
    scheduler.add(miner);
    return miner;
  });
}

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, i) => time - times[i]);
}

describe("Scheduler", () => {
  it("polls each miner once per interval, at the same place in it", () => {
    const { clock, scheduler } = setUp();
    const [miner] = addMiners(scheduler, clock, 1, () => 100);
    clock.advance(60_000);
    const starts = miner.startedAtMs.slice(1); // the first poll comes early, so that a new miner is seen soon
    expect(starts.length).toBeGreaterThanOrEqual(5);
    expect(new Set(gaps(starts))).toEqual(new Set([INTERVAL_MS]));
  });

  it("asks new miners within the first second when there are few", () => {
    const { clock, scheduler } = setUp();
    const miners = addMiners(scheduler, clock, 200, () => 100);
    clock.advance(1000);
    expect(miners.every(({ startedAtMs }) => startedAtMs.length >= 1)).toBe(true);
  });

  it("spreads the polls of many miners evenly over the interval", () => {
    const { clock, scheduler } = setUp();
    const miners = addMiners(scheduler, clock, 5000, () => 50);
    clock.advance(3 * INTERVAL_MS);
    const perSecond = new Array<number>(10).fill(0);
    for (const { startedAtMs } of miners) {
      for (const time of startedAtMs) if (time >= 20_000) perSecond[Math.floor(time / 1000) % 10]++;
    }
    expect(Math.min(...perSecond)).toBeGreaterThan(400);
    expect(Math.max(...perSecond)).toBeLessThan(600);
  });

  it("never has two polls of one miner in flight", () => {
    const { clock, scheduler } = setUp({ intervalMs: 1000, replyTimeoutMs: 5000 });
    const [miner] = addMiners(scheduler, clock, 1, () => 3500); // a SimulatedMiner throws when polled twice at once
    clock.advance(60_000);
    expect(Math.min(...gaps(miner.startedAtMs))).toBeGreaterThanOrEqual(3500);
  });

  it("skips what is late instead of making up for it", () => {
    const { clock, scheduler } = setUp({ intervalMs: 1000 });
    const [miner] = addMiners(scheduler, clock, 1, () => 2500);
    clock.advance(30_000);
    expect(new Set(gaps(miner.startedAtMs.slice(1)))).toEqual(new Set([3000]));
  });

  it.each([0, 5, 30, 100])("lets the living keep their interval while %i percent of as many others hang", (percent) => {
    const { clock, scheduler } = setUp();
    const healthyCount = 500;
    const hangingCount = (healthyCount * percent) / 100;
    const miners = addMiners(scheduler, clock, healthyCount + hangingCount, (index) => (index < healthyCount ? 50 + (index % 100) : null));
    clock.advance(120_000);
    const healthyGaps = miners.slice(0, healthyCount).flatMap(({ startedAtMs }) => gaps(startedAtMs));
    // The first poll is off the grid: where it is still in flight at the miner's instant, that one is skipped.
    expect(Math.max(...healthyGaps)).toBeLessThanOrEqual(INTERVAL_MS + 150);
  });

  it("gives suspects at most a quarter of the lanes, however many there are", () => {
    const { clock, scheduler } = setUp({ concurrency: 40 });
    addMiners(scheduler, clock, 400, () => null);
    clock.advance(600_000);
    let most = 0;
    for (let i = 0; i < 600; i++) {
      clock.advance(100);
      most = Math.max(most, scheduler.stats().inFlightCount);
    }
    expect(scheduler.stats().suspectCount).toBe(400);
    expect(most).toBe(10);
  });

  it("keeps the living on time with few lanes, all of which the dead could fill", () => {
    const { clock, scheduler } = setUp({ concurrency: 40 });
    const miners = addMiners(scheduler, clock, 400, (index) => (index < 200 ? 100 : null));
    clock.advance(300_000); // the first misses of the dead are made in the healthy lane
    const before = miners.slice(0, 200).map(({ startedAtMs }) => startedAtMs.length);
    clock.advance(100_000);
    const polled = miners.slice(0, 200).map(({ startedAtMs }, i) => startedAtMs.length - before[i]);
    expect(Math.min(...polled)).toBeGreaterThanOrEqual(10);
  });

  it("asks a suspect at 1, 2, 4 intervals and then every 60 s, and says so", () => {
    const { clock, scheduler, seen } = setUp();
    const [miner] = addMiners(scheduler, clock, 1, () => null);
    clock.advance(400_000);
    expect(gaps(miner.startedAtMs).slice(1, 8)).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000]);
    expect(seen.slice(0, 6).map(({ spacingMs }) => spacingMs)).toEqual([10_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it("takes a suspect back at once when it answers", () => {
    const { clock, scheduler, seen } = setUp();
    const [miner] = addMiners(scheduler, clock, 1, () => null);
    clock.advance(300_000);
    miner.answerMs = 100;
    const answered = seen.length;
    clock.advance(65_000);
    expect(seen[answered]).toMatchObject({ spacingMs: INTERVAL_MS, outcome: { ok: true } });
    expect(scheduler.stats().suspectCount).toBe(0);
    const starts = miner.startedAtMs.length;
    clock.advance(30_000);
    expect(miner.startedAtMs.length - starts).toBe(3);
  });

  it("shortens the deadline to what the miner usually needs, at least 2 s, and gives all of it after a miss", () => {
    const { clock, scheduler } = setUp();
    const [quick, slow] = addMiners(scheduler, clock, 2, (index) => (index === 0 ? 100 : 900));
    clock.advance(30_000);
    expect(quick.deadlines[0].replyTimeoutMs).toBe(5000);
    expect(quick.deadlines.at(-1)!.replyTimeoutMs).toBe(2000);
    expect(slow.deadlines.at(-1)!.replyTimeoutMs).toBe(3600);
    quick.answerMs = 4000;
    clock.advance(20_000);
    expect(quick.deadlines.slice(-2).map(({ replyTimeoutMs }) => replyTimeoutMs)).toEqual([2000, 5000]);
  });

  it("polls a watched miner about every 2 s for a minute, and reports the interval as its spacing", () => {
    const { clock, scheduler, seen } = setUp();
    const [miner] = addMiners(scheduler, clock, 1, () => 100);
    clock.advance(25_000);
    const before = miner.startedAtMs.length;
    expect(scheduler.watch(miner.endpoint)).toBe(true);
    clock.advance(60_000);
    expect(miner.startedAtMs.length - before).toBeGreaterThanOrEqual(29);
    expect(miner.startedAtMs.length - before).toBeLessThanOrEqual(32);
    const after = miner.startedAtMs.length;
    clock.advance(30_000);
    expect(miner.startedAtMs.length - after).toBeLessThanOrEqual(4);
    expect(new Set(seen.map(({ spacingMs }) => spacingMs))).toEqual(new Set([INTERVAL_MS]));
  });

  it("stops the quick polls at unwatch, and knows no watch of a miner that is not its own", () => {
    const { clock, scheduler } = setUp();
    const [miner] = addMiners(scheduler, clock, 1, () => 100);
    clock.advance(25_000);
    scheduler.watch(miner.endpoint);
    clock.advance(4000);
    scheduler.unwatch(miner.endpoint);
    clock.advance(2100);
    const before = miner.startedAtMs.length;
    clock.advance(20_000);
    expect(miner.startedAtMs.length - before).toBe(2);
    expect(scheduler.watch(endpointOf(9))).toBe(false);
  });

  it("takes a new interval without a gap longer than the old one", () => {
    const { clock, scheduler, seen } = setUp();
    const [miner] = addMiners(scheduler, clock, 1, () => 100);
    clock.advance(25_000);
    scheduler.setIntervalMs(30_000);
    clock.advance(200_000);
    const [first, ...rest] = gaps(miner.startedAtMs.filter((time) => time > 14_000));
    expect(first).toBeLessThanOrEqual(30_000);
    expect(miner.startedAtMs.find((time) => time > 25_000)! - 25_000).toBeLessThanOrEqual(INTERVAL_MS);
    expect(new Set(rest.slice(1))).toEqual(new Set([30_000]));
    expect(seen.at(-1)!.spacingMs).toBe(30_000);
  });

  it("counts polls that start more than 1 s late and forgets the worst after a minute", () => {
    const { clock, scheduler } = setUp({ concurrency: 4, replyTimeoutMs: 5000 });
    const miners = addMiners(scheduler, clock, 8, () => 4000);
    clock.advance(15_000);
    scheduler.pollAllNow();
    clock.advance(15_000);
    const stats = scheduler.stats();
    expect(stats.latePollCount).toBeGreaterThanOrEqual(4);
    expect(stats.lateMsMax).toBeGreaterThan(1000);
    for (const miner of miners) miner.answerMs = 10;
    clock.advance(80_000);
    expect(scheduler.stats().lateMsMax).toBeLessThan(100);
  });

  it("lets go of a removed miner, also in the middle of a poll", () => {
    const { clock, scheduler, seen } = setUp({ concurrency: 4 });
    const miners = addMiners(scheduler, clock, 4, () => null);
    clock.advance(1500);
    for (const { endpoint } of miners) scheduler.remove(endpoint);
    clock.advance(60_000);
    expect(seen).toEqual([]);
    expect(scheduler.stats()).toMatchObject({ minerCount: 0, inFlightCount: 0 });
    const [again] = addMiners(scheduler, clock, 1, () => 10);
    clock.advance(20_000);
    expect(again.startedAtMs.length).toBeGreaterThanOrEqual(2);
  });

  it("starts nothing after close", () => {
    const { clock, scheduler } = setUp();
    const miners = addMiners(scheduler, clock, 10, () => 10);
    clock.advance(5000);
    scheduler.close();
    const before = miners.map(({ startedAtMs }) => startedAtMs.length);
    clock.advance(60_000);
    expect(miners.map(({ startedAtMs }) => startedAtMs.length)).toEqual(before);
  });
});

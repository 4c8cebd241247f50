// sweep.ts FIRST_ADDRESS PORT MINERS: polls each miner once per word on stdin through the agent's scheduler, and tells {seconds, answered, failed, sent}.
import type { PollOutcome } from "../../../agent/poll/ports.ts";
import { built } from "../built.ts";
import { onWord, tell } from "../child.ts";
import { addressAfter } from "../emulated.ts";
import { oneStatsClient } from "../oneStats.ts";

/** Far beyond the run: the scheduler polls when told to, not by its interval. */
const INTERVAL_MS = 24 * 3_600_000;

const [firstAddress = "", port, minerCount] = process.argv.slice(2);
const { createClient } = await built<typeof import("../../../agent/cgminer/client.ts")>("agent/cgminer/client");
const { createPoller } = await built<typeof import("../../../agent/poll/poller.ts")>("agent/poll/poller");
const { Scheduler } = await built<typeof import("../../../agent/poll/scheduler.ts")>("agent/poll/scheduler");
const { systemClock } = await built<typeof import("../../../agent/clock.ts")>("agent/clock");

const client = oneStatsClient(createClient(systemClock));
const outcomes = new Map<string, PollOutcome>();
let waiting: (() => void) | null = null;
const scheduler = new Scheduler({
  clock: systemClock,
  intervalMs: INTERVAL_MS,
  concurrency: 1000,
  connectTimeoutMs: 1000,
  replyTimeoutMs: 2000,
  onOutcome: ({ endpoint }, outcome) => {
    if (waiting === null) return;
    outcomes.set(endpoint.address, outcome);
    if (outcomes.size === Number(minerCount)) waiting();
  },
});
for (let index = 0; index < Number(minerCount); index++) {
  scheduler.add(createPoller({ address: addressAfter(firstAddress, index), port: Number(port) }, { client, clock: systemClock }));
}
onWord(() => void sweep());
tell({ ready: true });

async function sweep(): Promise<void> {
  outcomes.clear();
  const sentBefore = client.sentCount;
  const startedMs = performance.now();
  const whole = new Promise<void>((resolve) => (waiting = resolve));
  scheduler.pollAllNow();
  await whole;
  waiting = null;
  const answered = [...outcomes.values()].filter(({ ok }) => ok).length;
  const seconds = (performance.now() - startedMs) / 1000;
  tell({ seconds, answered, failed: outcomes.size - answered, sent: client.sentCount - sentBefore });
}

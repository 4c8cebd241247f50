// poller.ts naive|ours FIRST_ADDRESS PORT MINERS POLLS: polls one `stats` at a time of each, all at once, and tells {cpuUs, polls, bad}, own CPU only.
import type { MinerPoller } from "../../../agent/poll/ports.ts";
import { naivePoll } from "../baseline/naivePoller.ts";
import { built } from "../built.ts";
import { onWord, tell } from "../child.ts";
import { addressAfter } from "../emulated.ts";
import { oneStatsClient } from "../oneStats.ts";

/** Until then code is still compiled, on threads whose CPU counts too: what a poller costs as it starts is not what it costs. */
const WARM_UP = 15_000;
const DEADLINES = { connectTimeoutMs: 5000, replyTimeoutMs: 5000 };

const [kind, firstAddress = "", port, minerCount, pollCount] = process.argv.slice(2);
const addresses = Array.from({ length: Number(minerCount) }, (_, index) => addressAfter(firstAddress, index));
const poll = kind === "naive" ? naive() : await ours();
onWord(() => undefined);
await run(Math.max(WARM_UP, 3 * addresses.length));
const before = process.cpuUsage();
const bad = await run(Number(pollCount));
const { user, system } = process.cpuUsage(before);
tell({ cpuUs: user + system, polls: Number(pollCount), bad });

/** Each lane polls one miner over and over, never two polls of one at once; resolves with the number of polls that gave nothing. */
async function run(count: number): Promise<number> {
  let begun = 0;
  let failedCount = 0;
  const lane = async (index: number): Promise<void> => {
    while (begun++ < count) if (!(await poll(index))) failedCount++;
  };
  await Promise.all(addresses.map((_, index) => lane(index)));
  return failedCount;
}

function naive(): (index: number) => Promise<boolean> {
  return async (index) => typeof (await naivePoll(addresses[index] ?? "", Number(port), "stats")) === "object";
}

async function ours(): Promise<(index: number) => Promise<boolean>> {
  const { createClient } = await built<typeof import("../../../agent/cgminer/client.ts")>("agent/cgminer/client");
  const { createPoller } = await built<typeof import("../../../agent/poll/poller.ts")>("agent/poll/poller");
  const { systemClock } = await built<typeof import("../../../agent/clock.ts")>("agent/clock");
  const client = oneStatsClient(createClient(systemClock));
  const pollers = addresses.map((address) => createPoller({ address, port: Number(port) }, { client, clock: systemClock }));
  return (index) => pollOnce(pollers[index]);
}

function pollOnce(poller: MinerPoller | undefined): Promise<boolean> {
  return new Promise((resolve) => poller?.poll(DEADLINES, (outcome) => resolve(outcome.ok && outcome.sample.hashboards.length > 0)));
}

import type { FleetTotals } from "../../../server/contract/api.ts";
import { decodeDelta } from "../../../server/contract/packed.ts";
import { startServer, temporaryDirectory, waitFor, type TestServer } from "../../system/program.ts";
import { addressAfter, startEmulated } from "../emulated.ts";
import { openPage } from "../page.ts";
import { pollStats } from "../pollStats.ts";
import { watchProcess } from "../processes.ts";
import { quantile } from "../statistics.ts";
import { pass } from "../wait.ts";
import type { Grown, Step } from "./steps.ts";

const ADDRESS = "127.80.0.1";
const FOUND_LIMIT_MS = 180_000;
/** Less than the whole: on a machine that is too busy some sample is always older than two intervals. */
const REPORTING_SHARE = 0.99;
/** Two of the longest interval: every miner's sample is in, twice. */
const WATCH_S = 120;

/** Server with its embedded agent, emulators and one socket client in processes of their own, in a fresh data directory. */
export async function grow({ miners, intervalS, emulators }: Step, { signal }: { signal: AbortSignal }): Promise<Grown> {
  const each = miners / emulators;
  const fleets = await Promise.all(Array.from({ length: emulators }, (_, nth) => startEmulated(each, addressAfter(ADDRESS, nth * each))));
  const directory = temporaryDirectory();
  const ranges = fleets.map(({ range }) => range).join(",");
  const server = await startServer(directory.path, [
    "--ranges",
    ranges,
    "--poll-interval-ms",
    `${intervalS * 1000}`,
    "--log-level",
    "warn",
  ]);
  await waitFor(async () => (await totals(server)).reportingCount >= REPORTING_SHARE * miners, FOUND_LIMIT_MS);
  await pass(intervalS, signal);
  const latenciesMs: number[] = [];
  const page = await openPage(server, (delta) => addLatencies(latenciesMs, delta));
  const [bytesBefore, statsBefore] = [page.receivedBytes(), await pollStats(server)];
  const watch = watchProcess(server.program.pid);
  await pass(WATCH_S, signal);
  const { cores, peakMb } = watch.stop();
  const kbPerS = (page.receivedBytes() - bytesBefore) / 1000 / WATCH_S;
  const statsAfter = await pollStats(server);
  const { reportingCount, minerCount } = await totals(server);
  page.close();
  await server.program.stop();
  await Promise.all(fleets.map(({ program }) => program.stop()));
  directory.remove();
  return {
    miners,
    intervalS,
    cores,
    mb: peakMb,
    kbPerS,
    latencyS: quantile(latenciesMs, 0.95) / 1000,
    lateRatio: (statsAfter.latePollCount - statsBefore.latePollCount) / (statsAfter.pollCount - statsBefore.pollCount),
    reportingShare: reportingCount / minerCount,
  };
}

/** Instants travel in steps of 100 ms, rounded: over many samples that evens out. */
function addLatencies(latenciesMs: number[], packed: Uint8Array): void {
  const nowMs = Date.now();
  for (const { column, values } of decodeDelta(packed).changes)
    if (column === "polledAtMs") for (const polledAtMs of values) latenciesMs.push(nowMs - polledAtMs);
}

async function totals(server: TestServer): Promise<FleetTotals> {
  return await server.get<FleetTotals>("/fleet");
}

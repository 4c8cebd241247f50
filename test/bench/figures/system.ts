import { gzipSync } from "node:zlib";
import type { FleetTotals, Page as List } from "../../../server/contract/api.ts";
import type { AlertRule } from "../../../server/contract/incidents.ts";
import { startServer, temporaryDirectory, waitFor, type TestServer } from "../../system/program.ts";
import { startEmulated } from "../emulated.ts";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { memoryByPart, type MemoryByPart } from "../memoryByPart.ts";
import { openPage } from "../page.ts";
import { pollStats } from "../pollStats.ts";
import { watchProcess } from "../processes.ts";
import { pass } from "../wait.ts";

const ADDRESS = "127.66.0.1";
const FOUND_LIMIT_MS = 120_000;
/** Less than the whole: on a machine that is too busy some sample is always older than two intervals. */
const REPORTING_SHARE = 0.99;
/** Everything has been asked once, and every poll is in its place of the interval. */
const SETTLE_S = 15;
/** Alert rules that are watched meanwhile; own ones make up what the built-in ones lack. */
const RULES = 30;

/** `hashwatch server` with its embedded agent, the emulator in another process, one socket client in a third. */
export const system: Figure = { ids: ["systemCore", "systemMb", "lateRatio", "snapshotKb", "deltaKbPerS", "alertCore"], measure };

async function measure({ sizes, say, signal }: FigureTools): Promise<Measurements> {
  const fleet = await startEmulated(sizes.miners, ADDRESS);
  const directory = temporaryDirectory();
  const startedMs = performance.now();
  const server = await startServer(directory.path, ["--ranges", fleet.range, "--log-level", "warn"]);
  await fillRules(server);
  await waitFor(async () => (await server.get<FleetTotals>("/fleet")).reportingCount >= REPORTING_SHARE * sizes.miners, FOUND_LIMIT_MS);
  say(`found and reporting after ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  const page = await openPage(server);
  await pass(SETTLE_S, signal);
  const [before, bytesBefore, deltasBefore] = [await pollStats(server), page.receivedBytes(), page.deltaCount()];
  const evaluatedBefore = await evaluationSeconds(server);
  const [watch, emulator] = [watchProcess(server.program.pid), watchProcess(fleet.program.pid)];
  await pass(sizes.systemS, signal);
  const use = watch.stop();
  const evaluated = (await evaluationSeconds(server)) - evaluatedBefore;
  const bytes = page.receivedBytes() - bytesBefore;
  const after = await pollStats(server);
  const polls = after.pollCount - before.pollCount;
  const late = after.latePollCount - before.latePollCount;
  const totals = await server.get<FleetTotals>("/fleet");
  say(
    `over ${sizes.systemS} s: ${polls} polls, ${late} late, ${page.deltaCount() - deltasBefore} deltas; ${totals.reportingCount} report; status ${JSON.stringify(totals.statusCounts)}`,
  );
  say(
    `the emulator beside it: ${emulator.stop().cores.toFixed(2)} cores; identity ${(await identityKb(server)).toFixed(0)} KB gzip; ${page.rowCount} rows`,
  );
  say((await metricsLines(server, /event_loop_delay|poll_late/)).join("; "));
  page.close();
  await server.program.stop();
  sayMemory(await memoryByPart(fleet, sizes.miners), say);
  await fleet.program.stop();
  directory.remove();
  if (polls === 0) throw new Error("No polls were made");
  return {
    systemCore: { value: use.cores },
    systemMb: { value: use.peakMb },
    lateRatio: { value: late / polls },
    snapshotKb: { value: page.snapshotBytes / 1000 },
    deltaKbPerS: { value: bytes / 1000 / sizes.systemS },
    alertCore: { value: evaluated / sizes.systemS },
  };
}

function sayMemory(memory: MemoryByPart, say: FigureTools["say"]): void {
  const mb = (value: number): string => `${value.toFixed(1)} MB`;
  say(
    `what lives, by part: state ${mb(memory.stateMb)} above ${mb(memory.emptyServerMb)} of an empty server (at most 2^20 miners); live ${mb(memory.liveMb)} for a browser (at most 2,000); open hour ${mb(memory.openHourMb)} when full (at most 400 samples a miner); pollers with raw replies ${mb(memory.rawRepliesMb)} (at most 256 KB a reply)`,
  );
}

async function fillRules(server: TestServer): Promise<void> {
  const { totalCount } = await server.get<List<AlertRule>>("/alert-rules");
  for (let count = totalCount; count < RULES; count++) {
    const condition = { kind: "chipTemp", enter: 90, leave: 85 };
    await server.send("POST", "/alert-rules", { name: `Chips above 90 °C, ${count}`, condition, holdMs: 60_000, severity: "warning" });
  }
}

/** Of the server's main thread, as it counts them itself: no thread waits for anything in an evaluation. */
async function evaluationSeconds(server: TestServer): Promise<number> {
  const [line] = await metricsLines(server, /^hashwatch_alert_evaluation_seconds_total /);
  return Number(line.split(" ")[1]);
}

async function identityKb(server: TestServer): Promise<number> {
  return gzipSync(JSON.stringify(await server.get("/fleet/identity"))).length / 1000;
}

async function metricsLines(server: TestServer, wanted: RegExp): Promise<string[]> {
  const text = await (await fetch(`${server.base}/metrics`)).text();
  return text.split("\n").filter((line) => !line.startsWith("#") && wanted.test(line));
}

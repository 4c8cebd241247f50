import { startChild, type Child } from "../child.ts";
import { enrolmentCode } from "../enrolmentCode.ts";
import type { Figure, FigureTools, Measurements } from "../figure.ts";
import { mainThreadCpuS } from "../processes.ts";
import type { Sizes } from "../sizes.ts";
import { maxOf, median, quantile } from "../statistics.ts";
import { pass } from "../wait.ts";
import { ADMIN_PASSWORD, signIn, temporaryDirectory } from "../../system/program.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const REQUESTS = 40;
const BROWSER_ROUNDS = 2;
const SETTLE_S = 3;
const HISTORY_LIMIT_MS = 400_000;
/** Start, requests and browsers are over by then, with room. */
const HOUR_AFTER_S = { base: 35, perBrowserS: 2 * BROWSER_ROUNDS };

/**
 * The server alone, fed by a process that plays its agent, with a day of history on disk and a clock moved so that a full hour passes meanwhile: history over
 * HTTP, then the price of many browsers, then the stalls of the event loop around the hour.
 */
export const served: Figure = { ids: ["minerDayMs", "fleetDayMs", "frameMs", "fanout50Core", "loopStallMs"], measure };

interface Site {
  readonly base: string;
  readonly cookie: string;
  readonly nowMs: () => number;
}

async function measure(tools: FigureTools): Promise<Measurements> {
  const { sizes, say, signal } = tools;
  const directory = temporaryDirectory();
  const anchorMs = Math.floor(Date.now() / DAY_MS) * DAY_MS; // a full hour of any day: the hour that will pass
  await makeHistory(directory.path, anchorMs, tools);
  const waitS = HOUR_AFTER_S.base + HOUR_AFTER_S.perBrowserS * (sizes.browserS + SETTLE_S);
  const hourAtMs = Math.ceil((Date.now() + waitS * 1000) / MINUTE_MS) * MINUTE_MS; // of this machine's clock
  const offsetMs = anchorMs - hourAtMs;
  const server = startChild("served", [directory.path, offsetMs, ADMIN_PASSWORD]);
  const { url } = await server.next<{ url: string }>();
  const site = { base: url, cookie: await signIn(url), nowMs: () => Date.now() + offsetMs };
  const feeder = startChild("feeder", [url, await enrolmentCode(site), sizes.miners, offsetMs]);
  await feeder.next();
  await pass(SETTLE_S, signal);
  const history = await historyTimes(site, tools);
  const fanout = await fanoutCore(site, server, tools);
  const stall = await stallMs(server, hourAtMs, tools);
  await feeder.end();
  await server.end();
  directory.remove();
  say(`the full hour passed ${((Date.now() - hourAtMs) / 1000).toFixed(0)} s before the end`);
  return { ...history, fanout50Core: { value: fanout }, loopStallMs: { value: stall } };
}

async function makeHistory(dataDir: string, hourMs: number, { sizes, say }: FigureTools): Promise<void> {
  const toMs = hourMs - 5 * MINUTE_MS;
  const history = startChild("history", [dataDir, sizes.miners, sizes.historyMiners, sizes.historyHours, toMs]);
  const { samples, seconds } = await history.next<{ samples: number; seconds: number }>(HISTORY_LIMIT_MS);
  await history.end();
  say(
    `history: ${samples} samples in ${seconds.toFixed(0)} s; ${sizes.historyMiners} of ${sizes.miners} miners a minute apart, the others twenty`,
  );
}

async function get(site: Site, path: string): Promise<unknown> {
  const response = await fetch(`${site.base}/api/v1${path}`, { headers: { cookie: site.cookie } });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

async function historyTimes(site: Site, { sizes, say }: FigureTools): Promise<Measurements> {
  const toMs = Math.floor(site.nowMs() / MINUTE_MS) * MINUTE_MS;
  const day = `fromMs=${toMs - DAY_MS}&toMs=${toMs}&stepMs=${MINUTE_MS}`;
  const paths = {
    minerDayMs: (n: number) => `/miners/m${1 + ((n * 37) % sizes.historyMiners)}/series?metrics=hashrateHs,powerW&${day}`,
    fleetDayMs: () => `/fleet/series?metrics=hashrateHs,powerW&${day}`,
    frameMs: (n: number) => `/fleet/frame?atMs=${toMs - (20 + n) * MINUTE_MS}`,
  };
  const measured: Record<string, { value: number }> = {};
  for (const [id, path] of Object.entries(paths)) {
    const times: number[] = [];
    let count = 0;
    for (let n = 0; n < REQUESTS; n++) {
      const startedMs = performance.now();
      const answer = await get(site, path(n));
      times.push(performance.now() - startedMs);
      count = valueCount(answer);
    }
    say(
      `${id}: median ${median(times).toFixed(1)}, p95 ${quantile(times, 0.95).toFixed(1)} ms of ${REQUESTS}, samples coming in meanwhile; ${count} values`,
    );
    measured[id] = { value: median(times) };
  }
  return measured;
}

/** How many numbers of the first column are there: an empty answer would be quick. */
function valueCount(answer: unknown): number {
  const { series, hashrateHs } = answer as { series?: Record<string, (number | null)[]>; hashrateHs?: (number | null)[] };
  const column = series?.hashrateHs ?? hashrateHs ?? [];
  const count = column.filter((value) => value !== null).length;
  if (count === 0) throw new Error("The history is empty");
  return count;
}

/** CPU of the server's main thread with the browsers minus without, in turn. */
async function fanoutCore(site: Site, server: Child, { sizes, say, signal }: FigureTools): Promise<number> {
  const differences: number[] = [];
  for (let round = 0; round < BROWSER_ROUNDS; round++) {
    const without = await mainCores(server, sizes, signal);
    const browsers = startChild("browsers", [site.base, site.cookie, sizes.browsers]);
    await browsers.next();
    await pass(SETTLE_S, signal);
    differences.push((await mainCores(server, sizes, signal)) - without);
    browsers.say("deltas");
    const { deltas } = await browsers.next<{ deltas: number }>();
    if (deltas < sizes.browsers) throw new Error(`${sizes.browsers} browsers received ${deltas} deltas`);
    await browsers.end();
    await pass(SETTLE_S, signal);
  }
  say(`${sizes.browsers} browsers cost ${differences.map((cores) => cores.toFixed(3)).join(", ")} cores of the main thread`);
  return Math.max(0, median(differences));
}

async function mainCores(server: Child, { browserS }: Sizes, signal: AbortSignal): Promise<number> {
  const [cpuS, startedMs] = [mainThreadCpuS(server.pid), performance.now()];
  await pass(browserS, signal);
  return (mainThreadCpuS(server.pid) - cpuS) / ((performance.now() - startedMs) / 1000);
}

async function stallMs(server: Child, hourAtMs: number, { sizes, say, signal }: FigureTools): Promise<number> {
  const before = (hourAtMs - Date.now()) / 1000 - sizes.loopS;
  if (hourAtMs <= Date.now()) throw new Error("The full hour passed before the loop was watched");
  await pass(Math.max(0, before), signal);
  server.say("reset");
  await pass(maxOf([0, (hourAtMs - Date.now()) / 1000 + sizes.loopS]), signal);
  server.say("read");
  const { p999Ms, maxMs, p50Ms } = await server.next<{ p999Ms: number; maxMs: number; p50Ms: number }>();
  say(`event loop around the hour: p50 ${p50Ms.toFixed(1)}, p99.9 ${p999Ms.toFixed(1)}, longest ${maxMs.toFixed(1)} ms`);
  return p999Ms;
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino, type Logger } from "pino";
import { integerSetting } from "../../agent/config.ts";
import { startEmulator, type Emulator } from "../../test/emulator/emulator.ts";
import { serverConfig } from "../config.ts";
import { startServer, type RunningServer } from "../main.ts";
import type { Command, CommandInput, RawSettings } from "./command.ts";
import { demoScenario } from "./demoScenario.ts";
import { fillHistory } from "./demoHistory.ts";
import { placeInRacks } from "./demoRacks.ts";
import { embeddedAgent } from "./embedded.ts";
import { keepHeapsSmall } from "./heaps.ts";
import { builtWebDir } from "./server.ts";
import { untilStopped } from "./stop.ts";

const LOOPBACK = "127.0.0.1";
const FOUND_WITHIN_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A day of 500 miners; a larger fleet has a shorter past, as each hour of 10,000 takes as long to make as that. */
const PAST_MINER_HOURS = 12_000;

/** `hashwatch demo`: a living fleet without a machine: emulator, server and agent in one process, on loopback, in a directory that is removed at the end. */
export const demoCommand: Command = {
  name: "demo",
  usage: "demo [--miners 500] [--seed 1]",
  summary: "Shows a living fleet of emulated miners with scripted faults; nothing is kept",
  flags: [
    { name: "miners", value: "N", help: "how many miners (default 500)" },
    { name: "seed", value: "N", help: "the same seed gives the same fleet (default 1)" },
    { name: "port", value: "PORT", help: "where the dashboard listens (default 8080)" },
    { name: "log-level", value: "LEVEL", help: "trace, debug, info, warn, error, fatal or silent (default warn)" },
  ],
  run,
};

async function run({ settings, signal }: CommandInput): Promise<number> {
  const count = integerSetting(settings, "miners", { fallback: 500, min: 1, max: 20_000 });
  const seed = integerSetting(settings, "seed", { fallback: 1, min: 0, max: 4_294_967_295 });
  keepHeapsSmall();
  const dataDir = await mkdtemp(join(tmpdir(), "hashwatch-demo-"));
  try {
    const emulator = await startEmulator({ count, seed, port: 0, scenario: demoScenario(count) });
    try {
      await show(emulator, { settings: { ...settings, "log-level": settings["log-level"] ?? "warn" }, dataDir, signal });
    } finally {
      await emulator.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  return 0;
}

async function show(
  emulator: Emulator,
  { settings, dataDir, signal }: { settings: RawSettings; dataDir: string; signal: AbortSignal },
): Promise<void> {
  const ranges = rangesOf(emulator);
  const all = { ...settings, "data-dir": dataDir, ranges, "witness-port": "0", host: LOOPBACK };
  const config = serverConfig(all);
  const log = pino({ level: config.logLevel, base: { part: "demo" } }, pino.destination({ dest: 2, sync: true }));
  const server = await startServer(config, {
    log,
    startEmbeddedAgent: embeddedAgent(all, log),
    webDir: builtWebDir(),
    signInRequired: false,
  });
  try {
    process.stdout.write(
      `Hashwatch demo with ${emulator.endpoints.length} emulated miners is at ${server.url}\nCtrl-C ends it; nothing is kept\n`,
    );
    await Promise.race([furnish(emulator, server, { log, signal }), untilStopped(signal)]);
    await untilStopped(signal);
  } finally {
    await server.close();
  }
}

/** Once the miners are found: their places in racks, and the day that lies behind them. What cannot be done is logged; the fleet lives on without. */
async function furnish(emulator: Emulator, server: RunningServer, { log, signal }: { log: Logger; signal: AbortSignal }): Promise<void> {
  try {
    const nowMs = Date.now();
    await allFound(emulator, server, signal);
    await placeInRacks(emulator, server, signal);
    const pastMs = Math.min(DAY_MS, Math.ceil(PAST_MINER_HOURS / emulator.endpoints.length) * HOUR_MS);
    await fillHistory(emulator, server, { fromMs: nowMs - pastMs, toMs: nowMs - 60_000, stepMs: 60_000, signal });
  } catch (err) {
    if (!signal.aborted) log.error({ err }, "the demo's history could not be filled in");
  }
}

async function allFound(emulator: Emulator, server: RunningServer, signal: AbortSignal): Promise<void> {
  const deadlineMs = Date.now() + FOUND_WITHIN_MS;
  while (!signal.aborted && Date.now() < deadlineMs && server.fleet.columns.rowCount < emulator.endpoints.length) {
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function rangesOf({ endpoints }: Emulator): string {
  const [first] = endpoints;
  const last = endpoints.at(-1) ?? first;
  return first.address === last.address
    ? endpoints.map(({ address, port }) => `${address}:${port}`).join(",")
    : `${first.address}-${last.address}:${first.port}`;
}

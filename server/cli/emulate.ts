import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { integerSetting } from "../../agent/config.ts";
import { EmulatorError } from "../../test/emulator/endpoints.ts";
import type { Emulator } from "../../test/emulator/emulator.ts";
import { startEmulator } from "../../test/emulator/emulator.ts";
import type { Scenario, ScenarioEventInput } from "../../test/emulator/scenario.ts";
import { ConfigError } from "../errors.ts";
import type { Command, CommandInput, RawSettings } from "./command.ts";
import { untilStopped } from "./stop.ts";

/** `hashwatch emulate`: the emulator alone, until it is told to stop. Each line on stdin is one event that happens at once. */
export const emulateCommand: Command = {
  name: "emulate",
  usage: "emulate --miners N [flags]",
  summary: "Emulates N miners on loopback addresses",
  flags: [
    { name: "miners", value: "N", help: "how many miners" },
    { name: "address", value: "ADDRESS", help: "the first address, in 127.0.0.0/8 (default 127.20.0.1)" },
    { name: "port", value: "PORT", help: "the port of the miners' API (default 4028, 0 takes a free one)" },
    { name: "scenario", value: "FILE", help: 'events to come, {"events": […]}; one event as a JSON line on stdin happens at once' },
    { name: "seed", value: "N", help: "the same seed gives the same fleet (default 1)" },
    { name: "web", value: null, help: "answer the miners' web API as well" },
    { name: "web-port", value: "PORT", help: "the port of the web API (default 80, 0 takes a free one)" },
  ],
  run,
};

async function run({ settings, positionals, signal }: CommandInput): Promise<number> {
  if (positionals.length > 0) throw new ConfigError(`emulate takes flags only, got "${positionals[0]}"`);
  const emulator = await start(settings);
  process.stdout.write(`${JSON.stringify({ ready: emulator.endpoints.length })}\n`);
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => void injectLine(emulator, line));
  await untilStopped(signal);
  lines.close();
  process.stdin.destroy();
  await emulator.close();
  return 0;
}

async function start(settings: RawSettings): Promise<Emulator> {
  const { miners, address, scenario } = settings;
  if (miners === undefined) throw new ConfigError("--miners must be a whole number from 1 to 200000, got nothing");
  const options = {
    count: integerSetting(settings, "miners", { min: 1, max: 200_000, fallback: 1 }),
    port: integerSetting(settings, "port", { min: 0, max: 65_535, fallback: 4028 }),
    seed: integerSetting(settings, "seed", { min: 0, max: 4_294_967_295, fallback: 1 }),
    web: settings.web === true,
    webPort: integerSetting(settings, "web-port", { min: 0, max: 65_535, fallback: 80 }),
    ...(typeof address === "string" ? { address } : {}),
    ...(typeof scenario === "string" ? { scenario: await readScenarioFile(scenario) } : {}),
  };
  try {
    return await startEmulator({
      ...options,
      onReady: ({ address: at, port, model }) => process.stdout.write(`${JSON.stringify({ address: at, port, model })}\n`),
      onProblem: complain,
    });
  } catch (error) {
    if (error instanceof EmulatorError) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
}

/** The file as it is; what it says is checked where the scenario is read. */
async function readScenarioFile(path: string): Promise<Scenario> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`--scenario: cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  try {
    return JSON.parse(text) as Scenario;
  } catch (cause) {
    throw new ConfigError(`--scenario: ${path} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** A wrong line is answered on stderr; the fleet goes on. */
async function injectLine(emulator: Emulator, line: string): Promise<void> {
  if (line.trim() === "") return;
  try {
    await emulator.inject(JSON.parse(line) as ScenarioEventInput);
  } catch (error) {
    if (error instanceof EmulatorError) complain(error.message);
    else if (error instanceof SyntaxError) complain(`Event: not JSON: ${error.message}`);
    else throw error;
  }
}

function complain(message: string): void {
  process.stderr.write(`${message}\n`);
}

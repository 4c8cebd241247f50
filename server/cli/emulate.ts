import type { Emulator } from "../../test/emulator/emulator.ts";
import { startEmulator } from "../../test/emulator/emulator.ts";
import { EmulatorError } from "../../test/emulator/endpoints.ts";
import { ConfigError } from "../errors.ts";
import type { Command, CommandInput, RawSettings } from "./command.ts";

/** `hashwatch emulate`: the emulator alone, until it is told to stop. */
export const emulateCommand: Command = {
  name: "emulate",
  usage: "emulate --miners N [flags]",
  summary: "Emulates N miners on loopback addresses",
  flags: [
    { name: "miners", value: "N", help: "how many miners" },
    { name: "address", value: "ADDRESS", help: "the first address, in 127.0.0.0/8 (default 127.20.0.1)" },
    { name: "port", value: "PORT", help: "the port of the miners' API (default 4028, 0 takes a free one)" },
    { name: "seed", value: "N", help: "the same seed gives the same fleet (default 1)" },
  ],
  run,
};

async function run({ settings, positionals, signal }: CommandInput): Promise<number> {
  if (positionals.length > 0) throw new ConfigError(`emulate takes flags only, got "${positionals[0]}"`);
  const emulator = await start(settings);
  process.stdout.write(`${JSON.stringify({ ready: emulator.endpoints.length })}\n`);
  await stopped(signal);
  await emulator.close();
  return 0;
}

async function start(settings: RawSettings): Promise<Emulator> {
  const { address } = settings;
  try {
    return await startEmulator({
      count: wholeNumber(settings, { flag: "miners", min: 1, max: 200_000, fallback: null }),
      port: wholeNumber(settings, { flag: "port", min: 0, max: 65_535, fallback: 4028 }),
      seed: wholeNumber(settings, { flag: "seed", min: 0, max: 4_294_967_295, fallback: 1 }),
      ...(typeof address === "string" ? { address } : {}),
      onReady: ({ address: at, port, model }) => process.stdout.write(`${JSON.stringify({ address: at, port, model })}\n`),
    });
  } catch (error) {
    if (error instanceof EmulatorError) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
}

function wholeNumber(settings: RawSettings, wanted: { flag: string; min: number; max: number; fallback: number | null }): number {
  const { flag, min, max, fallback } = wanted;
  const text = settings[flag];
  if (text === undefined && fallback !== null) return fallback;
  const value = typeof text === "string" && /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) throw new ConfigError(`--${flag} must be a whole number from ${min} to ${max}, got "${text ?? ""}"`);
  return value;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { integerSetting } from "../../agent/config.ts";
import { systemClock } from "../../agent/clock.ts";
import { createClient } from "../../agent/cgminer/client.ts";
import { formatAddress, parseRange } from "../../agent/discover/ranges.ts";
import { createAnonymiser } from "../../agent/poll/masking.ts";
import { createPoller } from "../../agent/poll/poller.ts";
import type { Endpoint, MinerPoller, PollDeadlines, PollOutcome } from "../../agent/poll/ports.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./flags.ts";
import { describeOutcome } from "./probeReport.ts";

const MINER_PORT = 4028;

/** `hashwatch probe`: polls one miner once and prints what was decoded. Nothing but read commands of TCP 4028 is sent. */
export const probeCommand: Command = {
  name: "probe",
  usage: "probe ADDRESS[:PORT] [--record DIR] [--json]",
  summary: "Polls one miner and prints what was decoded; --record saves its raw replies, masked, for a bug report",
  flags: [
    { name: "record", value: "DIR", help: "saves the raw replies there, with pool users, passwords and addresses masked" },
    { name: "json", value: null, help: "prints the outcome as JSON" },
    { name: "connect-timeout-ms", value: "N", help: "for a connection to the miner (1000)" },
    { name: "reply-timeout-ms", value: "N", help: "for each reply (5000)" },
  ],
  async run({ settings, positionals, signal }) {
    if (positionals.length !== 1) throw new UsageError(`probe needs one address, got ${positionals.length}`);
    const endpoint = endpointOf(positionals[0]);
    const deadlines = {
      connectTimeoutMs: integerSetting(settings, "connect-timeout-ms", { fallback: 1000, min: 50, max: 60_000 }),
      replyTimeoutMs: integerSetting(settings, "reply-timeout-ms", { fallback: 5000, min: 100, max: 120_000 }),
    };
    const poller = createPoller(endpoint, { client: createClient(systemClock), clock: systemClock });
    const outcome = await pollOnce(poller, deadlines, signal);
    if (outcome === null) return 1;
    process.stdout.write(settings.json === true ? `${asJson(outcome)}\n` : describeOutcome(endpoint, outcome));
    if (typeof settings.record === "string") await record(settings.record, poller);
    return outcome.ok ? 0 : 1;
  },
};

function endpointOf(text: string): Endpoint {
  const { family, first, last, port } = parseRange(text);
  if (first !== last) throw new UsageError(`probe polls one miner: expected an address with an optional :port, got "${text}"`);
  return { address: formatAddress(family, first), port: port ?? MINER_PORT };
}

/** Null: interrupted. */
function pollOnce(poller: MinerPoller, deadlines: PollDeadlines, signal: AbortSignal): Promise<PollOutcome | null> {
  return new Promise((resolve) => {
    const abort = (): void => {
      poller.abort();
      resolve(null);
    };
    signal.addEventListener("abort", abort, { once: true });
    poller.poll(deadlines, (outcome) => {
      signal.removeEventListener("abort", abort);
      resolve(outcome);
    });
  });
}

function asJson(outcome: PollOutcome): string {
  return JSON.stringify(outcome, (key, value: unknown) => (key === "malformed" ? undefined : value), 2);
}

/** One file a command: `.json` where the reply is strict JSON, `.txt` with the text as it came where it is not. */
async function record(folder: string, poller: MinerPoller): Promise<void> {
  const anonymise = createAnonymiser();
  await mkdir(folder, { recursive: true });
  for (const { command, text } of poller.replies()) {
    const masked = anonymise(text);
    const name = `${command.replaceAll(/[^\w+-]/g, "_")}.${isJson(masked) ? "json" : "txt"}`;
    await writeFile(join(folder, name), masked);
    process.stderr.write(`saved ${join(folder, name)}\n`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

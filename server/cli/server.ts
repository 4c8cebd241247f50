import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { embeddedAgentConfig } from "../../agent/config.ts";
import { serverConfig } from "../config.ts";
import { startServer } from "../main.ts";
import { AGENT_FLAGS } from "./agent.ts";
import type { Command, CommandInput, FlagSpec } from "./command.ts";
import { embeddedAgent } from "./embedded.ts";
import { keepHeapsSmall } from "./heaps.ts";
import { untilStopped } from "./stop.ts";

const serverFlags: readonly FlagSpec[] = [
  { name: "host", value: "ADDRESS", help: "where the server listens (default 127.0.0.1)" },
  { name: "port", value: "PORT", help: "where the server listens (default 8080)" },
  { name: "data-dir", value: "DIR", help: "database and keys (default ./data)" },
  { name: "admin-password", value: "PASSWORD", help: "creates user admin at the first start; without it the console prints a set-up link" },
  { name: "no-embedded-agent", value: null, help: "server and dashboard alone" },
  { name: "tls-cert", value: "FILE", help: "certificate chain, PEM" },
  { name: "tls-key", value: "FILE", help: "private key, PEM" },
  { name: "public-url", value: "URL", help: "the address people use, e.g. behind a proxy" },
  {
    name: "ranges",
    value: "LIST",
    help: "what the embedded agent polls: CIDR, a-b or address, each with an optional :port, commas between",
  },
  { name: "log-level", value: "LEVEL", help: "trace, debug, info, warn, error, fatal or silent (default info)" },
];

/** `hashwatch server`: server, dashboard and embedded agent until it is told to stop. */
export const serverCommand: Command = {
  name: "server",
  usage: "server [flags]",
  summary: "Runs the server with its dashboard and an embedded agent",
  flags: [...serverFlags, ...AGENT_FLAGS.filter((flag) => !["server", "code", ...serverFlags.map(({ name }) => name)].includes(flag.name))],
  run,
};

/** Folder of the built page, beside the built server. */
export function builtWebDir(): string | null {
  const folder = fileURLToPath(new URL("../../web", import.meta.url));
  return existsSync(folder) ? folder : null;
}

async function run({ settings, signal }: CommandInput): Promise<number> {
  const config = serverConfig(settings);
  if (config.embeddedAgent) embeddedAgentConfig(settings, { server: "ws://127.0.0.1:1", agentId: "", key: "" }); // wrong flags stop the start
  keepHeapsSmall();
  const log = pino({ level: config.logLevel, base: { part: "server" } }, pino.destination({ dest: 2, sync: true }));
  const server = await startServer(config, { log, startEmbeddedAgent: embeddedAgent(settings, log), webDir: builtWebDir() });
  process.stdout.write(`Hashwatch is at ${server.url}\n`);
  if (server.setupUrl !== null) process.stdout.write(`Set the first password, once: ${server.setupUrl}\n`);
  await untilStopped(signal);
  await server.close();
  return 0;
}

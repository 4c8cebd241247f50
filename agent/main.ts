import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pino, type Logger } from "pino";
import type { AgentStats } from "../server/contract/agentLink.ts";
import { Agent } from "./agent.ts";
import { createClient } from "./cgminer/client.ts";
import { systemClock, type Clock } from "./clock.ts";
import type { AgentConfig } from "./config.ts";
import { ConfigError } from "./errors.ts";
import { MinerCredentials, readMinerCredentials } from "./identity/credentials.ts";
import { lockFolder, type FolderLock } from "./lock.ts";
import { createPoller } from "./poll/poller.ts";
import type { Endpoint, MinerPoller } from "./poll/ports.ts";
import { readAgentKey } from "./push/agentKey.ts";
import { Outbox } from "./push/outbox.ts";

export interface AgentDeps {
  readonly log?: Logger;
  /** Makes what polls one miner; the real one unless a test says otherwise. */
  readonly createPoller?: (endpoint: Endpoint) => MinerPoller;
  readonly clock?: Clock;
}

export interface RunningAgent {
  /** Rejects with ConfigError when only an operator can help: the enrolment code is not taken. Never resolves. */
  readonly failed: Promise<never>;
  stats(): AgentStats;
  /** True between a welcome and the loss of the connection. */
  isConnected(): boolean;
  /** No new polls; then flush, wait a few seconds for the acknowledgements, and close. Idempotent. */
  close(): Promise<void>;
}

/** JSON lines on stderr. */
export function createAgentLog(level: string): Logger {
  return pino({ level, base: { part: "agent" } }, pino.destination({ dest: 2, sync: true }));
}

/**
 * Starts an agent: takes the lock of its folder, polls the miners known from before at once, scans its ranges and connects to its server in the
 * background. Throws ConfigError for what the operator must set right first.
 */
export async function startAgent(config: AgentConfig, deps: AgentDeps = {}): Promise<RunningAgent> {
  const log = deps.log ?? createAgentLog(config.logLevel);
  const lock = await takeFolder(config.dataDir);
  try {
    const clock = deps.clock ?? systemClock;
    const agent = await assemble(config, { log, clock, createPoller: deps.createPoller ?? realPollers(clock) });
    return {
      failed: agent.failed,
      stats: () => agent.stats(),
      isConnected: () => agent.isConnected(),
      close: () => agent.close().finally(() => lock.release()),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Makes the agent's folder where it is missing and takes its lock. Throws ConfigError when the folder cannot be used. */
async function takeFolder(folder: string): Promise<FolderLock> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await lockFolder(folder);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`--data-dir: cannot use ${folder}: ${(error as Error).message}`, { cause: error });
  }
}

/** Pollers that share one client, and with it one buffer and one clock of deadlines. */
export function realPollers(clock: Clock = systemClock): (endpoint: Endpoint) => MinerPoller {
  const client = createClient(clock);
  return (endpoint) => createPoller(endpoint, { client, clock });
}

async function assemble(config: AgentConfig, { log, clock, createPoller: makePoller }: Required<AgentDeps>): Promise<Agent> {
  const { server, key } = await readLink(config);
  const credentials = config.minerCredentials === null ? new MinerCredentials([]) : await readMinerCredentials(config.minerCredentials);
  const outbox = await Outbox.open({
    folder: join(config.dataDir, "outbox"),
    maxBytes: config.outboxMaxBytes,
    maxAgeMs: config.outboxMaxAgeMs,
    nowMs: () => clock.nowMs(),
    log,
  });
  const agent = new Agent({ config, server, key, credentials, outbox, log, clock, createPoller: makePoller });
  await agent.begin();
  return agent;
}

/** Where the server is and who we are to it: what is set wins over what the enrolment left behind. */
async function readLink(config: AgentConfig): Promise<{ server: string; key: { agentId: string; key: string } | null }> {
  const stored = config.identity === null ? await readAgentKey(config.dataDir) : null;
  const server = config.server ?? stored?.server ?? null;
  if (server === null) throw new ConfigError("--server is missing: the first start of an agent needs --server URL and --code CODE");
  const key = config.identity ?? stored;
  if (key === null && config.code === null) throw new ConfigError("--code is missing: this agent is not enrolled yet");
  return { server, key: key && { agentId: key.agentId, key: key.key } };
}

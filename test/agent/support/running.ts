import { afterEach } from "vitest";
import type { AgentConfig } from "../../../agent/config.ts";
import { startAgent, type RunningAgent } from "../../../agent/main.ts";
import { silentLog } from "./config.ts";
import { startLinkServer, type LinkServer, type LinkServerOptions } from "./linkServer.ts";
import { startMiner, type FakeMiner } from "./miner.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** What is started here ends with the test, the last first. */
export async function runServer(options: LinkServerOptions = {}): Promise<LinkServer> {
  const server = await startLinkServer(options);
  closers.push(() => server.close());
  return server;
}

export async function runMiner(at?: { address?: string; port?: number }): Promise<FakeMiner> {
  const miner = await startMiner(at);
  closers.push(() => miner.close());
  return miner;
}

export async function runAgent(config: AgentConfig): Promise<RunningAgent> {
  const agent = await startAgent(config, { log: silentLog });
  closers.push(() => agent.close());
  return agent;
}

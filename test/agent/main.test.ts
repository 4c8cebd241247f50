import { afterEach, describe, expect, it } from "vitest";
import { startAgent, type RunningAgent } from "../../agent/main.ts";
import type { AgentConfig } from "../../agent/config.ts";
import { silentLog, testConfig } from "./support/config.ts";
import { startLinkServer, type LinkServer, type LinkServerOptions } from "./support/linkServer.ts";
import { startMiner, type FakeMiner } from "./support/miner.ts";
import { until } from "./support/until.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function server(options: LinkServerOptions = {}): Promise<LinkServer> {
  const started = await startLinkServer(options);
  closers.push(() => started.close());
  return started;
}
async function miner(at?: { address?: string; port?: number }): Promise<FakeMiner> {
  const started = await startMiner(at);
  closers.push(() => started.close());
  return started;
}
async function agent(config: AgentConfig): Promise<RunningAgent> {
  const started = await startAgent(config, { log: silentLog });
  closers.push(() => started.close());
  return started;
}

describe("startAgent()", () => {
  it("finds the miners of its ranges, polls them and sends what they say", async () => {
    const { port } = await miner();
    const link = await server();
    await agent(testConfig(link.url, {}, { ranges: `127.0.0.1:${port}` }));
    await until("two samples", () => link.entries().filter(({ kind }) => kind === "sample").length >= 2);
    const identity = link.entries().find((entry) => entry.kind === "identity");
    expect(identity?.kind === "identity" && identity.identity.model).toBe("S19");
    const sample = link.entries().find((entry) => entry.kind === "sample");
    expect(sample).toMatchObject({ address: "127.0.0.1", port, spacingMs: 1000, sample: { hashrateHs: 95000.5e9 } });
  });
});

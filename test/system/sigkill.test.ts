import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Agent } from "../../server/contract/api.ts";
import { startLinkProxy, type LinkProxy, type PassedSample } from "./linkProxy.ts";
import { startServer, stopAll, waitFor } from "./program.ts";
import { samplesByStep, startSite, type TestSite } from "./site.ts";

const MINERS = 1000;
const KILLS = 20;
/** Samples of one miner lie about a second apart, so each has a step of its own. */
const STEP_MS = 100;

describe("a server killed with SIGKILL under 1,000 samples a second", () => {
  let site: TestSite;
  let proxy: LinkProxy;
  let serverPort = 0;
  const ids = new Map<string, string>();
  /** Frames whose samples were found after an earlier restart. */
  const checked = new Set<string>();

  beforeAll(async () => {
    proxy = await startLinkProxy(() => serverPort);
    site = await startSite({
      minerCount: MINERS,
      firstAddress: "127.42.0.1",
      pollIntervalMs: 1000,
      linkPort: async (port) => await Promise.resolve(((serverPort = port), proxy.port)),
    });
    for (const miner of await site.miners()) ids.set(`${miner.address}:${miner.port}`, miner.id);
  }, 240_000);

  afterAll(async () => {
    await stopAll();
    await proxy.close();
    site.remove();
  });

  it("has everything that it acknowledged at once after each restart, and in the end every sample that was polled, each once", async () => {
    const random = seededRandom(20);
    for (let kill = 0; kill < KILLS; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 400 + random() * 1800)); // the random moment
      site.server.program.kill("SIGKILL");
      await site.server.program.exited;
      const acknowledged = acknowledgedFrames();
      site.server = await startServer(site.dataDir, ["--no-embedded-agent", "--log-level", "warn"], site.server.port);
      expect(await missing(acknowledged.filter((key) => !checked.has(key)))).toEqual([]);
      for (const key of acknowledged) checked.add(key);
    }
    site.emulator.kill("SIGKILL"); // from here on no poll gives a sample
    await waitFor(async () => {
      const { stats } = await site.server.get<Agent>(`/agents/${site.agentId}`);
      return stats !== null && stats.outboxSampleCount === 0 && acknowledgedFrames().length === proxy.frames.size;
    }, 90_000);
    const everyFrame = [...proxy.frames.keys()];
    expect(await missing(everyFrame)).toEqual([]);
    const polled = [...proxy.frames.values()].flat();
    const instants = polled.map((sample) => sample.agentAtMs);
    const [firstMs, lastMs] = [instants.reduce((a, b) => Math.min(a, b)), instants.reduce((a, b) => Math.max(a, b))];
    expect(await storedCount(firstMs, lastMs)).toBe(polled.length);
    expect(polled.length).toBeGreaterThan(20_000);
  }, 600_000);

  function acknowledgedFrames(): string[] {
    return [...proxy.frames.keys()].filter((key) => {
      const [outboxId = "", seq] = key.split("/");
      return Number(seq) <= (proxy.acked.get(outboxId) ?? -1);
    });
  }

  /** The samples of these frames that the history does not hold with their own value. */
  async function missing(keys: readonly string[]): Promise<PassedSample[]> {
    const byMiner = new Map<string, PassedSample[]>();
    for (const sample of keys.flatMap((key) => proxy.frames.get(key) ?? [])) {
      const list = byMiner.get(sample.endpoint);
      if (list === undefined) byMiner.set(sample.endpoint, [sample]);
      else list.push(sample);
    }
    const lost: PassedSample[] = [];
    await eachOf([...byMiner], async ([endpoint, samples]) => {
      const instants = samples.map((sample) => sample.agentAtMs);
      const steps = await stepsOf(endpoint, Math.min(...instants), Math.max(...instants));
      lost.push(...samples.filter((sample) => steps.get(Math.floor(sample.agentAtMs / STEP_MS) * STEP_MS) !== sample.durationMs));
    });
    return lost;
  }

  /** How many samples the history holds of all miners between two instants. */
  async function storedCount(fromMs: number, toMs: number): Promise<number> {
    let count = 0;
    await eachOf([...ids.keys()], async (endpoint) => {
      const { size } = await stepsOf(endpoint, fromMs, toMs);
      count += size;
    });
    return count;
  }

  function stepsOf(endpoint: string, firstMs: number, lastMs: number): Promise<Map<number, number>> {
    return samplesByStep(site.server, ids.get(endpoint) ?? "", { firstMs, lastMs, stepMs: STEP_MS });
  }
});

/** Eight at a time. */
async function eachOf<T>(items: T[], run: (item: T) => Promise<void>): Promise<void> {
  const lane = async () => {
    for (let item = items.pop(); item !== undefined; item = items.pop()) await run(item);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

/** xorshift32: the same moments in every run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

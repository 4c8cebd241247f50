import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Agent } from "../../server/contract/api.ts";
import { startLinkProxy, type LinkProxy, type PassedSample } from "./linkProxy.ts";
import { startServer, stopAll, waitFor } from "./program.ts";
import { samplesByStep, startSite, type TestSite } from "./site.ts";

const MINERS = 1000;
const KILLS = 20;
/** Samples of one miner mostly lie about a second apart, so each has a step of its own; where a late poll and the next share one, it is read by the millisecond. */
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
      site.server = await startServer(site.dataDir, ["--no-embedded-agent", "--log-level", "warn"], { port: site.server.port });
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
    expect(await heldCount(everyFrame)).toBe(polled.length);
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
    const lost: PassedSample[] = [];
    await eachOf([...byEndpoint(keys)], async ([endpoint, samples]) => {
      const held = await heldSamples(endpoint, samples);
      const unlike = samples.filter((sample) => (held.get(sample.agentAtMs) ?? held.get(stepOf(sample))) !== sample.durationMs);
      for (const sample of unlike) if ((await heldAt(endpoint, sample)) !== sample.durationMs) lost.push(sample);
    });
    return lost;
  }

  /** At its very millisecond: its step may be shared with a sample that is on disk, but of a frame whose acknowledgement was lost with the server. */
  async function heldAt(endpoint: string, { agentAtMs }: PassedSample): Promise<number | undefined> {
    const range = { firstMs: agentAtMs, lastMs: agentAtMs, stepMs: 1 };
    return (await samplesByStep(site.server, ids.get(endpoint) ?? "", range)).get(agentAtMs);
  }

  /** How many samples the history holds of all miners over the time of these frames. */
  async function heldCount(keys: readonly string[]): Promise<number> {
    let count = 0;
    await eachOf([...byEndpoint(keys)], async ([endpoint, samples]) => {
      const { size } = await heldSamples(endpoint, samples);
      count += size;
    });
    return count;
  }

  function byEndpoint(keys: readonly string[]): Map<string, PassedSample[]> {
    const samples = keys.flatMap((key) => proxy.frames.get(key) ?? []);
    return grouped(samples, (sample) => sample.endpoint);
  }

  /** What the history holds of one miner from the first of these samples to the last: by step, or by instant in a step that two of them share. */
  async function heldSamples(endpoint: string, samples: readonly PassedSample[]): Promise<Map<number, number>> {
    const instants = samples.map((sample) => sample.agentAtMs);
    const read = (firstMs: number, lastMs: number, stepMs: number) =>
      samplesByStep(site.server, ids.get(endpoint) ?? "", { firstMs, lastMs, stepMs });
    const held = await read(Math.min(...instants), Math.max(...instants), STEP_MS);
    for (const [step, sharing] of grouped(samples, stepOf)) {
      if (sharing.length === 1) continue;
      held.delete(step);
      for (const [atMs, durationMs] of await read(step, step + STEP_MS - 1, 1)) held.set(atMs, durationMs);
    }
    return held;
  }
});

function stepOf({ agentAtMs }: PassedSample): number {
  return Math.floor(agentAtMs / STEP_MS) * STEP_MS;
}

function grouped<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

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

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Page, Series } from "../../server/contract/api.ts";
import { startLinkProxy, type LinkProxy, type PassedSample } from "./linkProxy.ts";
import { startServer, stopAll, waitFor } from "./program.ts";
import { startSite, type TestSite } from "./site.ts";

const MINERS = 1000;
const KILLS = 20;
/** Samples of one miner lie about a second apart, so each has a step of its own. */
const STEP_MS = 100;

describe("a server killed with SIGKILL under 1,000 samples a second", () => {
  let site: TestSite;
  let proxy: LinkProxy;
  let serverPort = 0;
  const ids = new Map<string, string>();
  /** What the history answered once, by miner: instant of the step → value. */
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
  }, 120_000);

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
    site.agent.kill("SIGTERM"); // flushes, waits for the acknowledgements, ends
    expect((await site.agent.exited).code).toBe(0);
    const everyFrame = [...proxy.frames.keys()];
    await waitFor(() => acknowledgedFrames().length === everyFrame.length, 30_000);
    expect(await missing(everyFrame)).toEqual([]);
    const polledCount = [...proxy.frames.values()].reduce((sum, samples) => sum + samples.length, 0);
    expect(await storedCount()).toBe(polledCount);
    expect(polledCount).toBeGreaterThan(20_000);
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
    for (const key of keys) {
      for (const sample of proxy.frames.get(key) ?? []) byMiner.set(sample.endpoint, [...(byMiner.get(sample.endpoint) ?? []), sample]);
    }
    const lost: PassedSample[] = [];
    const queue = [...byMiner];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop())
          lost.push(...(await missingOf(ids.get(next[0]) ?? "", next[1])));
      }),
    );
    return lost;
  }

  async function missingOf(minerId: string, samples: readonly PassedSample[]): Promise<PassedSample[]> {
    const instants = samples.map((sample) => sample.agentAtMs);
    const values = new Map<number, number | null>();
    const windowMs = 1900 * STEP_MS;
    const toMs = Math.max(...instants) + STEP_MS;
    for (let fromMs = Math.floor(Math.min(...instants) / STEP_MS) * STEP_MS; fromMs < toMs; fromMs += windowMs) {
      const query = `metrics=hashrateHs&fromMs=${fromMs}&toMs=${Math.min(toMs, fromMs + windowMs)}&stepMs=${STEP_MS}`;
      const { timesMs, series } = await site.server.get<Series>(`/miners/${minerId}/series?${query}`);
      timesMs.forEach((atMs, i) => values.set(atMs, series.hashrateHs?.[i] ?? null));
    }
    return samples.filter(
      (sample) => sample.hashrateHs !== null && values.get(Math.floor(sample.agentAtMs / STEP_MS) * STEP_MS) !== sample.hashrateHs,
    );
  }

  async function storedCount(): Promise<number> {
    await Promise.resolve();
    return 0;
  }
});

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

import { describe, expect, it } from "vitest";
import { EndpointSet } from "../../../agent/discover/rangeSet.ts";
import { parseScanRange } from "../../../agent/discover/ranges.ts";
import { scanEndpoints, type ScanDeps, type ScanOptions, type ScanProgress } from "../../../agent/discover/scan.ts";
import { probeTcp } from "../../../agent/discover/tcpProbe.ts";
import { realPollers } from "../../../agent/main.ts";
import type { Endpoint } from "../../../agent/poll/ports.ts";
import { systemClock } from "../../../agent/clock.ts";
import { SimulatedMiner } from "../support/simulatedMiner.ts";
import { runMiner } from "../support/running.ts";
import { until } from "../support/until.ts";

const deps: ScanDeps = { probe: probeTcp, createPoller: realPollers(), known: () => null, nowMs: Date.now };
const options = (): ScanOptions => ({ connectTimeoutMs: 300, replyTimeoutMs: 500, signal: new AbortController().signal });
const endpoints = (...ranges: string[]): EndpointSet => new EndpointSet(ranges.map(parseScanRange), 4028);

describe("scanEndpoints()", () => {
  it("tells miners, refusals and machines that are no miners apart", async () => {
    const miner = await runMiner();
    const http = await runMiner({ address: "127.0.0.2", port: miner.port });
    http.behaviour = "http";
    const hanging = await runMiner({ address: "127.0.0.3", port: miner.port });
    hanging.behaviour = "hang";
    const result = await scanEndpoints(endpoints(`127.0.0.1-127.0.0.5:${miner.port}`), deps, options());
    expect(result).toMatchObject({ totalCount: 5, probedCount: 5, failureCounts: { refused: 2, timeout: 1 } });
    expect(result.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          address: "127.0.0.1",
          outcome: "found",
          model: "S19",
          firmware: expect.stringContaining("stock") as string,
        }),
        expect.objectContaining({ address: "127.0.0.3", outcome: "timeout" }),
      ]),
    );
  });

  it("finds every one of many miners and none twice", async () => {
    const first = await runMiner();
    const others = await Promise.all(Array.from({ length: 59 }, (_, i) => runMiner({ address: `127.0.7.${i + 1}`, port: first.port })));
    const found: Endpoint[] = [];
    const onFound = ({ endpoint }: { endpoint: Endpoint }): void => void found.push(endpoint);
    const result = await scanEndpoints(endpoints(`127.0.7.0/25:${first.port}`), { ...deps, onFound }, options());
    expect(result.foundCount).toBe(59);
    expect(new Set(found.map(({ address }) => address))).toEqual(new Set(others.map(({ address }) => address)));
    expect(found).toHaveLength(59);
  });

  it("probes again what was silent, and identifies again what did not answer", async () => {
    const probes: string[] = [];
    const clock = systemClock;
    let identifications = 0;
    const result = await scanEndpoints(
      endpoints("10.9.9.1-10.9.9.3"),
      {
        ...deps,
        probe: ({ address }) => {
          probes.push(address);
          const isSecond = probes.filter((probed) => probed === address).length === 2;
          return Promise.resolve(address === "10.9.9.1" ? (isSecond ? "open" : "silent") : address === "10.9.9.2" ? "open" : "silent");
        },
        createPoller: (endpoint) => {
          identifications++;
          return new SimulatedMiner(clock, endpoint, endpoint.address === "10.9.9.2" && identifications === 1 ? null : 1);
        },
      },
      { ...options(), replyTimeoutMs: 20 },
    );
    expect(probes.sort()).toEqual(["10.9.9.1", "10.9.9.1", "10.9.9.2", "10.9.9.2", "10.9.9.3", "10.9.9.3"]);
    expect(result).toMatchObject({ foundCount: 2, probedCount: 3, failureCounts: { timeout: 1 } });
  });

  it("does not touch a miner that is known, and counts it as found", async () => {
    const miner = await runMiner();
    const known = { address: "127.0.0.1", port: miner.port, outcome: "found" as const, model: "S19", firmware: "stock", detail: "" };
    const result = await scanEndpoints(endpoints(`127.0.0.1:${miner.port}`), { ...deps, known: () => known }, options());
    expect(result).toMatchObject({ foundCount: 1, items: [known] });
    expect(miner.connectionCount()).toBe(0);
  });

  it("tells its progress on the way: counts grow, each item comes once", async () => {
    let nowMs = 0;
    const seen: ScanProgress[] = [];
    const probe: ScanDeps["probe"] = () => Promise.resolve("refused");
    const last = await scanEndpoints(
      endpoints("10.9.9.0/26"),
      { ...deps, probe, nowMs: () => (nowMs += 100) },
      { ...options(), onProgress: (progress) => seen.push(progress) },
    );
    expect(seen.length).toBeGreaterThanOrEqual(5);
    expect(seen.map(({ probedCount }) => probedCount)).toEqual([...seen.map(({ probedCount }) => probedCount)].sort((a, b) => a - b));
    expect(last.probedCount).toBe(64);
  });

  it("never has more probes under way than 512", async () => {
    let underWay = 0;
    let most = 0;
    const probe: ScanDeps["probe"] = async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return "refused";
    };
    await scanEndpoints(endpoints("10.0.0.0/20"), { ...deps, probe }, options());
    expect(most).toBe(512);
  });

  it("ends soon after an abort", async () => {
    const controller = new AbortController();
    let started = 0;
    const probe: ScanDeps["probe"] = (_, { signal }) => {
      started++;
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve("silent"), { once: true }));
    };
    const scan = scanEndpoints(endpoints("10.0.0.0/16"), { ...deps, probe }, { ...options(), signal: controller.signal });
    await until("probes under way", () => started === 512);
    controller.abort();
    expect((await scan).probedCount).toBe(0);
    expect(started).toBe(512);
  });
});

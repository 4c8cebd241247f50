import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../agent/clock.ts";
import { parseRange } from "../../../agent/discover/ranges.ts";
import { MinerCredentials } from "../../../agent/identity/credentials.ts";
import { Learner, type LearnerDeps } from "../../../agent/identity/learner.ts";
import { silentLog } from "../support/config.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { SimulatedMiner } from "../support/simulatedMiner.ts";
import { until } from "../support/until.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

class Listener extends SimulatedMiner {
  readonly learned: unknown[] = [];
  override learn(facts?: unknown): void {
    this.learned.push(facts);
  }
}

async function startWeb(): Promise<{ port: number; paths: string[] }> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? "");
    const body = request.url?.endsWith("miner_type.cgi")
      ? { subtype: "AMLCtrl_BHB42601" }
      : { macaddr: "02:00:00:00:00:01", serinum: "S1" };
    response.end(`\n${JSON.stringify(body)}`);
  });
  closers.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, paths };
}

function learnerOf(miner: Listener, deps: Partial<LearnerDeps>): Learner {
  const credential = { username: "root", password: "root" };
  const learner = new Learner({
    credentials: new MinerCredentials([{ range: parseRange("127.0.0.0/8"), credential }]),
    webPort: 1,
    permits: () => true,
    readNeighbours: () => Promise.resolve(new Map()),
    pollers: () => [miner],
    clock: { ...systemClock, nowMs: () => 1000 },
    log: silentLog,
    ...deps,
  });
  closers.push(() => learner.close());
  return learner;
}
const minerAt = (address: string): Listener => new Listener(new FakeClock(), { address, port: 4028 }, 1);

describe("Learner", () => {
  it("reads the web API once for a miner that answers, and tells its poller", async () => {
    const web = await startWeb();
    const miner = minerAt("127.0.0.1");
    const learner = learnerOf(miner, { webPort: web.port });
    learner.answered(miner);
    learner.answered(miner);
    await until("facts", () => miner.learned.length > 0);
    learner.answered(miner);
    expect(web.paths).toEqual(["/cgi-bin/get_system_info.cgi", "/cgi-bin/miner_type.cgi"]);
    expect(miner.learned).toEqual([expect.objectContaining({ mac: "02:00:00:00:00:01", serial: "S1", controlBoard: "amlogic" })]);
  });

  it("touches nothing without a password for the address, or outside the allow-lists", async () => {
    const web = await startWeb();
    const stranger = minerAt("10.0.0.1");
    learnerOf(stranger, { webPort: web.port }).answered(stranger);
    const forbidden = minerAt("127.0.0.1");
    learnerOf(forbidden, { webPort: web.port, permits: () => false }).answered(forbidden);
    await new Promise((resolve) => setImmediate(resolve));
    expect(web.paths).toEqual([]);
  });

  it("tells the MAC of the neighbour table once, and again when another machine took the address", async () => {
    const miner = minerAt("127.0.0.1");
    let mac = "02:00:00:00:00:07";
    const learner = learnerOf(miner, { readNeighbours: () => Promise.resolve(new Map([["127.0.0.1", mac]])) });
    await learner.learnNeighbours();
    await learner.learnNeighbours();
    mac = "02:00:00:00:00:08";
    await learner.learnNeighbours();
    expect(miner.learned).toEqual([
      expect.objectContaining({ mac: "02:00:00:00:00:07" }),
      expect.objectContaining({
        mac: "02:00:00:00:00:08",
        evidence: [{ kind: "mac", value: "02:00:00:00:00:08", source: "neighbour table", lastSeenAtMs: 1000 }],
      }),
    ]);
  });
});

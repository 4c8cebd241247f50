import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket } from "ws";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBackfill, type Backfill } from "../../../server/fleet/backfill.ts";
import { createFleet, type Fleet } from "../../../server/fleet/fleet.ts";
import { createIngest, type Ingest } from "../../../server/ingest/ingest.ts";
import { asStore, FakeDirectory, failureEntry, identityEntry, MemoryStore, quiet, sampleEntry, until } from "../fleet/fakes.ts";
import { FakeAgent, frameOf, OUTBOX, stats } from "./fakeAgent.ts";

let server: Server;
let port: number;
let store: MemoryStore;
let directory: FakeDirectory;
let fleet: Fleet;
let backfill: Backfill;
let ingest: Ingest;
let agents: FakeAgent[];
let skipMs: number;

const clock = (): number => Date.now() + skipMs;
const connect = (options?: { headers?: Record<string, string> }): FakeAgent => {
  const agent = new FakeAgent(port, options);
  agents.push(agent);
  return agent;
};
const sample = (address: string) => sampleEntry(address, { agentAtMs: Date.now() });

beforeEach(async () => {
  store = new MemoryStore();
  directory = new FakeDirectory();
  agents = [];
  skipMs = 0;
  fleet = await createFleet({ store: asStore(store), directory, clock, log: quiet });
  backfill = await openBackfill({ records: store.records });
  ingest = createIngest({
    fleet,
    directory,
    backfill,
    store: asStore(store),
    clock,
    log: quiet,
    program: "hashwatch 0.1.0",
    times: { helloMs: 300, pingMs: 50, repliesMs: 200, appendMs: 100 },
  });
  server = createServer();
  server.on("upgrade", (request, socket, head) => ingest.handleUpgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const agent of agents) agent.close();
  await ingest.close();
  await fleet.close();
  await new Promise((resolve) => server.close(resolve));
});

describe("agent link", () => {
  it("gives a key for a code once, and takes the key", async () => {
    const enrolment = { type: "enrol" as const, contract: 1, program: "p", hostname: "h", code: "code-1" };
    const first = await connect().open();
    first.say(enrolment);
    expect(await first.next("enrolled")).toMatchObject({ agentId: "a1", key: "key-a1" });
    const second = await connect().open();
    second.say(enrolment);
    expect((await second.next("error")).code).toBe("unauthorized");
    await until(() => second.closeCode !== null, "closed");
    expect(await connect().hello()).toMatchObject({
      agentName: "Agent a1",
      lastSeq: -1,
      ranges: ["10.0.0.0/24"],
      settings: { pollIntervalMs: null },
    });
  });

  it("tells which networks an agent stands in, also after it has gone", async () => {
    const agent = connect();
    await agent.hello({ networks: ["10.20.12.0/24"] });
    const record = directory.agent("a1")!;
    expect(ingest.describe(record, clock()).networks).toEqual(["10.20.12.0/24"]);
    agent.close();
    await until(() => ingest.describe(record, clock()).state === "offline", "it has gone");
    expect(ingest.describe(record, clock()).networks).toEqual(["10.20.12.0/24"]);
  });

  it("shows a sample at once and acknowledges it when it is on disk", async () => {
    const agent = connect();
    await agent.hello();
    store.failing = true;
    agent.frame(0, [identityEntry("10.0.0.5"), sample("10.0.0.5"), failureEntry("10.0.0.6", { agentAtMs: Date.now() })]);
    await until(() => fleet.totals(clock()).minerCount === 2, "two miners");
    expect(store.samples).toHaveLength(0);
    expect(fleet.totals(clock())).toMatchObject({ reportingCount: 1, hashrateHs: 1.1e14, statusCounts: { hashing: 1, unknown: 1 } });
    store.failing = false;
    expect(await agent.next("ack")).toMatchObject({ outboxId: OUTBOX, seq: 0 });
    expect(store.samples.map((one) => one.sample.minerId)).toEqual(["m1"]);
    expect(store.documents.has("miner/m1")).toBe(true);
    expect(ingest.counters).toMatchObject({ samples: { stored: 1, refused: 0 }, polls: { ok: 1, timeout: 1 } });
  });

  it("has on disk which samples came late, before it acknowledges them", async () => {
    const agent = connect();
    await agent.hello();
    const keptAtMs = Date.now() - 300_000;
    agent.frame(0, [sampleEntry("10.0.0.5", { agentAtMs: keptAtMs }), sample("10.0.0.6")]);
    await agent.next("ack");
    const stored = await openBackfill({ records: store.records });
    expect(stored.spans({ agentId: "a1" }, { fromMs: 0, toMs: clock() })).toEqual([[keptAtMs, keptAtMs]]);
  });

  it("takes a frame once: what comes again is acknowledged, counted and not stored", async () => {
    const agent = connect();
    await agent.hello();
    agent.frame(0, [sample("10.0.0.5")]);
    agent.frame(0, [sample("10.0.0.5")]);
    await agent.next("ack");
    await until(() => ingest.counters.samples.duplicate === 1, "the copy is counted");
    agent.close();
    const again = connect();
    expect((await again.hello()).lastSeq).toBe(0);
    again.frame(0, [sample("10.0.0.5")]);
    expect((await again.next("ack")).seq).toBe(0);
    await until(() => ingest.counters.samples.duplicate === 2, "the resent frame is counted");
    expect(store.samples).toHaveLength(1);
  });

  it("knows after a restart what was on disk, and takes a new outbox from its start", async () => {
    store.seqs.set(`a1 ${OUTBOX}`, 41);
    const agent = connect();
    expect((await agent.hello()).lastSeq).toBe(41);
    agent.close();
    const other = connect();
    expect((await other.hello({ outboxId: "99999999-2222-4333-8444-555555555555" })).lastSeq).toBe(-1);
  });

  it("accepts a gap: the agent's bounds have dropped what is missing", async () => {
    const agent = connect();
    await agent.hello();
    agent.frame(3, [sample("10.0.0.5")]);
    agent.frame(9, [sample("10.0.0.6")]);
    await until(() => store.seqs.get(`a1 ${OUTBOX}`) === 9, "both on disk");
    expect(store.samples).toHaveLength(2);
  });

  it("refuses a malformed frame by its number, with a reason, and goes on", async () => {
    const agent = connect();
    await agent.hello();
    agent.socket.send(frameOf(0, { sentAtMs: 1, entries: [{ ...sample("10.0.0.5"), spacingMs: "often" }] }));
    expect(await agent.next("refused")).toMatchObject({
      seq: 0,
      outboxId: OUTBOX,
      reason: expect.stringContaining("entries.0.spacingMs") as string,
    });
    agent.socket.send(Buffer.concat([frameOf(1, "{").subarray(0, 25), Buffer.from("not deflated")]));
    expect((await agent.next("refused")).reason).toContain("inflate");
    agent.socket.send(frameOf(2, "no json"));
    expect((await agent.next("refused")).reason).toContain("no JSON");
    agent.frame(3, [sample("10.0.0.5")]);
    expect((await agent.next("ack")).seq).toBe(3);
    expect(ingest.counters.samples).toMatchObject({ stored: 1, refused: 1 });
  });

  it("refuses a frame that inflates beyond the limit", async () => {
    const agent = connect();
    await agent.hello();
    agent.socket.send(frameOf(0, `{"sentAtMs":1,"entries":[]}${" ".repeat(33 << 20)}`));
    expect((await agent.next("refused")).reason).toContain("inflate");
  });

  it("cuts off junk, a frame of another layout, too large a message and a frame before the hello, and counts them", async () => {
    const junk = await connect().open();
    junk.socket.send("junk");
    expect((await junk.next("error")).code).toBe("malformed");
    const layout = connect();
    await layout.hello();
    layout.socket.send(Buffer.alloc(40, 7));
    expect((await layout.next("error")).code).toBe("malformed");
    const early = await connect().open();
    early.frame(0, []);
    expect((await early.next("error")).code).toBe("unauthorized");
    const large = connect();
    await large.hello();
    large.socket.send(JSON.stringify({ type: "stats", padding: "x".repeat(2 << 20) }));
    expect((await large.next("error")).code).toBe("tooMuch");
    const huge = connect();
    await huge.hello();
    huge.socket.send(Buffer.alloc((4 << 20) + 1));
    await until(() => huge.closeCode === 1009, "closed for its size");
    expect(ingest.counters.cutOff).toMatchObject({ malformed: 2, unauthorized: 1, tooMuch: 2 });
  });

  it("ends a connection that says no hello, has a wrong key or another contract", async () => {
    const silent = await connect().open();
    await until(() => silent.closeCode === 1008, "closed");
    const wrong = connect();
    void wrong.hello({ key: "guess" }).catch(() => undefined);
    expect((await wrong.next("error")).code).toBe("unauthorized");
    const old = connect();
    void old.hello({ contract: 99 }).catch(() => undefined);
    expect((await old.next("error")).code).toBe("contract");
  });

  it("turns away browsers, and an address that keeps guessing", async () => {
    const browser = connect({ headers: { Origin: "http://evil.example" } });
    await until(() => browser.refusedStatus === 403, "403");
    for (let i = 0; i < 20; i++) {
      const guess = connect();
      void guess.hello({ key: `guess${i}` }).catch(() => undefined);
      await guess.next("error");
    }
    const late = connect();
    await until(() => late.refusedStatus === 429, "429");
  });

  it("lets a newer connection of an agent replace the older", async () => {
    const older = connect();
    await older.hello();
    const newer = connect();
    await newer.hello();
    expect((await older.next("error")).code).toBe("replaced");
    await until(() => older.closeCode !== null, "closed");
    expect(ingest.describe(directory.agent("a1")!, clock())).toMatchObject({ state: "online" });
    newer.frame(0, [sample("10.0.0.5")]);
    expect((await newer.next("ack")).seq).toBe(0);
  });

  it("disconnects an agent whose key is revoked and does not let it back", async () => {
    const agent = connect();
    await agent.hello();
    directory.agentRecords.set("a1", { ...directory.agent("a1")!, revoked: true });
    directory.tell({ kind: "agent", id: "a1", removed: false });
    expect((await agent.next("error")).code).toBe("unauthorized");
    expect(ingest.describe(directory.agent("a1")!, clock()).state).toBe("revoked");
    const again = connect();
    void again.hello().catch(() => undefined);
    expect((await again.next("error")).code).toBe("unauthorized");
  });

  it("terminates an agent that is silent for 15 s", async () => {
    const agent = connect();
    await agent.hello();
    agent.socket.pause(); // answers no ping any more
    await new Promise((resolve) => setTimeout(resolve, 60));
    skipMs = 16_000;
    await until(() => ingest.describe(directory.agent("a1")!, clock()).state === "offline", "offline");
    expect(ingest.counters.cutOff.silent).toBe(1);
  });

  it("acknowledges nothing while the store fails, says that it is not ready, and stores all once it can", async () => {
    const agent = connect();
    await agent.hello();
    store.failing = true;
    agent.frame(0, [sample("10.0.0.5")]);
    await until(() => !ingest.healthy(), "not healthy");
    agent.frame(1, [sample("10.0.0.6")]);
    await until(() => fleet.totals(clock()).reportingCount === 2, "live all the same");
    expect(agent.heard.filter((message) => message.type === "ack")).toEqual([]);
    store.failing = false;
    expect((await agent.next("ack")).seq).toBe(1);
    expect(store.samples).toHaveLength(2);
    expect(ingest.healthy()).toBe(true);
  });

  it("corrects the agent's instants by a skew above 1 s, and leaves a smaller one alone", async () => {
    const ahead = connect();
    await ahead.hello({ agentNowMs: Date.now() + 60_000 });
    const agentAtMs = Date.now() + 60_000;
    ahead.frame(0, [sampleEntry("10.0.0.5", { agentAtMs })]);
    await ahead.next("ack");
    const stored = store.samples[0].sample;
    expect(stored.agentAtMs).toBe(agentAtMs);
    expect(Math.abs(stored.polledAtMs - (agentAtMs - 60_000))).toBeLessThan(500);
    expect(ingest.describe(directory.agent("a1")!, clock()).skewMs).toBeGreaterThan(59_000);
    const right = connect();
    await right.hello({ agentId: "a2", key: "key-a2", agentNowMs: Date.now() + 400 });
    right.frame(0, [sampleEntry("10.9.0.5", { agentAtMs })]);
    await right.next("ack");
    expect(store.samples[1].sample.polledAtMs).toBe(agentAtMs);
  });

  it("notes the version that an agent says, also where it was another before", async () => {
    await connect().hello({ program: "hashwatch 0.2.0", hostname: "shed" });
    await until(() => directory.agent("a1")?.program === "hashwatch 0.2.0", "version");
    expect(ingest.describe(directory.agent("a1")!, clock())).toMatchObject({ program: "hashwatch 0.2.0", hostname: "shed" });
  });

  it("passes on scans, watching, raw replies, ranges and settings", async () => {
    const agent = connect();
    await agent.hello();
    agent.frame(0, [sample("10.0.0.5")]);
    await until(() => fleet.whereIs("m1"), "miner");

    const scan = await ingest.startScan("a1", null);
    const { scanId } = await agent.next("scan");
    const item = { address: "10.0.0.7", port: 4028, outcome: "found" as const, model: "S19", firmware: "stock", detail: "" };
    const progress = { type: "scanProgress" as const, scanId, totalCount: 256, foundCount: 1, failureCounts: { timeout: 3 }, detail: null };
    agent.say({ ...progress, probedCount: 4, items: [item], state: "running" });
    agent.say({ ...progress, probedCount: 256, items: [], state: "done" });
    await until(() => ingest.scan(scanId)?.state === "done", "scan done");
    expect(ingest.scan(scan!.id)).toMatchObject({ probedCount: 256, foundCount: 1, items: [item], failureCounts: { timeout: 3 } });
    expect(await ingest.startScan("a2", null)).toBeNull();

    const [unwatchOne, unwatchTwo] = [ingest.watch("m1"), ingest.watch("m1")];
    expect(await agent.next("watch")).toMatchObject({ address: "10.0.0.5", port: 4028 });
    unwatchOne();
    unwatchTwo();
    await agent.next("unwatch");
    expect(agent.heard.filter(({ type }) => type === "watch" || type === "unwatch")).toEqual([]);

    const replies = ingest.fetchReplies("m1");
    const { requestId } = await agent.next("replies");
    agent.say({ type: "replies", requestId, found: true, replies: [{ command: "stats", atMs: 1, text: "{}", failure: null }] });
    expect((await replies)?.replies).toHaveLength(1);
    expect(await ingest.fetchReplies("m1")).toBeNull(); // no answer in time

    directory.rangesOf["a1"] = ["10.0.1.0/24"];
    directory.tell({ kind: "range", agentId: "a1" });
    expect((await agent.next("ranges")).ranges).toEqual(["10.0.1.0/24"]);
    directory.tell({ kind: "settings" });
    expect((await agent.next("settings")).settings).toEqual({ pollIntervalMs: null });
  });

  it("stops a scan at once, tells the agent, and still takes what it had found until then", async () => {
    const agent = connect();
    await agent.hello();
    const { id } = (await ingest.startScan("a1", null))!;
    await agent.next("scan");
    expect(ingest.stopScan(id)).toMatchObject({ state: "stopped" });
    expect((await agent.next("stopScan")).scanId).toBe(id);
    const counts = { totalCount: 256, probedCount: 9, foundCount: 1, failureCounts: {}, detail: null };
    agent.say({ type: "scanProgress", scanId: id, ...counts, items: [], state: "stopped" });
    await until(() => ingest.scan(id)?.probedCount === 9, "the last progress");
    expect(ingest.scan(id)?.state).toBe("stopped");
    expect(ingest.stopScan("none")).toBeNull();
  });

  it("fails a running scan when its agent goes, and counts what an agent has dropped since", async () => {
    const agent = connect();
    await agent.hello();
    agent.say({ type: "stats", stats: stats({ droppedSampleCount: 5 }) });
    agent.say({ type: "stats", stats: stats({ droppedSampleCount: 12 }) });
    await until(() => ingest.counters.samples.dropped === 7, "dropped");
    const scan = await ingest.startScan("a1", ["10.0.0.0/24"]);
    await agent.next("scan");
    agent.close();
    await until(() => ingest.scan(scan!.id)?.state === "failed", "scan failed");
  });

  it("keeps the bytes of a malformed reply with its miner", async () => {
    const agent = connect();
    await agent.hello();
    const base64 = Buffer.from('{"STATUS"').toString("base64");
    agent.frame(0, [
      { kind: "malformedReply", address: "10.0.0.5", port: 4028, agentAtMs: Date.now(), command: "stats", failure: "undecodable", base64 },
    ]);
    await until(() => store.malformed.length === 1, "kept");
    expect(Buffer.from(store.malformed[0].bytes).toString()).toBe('{"STATUS"');
  });

  it("stores what it holds before it closes", async () => {
    const agent = connect();
    await agent.hello();
    agent.frame(0, [sample("10.0.0.5")]);
    await until(() => fleet.totals(clock()).minerCount === 1, "taken");
    await ingest.close();
    expect(store.samples).toHaveLength(1);
    await until(() => agent.closeCode !== null && agent.socket.readyState === WebSocket.CLOSED, "closed");
    expect(agent.heard.some((message) => message.type === "ack")).toBe(true);
  });
});

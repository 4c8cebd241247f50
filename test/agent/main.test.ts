import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { agentConfig } from "../../agent/config.ts";
import { startAgent } from "../../agent/main.ts";
import type { AgentMessage, FrameEntry } from "../../server/contract/agentLink.ts";
import { silentLog, temporaryFolder, testConfig } from "./support/config.ts";
import type { LinkServer } from "./support/linkServer.ts";
import { runAgent, runMiner, runServer } from "./support/running.ts";
import { until } from "./support/until.ts";

const samplesOf = (link: LinkServer): Extract<FrameEntry, { kind: "sample" }>[] =>
  link.entries().filter((entry) => entry.kind === "sample");
const failuresOf = (link: LinkServer): Extract<FrameEntry, { kind: "failure" }>[] =>
  link.entries().filter((entry) => entry.kind === "failure");
function messagesOf<T extends AgentMessage["type"]>(link: LinkServer, type: T): Extract<AgentMessage, { type: T }>[] {
  return link.messages.filter((message): message is Extract<AgentMessage, { type: T }> => message.type === type);
}

describe("startAgent()", () => {
  it("finds the miners of its ranges, polls them and sends what they say", async () => {
    const { port } = await runMiner();
    const link = await runServer();
    await runAgent(testConfig(link.url, {}, { ranges: `127.0.0.1:${port}` }));
    await until("two samples", () => samplesOf(link).length >= 2);
    const identity = link.entries().find((entry) => entry.kind === "identity");
    expect(identity).toMatchObject({ identity: { model: "S19", firmware: { family: "stock" } } });
    expect(samplesOf(link)[0]).toMatchObject({ address: "127.0.0.1", port, spacingMs: 1000, sample: { hashrateHs: 95000.5e9 } });
    expect(messagesOf(link, "hello")[0]).toMatchObject({
      agentId: "a1",
      key: "k1",
      pollIntervalMs: 1000,
      allowControl: false,
      networks: expect.any(Array) as string[],
    });
  });

  it("polls the ranges that the server gives, takes up new ones and lets go of those taken away", async () => {
    const [first, second] = [await runMiner(), await runMiner()];
    const link = await runServer({ ranges: [`127.0.0.1:${first.port}`] });
    const agent = await runAgent(testConfig(link.url, { allowPorts: [first.port, second.port] }));
    await until("a sample of the first", () => samplesOf(link).some(({ port }) => port === first.port));
    link.send({ type: "ranges", ranges: [`127.0.0.1:${second.port}`] });
    await until("a sample of the second", () => samplesOf(link).some(({ port }) => port === second.port));
    expect(agent.stats().minerCount).toBe(1);
  });

  it("polls the miners known from before at once after a restart, without a server", async () => {
    const miner = await runMiner();
    const link = await runServer({ ranges: [`127.0.0.1:${miner.port}`] });
    const config = testConfig(link.url, { allowPorts: [miner.port] });
    const agent = await startAgent(config, { log: silentLog });
    await until("a sample", () => samplesOf(link).length > 0);
    await agent.close();
    await link.close();
    const before = miner.connectionCount();
    const again = await runAgent(config);
    await until("a poll", () => miner.connectionCount() > before && again.stats().pollCount > 0);
    await until("a sample that waits", () => again.stats().outboxSampleCount > 0);
  });

  it("identifies each miner once per connection", async () => {
    const { port } = await runMiner();
    const link = await runServer();
    await runAgent(testConfig(link.url, {}, { ranges: `127.0.0.1:${port}` }));
    await until("three samples", () => samplesOf(link).length >= 3);
    link.drop();
    await until("samples of a second connection", () => link.helloCount() === 2 && samplesOf(link).length >= 6, 15_000);
    const identities = link.entries().filter(({ kind }) => kind === "identity").length;
    expect(identities).toBeGreaterThanOrEqual(2);
    expect(identities).toBeLessThanOrEqual(3); // the first may be polled just before the welcome
  });

  it("sends everything polled while the server was away, in order and nothing twice", async () => {
    const { port } = await runMiner();
    const link = await runServer();
    const agent = await runAgent(testConfig(link.url, {}, { ranges: `127.0.0.1:${port}` }));
    await until("a sample", () => samplesOf(link).length > 0);
    await link.close();
    await until("samples that wait", () => agent.stats().outboxSampleCount >= 4);
    const lastSeq = link.frames.at(-1)!.seq;
    const back = await runServer({ port: link.port, lastSeq: () => lastSeq });
    await until("an empty outbox", () => agent.stats().outboxSampleCount === 0 && samplesOf(back).length >= 4, 15_000);
    const seqs = [...link.frames, ...back.frames].map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    const times = [...samplesOf(link), ...samplesOf(back)].map(({ sample }) => sample.agentAtMs);
    expect(new Set(times).size).toBe(times.length);
    const { pollCount, failureCounts } = agent.stats();
    const answeredCount = pollCount - Object.values(failureCounts).reduce((sum, count) => sum + count, 0);
    expect(times.length).toBeGreaterThanOrEqual(answeredCount - 2); // one may be in flight, one in the frame that is open
  });

  it("sends again what was not acknowledged when the connection was lost", async () => {
    const { port } = await runMiner();
    const link = await runServer({ acknowledge: false });
    const agent = await runAgent(testConfig(link.url, {}, { ranges: `127.0.0.1:${port}` }));
    await until("two frames", () => link.frames.length >= 2);
    const before = link.frames.map(({ seq }) => seq);
    link.drop();
    await until("the frames again", () => link.frames.filter(({ seq }) => seq === before[0]).length === 2, 15_000);
    expect(agent.stats().outboxSampleCount).toBeGreaterThan(0);
    // Again until it has come: the miner is polled on, and what was polled since waits as well.
    await until("an empty outbox", () => {
      link.send({ type: "ack", outboxId: link.frames[0].outboxId, seq: Number.MAX_SAFE_INTEGER });
      return agent.stats().outboxSampleCount === 0;
    });
  });

  it("keeps a refused frame aside and goes on", async () => {
    const { port } = await runMiner();
    const link = await runServer({ acknowledge: false });
    const config = testConfig(link.url, {}, { ranges: `127.0.0.1:${port}` });
    const agent = await runAgent(config);
    await until("a frame", () => link.frames.length >= 1);
    const { outboxId, seq } = link.frames[0];
    link.send({ type: "refused", outboxId, seq, reason: "entry 0 is not understood" });
    const aside = join(config.dataDir, "outbox", "aside");
    await until("the frame aside", () => readdirSync(join(config.dataDir, "outbox")).includes("aside") && readdirSync(aside).length === 2);
    await until("later frames", () => link.frames.length >= 3);
    link.send({ type: "ack", outboxId, seq: link.frames.at(-1)!.seq });
    await until("an outbox with at most what came since", () => agent.stats().outboxSampleCount <= 1);
  });

  it("notices a line that is dead without a FIN and connects again", async () => {
    const link = await runServer();
    const agent = await runAgent(testConfig(link.url));
    await until("a connection", () => agent.isConnected());
    link.freeze();
    const frozenAtMs = performance.now();
    await until("the loss", () => !agent.isConnected(), 15_000);
    expect(performance.now() - frozenAtMs).toBeLessThan(13_000);
    await until("another hello", () => link.helloCount() === 2, 5000);
  });

  it("reports how it is every few seconds", async () => {
    const link = await runServer();
    await runAgent(testConfig(link.url));
    await until("two reports", () => messagesOf(link, "stats").length >= 2);
    expect(messagesOf(link, "stats")[0].stats).toMatchObject({ minerCount: 0, droppedSampleCount: 0, refusalCount: 0 });
  });

  it("takes its poll interval from the server, and its own again when the server has none", async () => {
    const { port } = await runMiner();
    const link = await runServer({ pollIntervalMs: 3000 });
    const agent = await runAgent(testConfig(link.url, {}, { ranges: `127.0.0.1:${port}` }));
    await until("a sample with the server's spacing", () => samplesOf(link).some(({ spacingMs }) => spacingMs === 3000));
    link.send({ type: "settings", settings: { pollIntervalMs: null } });
    await until("its own interval", () => agent.stats().pollIntervalMs === 1000);
  });

  it("tells the last raw replies of a miner, and that it does not know one", async () => {
    const { port } = await runMiner();
    const link = await runServer();
    await runAgent(testConfig(link.url, {}, { ranges: `127.0.0.1:${port}` }));
    await until("a sample", () => samplesOf(link).length > 0);
    link.send({ type: "replies", requestId: "r1", address: "127.0.0.1", port });
    link.send({ type: "replies", requestId: "r2", address: "127.0.0.1", port: 1 });
    await until("both answers", () => messagesOf(link, "replies").length === 2);
    const [known, unknown] = messagesOf(link, "replies");
    expect(known.replies.map(({ command }) => command)).toContain("stats");
    expect(unknown).toMatchObject({ requestId: "r2", found: false, replies: [] });
  });

  it("reports a reply that cannot be read once, with its bytes", async () => {
    const miner = await runMiner();
    const link = await runServer();
    await runAgent(testConfig(link.url, {}, { ranges: `127.0.0.1:${miner.port}` }));
    await until("a sample", () => samplesOf(link).length > 0);
    miner.behaviour = "garbage";
    await until("three failures", () => failuresOf(link).length >= 3);
    expect(failuresOf(link)[0]).toMatchObject({ failure: "undecodable", apiDown: false });
    const malformed = link.entries().filter((entry) => entry.kind === "malformedReply");
    const perCommand = new Set(malformed.map(({ command }) => command));
    expect(malformed.length).toBe(perCommand.size);
    expect(Buffer.from(malformed[0].base64, "base64").toString()).toContain("not json at all");
  });

  it("asks the witness port when 4028 is silent", async () => {
    const [miner, witness] = [await runMiner(), await runMiner()];
    const link = await runServer();
    await runAgent(testConfig(link.url, {}, { ranges: `127.0.0.1:${miner.port}`, "witness-port": String(witness.port) }));
    await until("a sample", () => samplesOf(link).length > 0);
    miner.behaviour = "hang";
    await until("a failure", () => failuresOf(link).length > 0);
    expect(failuresOf(link)[0]).toMatchObject({ failure: "timeout", apiDown: true });
    await witness.close();
    await until("a failure without a witness", () => failuresOf(link).some(({ apiDown }) => !apiDown));
  });

  it("scans with progress when asked to, and says what is wrong with a range", async () => {
    const miner = await runMiner();
    const link = await runServer();
    const agent = await runAgent(testConfig(link.url, { allowPorts: [miner.port] }));
    await until("a connection", () => agent.isConnected());
    link.send({ type: "scan", scanId: "s1", ranges: [`127.0.0.1-127.0.0.20:${miner.port}`] });
    link.send({ type: "scan", scanId: "s2", ranges: ["10.0.0.0/99"] });
    await until("both ends", () => messagesOf(link, "scanProgress").filter(({ state }) => state !== "running").length === 2);
    const done = messagesOf(link, "scanProgress").find(({ scanId, state }) => scanId === "s1" && state === "done")!;
    expect(done).toMatchObject({ totalCount: 20, probedCount: 20, foundCount: 1, failureCounts: { refused: 19 } });
    const items = messagesOf(link, "scanProgress").flatMap(({ items }) => items);
    expect(items).toEqual([expect.objectContaining({ port: miner.port, outcome: "found", model: "S19" })]);
    const failed = messagesOf(link, "scanProgress").find(({ scanId }) => scanId === "s2")!;
    expect(failed).toMatchObject({ state: "failed", detail: expect.stringContaining("10.0.0.0/99") as string });
  });

  it("ends a scan when told to, with what it had found until then", async () => {
    const link = await runServer();
    const miner = await runMiner();
    miner.behaviour = "hang";
    const agent = await runAgent(testConfig(link.url, { allowPorts: [miner.port], replyTimeoutMs: 60_000 }));
    await until("a connection", () => agent.isConnected());
    link.send({ type: "scan", scanId: "s1", ranges: [`127.0.0.1-127.0.0.20:${miner.port}`] });
    await until("a miner that keeps the scan waiting", () => miner.connectionCount() > 0);
    link.send({ type: "stopScan", scanId: "s1" });
    await until("the end", () => messagesOf(link, "scanProgress").some(({ state }) => state !== "running"));
    expect(messagesOf(link, "scanProgress").at(-1)).toMatchObject({ scanId: "s1", state: "stopped", totalCount: 20, foundCount: 0 });
    link.send({ type: "scan", scanId: "s2", ranges: ["127.0.0.200:4028"] });
    await until("the next scan", () => messagesOf(link, "scanProgress").some(({ scanId, state }) => scanId === "s2" && state === "done"));
  });

  it("refuses what is outside its allow-lists, reports and counts it, and touches nothing", async () => {
    const [inside, outside] = [await runMiner(), await runMiner()];
    const link = await runServer({ ranges: [`127.0.0.1:${outside.port}`, "127.0.0.9-127.0.0.12", "8.8.8.8", "nonsense"] });
    const agent = await runAgent(testConfig(link.url, { allowPorts: [inside.port, 4028], allowRanges: ["127.0.0.0/29"] }));
    await until("the refusals", () => messagesOf(link, "refusal").length >= 4);
    link.send({ type: "watch", address: "127.0.0.1", port: outside.port });
    link.send({ type: "scan", scanId: "s1", ranges: [`127.0.0.1:${outside.port}`] });
    await until("six refusals", () => messagesOf(link, "refusal").length >= 6);
    expect(messagesOf(link, "refusal").map(({ target }) => target)).toEqual(
      expect.arrayContaining([`127.0.0.1:${outside.port}`, "127.0.0.9-127.0.0.12", "8.8.8.8", "nonsense"]),
    );
    await until("a scan that found nothing", () => messagesOf(link, "scanProgress").some(({ state }) => state === "done"));
    expect(outside.connectionCount()).toBe(0);
    expect(agent.stats().refusalCount).toBeGreaterThanOrEqual(6);
    expect(agent.stats().lastRefusal).toContain(String(outside.port));
  });

  it("never has two connections to one miner, not even while it scans", async () => {
    const miner = await runMiner();
    const link = await runServer();
    await runAgent(testConfig(link.url, {}, { ranges: `127.0.0.1:${miner.port}` }));
    await until("a sample", () => samplesOf(link).length > 0);
    for (const scanId of ["s1", "s2", "s3"]) link.send({ type: "scan", scanId, ranges: null });
    await until("three scans", () => messagesOf(link, "scanProgress").filter(({ state }) => state === "done").length === 3);
    expect(messagesOf(link, "scanProgress").filter(({ state }) => state === "done")[0].foundCount).toBe(1);
    expect(miner.maxAtOnce()).toBe(1);
  });

  it("enrols with its code once, keeps the key for itself, and needs only the data directory afterwards", async () => {
    const link = await runServer({ code: "one-time" });
    const dataDir = temporaryFolder();
    const first = await startAgent(agentConfig({ server: link.url, code: "one-time", "data-dir": dataDir, "log-level": "silent" }));
    await until("a hello", () => link.helloCount() === 1);
    await first.close();
    expect(messagesOf(link, "hello")[0]).toMatchObject({ agentId: "a7", key: "secret-key" });
    expect(statSync(join(dataDir, "agent", "key.json")).mode & 0o777).toBe(0o600);
    await runAgent(agentConfig({ "data-dir": dataDir, "log-level": "silent" }));
    await until("a second hello", () => link.helloCount() === 2);
    expect(messagesOf(link, "enrol")).toHaveLength(1);
  });

  it("fails with a line that names the code when the server does not take it", async () => {
    const link = await runServer({ code: "one-time" });
    const agent = await runAgent(agentConfig({ server: link.url, code: "wrong", "data-dir": temporaryFolder(), "log-level": "silent" }));
    await expect(agent.failed).rejects.toThrow(/--code is not taken by ws:.*unknown, used or expired/);
  });

  it("does not start without a server or a code, nor beside another agent in the same folder", async () => {
    const link = await runServer();
    const raw = { "data-dir": temporaryFolder(), "log-level": "silent" };
    await expect(startAgent(agentConfig(raw))).rejects.toThrow("--server is missing");
    await expect(startAgent(agentConfig({ ...raw, "data-dir": "/dev/null" }))).rejects.toThrow("--data-dir: cannot use /dev/null/agent");
    await expect(startAgent(agentConfig({ ...raw, server: link.url }))).rejects.toThrow("--code is missing");
    const config = testConfig(link.url);
    await runAgent(config);
    await expect(startAgent(config, { log: silentLog })).rejects.toThrow("another agent is running");
  });

  it("does not take a damaged list of known miners for a reason to stop", async () => {
    const link = await runServer();
    const config = testConfig(link.url);
    mkdirSync(config.dataDir, { recursive: true });
    writeFileSync(join(config.dataDir, "miners.json"), '{"miners":[{"addr');
    const agent = await runAgent(config);
    await until("a connection", () => agent.isConnected());
    expect(readFileSync(join(config.dataDir, "miners.json"), "utf8")).toContain("addr");
  });
});

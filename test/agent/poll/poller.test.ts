import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../agent/clock.ts";
import { createClient, type Client } from "../../../agent/cgminer/client.ts";
import { createPoller } from "../../../agent/poll/poller.ts";
import type { MinerPoller, PollDeadlines, PollOutcome } from "../../../agent/poll/ports.ts";
import { closedPort, openWire, type Wire } from "../cgminer/wire.ts";
import { fixtureBytes } from "../decode/fixture.ts";

const DEADLINES: PollDeadlines = { connectTimeoutMs: 1000, replyTimeoutMs: 2000 };
const REFUSAL = '{"STATUS":[{"STATUS":"E","When":1,"Code":14,"Msg":"Invalid command","Description":"cgminer 1.0.0"}],"id":1}';

type Answers = Record<string, string | undefined>;

/** What a miner of this fixture folder answers, by request; anything else is refused. */
function answersOf(folder: string, commands: readonly string[]): Answers {
  return Object.fromEntries(commands.map((command) => [command, fixtureBytes(`${folder}/${command}.txt`).toString()]));
}

const X19 = answersOf("stock-x19", ["version", "summary", "pools", "stats"]);
const LUXOS = { ...answersOf("luxos", ["version", "stats", "devs", "temps", "power", "config"]), summary: X19.summary, pools: X19.pools };

const wires: Wire[] = [];
const clients: Client[] = [];

interface Bench {
  readonly poller: MinerPoller;
  readonly answers: Answers;
  readonly clock: { now: number; nowMs: () => number; monotonicMs: () => number };
  /** Commands asked since the last call, in order. */
  readonly asked: () => string[];
  readonly poll: (deadlines?: PollDeadlines) => Promise<PollOutcome>;
}

async function bench(given: Answers): Promise<Bench> {
  const answers = { ...given };
  const wire = await openWire((socket, request) => {
    const text = answers[commandOf(request)] ?? REFUSAL;
    if (text === "hang") return;
    socket.end(text === "" ? "" : `${text}\0`);
  });
  wires.push(wire);
  const client = createClient(systemClock);
  clients.push(client);
  const clock = { now: 1_000_000, nowMs: () => 1_700_000_000_000 + clock.now, monotonicMs: () => clock.now };
  const poller = createPoller({ address: "127.0.0.1", port: wire.port }, { client, clock });
  return {
    poller,
    answers,
    clock,
    asked: () => wire.requests.splice(0).map(commandOf),
    poll: (deadlines = DEADLINES) => new Promise((resolve) => poller.poll(deadlines, resolve)),
  };
}

function commandOf(request: string): string {
  const { command, new_api: isNew } = JSON.parse(request) as { command: string; new_api?: boolean };
  return isNew === true ? "newStats" : command;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const wire of wires.splice(0)) await wire.close();
});

describe("poller", () => {
  it("asks everything once, then stats and summary, and pools once a minute", async () => {
    const { poll, asked, clock } = await bench(X19);
    expect(await poll()).toMatchObject({ ok: true, identityChanged: true, identity: { model: "S19j Pro", firmware: { family: "stock" } } });
    expect(asked()).toEqual(["version", "summary", "pools", "stats"]);
    clock.now += 10_000;
    expect(await poll()).toMatchObject({ ok: true, identityChanged: false, sample: { acceptedCount: 321, pools: [{}, {}] } });
    expect(asked()).toEqual(["summary", "stats"]);
    clock.now += 60_000;
    await poll();
    expect(asked()).toEqual(["summary", "pools", "stats"]);
  });

  it("stamps a sample with the agent's clock and gives every poll its own arrays of boards", async () => {
    const { poll, clock } = await bench(X19);
    const first = await poll();
    clock.now += 10_000;
    const second = await poll();
    if (!first.ok || !second.ok) throw new Error("no sample");
    expect(second.sample.agentAtMs - first.sample.agentAtMs).toBe(10_000);
    expect(second.sample.hashboards).toEqual(first.sample.hashboards);
    expect(second.sample.hashboards).not.toBe(first.sample.hashboards);
  });

  it("keeps the samples of two machines apart that answer at the same time in one layout", async () => {
    const slow = await bench(X19);
    const fast = await bench({ ...X19, stats: X19.stats?.replaceAll("69000.5", "42000.5") });
    for (let round = 0; round < 5; round++) {
      slow.clock.now += 10_000;
      fast.clock.now += 10_000;
      const [a, b] = await Promise.all([slow.poll(), fast.poll()]);
      expect([a.ok && a.sample.hashrateHs, b.ok && b.sample.hashrateHs]).toEqual([69_000.5e9, 42_000.5e9]);
    }
  });

  it("does not ask again what the firmware does not have", async () => {
    const { poll, asked, clock } = await bench({ version: X19.version, summary: X19.summary, pools: X19.pools });
    expect(await poll()).toMatchObject({ ok: true, sample: { hashrateHs: 69_000.5e9, hashboards: [] } });
    expect(asked()).toEqual(["version", "summary", "pools", "stats", "newStats"]);
    clock.now += 10_000;
    await poll();
    expect(asked()).toEqual(["summary"]);
  });

  it("asks version anew, and whatever was refused, when the uptime went back", async () => {
    const { poll, asked, answers, clock } = await bench({ ...X19, stats: undefined });
    await poll();
    answers.summary = X19.summary?.replace("7200", "30");
    clock.now += 10_000;
    await poll();
    asked();
    answers.stats = X19.stats;
    clock.now += 10_000;
    expect(await poll()).toMatchObject({ ok: true, sample: { hashboards: [{}, {}, {}] } });
    expect(asked()).toEqual(["version", "summary", "pools", "stats"]);
  });

  it("tells another machine by the Type in stats", async () => {
    const { poll, answers, clock } = await bench(X19);
    await poll();
    answers.stats = X19.stats?.replace("S19j Pro", "S19 Pro");
    clock.now += 10_000;
    expect(await poll()).toMatchObject({ ok: true, identityChanged: true, identity: { model: "S19 Pro" } });
  });

  it("identifies VNish, which refuses version, by stats", async () => {
    const { poll, asked } = await bench(answersOf("vnish", ["version", "stats", "pools", "summary"]));
    expect(await poll()).toMatchObject({
      ok: true,
      identity: { firmware: { family: "vnish", version: "1.2.7" } },
      sample: { acceptedCount: 50 },
    });
    expect(asked()).toEqual(["version", "stats", "pools", "summary"]);
  });

  it("joins commands where they are joined, after one try", async () => {
    const { poll, asked, answers, clock } = await bench(LUXOS);
    await poll();
    expect(asked()).toEqual(["version", "stats", "summary", "devs", "temps", "power", "pools", "config"]);
    const together = ["stats", "summary", "devs", "temps", "power"];
    answers[together.join("+")] = `{${together.map((command) => `"${command}":[${answers[command]}]`).join(",")},"id":1}`;
    clock.now += 10_000;
    expect(await poll()).toMatchObject({ ok: true, sample: { powerW: 1051, hashrateHs: 60e12 } });
    expect(asked()).toEqual([together.join("+")]);
  });

  it("falls back to single commands where they are not, for good", async () => {
    const { poll, asked, clock } = await bench(LUXOS);
    await poll();
    asked();
    const together = ["stats", "summary", "devs", "temps", "power"];
    clock.now += 10_000;
    expect(await poll()).toMatchObject({ ok: true });
    expect(asked()).toEqual([together.join("+"), ...together]);
    clock.now += 10_000;
    await poll();
    expect(asked()).toEqual(together);
  });

  it("knows a machine by version alone and says what cannot be read", async () => {
    const { poll, asked, clock } = await bench({ version: X19.version });
    const first = await poll();
    expect(first).toMatchObject({ ok: false, failure: "undecodable", answered: true, identity: { model: "S19j Pro" } });
    asked();
    clock.now += 10_000;
    expect(await poll()).toMatchObject({ ok: false, failure: "undecodable", answered: true });
    expect(asked()).toEqual(["version"]);
  });

  it("asks once more for a cut reply, then reports it with its bytes and no sample", async () => {
    const cut = X19.stats?.slice(0, 500) ?? "";
    const { poll, asked, answers, poller } = await bench({ ...X19, stats: cut });
    const outcome = await poll();
    expect(outcome).toMatchObject({ ok: false, failure: "truncated", answered: true, malformed: { command: "stats" } });
    expect(!outcome.ok && Buffer.from(outcome.malformed?.bytes ?? []).toString()).toBe(cut);
    expect(asked()).toEqual(["version", "summary", "pools", "stats", "stats"]);
    expect(poller.replies().find((reply) => reply.command === "stats")?.failure).toBe("truncated");
    answers.stats = X19.stats;
    expect(await poll()).toMatchObject({ ok: true });
  });

  it("does without pools that cannot be read", async () => {
    const { poll } = await bench({ ...X19, pools: '{"STATUS":[{"STATUS":"S"}],"POOLS":[{"POOL" 0}]}' });
    expect(await poll()).toMatchObject({ ok: true, sample: { pools: [], hashrateHs: 69_000.5e9 } });
  });

  it("names a machine that speaks HTTP", async () => {
    const { poll } = await bench({ version: "HTTP/1.1 400 Bad Request\r\n\r\n" });
    expect(await poll()).toMatchObject({ ok: false, answered: true, identity: { firmware: { family: "epic" }, model: null } });
  });

  it.each([
    ["hang", "timeout", false],
    ["", "closed", true],
    ['{"hello":"world"}', "notMiner", true],
    ["SSH-2.0-OpenSSH", "notMiner", true],
  ])("gives a failure for an answer of %j", async (text, failure, answered) => {
    const { poll } = await bench({ version: text, stats: text, summary: text, devs: text, pools: text });
    expect(await poll({ connectTimeoutMs: 500, replyTimeoutMs: 150 })).toMatchObject({ ok: false, failure, answered, identity: null });
  });

  it("gives a refusal for a port that is closed", async () => {
    const { clock } = await bench({});
    const client = createClient(systemClock);
    const poller = createPoller({ address: "127.0.0.1", port: await closedPort() }, { client, clock });
    const outcome = await new Promise<PollOutcome>((resolve) => poller.poll(DEADLINES, resolve));
    expect(outcome).toMatchObject({ ok: false, failure: "refused", answered: true });
  });

  it("refuses a second poll while one is under way, and polls again after an abort", async () => {
    const { poller, poll, answers } = await bench({ ...X19, version: "hang" });
    let calls = 0;
    poller.poll(DEADLINES, () => calls++);
    expect(() => poller.poll(DEADLINES, () => calls++)).toThrow(TypeError);
    poller.abort();
    answers.version = X19.version;
    expect(await poll()).toMatchObject({ ok: true });
    expect(calls).toBe(0);
  });

  it("keeps the last raw reply of each command without passwords", async () => {
    const { poller, poll } = await bench(X19);
    await poll();
    const replies = poller.replies();
    expect(replies.map((reply) => reply.command).sort()).toEqual(["pools", "stats", "summary", "version"]);
    const pools = replies.find((reply) => reply.command === "pools")?.text;
    expect(pools).toContain("u:***@spare.example");
    expect(JSON.stringify(replies)).not.toContain("secret");
  });

  it("lays over what was learned elsewhere", async () => {
    const { poller, poll, clock } = await bench(X19);
    await poll();
    poller.learn({ mac: "02:00:00:00:00:09", controlBoard: "zynq" });
    clock.now += 10_000;
    expect(await poll()).toMatchObject({ ok: true, identityChanged: true, identity: { mac: "02:00:00:00:00:09", controlBoard: "zynq" } });
    clock.now += 10_000;
    expect(await poll()).toMatchObject({ ok: true, identityChanged: false });
  });
});

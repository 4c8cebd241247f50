import { describe, expect, it } from "vitest";
import type { MinerPoller, PollOutcome } from "../../../agent/poll/ports.ts";
import { Report } from "../../../agent/push/report.ts";
import type { FrameEntry } from "../../../server/contract/agentLink.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { IDENTITY, sampleOf, SimulatedMiner } from "../support/simulatedMiner.ts";

const miner: MinerPoller = new SimulatedMiner(new FakeClock(), { address: "10.0.0.1", port: 4028 }, 1);
const answered = (identityChanged = false): PollOutcome => ({ ok: true, sample: sampleOf(5, 50), identity: IDENTITY, identityChanged });
const garbage = (command: string): PollOutcome => ({
  ok: false,
  agentAtMs: 5,
  durationMs: 50,
  failure: "undecodable",
  detail: "x".repeat(900),
  answered: true,
  identity: null,
  malformed: { command, bytes: Buffer.alloc(100_000, 1) },
});

function setUp(): { report: Report; entries: FrameEntry[]; kinds: () => string[]; clock: { nowMs: number } } {
  const entries: FrameEntry[] = [];
  const clock = { nowMs: 0 };
  const report = new Report({ add: (entry) => entries.push(entry), isApiDown: () => Promise.resolve(true), nowMs: () => clock.nowMs });
  return { report, entries, kinds: () => entries.map(({ kind }) => kind), clock };
}

describe("Report", () => {
  it("tells who a miner is at first, at each change, and once per connection", () => {
    const { report, kinds } = setUp();
    for (const changed of [true, false, true]) report.polled(miner, answered(changed), 1000);
    report.connected();
    for (const changed of [false, false]) report.polled(miner, answered(changed), 1000);
    expect(kinds()).toEqual(["identity", "sample", "sample", "identity", "sample", "identity", "sample", "sample"]);
  });

  it("carries the witness's word and a detail within the contract's length", async () => {
    const { report, entries } = setUp();
    report.polled(miner, garbage("stats"), 2000);
    await report.settled();
    expect(entries[0]).toMatchObject({ kind: "failure", apiDown: true, answered: true, spacingMs: 2000, detail: "x".repeat(500) });
  });

  it("sends a malformed reply once an hour for each command, cut to 64 KiB", async () => {
    const { report, entries, clock } = setUp();
    const poll = async (command: string): Promise<void> => {
      report.polled(miner, garbage(command), 1000);
      await report.settled();
    };
    for (const command of ["stats", "stats", "pools"]) await poll(command);
    clock.nowMs = 3_600_001;
    await poll("stats");
    const malformed = entries.filter((entry) => entry.kind === "malformedReply");
    expect(malformed.map(({ command }) => command)).toEqual(["stats", "pools", "stats"]);
    expect(Buffer.from(malformed[0].base64, "base64").length).toBe(65_536);
  });
});

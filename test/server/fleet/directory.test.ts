import { describe, expect, it } from "vitest";
import { openDirectory } from "../../../server/fleet/directory.ts";
import { readRange } from "../../../server/fleet/rangeText.ts";
import { MemoryRecords } from "../fakes/memoryRecords.ts";

const open = (records = new MemoryRecords()) => openDirectory({ records, clock: () => 1_790_000_000_000 });

describe("openDirectory()", () => {
  it("makes the site Main at the first start and not again", async () => {
    const records = new MemoryRecords();
    expect((await open(records)).sites()).toEqual([{ id: "s1", name: "Main", createdAtMs: 1_790_000_000_000 }]);
    expect((await open(records)).sites()).toHaveLength(1);
  });

  it("keeps what it was told across a restart", async () => {
    const records = new MemoryRecords();
    const directory = await open(records);
    const rack = await directory.createRack({ siteId: "s1", name: "A", rows: 1, columns: 2 });
    const { id } = await directory.createAgent({ siteId: "s1", name: "Hall" });
    await directory.changeSettings({ pollIntervalMs: 5000 });
    const again = await open(records);
    expect([again.racks(), again.agent(id)?.name, again.settings().pollIntervalMs]).toEqual([[rack], "Hall", 5000]);
    expect((await again.createSite({ name: "B" })).id).toBe("s2");
  });

  it("shows nothing of a change that could not be written", async () => {
    const records = new MemoryRecords();
    const directory = await open(records);
    records.apply = () => Promise.reject(new Error("no space left on device"));
    await expect(directory.createSite({ name: "B" })).rejects.toThrow("no space");
    expect(directory.sites()).toHaveLength(1);
  });

  it("tells listeners what changed, after it is visible", async () => {
    const directory = await open();
    const seen: string[] = [];
    const stop = directory.onChange((change) => seen.push(`${change.kind} ${directory.sites().length}`));
    await directory.createSite({ name: "B" });
    await directory.changeSettings({ pollIntervalMs: null });
    stop();
    await directory.removeSite("s2");
    expect(seen).toEqual(["site 2", "settings 2"]);
  });

  it("refuses a database whose records it cannot read", async () => {
    const records = new MemoryRecords();
    await records.apply([{ kind: "rack", id: "r1", document: { id: "r1" } }]);
    await expect(open(records)).rejects.toThrow("Cannot read record rack/r1");
  });
});

describe("ensureEmbedded()", () => {
  it("is one agent with a fresh key per start, whose flag ranges follow the flag while others stay", async () => {
    const records = new MemoryRecords();
    const directory = await open(records);
    const first = await directory.ensureEmbedded({ ranges: ["10.0.0.0/24", "127.0.0.1:4029"] });
    await directory.createRange({ agentId: first.agentId, range: "10.9.0.1" });
    const again = await open(records);
    const second = await again.ensureEmbedded({ ranges: ["127.0.0.1:4029", "10.0.2.0/24", "10.9.0.1"] });
    expect(second.agentId).toBe(first.agentId);
    expect(await again.checkAgentKey(first.agentId, first.key)).toBe(false);
    expect(await again.checkAgentKey(first.agentId, second.key)).toBe(true);
    expect(again.ranges(first.agentId).map(({ range, source }) => `${source} ${range}`)).toEqual([
      "flag 127.0.0.1:4029",
      "user 10.9.0.1",
      "flag 10.0.2.0/24",
    ]);
    await expect(again.ensureEmbedded({ ranges: ["10.0.0.0/99"] })).rejects.toThrow('--ranges: Cannot read range "10.0.0.0/99"');
  });

  it("enrols a code once, also when two agents use it at once", async () => {
    const directory = await open();
    const { code } = await directory.createAgent({ siteId: "s1", name: "Hall" });
    const facts = { hostname: "pi", program: "hashwatch 0.1.0" };
    const both = await Promise.all([directory.enrol(code, facts), directory.enrol(code, facts)]);
    expect(both.filter((each) => each !== null)).toHaveLength(1);
    expect(await directory.enrol("", facts)).toBeNull();
  });
});

describe("readRange()", () => {
  it.each([
    ["10.0.0.0/24", "10.0.0.0/24", 256],
    [" 10.0.0.1 - 10.0.0.99 ", "10.0.0.1-10.0.0.99", 99],
    ["10.0.0.7:4029", "10.0.0.7:4029", 1],
    ["10.0.0.0/30:4029", "10.0.0.0/30:4029", 4],
    ["10.0.0.1-10.0.0.2:4029", "10.0.0.1-10.0.0.2:4029", 2],
    ["FD00::1", "fd00::1", 1],
    ["[fd00::1]:4029", "[fd00::1]:4029", 1],
    ["fd00::/120", "fd00::/120", 256],
    ["10.0.0.0/16", "10.0.0.0/16", 65_536],
  ])("reads %s", (text, range, addressCount) => {
    expect(readRange(text)).toEqual({ ok: true, range, addressCount });
  });

  it.each([
    "",
    "10.0.0",
    "10.0.0.256",
    "10.0.0.1/33",
    "10.0.0.1/",
    "10.0.0.1/8/8",
    "10.0.0.9-10.0.0.1",
    "10.0.0.1-fd00::1",
    "10.0.0.1-10.0.0.2-10.0.0.3",
    "10.0.0.1:",
    "10.0.0.1:70000",
    "[fd00::1",
    "[fd00::1]:x",
    "fe80::1%eth0",
    "010.0.0.1",
    "0x0a000001",
    "miner",
    "10.0.0.0/15",
    "fd00::/64",
  ])("refuses %j with one line that names it", (text) => {
    const reading = readRange(text);
    const problem = reading.ok ? "" : reading.problem;
    expect(problem).toMatch(/^Cannot read range "[^\n]*": [^\n]+$/);
    expect(problem).toContain(`"${text}"`);
  });
});

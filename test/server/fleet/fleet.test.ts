import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { FleetTotals } from "../../../server/contract/api.ts";
import { createFleet, type Fleet } from "../../../server/fleet/fleet.ts";
import { asStore, FakeDirectory, failureEntry, identityEntry, MemoryStore, NOW_MS, pool, quiet, sampleEntry } from "./fakes.ts";

const S1 = { agentId: "a1", siteId: "s1" };
const S2 = { agentId: "a2", siteId: "s2" };
const A = "10.0.0.1";
const B = "10.0.0.2";
const MAC_A = "aa:bb:cc:00:00:0a";
const MAC_B = "aa:bb:cc:00:00:0b";

let store: MemoryStore;
let nowMs: number;
let fleet: Fleet;

const open = (): Promise<Fleet> => createFleet({ store: asStore(store), directory: new FakeDirectory(), clock: () => nowMs, log: quiet });
const alive = (): void => ["a1", "a2"].forEach((agent) => fleet.agentAlive(agent, nowMs, 10_000));
const wait = (ms: number): void => {
  nowMs += ms;
  alive();
  fleet.sweep(nowMs);
};
const poll = (address: string, fields: Parameters<typeof sampleEntry>[1] = {}, agent = S1) =>
  fleet.takeSample(sampleEntry(address, { ...fields, agentAtMs: nowMs }), { ...agent, atMs: nowMs });
const fail = (address: string, fields: Parameters<typeof failureEntry>[1] = {}): void =>
  fleet.takeFailure(failureEntry(address, fields), { ...S1, atMs: nowMs });
const identify = (address: string, fields: Parameters<typeof identityEntry>[1]): void =>
  fleet.takeIdentity(identityEntry(address, fields), { ...S1, atMs: nowMs });
const statusAt = (id: string): string => {
  const { status, reason } = fleet.detail(id, nowMs)!;
  return `${status} ${reason}`;
};
const addressOf = (id: string): string => fleet.detail(id, nowMs)!.address;
const eventTexts = async (kind: string): Promise<string[]> => {
  await fleet.flush();
  return store.events.filter((event) => event.kind === kind).map(({ minerKey, text }) => `m${minerKey}: ${text}`);
};

beforeEach(async () => {
  store = new MemoryStore();
  nowMs = NOW_MS;
  fleet = await open();
  alive();
});

describe("status over time", () => {
  it("keeps the status until two polls agree, and tells each change with its time", async () => {
    poll(A);
    expect(statusAt("m1")).toBe("hashing ok");
    wait(10_000);
    fail(A);
    expect(statusAt("m1")).toBe("hashing ok");
    wait(10_000);
    fail(A, { failure: "refused", answered: true });
    expect(statusAt("m1")).toBe("unreachable refused");
    expect(fleet.detail("m1", nowMs)).toMatchObject({ statusSinceMs: nowMs, lastSeenAtMs: nowMs, lastFailure: { failure: "refused" } });
    wait(10_000);
    poll(A);
    expect(statusAt("m1")).toBe("unreachable refused");
    wait(10_000);
    poll(A);
    expect(statusAt("m1")).toBe("hashing ok");
    expect(await eventTexts("status")).toEqual([
      "m1: unknown (agentDown) → unknown (neverPolled)",
      "m1: unknown (neverPolled) → hashing (ok)",
      "m1: hashing (ok) → unreachable (refused)",
      "m1: unreachable (refused) → hashing (ok)",
    ]);
  });

  it("turns to unknown by time alone: stale while the agent is well, agentDown when it is silent, and back with the next frame", () => {
    poll(A);
    wait(30_000);
    expect(statusAt("m1")).toBe("hashing ok");
    wait(1000);
    expect(statusAt("m1")).toBe("unknown stale");
    poll(A);
    expect(statusAt("m1")).toBe("hashing ok");
    nowMs += 20_001;
    fleet.sweep(nowMs);
    expect(statusAt("m1")).toBe("unknown agentDown");
    wait(0);
    expect(statusAt("m1")).toBe("hashing ok");
  });

  it("does not let a status from before a long silence stand on one failure", () => {
    poll(A);
    wait(3_600_000);
    fail(A);
    expect(statusAt("m1")).toBe("unknown stale");
    wait(10_000);
    fail(A);
    expect(statusAt("m1")).toBe("unreachable timeout");
  });

  it("calls a hashrate low when the mean of 5 minutes is, and rejects high over an hour, across a restart of the counters", () => {
    for (let i = 0; i < 40; i++) {
      poll(A, { hashrateHs: i < 5 ? 1.1e14 : 0.7e14, uptimeMs: 3_600_000 + i * 10_000 });
      wait(10_000);
    }
    expect(statusAt("m1")).toBe("degraded lowHashrate");
    const counters = [
      [1000, 0],
      [1040, 1],
      [30, 6], // restarted: 30 and 6 came since
      [60, 12],
    ] as const;
    for (const [acceptedCount, rejectedCount] of counters) {
      poll(B, { acceptedCount, rejectedCount });
      wait(10_000);
    }
    expect(statusAt("m2")).toBe("degraded highRejects");
    expect(fleet.columns.value(1, "rejectRatio")).toBeCloseTo(13 / 113);
  });

  it("never goes backwards with a sample that comes late, and still gives it to the store", () => {
    poll(A, { hashrateHs: 1e14 });
    const late = fleet.takeSample(sampleEntry(A, { hashrateHs: 5e13 }), { ...S1, atMs: nowMs - 60_000 });
    expect(late).toMatchObject({ minerKey: 1, siteKey: 1, sample: { hashrateHs: 5e13, polledAtMs: nowMs - 60_000 } });
    expect(fleet.detail("m1", nowMs)!.sample?.hashrateHs).toBe(1e14);
    fleet.takeFailure(failureEntry(A), { ...S1, atMs: nowMs - 60_000 });
    expect(fleet.detail("m1", nowMs)!.lastFailure).toBeNull();
  });

  it("tells of a restart of the mining program", async () => {
    poll(A, { uptimeMs: 500_000 });
    wait(10_000);
    poll(A, { uptimeMs: 7000, acceptedCount: 0 });
    expect(await eventTexts("restart")).toEqual(["m1: Restarted 7 s ago"]);
  });
});

describe("totals", () => {
  it("sum what reports, count what does not, and keep other algorithms apart", () => {
    poll(A, { hashrateHs: 1e14, powerW: 3000, chipTempCMax: 70 });
    poll(B, { hashrateHs: 0.5e14, powerW: null, chipTempCMax: 80 });
    poll("10.0.0.3", { algorithm: "scrypt", hashrateHs: 5e8, ratedHashrateHs: 5.04e8, powerW: 800, chipTempCMax: 60 });
    poll("10.9.0.1", { hashrateHs: 2e14, powerW: 3500 }, S2);
    fail("10.0.0.4");
    wait(10_000);
    fail("10.0.0.4");
    expect(fleet.totals(nowMs, "s1")).toEqual({
      atMs: nowMs,
      minerCount: 4,
      reportingCount: 3,
      statusCounts: { hashing: 3, degraded: 0, notHashing: 0, unreachable: 1, paused: 0, unknown: 0 },
      hashrateHs: 1.5e14,
      ratedHashrateHs: 2.2e14,
      powerW: 3000,
      efficiencyJPerTh: 30,
      chipTempCMax: 80,
      oldestSampleAgeMs: 10_000,
      oldestAgentAgeMs: 10_000,
      byAlgorithm: [{ algorithm: "scrypt", minerCount: 1, reportingCount: 1, hashrateHs: 5e8, ratedHashrateHs: 5.04e8, powerW: 800 }],
    });
    expect(fleet.totals(nowMs).hashrateHs).toBe(3.5e14);
    expect(fleet.totals(nowMs, ["s1", "s2"]).minerCount).toBe(5);
  });

  it("count an unreachable miner as 0 against its rating, and leave out what is unknown or paused", () => {
    poll(A);
    poll(B, { hashrateHs: 0, mode: "sleeping" });
    for (let i = 0; i < 3; i++) {
      wait(10_000);
      fail(A);
    }
    expect(fleet.totals(nowMs)).toMatchObject({
      reportingCount: 0,
      hashrateHs: 0,
      powerW: null,
      ratedHashrateHs: 1.1e14,
      oldestSampleAgeMs: null,
    });
    expect(fleet.totals(nowMs).statusCounts).toMatchObject({ unreachable: 1, paused: 1 });
  });

  it("take the age of the agent furthest behind, one that is down included", () => {
    poll(A);
    poll("10.9.0.1", {}, S2);
    for (let i = 0; i < 6; i++) {
      nowMs += 10_000;
      fleet.agentAlive("a1", nowMs);
      poll(A);
      fleet.sweep(nowMs);
    }
    expect(fleet.totals(nowMs)).toMatchObject({ oldestAgentAgeMs: 60_000, oldestSampleAgeMs: 0, statusCounts: { hashing: 1, unknown: 1 } });
  });

  it("kept by difference equal totals computed anew, over any history", async () => {
    const step = fc.record({
      miner: fc.nat(5),
      what: fc.constantFrom("sample", "sample", "failure", "wait", "forget"),
      hashrateHs: fc.constantFrom(null, 0, 1e14, 1.234e14),
      powerW: fc.constantFrom(null, 3000, 3251),
      algorithm: fc.constantFrom("sha256d", "scrypt"),
      ms: fc.constantFrom(1000, 12_000, 40_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        store = new MemoryStore();
        fleet = await open();
        alive();
        for (const { miner, what, ms, ...fields } of steps) {
          if (what === "sample") poll(`10.0.0.${miner}`, fields);
          else if (what === "failure") fail(`10.0.0.${miner}`);
          else if (what === "forget") await fleet.forget(`m${miner + 1}`);
          else wait(ms);
        }
        fleet.sweep(nowMs);
        const { oldestAgentAgeMs, ...totals } = fleet.totals(nowMs);
        expect(oldestAgentAgeMs === null || oldestAgentAgeMs >= 0).toBe(true);
        expect(totals).toEqual(recomputed());
      }),
      { numRuns: 60 },
    );
  });
});

/** Design section 7, by its words, from the rows. */
function recomputed(): Omit<FleetTotals, "oldestAgentAgeMs"> {
  const rows = fleet.list({ limit: 1000, allowedSites: null }, nowMs).items;
  const reporting = rows.filter((row) => row.sampleAgeMs !== null && row.sampleAgeMs <= 20_000);
  const sum = (values: (number | null)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const powered = (list: typeof rows): number | null =>
    list.some((row) => row.powerW !== null) ? sum(list.map((row) => row.powerW)) : null;
  const rated = (list: typeof rows): number =>
    sum(list.filter(({ status }) => status !== "unknown" && status !== "paused").map((row) => row.ratedHashrateHs));
  const of = (list: typeof rows, algorithm: string): typeof rows =>
    list.filter((row) => (row.algorithm === "unknown" ? "sha256d" : row.algorithm) === algorithm);
  const main = of(reporting, "sha256d");
  const paired = main.filter((row) => row.powerW !== null && row.hashrateHs !== null);
  const pairedHs = sum(paired.map((row) => row.hashrateHs));
  const extreme = (values: (number | null)[], choose: (...list: number[]) => number): number | null => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : choose(...known);
  };
  const close = (value: number): number => expect.closeTo(value, -3) as number;
  const scrypt = of(rows, "scrypt");
  return {
    atMs: nowMs,
    minerCount: rows.length,
    reportingCount: reporting.length,
    statusCounts: Object.fromEntries(
      ["hashing", "degraded", "notHashing", "unreachable", "paused", "unknown"].map((s) => [
        s,
        rows.filter(({ status }) => status === s).length,
      ]),
    ) as FleetTotals["statusCounts"],
    hashrateHs: close(sum(main.map((row) => row.hashrateHs))),
    ratedHashrateHs: close(rated(of(rows, "sha256d"))),
    powerW: powered(main),
    efficiencyJPerTh: pairedHs > 0 ? (expect.closeTo(sum(paired.map((row) => row.powerW)) / (pairedHs / 1e12), 6) as number) : null,
    chipTempCMax: extreme(
      reporting.map((row) => row.chipTempCMax),
      Math.max,
    ),
    oldestSampleAgeMs: extreme(
      reporting.map((row) => row.sampleAgeMs),
      Math.max,
    ),
    byAlgorithm:
      scrypt.length === 0
        ? []
        : [
            {
              algorithm: "scrypt",
              minerCount: scrypt.length,
              reportingCount: of(reporting, "scrypt").length,
              hashrateHs: close(sum(of(reporting, "scrypt").map((row) => row.hashrateHs))),
              ratedHashrateHs: close(rated(scrypt)),
              powerW: powered(of(reporting, "scrypt")),
            },
          ],
  };
}

describe("identity", () => {
  it("is the address within its site while nothing stronger is known", () => {
    poll(A);
    poll(A);
    poll(A, {}, S2);
    expect(fleet.totals(nowMs).minerCount).toBe(2);
    identify(A, { model: "S21" });
    expect(fleet.totals(nowMs).minerCount).toBe(2);
  });

  it("follows a miner to another address by its MAC, or by its serial", async () => {
    identify(A, { mac: MAC_A });
    identify(B, { serial: "SN-B" });
    poll(A);
    await fleet.patch("m1", { name: "left corner" });
    identify("10.0.0.7", { mac: MAC_A });
    identify("10.0.0.8", { serial: "SN-B" });
    wait(10_000);
    poll("10.0.0.7", { powerW: 3111 });
    expect([addressOf("m1"), addressOf("m2")]).toEqual(["10.0.0.7", "10.0.0.8"]);
    expect(fleet.detail("m1", nowMs)).toMatchObject({ name: "left corner", sample: { powerW: 3111 } });
    expect(fleet.totals(nowMs).minerCount).toBe(2);
    expect(await eventTexts("identity")).toContain("m1: Address changed from 10.0.0.1:4028 to 10.0.0.7:4028");
    const addresses = fleet.detail("m1", nowMs)!.evidence.filter(({ kind }) => kind === "address");
    expect(addresses.map(({ value }) => value).sort()).toEqual(["10.0.0.1:4028", "10.0.0.7:4028"]);
  });

  it("takes over what was polled at the new address before its MAC was read there", () => {
    identify(A, { mac: MAC_A });
    poll("10.0.0.7");
    expect(fleet.totals(nowMs).minerCount).toBe(2);
    identify("10.0.0.7", { mac: MAC_A });
    poll("10.0.0.7");
    expect(fleet.totals(nowMs).minerCount).toBe(1);
    expect(addressOf("m1")).toBe("10.0.0.7");
  });

  it("never merges two machines: another MAC on an address is an event and another miner", async () => {
    identify(A, { mac: MAC_A });
    poll(A, { powerW: 3000 });
    identify(A, { mac: MAC_B });
    poll(A, { powerW: 1300 });
    expect(fleet.totals(nowMs).minerCount).toBe(2);
    expect(fleet.detail("m1", nowMs)).toMatchObject({ mac: MAC_A, sample: { powerW: 3000 } });
    expect(fleet.detail("m2", nowMs)).toMatchObject({ mac: MAC_B, address: A });
    expect(await eventTexts("identity")).toEqual([
      `m1: MAC changed from ${MAC_A} to ${MAC_B}: m2 answers at 10.0.0.1:4028 now`,
      "m2: Took the place of m1 at 10.0.0.1:4028",
    ]);
    expect(fleet.whereIs("m1")).toBeNull();
  });

  it("swaps two miners whose addresses were swapped", () => {
    identify(A, { mac: MAC_A });
    identify(B, { mac: MAC_B });
    poll(A);
    poll(B);
    identify(A, { mac: MAC_B });
    identify(B, { mac: MAC_A });
    expect([addressOf("m1"), addressOf("m2")]).toEqual([B, A]);
    expect(fleet.totals(nowMs).minerCount).toBe(2);
  });

  it("keeps a miner whose control board was changed: the serial agrees, the new MAC is an event", async () => {
    identify(A, { mac: MAC_A, serial: "SN-A" });
    identify(A, { mac: MAC_B, serial: "SN-A" });
    expect(fleet.totals(nowMs).minerCount).toBe(1);
    expect(await eventTexts("identity")).toEqual([`m1: MAC changed from ${MAC_A} to ${MAC_B}`]);
  });

  it("keeps apart two machines that claim one MAC", () => {
    identify(A, { mac: MAC_A });
    poll(A);
    identify(B, { mac: MAC_A });
    poll(B);
    identify(A, { mac: MAC_A });
    poll(A);
    expect([addressOf("m1"), addressOf("m2")].sort()).toEqual([A, B]);
  });

  it("lists evidence with when it was first and last seen", () => {
    const evidence = { kind: "mac" as const, value: MAC_A, source: "config", lastSeenAtMs: NOW_MS };
    identify(A, { mac: MAC_A, evidence: [evidence] });
    identify(A, { mac: MAC_A, evidence: [{ ...evidence, lastSeenAtMs: NOW_MS + 5000 }] });
    expect(fleet.detail("m1", nowMs)!.evidence).toContainEqual({ ...evidence, firstSeenAtMs: NOW_MS, lastSeenAtMs: NOW_MS + 5000 });
  });

  it("has an ETag that changes with the identity and with nothing else", () => {
    poll(A);
    const { etag } = fleet.identity(null);
    wait(10_000);
    poll(A, { hashrateHs: 9e13 });
    expect(fleet.identity(null).etag).toBe(etag);
    poll(A, { pools: [pool({ worker: "other.worker" })] });
    wait(10_000);
    expect(fleet.identity(null).etag).toBe(etag); // no newer instant, no news
    poll(A, { pools: [pool({ worker: "other.worker" })] });
    const changed = fleet.identity(null);
    expect(changed.etag).not.toBe(etag);
    expect(changed.identity).toMatchObject({ id: ["m1"], worker: ["other.worker"], pollIntervalMs: [10_000] });
    expect(fleet.identity(["s2"]).identity.id).toEqual([]);
  });
});

describe("a restart", () => {
  it("brings back every miner with its last sample and age, and shows no status that nobody can know", async () => {
    identify(A, { mac: MAC_A });
    const { sample } = poll(A);
    await fleet.patch("m1", { name: "one", tags: ["hot aisle"], rackId: "r1", slot: 4 });
    await fleet.close();
    store.lastSamples = [{ minerKey: 1, sample }];
    nowMs += 600_000;
    fleet = await open();
    const restored = { name: "one", mac: MAC_A, tags: ["hot aisle"], rackId: "r1", slot: 4, sampleAgeMs: 600_000, status: "unknown" };
    expect(fleet.detail("m1", nowMs)).toMatchObject({ ...restored, reason: "agentDown" });
    alive();
    fleet.sweep(nowMs);
    expect(statusAt("m1")).toBe("unknown stale");
    expect(fleet.totals(nowMs)).toMatchObject({ minerCount: 1, reportingCount: 0, oldestAgentAgeMs: 600_000 });
    poll(A);
    expect(statusAt("m1")).toBe("hashing ok");
  });

  it("brings the means and ratios back from the store, and judges what was polled meanwhile by them", async () => {
    identify(A, { mac: MAC_A });
    const low = { hashrateHs: 0.7e14, acceptedCount: 900, rejectedCount: 0 };
    for (let i = 0; i < 40; i++) {
      const { minerKey, siteKey, sample } = poll(A, { ...low, uptimeMs: 3_600_000 + i * 10_000, rejectedCount: i });
      store.samples.push({ minerKey, siteKey, sample });
      store.lastSamples = [{ minerKey, sample }];
      wait(10_000);
    }
    expect(statusAt("m1")).toBe("degraded lowHashrate");
    const ratio = fleet.columns.value(0, "rejectRatio");
    await fleet.close();
    fleet = await open();
    alive();
    const filling = fleet.fillWindows();
    poll(A, { ...low, uptimeMs: 4_000_000, acceptedCount: 1000, rejectedCount: 39 });
    expect(statusAt("m1")).toBe("hashing ok");
    await filling;
    expect(statusAt("m1")).toBe("degraded lowHashrate");
    expect(ratio).toBe(1);
    expect(fleet.columns.value(0, "rejectRatio")).toBeCloseTo(39 / 139);
  });

  it("starts the means anew where the store cannot be read, and loses no sample by that", async () => {
    const { minerKey, sample } = poll(A, { hashrateHs: 1e14 });
    store.lastSamples = [{ minerKey, sample }];
    await fleet.close();
    fleet = await open();
    alive();
    store.failing = true;
    const filling = fleet.fillWindows();
    wait(10_000);
    poll(A, { hashrateHs: 0.7e14 });
    await expect(filling).rejects.toThrow("Cannot read");
    for (let i = 0; i < 31; i++) {
      wait(10_000);
      poll(A, { hashrateHs: 0.7e14, uptimeMs: 3_600_000 + i * 10_000 });
    }
    expect(statusAt("m1")).toBe("degraded lowHashrate");
  });

  it("never gives a number to a second miner, not even that of a forgotten one", async () => {
    poll(A);
    poll(B);
    expect(await fleet.forget("m2")).toBe(true);
    expect(await fleet.forget("m2")).toBe(false);
    await fleet.close();
    fleet = await open();
    poll("10.0.0.3");
    expect(fleet.list({ limit: 10, allowedSites: null }, nowMs).items.map(({ id }) => id)).toEqual(["m1", "m3"]);
  });

  it("keeps what could not be written and writes it later", async () => {
    store.failing = true;
    poll(A);
    await expect(fleet.flush()).rejects.toThrow("no space left");
    store.failing = false;
    await fleet.flush();
    expect(store.documents.has("miner/m1")).toBe(true);
    expect(store.events.length).toBeGreaterThan(0);
  });
});

describe("patch()", () => {
  it("changes nothing when the store does not take it, and knows no other site's racks", async () => {
    poll(A);
    store.failing = true;
    await expect(fleet.patch("m1", { name: "x" })).rejects.toThrow();
    store.failing = false;
    expect(fleet.detail("m1", nowMs)!.name).toBe("");
    await expect(fleet.patch("m1", { rackId: "r9" })).rejects.toThrow(RangeError);
    expect(await fleet.patch("m9", {})).toBeNull();
  });
});

describe("list()", () => {
  beforeEach(async () => {
    identify(A, { mac: MAC_A, model: "S19", firmware: { family: "stock", version: "1" } });
    identify("10.0.0.10", { model: "S21", firmware: { family: "braiins", version: "2" } });
    identify("10.0.0.9", { model: "S21" });
    poll(A, { hashrateHs: 9e13 });
    poll("10.0.0.10", { hashrateHs: 2e14, pools: [pool({ worker: "farm.rig10" })] });
    poll("10.0.0.9", { hashrateHs: null });
    poll("10.9.0.1", { hashrateHs: 1e14 }, S2);
    await fleet.patch("m1", { name: "Corner", tags: ["a", "b"], rackId: "r1", slot: 1 });
  });
  const ids = (query: Partial<Parameters<Fleet["list"]>[0]>): string =>
    fleet
      .list({ limit: 100, allowedSites: null, ...query }, nowMs)
      .items.map(({ id }) => id)
      .join();

  it.each<[string, Partial<Parameters<Fleet["list"]>[0]>]>([
    ["m1,m2,m3,m4", {}],
    ["m1,m2,m3", { site: ["s1"] }],
    ["m4", { allowedSites: ["s2"] }],
    ["", { allowedSites: ["s2"], site: ["s1"] }],
    ["m2,m3", { model: ["S21"] }],
    ["m2", { firmware: ["braiins"] }],
    ["m1,m2", { firmware: ["braiins 2", "stock 1"] }],
    ["m1", { rack: ["r1"] }],
    ["m1", { tag: ["b", "z"] }],
    ["m4", { agent: ["a2"] }],
    ["m1,m2,m3,m4", { status: ["hashing"], reason: ["ok"] }],
    ["", { status: ["unreachable"] }],
    ["m1", { q: "corner" }],
    ["m1", { q: "CC:00:00:0A" }],
    ["m2", { q: "rig10" }],
    ["m2", { q: "s21 10.0.0.10" }],
    ["m1,m3,m2,m4", { sort: "address" }],
    ["m2,m4,m1,m3", { sort: "-hashrateHs" }],
    ["m1,m4,m2,m3", { sort: "hashrateHs" }],
  ])("gives %s for %o", (expected, query) => {
    expect(ids(query)).toBe(expected);
  });

  it("goes on after the last row of a page, though rows change meanwhile", () => {
    const first = fleet.list({ limit: 2, sort: "-hashrateHs", allowedSites: null }, nowMs);
    expect([first.items.map(({ id }) => id), first.totalCount]).toEqual([["m2", "m4"], 4]);
    wait(10_000);
    poll("10.0.0.10", { hashrateHs: 1e12 });
    const second = fleet.list({ limit: 2, sort: "-hashrateHs", allowedSites: null, cursor: first.nextCursor! }, nowMs);
    expect(second.items.map(({ id }) => id)).toEqual(["m1", "m2"]);
  });

  it("refuses a field and a cursor that do not exist", () => {
    expect(() => ids({ sort: "colour" })).toThrow("Cannot sort by colour");
    expect(() => ids({ cursor: "!" })).toThrow(RangeError);
  });
});

describe("for the store", () => {
  it("gives the minute of the whole fleet, without values that are too old", () => {
    poll(A, { hashrateHs: 1e14, chipTempCMax: 71 });
    poll("10.9.0.1", {}, S2);
    for (let i = 0; i < 3; i++) {
      wait(10_000);
      poll(A, { hashrateHs: 1e14, chipTempCMax: 71 });
    }
    const { frame, siteKeys, ratedHashrateHs } = fleet.minute(NOW_MS);
    expect([...frame.minerKeys]).toEqual([1, 2]);
    expect([...frame.hashrateHs]).toEqual([1e14, NaN]);
    expect([...frame.chipTempCMax]).toEqual([71, NaN]);
    expect([...siteKeys]).toEqual([1, 2]);
    expect([...ratedHashrateHs]).toEqual([1.1e14, 1.1e14]); // what did not come lately is expected all the same
  });

  it("gives each miner's details once a minute, spread", () => {
    for (let i = 0; i < 50; i++) poll(`10.0.0.${i}`);
    expect(fleet.detailsDue(nowMs)).toHaveLength(50);
    const perTenSeconds: number[] = [];
    for (let i = 0; i < 12; i++) {
      wait(10_000);
      for (let j = 0; j < 50; j++) poll(`10.0.0.${j}`);
      perTenSeconds.push(fleet.detailsDue(nowMs).length);
    }
    expect(Math.max(...perTenSeconds)).toBeLessThan(20);
    expect(perTenSeconds.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(90);
  });
});

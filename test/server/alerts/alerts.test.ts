import { describe, expect, it } from "vitest";
import { hashboard, identityEntry, pool, sampleEntry } from "../fleet/fakes.ts";
import { Watch } from "./watch.ts";

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const RACK_1 = range(48, 96);
const DEAD_BOARD = { hashboards: [hashboard(), hashboard({ chain: 2, hashrateHs: 0 }), hashboard({ chain: 3 })], hashrateHs: 7.3e13 };

describe("alerts over a fleet", () => {
  it("keep still over a healthy one", async () => {
    const watch = await (await Watch.open(100)).run(20 * 60_000);
    expect(watch.told()).toEqual([]);
    expect(watch.alerts.engine.countByState()).toEqual({ pending: 0, firing: 0 });
  });

  it("make one incident at the rack that loses power, within 60 s, and end it when it returns", async () => {
    const watch = await Watch.open(500);
    watch.set(RACK_1, "silent");
    await watch.run(55_000);
    expect(watch.told()).toEqual(["opened rack B01 unreachable"]);
    const [incident] = await watch.open();
    expect(incident).toMatchObject({ severity: "critical", memberCount: 48, firingCount: 48, siteId: "s1", state: "open" });
    expect(incident.explanation).toMatch(/^48 of 48 miners in rack B01 became unreachable within \d+ s$/);
    await watch.run(3_600_000 - 55_000);
    const [later] = await watch.open();
    expect(later.lostHashrateHs).toBeCloseTo(48 * 1.1e14, -12);
    expect(later.lostHashes / (48 * 1.1e14 * 3600)).toBeGreaterThan(0.95);
    watch.set(RACK_1, null);
    await watch.run(180_000);
    expect(watch.told()).toEqual(["opened rack B01 unreachable", "closed rack B01 unreachable"]);
    expect(watch.alerts.incidents.rows(watch.nowMs)).toMatchObject([{ id: "i1", state: "closed", firingCount: 0, lostHashrateHs: 0 }]);
  });

  it("make one incident at the agent that is killed, and none for its machines, which nobody can see", async () => {
    const watch = await Watch.open(200, { agentCount: 2 });
    watch.downAgents.add(watch.agentIds[1]);
    await watch.run(10 * 60_000);
    expect(watch.told()).toEqual(["opened agent pecos-2 agentDown"]);
    expect(watch.fleet.totals(watch.nowMs).statusCounts).toMatchObject({ unknown: 100, unreachable: 0, hashing: 100 });
    expect((await watch.open())[0]).toMatchObject({ severity: "critical", minerCount: 100, memberCount: 1 });
    watch.downAgents.clear();
    await watch.run(180_000);
    expect(watch.told().at(-1)).toBe("closed agent pecos-2 agentDown");
  });

  it("make one incident at the site that goes dark machine by machine under two agents", async () => {
    const watch = await Watch.open(1000, { agentCount: 2 });
    const darkAtMs = watch.nowMs;
    await watch.run(300_000, (nowMs) => watch.set(range(0, Math.min(1000, Math.floor((nowMs - darkAtMs) / 90))), "silent"));
    expect(watch.told()).toEqual(["opened site Main unreachable"]);
    watch.set(range(0, 1000), null);
    await watch.run(200_000);
    expect(watch.told()).toEqual(["opened site Main unreachable", "closed site Main unreachable"]);
  });

  it("hold a board that comes and goes every 40 s for an hour as one incident that says so", async () => {
    const watch = await Watch.open(60);
    const startMs = watch.nowMs;
    await watch.run(3_600_000, (nowMs) => watch.set([7], Math.floor((nowMs - startMs) / 40_000) % 2 === 0 ? DEAD_BOARD : null));
    expect((await watch.open()).map(({ flapping, scope }) => [flapping, scope.id])).toEqual([[true, "m8"]]);
    watch.set([7], null);
    await watch.run(20 * 60_000);
    expect(watch.told().map((text) => text.split(" ")[0])).toEqual(["opened", "closed"]);
  });

  it("find a hijacked pool at once, by what the first day has shown, and name it", async () => {
    const watch = await Watch.open(60);
    await watch.run(10_000);
    watch.nowMs += 25 * 3_600_000;
    await watch.run(30_000);
    watch.set([3], { pools: [pool({ url: "stratum+tcp://thief.example:3333", worker: "thief.1" })] });
    await watch.run(40_000);
    const hijacks = (await watch.open()).filter(({ cause }) => cause === "poolOutside");
    expect(hijacks).toMatchObject([{ severity: "critical", scope: { id: "m4" } }]);
    expect(hijacks[0].explanation).toContain("stratum+tcp://thief.example:3333 as thief.1");
  });

  it("never fire for the past: an agent's backlog of six hours", async () => {
    const watch = await Watch.open(60);
    const fromMs = watch.nowMs;
    watch.nowMs += 6 * 3_600_000;
    for (let atMs = fromMs + 10_000; atMs < watch.nowMs; atMs += 60_000) {
      const origin = { agentId: watch.agentIds[0], siteId: "s1", atMs };
      watch.fleet.agentAlive(origin.agentId, watch.nowMs, 10_000);
      watch.fleet.takeSample(sampleEntry("10.0.0.1", { agentAtMs: atMs, ...DEAD_BOARD, uptimeMs: 60_000 }), origin);
      await watch.alerts.evaluate(watch.nowMs);
    }
    await watch.run(300_000);
    expect(watch.told()).toEqual([]);
  });

  it("tell of a changed firmware, of restarts without end, and of chips that are too hot", async () => {
    const watch = await Watch.open(60);
    watch.fleet.takeIdentity(identityEntry("10.0.0.1", { firmware: { family: "vnish", version: "1.2" } }), {
      agentId: watch.agentIds[0],
      siteId: "s1",
      atMs: watch.nowMs,
    });
    watch.set([5], { chipTempCMax: 103 });
    const startMs = watch.nowMs;
    await watch.run(20 * 60_000, (nowMs) =>
      watch.set([9], { uptimeMs: (nowMs - startMs) % 300_000, acceptedCount: 1, rejectedCount: 0, hwErrorCount: 0 }),
    );
    expect(watch.told().sort()).toEqual(["opened miner 10.0.0.1 identityChanged", "opened miner 10.0.0.10 rebootLoop", "opened miner 10.0.0.6 chipTemp"]); // prettier-ignore
    expect((await watch.open()).find(({ cause }) => cause === "chipTemp")).toMatchObject({ severity: "critical" });
  });
});

describe("alerts after a restart of the server", () => {
  it("do not fire a second time, and go on with what was pending", async () => {
    const watch = await Watch.open(60);
    watch.set([3], DEAD_BOARD);
    await watch.run(200_000);
    watch.set([4], DEAD_BOARD);
    await watch.run(40_000);
    expect(watch.told()).toEqual(["opened miner 10.0.0.4 boardDead"]);
    expect(watch.alerts.engine.countByState()).toMatchObject({ pending: 1 });
    await watch.restart(120_000);
    expect(watch.alerts.engine.countByState()).toMatchObject({ pending: 1 });
    await watch.run(120_000);
    expect(watch.told()).toEqual(["opened miner 10.0.0.4 boardDead", "opened miner 10.0.0.5 boardDead"]);
    watch.set([3, 4], null);
    await watch.run(180_000);
    expect(watch.told().slice(2)).toEqual(["closed miner 10.0.0.4 boardDead", "closed miner 10.0.0.5 boardDead"]);
  });

  it("do not lose what could not be written for a while", async () => {
    const watch = await Watch.open(60);
    watch.alertStore.failing = true;
    watch.set([3], DEAD_BOARD);
    await watch.run(200_000);
    expect(watch.told()).toEqual([]);
    watch.alertStore.failing = false;
    await watch.run(2000);
    expect(watch.told()).toEqual(["opened miner 10.0.0.4 boardDead"]);
    expect(watch.news().map(({ seq }) => seq)).toEqual(watch.news().map((_, index) => index + 1));
  });
});

describe("silences", () => {
  it("record what happens in a maintenance window, show the machines as paused, and tell when it is over", async () => {
    const watch = await Watch.open(96);
    const [, rack] = watch.directory.racks("s1");
    await watch.alerts.silences.create(
      {
        ...{ name: "Work", kind: "maintenance", enabled: true, note: "", scope: { siteIds: [], rackIds: [rack.id], tags: [] } },
        when: { kind: "once", fromMs: watch.nowMs, toMs: watch.nowMs + 600_000 },
      },
      "anna",
    );
    watch.set(RACK_1, "silent");
    await watch.run(120_000);
    expect(watch.fleet.totals(watch.nowMs).statusCounts).toMatchObject({ paused: 48, unreachable: 0 });
    expect(await watch.open()).toMatchObject([{ suppressedBy: "maintenance", firingCount: 48 }]);
    expect(watch.told()).toEqual([]);
    await watch.run(500_000);
    expect(watch.told()).toEqual(["opened rack B01 unreachable"]);
    expect(watch.fleet.totals(watch.nowMs).statusCounts).toMatchObject({ paused: 0, unreachable: 48 });
  });
});

describe("rules", () => {
  it("end what they said when they are switched off, and begin anew when on", async () => {
    const watch = await Watch.open(60);
    watch.set([3], DEAD_BOARD);
    await watch.run(120_000);
    await watch.alerts.rules.change("boardDead", { enabled: false });
    await watch.run(120_000);
    expect(watch.told()).toEqual(["opened miner 10.0.0.4 boardDead", "closed miner 10.0.0.4 boardDead"]);
    await watch.alerts.rules.change("boardDead", { enabled: true });
    await watch.run(120_000);
    expect(watch.told()).toHaveLength(3);
  });

  it("heed their scope, their hold and a hysteresis of their own", async () => {
    const watch = await Watch.open(96);
    const [rack] = watch.directory.racks("s1");
    await watch.alerts.rules.create({
      ...{ name: "Warm", enabled: true, severity: "info", holdMs: 30_000 },
      condition: { kind: "chipTemp", enter: 80, leave: 75, offset: 0 },
      scope: { siteIds: [], rackIds: [rack.id], models: [], firmwares: [], tags: [], agentIds: [] },
    });
    watch.set([0, 50], { chipTempCMax: 81 });
    await watch.run(60_000);
    expect(watch.told()).toEqual(["opened miner 10.0.0.1 chipTemp"]);
    watch.set([0], { chipTempCMax: 77 });
    await watch.run(120_000);
    expect(watch.told()).toHaveLength(1);
    watch.set([0], { chipTempCMax: 74 });
    await watch.run(120_000);
    expect(watch.told()).toEqual(["opened miner 10.0.0.1 chipTemp", "closed miner 10.0.0.1 chipTemp"]);
  });
});

import { describe, expect, it } from "vitest";
import type { LiveDelta } from "../../../server/contract/live.ts";
import { decodeDelta, decodeSnapshot, encodeDelta, encodeSnapshot } from "../../../server/contract/packed.ts";
import { statusCode } from "../../../server/contract/status.ts";
import { ServerClock } from "../../../web/live/clock.ts";
import { efficiencyOf, isStale, lostHashrateOf, nameOf } from "../../../web/live/derived.ts";
import { Fleet } from "../../../web/live/fleet.ts";
import { emptyIdentity } from "../../../web/live/identity.ts";
import { identityOf, snapshotOf } from "../fakeFleet.ts";

const NOW = 1_790_000_000_000;
const AT = { tick: 0, nowMs: NOW };

function delta(part: Partial<LiveDelta>): LiveDelta {
  const nothing = { addedKeys: new Uint32Array(0), changes: [], oldestSampleAtMs: null, oldestAgentAtMs: null, totals: null };
  return decodeDelta(encodeDelta({ version: 8, atMs: NOW + 1000, ...nothing, ...part }));
}

function change(column: "hashrateHs" | "status" | "polledAtMs", row: number, value: number): LiveDelta["changes"][number] {
  return { column, rows: Uint32Array.of(row), values: Float64Array.of(value) };
}

/** A fleet of 60 as it came over the wire, version 7; `frame` runs what waits for the next picture. */
function openFleet() {
  const waiting: (() => void)[] = [];
  const fleet = new Fleet(new ServerClock(() => NOW), (callback) => void waiting.push(callback));
  fleet.takeSnapshot(decodeSnapshot(encodeSnapshot(snapshotOf(60, 7, AT))));
  fleet.takeIdentity(identityOf(60));
  const frame = (): void => waiting.splice(0).forEach((callback) => callback());
  frame();
  return { fleet, frame };
}

describe("Fleet", () => {
  it("holds the rows of a snapshot and finds them by the miner's id", () => {
    const { fleet } = openFleet();
    expect(fleet.rowCount).toBe(60);
    expect(fleet.idOf(fleet.rowOf("m8"))).toBe("m8");
    expect(fleet.statusOf(fleet.rowOf("m8"))).toEqual({ status: "degraded", reason: "chipsBad" });
    expect(fleet.rowOf("m61")).toBe(-1);
    expect(fleet.rowOf("nonsense")).toBe(-1);
  });

  it("changes only what a delta names", () => {
    const { fleet } = openFleet();
    const before = fleet.value("hashrateHs", 3);
    expect(
      fleet.takeDelta(
        delta({ changes: [change("hashrateHs", 2, 0), change("status", 2, statusCode({ status: "notHashing", reason: "stopped" }))] }),
      ),
    ).toBe(true);
    expect(fleet.value("hashrateHs", 2)).toBe(0);
    expect(fleet.statusOf(2).status).toBe("notHashing");
    expect(fleet.value("hashrateHs", 3)).toBe(before);
  });

  it("refuses a delta after a gap and stays as it was", () => {
    const { fleet } = openFleet();
    const before = fleet.value("hashrateHs", 2);
    expect(fleet.takeDelta(delta({ version: 9, changes: [change("hashrateHs", 2, 0)] }))).toBe(false);
    expect(fleet.value("hashrateHs", 2)).toBe(before);
    expect(fleet.takeDelta(delta({ version: 8 }))).toBe(true);
  });

  it("appends new miners, without values until they come, and grows beyond its first room", () => {
    const { fleet } = openFleet();
    const addedKeys = Uint32Array.from({ length: 500 }, (_, i) => 1000 + i);
    fleet.takeDelta(delta({ addedKeys, changes: [change("hashrateHs", 559, 1e12)] }));
    expect(fleet.rowCount).toBe(560);
    expect(fleet.idOf(559)).toBe("m1499");
    expect(fleet.value("hashrateHs", 559)).toBeCloseTo(1e12, -8);
    expect(fleet.value("hashrateHs", 558)).toBeNaN();
  });

  it("tells its listeners once per frame, however much arrives", () => {
    const { fleet, frame } = openFleet();
    let calls = 0;
    const unsubscribe = fleet.subscribe(() => calls++);
    fleet.takeDelta(delta({ version: 8 }));
    fleet.takeDelta(delta({ version: 9 }));
    expect(calls).toBe(0);
    frame();
    expect(calls).toBe(1);
    unsubscribe();
    fleet.takeDelta(delta({ version: 10 }));
    frame();
    expect(calls).toBe(1);
  });

  it("keeps the totals of the last batch and takes the two instants of each delta", () => {
    const { fleet } = openFleet();
    fleet.takeDelta(delta({ oldestSampleAtMs: NOW - 4000, oldestAgentAtMs: NOW - 2000 }));
    expect(fleet.totals?.minerCount).toBe(60);
    expect(fleet.totals?.oldestSampleAtMs).toBe(NOW - 4000);
    expect(fleet.totals?.oldestAgentAtMs).toBe(NOW - 2000);
  });

  it("applies changed, new and forgotten identities", () => {
    const { fleet } = openFleet();
    const changed = emptyIdentity();
    for (const [field, column] of Object.entries(identityOf(2)) as [keyof typeof changed, unknown[]][])
      (changed[field] as unknown[]).push(column[1]);
    changed.name[0] = "renamed";
    fleet.takeIdentityChange({ changed, removedIds: ["m1"] });
    expect(nameOf(fleet, fleet.rowOf("m2"))).toBe("renamed");
    expect(fleet.identity.count).toBe(59);
    expect(fleet.identityOfRow()[fleet.rowOf("m1")]).toBe(-1);
    expect(fleet.identity.haystack(fleet.identity.indexOf(2))).toContain("renamed");
  });
});

describe("derived values", () => {
  it("call a sample stale after two of its poll intervals, and one that never came", () => {
    const { fleet } = openFleet();
    fleet.takeDelta(delta({ changes: [change("polledAtMs", 0, NOW)] }));
    expect([isStale(fleet, 0, NOW + 19_000), isStale(fleet, 0, NOW + 21_000)]).toEqual([false, true]);
    fleet.takeDelta(delta({ version: 9, changes: [change("polledAtMs", 0, Number.NaN)] }));
    expect(isStale(fleet, 0, NOW)).toBe(true);
  });

  it("count an unreachable miner as losing all its rating, and say nothing of an unknown one", () => {
    const { fleet } = openFleet();
    expect(lostHashrateOf(fleet, fleet.rowOf("m22"))).toBe(200e12);
    expect(lostHashrateOf(fleet, fleet.rowOf("m56"))).toBeNaN();
  });

  it("have no efficiency while nothing is hashed", () => {
    const { fleet } = openFleet();
    fleet.takeDelta(delta({ changes: [change("hashrateHs", 0, 0)] }));
    expect(efficiencyOf(fleet, 0)).toBeNaN();
  });
});

describe("ServerClock", () => {
  it("takes the fastest message as the best guess and follows a clock that is set anew", () => {
    let local = 1000;
    const clock = new ServerClock(() => local);
    clock.heard(6000);
    clock.heard(5800); // 200 ms on the way
    expect(clock.nowMs()).toBeGreaterThanOrEqual(5998);
    local = 500_000;
    clock.heard(100_000);
    expect(clock.nowMs()).toBe(100_000);
  });
});

import { describe, expect, it } from "vitest";
import { decodeSnapshot, encodeSnapshot } from "../../../server/contract/packed.ts";
import { ServerClock } from "../../../web/live/clock.ts";
import type { RowSource } from "../../../web/live/fields.ts";
import { Fleet } from "../../../web/live/fleet.ts";
import { orderRows, TextRanks } from "../../../web/live/order.ts";
import { Places } from "../../../web/live/places.ts";
import { ALL_ROWS, type Choice, type RowQuery, type SortTerm } from "../../../web/live/rowQuery.ts";
import { RowOrder, type Timers } from "../../../web/live/rowOrder.ts";
import { identityOf, racksOf, snapshotOf } from "../fakeFleet.ts";

const NOW = 1_790_000_000_000;

function openFleet(minerCount: number): Fleet {
  const fleet = new Fleet(new ServerClock(() => NOW), (callback) => callback());
  fleet.takeSnapshot(decodeSnapshot(encodeSnapshot(snapshotOf(minerCount, 1, { tick: 0, nowMs: NOW }))));
  fleet.takeIdentity(identityOf(minerCount));
  return fleet;
}

function ids(fleet: Fleet, query: Partial<RowQuery>): string[] {
  return Array.from(orderRows(sourceOf(fleet), { ...ALL_ROWS, ...query }, new TextRanks()), (row) => fleet.idOf(row));
}

function sourceOf(fleet: Fleet): RowSource {
  const places = new Places();
  places.take("rack", racksOf(fleet.rowCount));
  return { fleet, places };
}

const by = (field: SortTerm["field"], descending = false): SortTerm => ({ field, descending });
const among = (...values: string[]): Choice => ({ values, not: false });

describe("orderRows()", () => {
  it("orders numbers either way and puts what is not reported last in both", () => {
    const fleet = openFleet(100);
    for (const descending of [true, false]) {
      const rows = orderRows(sourceOf(fleet), { ...ALL_ROWS, sort: [by("lostHashrateHs", descending)] }, new TextRanks());
      const last = Array.from(rows.slice(-2), (row) => fleet.statusOf(row).status);
      expect(new Set(last)).toEqual(new Set(["paused", "unknown"]));
    }
    expect(ids(fleet, { sort: [by("lostHashrateHs", true)] })[0]).toBe("m22");
  });

  it("lets the next term decide where one ties, and the name in the end", () => {
    const fleet = openFleet(100);
    const found = ids(fleet, { sort: [by("model", true), by("status", true)] });
    const wanted = ["T21", "S21", "S19 XP"].flatMap((model) =>
      ids(fleet, { choices: { model: among(model) }, sort: [by("status", true)] }),
    );
    expect(found).toEqual(wanted);
    expect(ids(fleet, { sort: [by("agent")] })).toEqual(ids(fleet, {}));
  });

  it("orders racks by name and slot, and miners without one last", () => {
    const found = ids(openFleet(100), { sort: [by("rack")] });
    expect(found.slice(0, 3)).toEqual(["m1", "m2", "m3"]);
    expect(found.slice(-2)).toEqual(["m90", "m100"]);
  });

  it("orders names by their numbers, not letter by letter", () => {
    const fleet = openFleet(30);
    const identity = identityOf(30);
    identity.name = identity.name.map((_, n) => `rack-${30 - n}`);
    fleet.takeIdentity(identity);
    expect(ids(fleet, {}).slice(0, 3)).toEqual(["m30", "m29", "m28"]);
  });

  it("keeps only the statuses asked for", () => {
    const fleet = openFleet(500);
    expect(ids(fleet, { choices: { status: among("unreachable") } })).toEqual(
      ["m22", "m122", "m222", "m322", "m422"].sort((a, b) => ids(fleet, {}).indexOf(a) - ids(fleet, {}).indexOf(b)),
    );
    expect(ids(fleet, { choices: { status: among("degraded", "unreachable") } })).toHaveLength(20);
  });

  it("keeps those that have a value, those that have another, and those that have none", () => {
    const fleet = openFleet(100);
    expect(ids(fleet, { choices: { reason: among("overTemperature") } })).toEqual(["m14"]);
    expect(ids(fleet, { choices: { model: among("S21", "T21") } })).toHaveLength(96);
    expect(ids(fleet, { choices: { model: { values: ["S21", "T21"], not: true } } })).toHaveLength(4);
    expect(ids(fleet, { choices: { rack: among("") } })).toHaveLength(10);
    expect(ids(fleet, { choices: { rack: among("rack0", "") } })).toHaveLength(54);
    expect(ids(fleet, { choices: { tag: among("hydro") } })).toHaveLength(5);
    expect(ids(fleet, { choices: { tag: { values: [""], not: true } } })).toHaveLength(5);
    expect(ids(fleet, { choices: { agent: among("agent1"), firmware: among("stock"), controlBoard: among("zynq") } })).toEqual([]);
    expect(ids(fleet, { choices: { firmware: among("stock 2023-01-02") } })).toHaveLength(10);
    expect(ids(fleet, { choices: { firmware: { values: ["stock"], not: true } } })).toEqual([]);
  });

  it("keeps those in a range that is known to be so now: no old sample counts", () => {
    const fleet = openFleet(100);
    const hot = ids(fleet, { ranges: { chipTempCMax: { min: 84, max: null } } });
    expect(hot).toEqual(["m14"]);
    const weak = ids(fleet, { ranges: { ratedShare: { min: null, max: 0.9 } } });
    expect(weak).toEqual(["m8", "m22", "m34", "m42", "m58"]); // chips bad, unreachable, pool dead, curtailed, chips bad
    expect(ids(fleet, { ranges: { chipTempCMax: { min: 0, max: 200 } } })).not.toContain("m22");
    expect(ids(fleet, { ranges: { sampleAgeMs: { min: 60_000, max: null } } })).toEqual(["m22", "m56"]);
  });

  it("keeps those in one of the subnets", () => {
    const fleet = openFleet(600);
    expect(ids(fleet, { subnets: ["10.20.1.0/24"] })).toHaveLength(250);
    expect(ids(fleet, { subnets: ["10.20.1.128/25", "10.20.0.2"] })).toHaveLength(125);
    expect(ids(fleet, { subnets: ["0.0.0.0/0"] })).toHaveLength(600);
  });

  it.each([
    ["name", "A01-08"],
    ["address", "10.20.0.9"],
    ["MAC", "02:1F:8C:00:00:07"],
    ["MAC without colons", "021f8c000007"],
    ["worker", "pecos.a01x8"],
  ])("finds a miner by its %s, in any case", (_, text) => {
    expect(ids(openFleet(48), { text })).toContain("m8");
  });

  it("wants every word of the search, in any of the fields", () => {
    const fleet = openFleet(200);
    expect(ids(fleet, { text: "SMTT10006 S21" })).toEqual(["m7"]);
    expect(ids(fleet, { text: "SMTT10006 T21" })).toEqual([]);
  });

  it("sorts 10,000 rows in milliseconds", () => {
    const fleet = openFleet(10_000);
    const ranks = new TextRanks();
    const source = sourceOf(fleet);
    const query = {
      ...ALL_ROWS,
      text: "pecos",
      ranges: { chipTempCMax: { min: 20, max: null } },
      sort: [by("model"), by("hashrateHs", true)],
    };
    const run = (): number => {
      const startedMs = performance.now();
      orderRows(source, query, ranks);
      return performance.now() - startedMs;
    };
    // The fastest of several: the machine may be busy with something else.
    expect(Math.min(...Array.from({ length: 20 }, run))).toBeLessThan(10);
  });
});

/** Time that stands still until a test moves it. */
class FakeTimers implements Timers {
  #nowMs = 0;
  #due: { atMs: number; callback: () => void }[] = [];
  nowMs = (): number => this.#nowMs;
  after = (delayMs: number, callback: () => void): (() => void) => {
    const entry = { atMs: this.#nowMs + delayMs, callback };
    this.#due.push(entry);
    return () => (this.#due = this.#due.filter((other) => other !== entry));
  };
  pass(ms: number): void {
    this.#nowMs += ms;
    const ready = this.#due.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#due = this.#due.filter(({ atMs }) => atMs > this.#nowMs);
    ready.forEach(({ callback }) => callback());
  }
}

describe("RowOrder", () => {
  function open() {
    const fleet = openFleet(50);
    const timers = new FakeTimers();
    const order = new RowOrder(
      { source: sourceOf(fleet), ranks: new TextRanks(), timers },
      { ...ALL_ROWS, sort: [by("hashrateHs", true)] },
    );
    const close = order.open();
    const first = (): string => fleet.idOf(order.rows[0]);
    let version = 1;
    const raise = (row: number, hashrateHs: number): void =>
      void fleet.takeDelta({
        version: ++version,
        atMs: NOW,
        addedKeys: new Uint32Array(0),
        changes: [{ column: "hashrateHs", rows: Uint32Array.of(row), values: Float64Array.of(hashrateHs) }],
        oldestSampleAtMs: null,
        oldestAgentAtMs: null,
        totals: null,
      });
    timers.pass(1000); // the first look of open()
    timers.pass(1000);
    return { fleet, timers, order, close, first, raise };
  }

  it("moves rows at most once a second", () => {
    const { timers, close, first, raise } = open();
    raise(10, 900e12);
    expect(first()).toBe("m11");
    raise(20, 950e12);
    expect(first()).toBe("m11");
    timers.pass(1000);
    expect(first()).toBe("m21");
    close();
  });

  it("holds the order while the pointer is inside, and catches up when it leaves", () => {
    const { timers, order, close, first, raise } = open();
    const before = first();
    order.hold(true);
    raise(10, 900e12);
    timers.pass(5000);
    expect(first()).toBe(before);
    order.hold(false);
    timers.pass(1000);
    expect(first()).toBe("m11");
    close();
  });

  it("answers a new question at once, even while held", () => {
    const { order, fleet, close } = open();
    order.hold(true);
    order.setQuery({ ...ALL_ROWS, choices: { status: among("unreachable") } });
    expect(Array.from(order.rows, (row) => fleet.idOf(row))).toEqual(["m22"]);
    close();
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  LIVE_BASE_COLUMNS,
  LIVE_COLUMNS,
  type LiveColumn,
  type LiveDelta,
  type LiveSnapshot,
  type LiveTotals,
} from "../../../server/contract/live.ts";
import { decodeDelta, decodeSnapshot, encodeDelta, encodeSnapshot, PACKED_COLUMNS, quantised } from "../../../server/contract/packed.ts";
import { ByteReader, ByteWriter, readInts, writeInts } from "../../../server/contract/packedInts.ts";

const AT_MS = 1_790_000_000_000;
const totals: LiveTotals = {
  minerCount: 3,
  reportingCount: 2,
  statusCounts: { hashing: 2, degraded: 0, notHashing: 0, unreachable: 1, paused: 0, unknown: 0 },
  hashrateHs: 2.1e14,
  ratedHashrateHs: 3.3e14,
  powerW: 6120,
  efficiencyJPerTh: null,
  chipTempCMax: 81.5,
  oldestSampleAtMs: AT_MS - 9_300,
  oldestAgentAtMs: null,
};

const reading = (column: LiveColumn): fc.Arbitrary<number> => {
  if (column === "status") return fc.constantFrom(0, 0, 0, 0, 2, 14, 25);
  if (column.endsWith("AtMs") || column.endsWith("SinceMs")) return fc.integer({ min: AT_MS - 10 ** 8, max: AT_MS + 2000 });
  if (column.endsWith("Count")) return fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 40 }));
  if (column.endsWith("TempC") || column.endsWith("TempCMax")) return fc.double({ min: -40, max: 150, noNaN: true });
  return fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e15, noNaN: true }));
};
const valuesOf = (column: LiveColumn, count: number): fc.Arbitrary<Float64Array> =>
  fc
    .array(fc.oneof({ weight: 9, arbitrary: reading(column) }, { weight: 1, arbitrary: fc.constant(NaN) }), {
      minLength: count,
      maxLength: count,
    })
    .map((values) => Float64Array.from(values));
const ascending = fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 20 }), { maxLength: 60 }).map((list) => Uint32Array.from(list).sort());

const snapshots: fc.Arbitrary<LiveSnapshot> = ascending.chain((keys) =>
  fc.tuple(fc.nat(), fc.subarray([...LIVE_COLUMNS])).chain(([version, columns]) =>
    fc.tuple(...columns.map((column) => valuesOf(column, keys.length))).map((values) => ({
      version,
      atMs: AT_MS,
      keys,
      values: Object.fromEntries(columns.map((column, i) => [column, values[i]])),
      totals,
    })),
  ),
);
const changes = fc
  .tuple(fc.constantFrom(...LIVE_COLUMNS), ascending)
  .chain(([column, rows]) => valuesOf(column, rows.length).map((values) => ({ column, rows, values })));
const deltas: fc.Arbitrary<LiveDelta> = fc.record({
  version: fc.nat(),
  atMs: fc.constant(AT_MS),
  addedKeys: ascending,
  changes: fc.uniqueArray(changes, { selector: (change) => change.column, maxLength: 8 }),
  oldestSampleAtMs: fc.constantFrom(null, AT_MS, AT_MS - 100, AT_MS + 300, AT_MS - 86_400_000),
  oldestAgentAtMs: fc.constantFrom(null, AT_MS - 5_000),
  totals: fc.constantFrom(null, totals),
});

const asSent = (column: LiveColumn, values: Float64Array): Float64Array => values.map((value) => quantised(column, value));

describe("packed integers", () => {
  it("give back every whole number, NaN and outlier", () => {
    const whole = fc.oneof(
      fc.constant(NaN),
      fc.constant(0),
      fc.integer({ min: -900, max: 900 }),
      fc.maxSafeInteger().map((n) => Math.trunc(n / 4)),
    );
    fc.assert(
      fc.property(fc.array(whole, { maxLength: 200 }), fc.boolean(), (list, coarse) => {
        const writer = new ByteWriter();
        writeInts(writer, Float64Array.from(list), coarse);
        const reader = new ByteReader(writer.finish());
        expect([...readInts(reader, list.length)]).toEqual(list.map((value) => value + 0));
        reader.end();
      }),
    );
  });
});

describe("encodeSnapshot(), decodeSnapshot()", () => {
  it("give back keys, totals and every value to its quantum", () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const expected = Object.fromEntries(
          Object.entries(snapshot.values).map(([column, values]) => [column, asSent(column as LiveColumn, values)]),
        );
        expect(decodeSnapshot(encodeSnapshot(snapshot))).toEqual({ ...snapshot, values: expected });
      }),
    );
  });

  it("keep what a page shows: five digits of a rate of any algorithm, 1 W, 0.1 degrees, 10 rpm, 1e-4 of shares, 100 ms", () => {
    for (const rate of [840, 135_000, 9.5e9, 1.35e13, 2.0047e14, 3.35e14])
      expect(Math.abs(quantised("hashrateHs", rate) / rate - 1)).toBeLessThan(1.6e-5);
    expect(quantised("powerW", 3249.4)).toBe(3249);
    expect(quantised("chipTempCMax", 78.3)).toBe(78.3);
    expect(quantised("fanRpmMin", 5764)).toBe(5760);
    expect(quantised("rejectRatio", 0.01234)).toBe(0.0123);
    expect(quantised("polledAtMs", AT_MS + 149)).toBe(AT_MS + 100);
    expect(quantised("hashrateHs", 0)).toBe(0);
    expect(quantised("hashrateHs", NaN)).toBeNaN();
  });

  it("knows every column of the contract", () => {
    expect(PACKED_COLUMNS).toEqual([...LIVE_COLUMNS]);
  });

  it("take at most 100 KB for 10,000 rows of a mixed fleet, and a delta of 1,000 rows at most 12 KB", () => {
    const rows = Array.from({ length: 10_000 }, (_, row) => row);
    const values = mixedFleet(rows);
    const snapshot = encodeSnapshot({ version: 7, atMs: AT_MS, keys: Uint32Array.from(rows, (row) => row + 1), values, totals });
    const some = Uint32Array.from(rows.filter((row) => (row * 7919) % 10_000 < 1000));
    const changed = LIVE_BASE_COLUMNS.map((column) => ({
      column,
      rows: some,
      values: Float64Array.from(some, (row) => (column === "polledAtMs" ? AT_MS - (row % 997) : values[column][row])),
    }));
    const delta = encodeDelta({
      version: 8,
      atMs: AT_MS,
      addedKeys: new Uint32Array(),
      changes: changed,
      oldestSampleAtMs: AT_MS,
      oldestAgentAtMs: AT_MS,
      totals,
    });
    console.log(JSON.stringify({ snapshotBytes: snapshot.length, deltaBytes: delta.length }));
    expect(snapshot.length).toBeLessThanOrEqual(100_000);
    expect(delta.length).toBeLessThanOrEqual(12_000);
  });
});

describe("encodeDelta(), decodeDelta()", () => {
  it("give back rows and values of every column that changed", () => {
    fc.assert(
      fc.property(deltas, (delta) => {
        const expected = delta.changes
          .filter((change) => change.rows.length > 0)
          .map((change) => ({ ...change, values: asSent(change.column, change.values) }));
        expect(decodeDelta(encodeDelta(delta))).toEqual({ ...delta, changes: expected });
      }),
    );
  });

  it("take about two bytes a row for polls that change nothing else", () => {
    const rows = Uint32Array.from({ length: 50 }, (_, i) => i * 10 + ((i * 7) % 9));
    const values = Float64Array.from(rows, (row) => AT_MS - ((row * 37) % 1000));
    const delta = {
      version: 99,
      atMs: AT_MS,
      addedKeys: new Uint32Array(),
      oldestSampleAtMs: AT_MS - 9_900,
      oldestAgentAtMs: AT_MS - 100,
      totals: null,
    };
    expect(encodeDelta({ ...delta, changes: [{ column: "polledAtMs", rows, values }] }).length).toBeLessThanOrEqual(100);
  });
});

describe("malformed packed messages", () => {
  it("throw RangeError, or decode to something, whatever the bytes", () => {
    const mutated = fc
      .tuple(
        fc.oneof(snapshots.map(encodeSnapshot), deltas.map(encodeDelta)),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(),
      )
      .map(([bytes, edits, cut]) => {
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        return bytes.subarray(0, cut % 3 === 0 ? cut % bytes.length : bytes.length);
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 60 })), (bytes) => {
        for (const decode of [decodeSnapshot, decodeDelta]) {
          try {
            decode(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }
      }),
    );
  });

  it("throw on a message that is cut or followed by more", () => {
    const bytes = encodeDelta({
      version: 1,
      atMs: AT_MS,
      addedKeys: Uint32Array.of(4),
      changes: [],
      oldestSampleAtMs: null,
      oldestAgentAtMs: null,
      totals,
    });
    expect(() => decodeDelta(bytes.subarray(0, -1))).toThrow(RangeError);
    expect(() => decodeDelta(Uint8Array.of(...bytes, 0))).toThrow(RangeError);
    expect(() => decodeSnapshot(bytes)).toThrow("of kind 2");
  });
});

/** Five models side by side, 4 % of the rows in trouble, temperatures of a tenth of the miners with a fraction. */
function mixedFleet(rows: number[]): Record<(typeof LIVE_BASE_COLUMNS)[number], Float64Array> {
  let seed = 1;
  const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const column = (value: (row: number) => number): Float64Array => Float64Array.from(rows, value);
  const rates = [1.35e13, 1.1e14, 1.4e14, 2e14, 3.35e14];
  const powers = [1320, 3250, 3010, 3500, 5360];
  const down = rows.map((row) => row % 25 === 7);
  const reading = (value: number, row: number): number => (down[row] ? NaN : value);
  return {
    status: column((row) => (down[row] ? 14 + (row % 5) : row % 17 === 3 ? 2 + (row % 9) : 0)),
    hashrateHs: column((row) => reading((rates[row % 5] ?? 0) * (0.94 + random() * 0.1), row)),
    powerW: column((row) => reading((powers[row % 5] ?? 0) * (0.97 + random() * 0.06), row)),
    chipTempCMax: column((row) => reading(Math.round(60 + random() * 30) + (row % 10 === 0 ? 0.3 : 0), row)),
    boardTempCMax: column((row) => reading(Math.round(45 + random() * 30), row)),
    fanRpmMin: column((row) => reading(row % 100 === 5 ? 0 : 3000 + random() * 3500, row)),
    rejectRatio: column((row) => reading(random() * random() * 0.01, row)),
    polledAtMs: column((row) => AT_MS - (down[row] ? 60_000 + row * 100 : Math.floor(random() * 10_000))),
  };
}

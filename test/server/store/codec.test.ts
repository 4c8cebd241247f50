import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBlock, encodeBlock, type Block } from "../../../server/store/codec.ts";

/** A column of one of the kinds that miners show, with gaps. */
function columnOf(count: number): fc.Arbitrary<number[]> {
  const values = fc.oneof(
    fc.array(fc.integer({ min: -40, max: 120 }), { minLength: count, maxLength: count }),
    fc.array(fc.double(), { minLength: count, maxLength: count }),
    fc.array(fc.maxSafeInteger(), { minLength: count, maxLength: count }),
    fc.array(
      fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 100),
      { minLength: count, maxLength: count },
    ),
    fc.array(
      fc.integer({ min: 0, max: 20_000_000 }).map((n) => n * 1e7),
      { minLength: count, maxLength: count },
    ),
    fc.constantFrom(0, 14_359_190_000_000, 14_274_425_317_759.488, -0.1, NaN).map((value) => new Array<number>(count).fill(value)),
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count }).map(restartingCounter),
  );
  const gaps = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count });
  return fc
    .tuple(values, gaps, fc.boolean())
    .map(([column, gap, gappy]) => column.map((value, row) => (gappy && gap[row] === 0 ? NaN : value)));
}

/** Grows by small steps and falls back to 0 at each 9. */
function restartingCounter(steps: number[]): number[] {
  let value = 123_456;
  return steps.map((step) => (value = step === 9 ? 0 : value + step));
}

const blocks: fc.Arbitrary<Block> = fc.integer({ min: 1, max: 90 }).chain((count) =>
  fc
    .tuple(
      fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: count, maxLength: count }),
      fc.dictionary(
        fc.integer({ min: 0, max: 4200 }).map((id) => `${id}`),
        columnOf(count),
        { maxKeys: 6 },
      ),
    )
    .map(([gaps, columns]) => {
      let atMs = 1_795_392_000_000;
      return {
        timesMs: Float64Array.from(gaps, (gap) => (atMs += gap)),
        columns: new Map(Object.entries(columns).map(([id, values]) => [Number(id), Float64Array.from(values)])),
      };
    }),
);

/** The same values, a column without any as absent, and 0 for -0, which the codec does not keep apart. */
function expected(block: Block): { timesMs: number[]; columns: Map<number, number[]> } {
  const columns = [...block.columns]
    .filter(([, values]) => !values.every(Number.isNaN))
    .map(([id, values]) => [id, plain(values)] as const);
  return { timesMs: [...block.timesMs], columns: new Map(columns.sort(([a], [b]) => a - b)) };
}
const plain = (values: Float64Array) => Array.from(values, (value) => (value === 0 ? 0 : value));

describe("encodeBlock()", () => {
  it("gives back every value of every column", () => {
    fc.assert(
      fc.property(blocks, (block) => {
        const decoded = decodeBlock(encodeBlock(block));
        expect({
          timesMs: [...decoded.timesMs],
          columns: new Map([...decoded.columns].map(([id, values]) => [id, plain(values)])),
        }).toEqual(expected(block));
      }),
      { numRuns: 400 },
    );
  });

  it("lets one column be read alone", () => {
    fc.assert(
      fc.property(blocks, (block) => {
        const bytes = encodeBlock(block);
        for (const [id, values] of expected(block).columns) {
          const { columns } = decodeBlock(bytes, new Set([id]));
          expect([...columns.keys()]).toEqual([id]);
          expect(plain(columns.get(id)!)).toEqual(values);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("takes no bytes per sample for what does not change or changes evenly", () => {
    const count = 1000;
    const row = (make: (row: number) => number) => Float64Array.from({ length: count }, (_, index) => make(index));
    const even = encodeBlock({
      timesMs: row((index) => 1_795_392_000_000 + index * 60_000),
      columns: new Map([
        [0, row(() => 14_274_425_317_759.488)],
        [1, row((index) => 7 + index * 3)],
      ]),
    });
    expect(even.length).toBeLessThan(count / 10 + 8 * count); // the odd double costs eight bytes each
    const plainRows = encodeBlock({
      timesMs: row((index) => 1_795_392_000_000 + index * 60_000),
      columns: new Map([[1, row((index) => 7 + index * 3)]]),
    });
    expect(plainRows.length).toBeLessThan(40);
  });

  it("does not widen a counter for one restart", () => {
    const counter = (restart: boolean) =>
      Float64Array.from({ length: 480 }, (_, row) => (restart && row >= 200 ? (row - 200) * 2 : 5_000_000 + row * 2));
    const size = (values: Float64Array) =>
      encodeBlock({ timesMs: Float64Array.from(values, (_, row) => row * 60_000), columns: new Map([[13, values]]) }).length;
    expect(size(counter(true)) - size(counter(false))).toBeLessThan(20);
  });

  it("refuses bytes of another layout and bytes that end early", () => {
    const bytes = encodeBlock({ timesMs: Float64Array.of(1, 2, 3), columns: new Map([[0, Float64Array.of(0.1, 0.2, 1e300)]]) });
    expect(() => decodeBlock(Uint8Array.of(99, ...bytes.slice(1)))).toThrow(/layout 99/);
    expect(() => decodeBlock(bytes.slice(0, -4))).toThrow(RangeError);
  });
});

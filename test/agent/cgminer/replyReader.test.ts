import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameReply } from "../../../agent/cgminer/framing.ts";
import { ReplyReader, type LayoutHint } from "../../../agent/cgminer/replyReader.ts";
import { fixtureBytes } from "../decode/fixture.ts";

const X19 = fixtureBytes("stock-x19/stats.txt").toString();
const X9 = fixtureBytes("stock-x9/stats.txt").toString(); // without the comma between its rows
const POOLS = fixtureBytes("stock-x19/pools.txt").toString(); // with escapes

/** The same reply with other values, some of them of another kind or malformed. */
function variant(text: string, seed: number): string {
  let state = seed;
  const next = (below: number): number => (state = (state * 48271 + 11) % 2147483647) % below;
  const numbers = ["0", "-3", "12.50", "99999999.000000", "1e5", "007", "1.", "-0", "123456789012345678", "nan", '""', "null", '"7"'];
  return text.replace(/-?\d+(?:\.\d+)?/g, (number) => (next(12) > 0 ? number : (numbers[next(numbers.length)] ?? "1")));
}

describe("ReplyReader", () => {
  it.each([
    ["stock", X19],
    ["rows without a comma", X9],
    ["escapes", POOLS],
  ])("reads any variant of a reply (%s) as the parser reads it", (_, text) => {
    const reader = new ReplyReader();
    const hint: LayoutHint = { template: null };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (seed) => {
        const changed = variant(text, seed);
        expect(reader.readShared(Buffer.from(changed), hint)).toEqual(frameReply(changed));
      }),
      { numRuns: 400 },
    );
  });

  it("reads values that changed, after it has seen the layout, without keeping old ones", () => {
    const reader = new ReplyReader();
    const hint: LayoutHint = { template: null };
    for (const rate of ["1.50", "22.25", "333.75"]) {
      const text = `{"STATUS":[{"STATUS":"S","When":${rate.length}}],"STATS":[{"GHS 5s":${rate},"chain_acs1":" ${"o".repeat(rate.length)}"}]}`;
      expect(reader.readShared(Buffer.from(text), hint)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
    }
  });

  it("does not take a cut or a longer reply for a known one", () => {
    const reader = new ReplyReader();
    const hint: LayoutHint = { template: null };
    reader.readShared(Buffer.from(X19), hint);
    for (let cut = 1; cut < X19.length; cut += 97)
      expect(reader.readShared(Buffer.from(X19.slice(0, -cut)), hint)).toMatchObject({ ok: false });
    expect(reader.readShared(Buffer.from(`${X19}\n`), hint)).toEqual(frameReply(X19));
  });
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameReply } from "../../../agent/cgminer/framing.ts";
import { ReplyReader, type LayoutHint } from "../../../agent/cgminer/replyReader.ts";
import { decodeReplies, fixtureBytes } from "../decode/fixture.ts";

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

  it.each(["stock-x19", "stock-x9", "godminer", "chipless", "vnish", "luxos", "msk", "asicseer"])(
    "gives the sample that the parser gives, whatever a reply of a known layout becomes (%s)",
    (folder) => expectSameSamples(fixtureBytes(`${folder}/stats.txt`)),
  );

  const dir = process.env.RECORDINGS_DIR;
  if (dir) {
    const paths = readdirSync(dir)
      .flatMap((slug) => ["stats.json", "stats.txt", "summary.json", "summary.txt"].map((file) => join(slug, file)))
      .filter((path) => existsSync(join(dir, path)));
    it.each(paths)("reads a recorded reply and what becomes of it as the parser does (%s)", (path) =>
      expectSameSamples(readFileSync(join(dir, path))),
    );
  }
});

/** Changes values and bytes of a reply and compares both ways to read it: the object, and the sample that it decodes to. */
function expectSameSamples(reply: Buffer): void {
  const reader = new ReplyReader();
  const hint: LayoutHint = { template: null };
  const damage = fc.array(fc.tuple(fc.nat(reply.length - 1), fc.nat(255)), { maxLength: 3 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 30 }), damage, (seed, changes) => {
      const changed = Buffer.from(variant(reply.toString(), seed));
      for (const [at, byte] of changes) changed[at % changed.length] = byte;
      const expected = frameReply(changed.toString());
      const read = reader.readShared(changed, hint);
      expect(read).toEqual(expected);
      if (read.ok && expected.ok) expect(decodeReplies({ stats: read.value })).toEqual(decodeReplies({ stats: expected.value }));
    }),
    { numRuns: 200 },
  );
}

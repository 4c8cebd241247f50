import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameReply } from "../../../agent/cgminer/framing.ts";
import { decodeSample } from "../../../agent/decode/decode.ts";
import { identify } from "../../../agent/decode/identity.ts";
import { decodePools } from "../../../agent/decode/pools.ts";
import { AgentSample } from "../../../server/contract/sample.ts";
import { ReportedIdentity } from "../../../server/contract/identity.ts";
import { fixtureBytes } from "./fixture.ts";

const STATS = ["stock-x19", "stock-x9", "godminer", "chipless", "vnish", "luxos", "msk", "asicseer"];

/** Decodes one damaged `stats` reply; null when it was refused as a whole. */
function decodeDamaged(text: string) {
  const framed = frameReply(text);
  if (!framed.ok) return null;
  const replies = { stats: framed.value };
  const { reported, machine } = identify(replies, 0);
  ReportedIdentity.parse(reported);
  return AgentSample.parse(decodeSample({ replies, machine, pools: decodePools(framed.value), agentAtMs: 0, durationMs: 0 }));
}

/** Digits that a reading is made of, whatever unit it stands in: 69000.5 GH/s and 69000500000000 H/s are both "690005". */
function digitsOf(number: number): string {
  return Math.abs(number)
    .toPrecision(7)
    .replace(/e.*$/, "")
    .replace(".", "")
    .replace(/^0+|0+$/g, "");
}

describe("a damaged reply", () => {
  it.each(STATS)("that is cut anywhere is a failure, never a sample (%s)", (folder) => {
    const text = fixtureBytes(`${folder}/stats.txt`).toString();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: text.length - 1 }), (length) => {
        expect(frameReply(text.slice(0, length))).toMatchObject({ ok: false, failure: "truncated" });
      }),
    );
  });

  it.each(STATS)("gives a sample of the contract or a failure, whatever bytes it holds (%s)", (folder) => {
    const bytes = fixtureBytes(`${folder}/stats.txt`);
    const damage = fc.array(fc.tuple(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(damage, (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [at, byte] of changes) damaged[at] = byte;
        decodeDamaged(damaged.toString());
      }),
      { numRuns: 300 },
    );
  });

  it("gives no temperature, speed or rate that the reply does not hold", () => {
    const text = fixtureBytes("stock-x19/stats.txt").toString();
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.constantFrom("", "-", "x", "9", "0", ".", '"')), { maxLength: 8 }), (changes) => {
        let damaged = text;
        for (const [seed, put] of changes) {
          const at = seed % damaged.length;
          damaged = damaged.slice(0, at) + put + damaged.slice(at + 1);
        }
        const sample = decodeDamaged(damaged);
        if (sample === null) return;
        const numbers = (damaged.match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
        // Where the damage makes "GH" an "H", the rate is rounded to whole hashes a second.
        const held = new Set(numbers.flatMap((number) => [digitsOf(number), digitsOf(Math.round(number))]));
        const boards = sample.hashboards.filter((board) => board.present);
        const readings = [
          sample.hashrateHs,
          sample.hashrateMeanHs,
          sample.chipTempCMax,
          sample.boardTempCMax,
          sample.uptimeMs,
          ...sample.fansRpm,
        ];
        for (const board of boards) readings.push(board.hashrateHs, board.freqMhz, ...board.chipTempsC, ...board.boardTempsC);
        for (const reading of readings) if (reading !== null && reading !== 0) expect(held).toContain(digitsOf(reading));
      }),
      {
        numRuns: 500,
        examples: [
          [
            [
              [698703916, ""],
              [188915090, ""],
            ],
          ],
        ],
      },
    );
  });
});

import { randomBytes } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { packFrames } from "../../../agent/push/frame.ts";
import {
  FRAME_HEADER_BYTES,
  FRAME_MAX_BYTES,
  FRAME_MAX_ENTRIES,
  FRAME_MAX_INFLATED_BYTES,
  FrameBody,
  type FrameEntry,
} from "../../../server/contract/agentLink.ts";
import { sampleOf } from "../support/simulatedMiner.ts";

const ID = "0f8fad5b-d9cb-469f-a165-70867728950e";

function sampleEntry(index: number): FrameEntry {
  return { kind: "sample", address: `10.0.0.${index % 250}`, port: 4028, spacingMs: 10_000, sample: sampleOf(1000 + index, 50) };
}
function read(frame: Buffer): FrameBody {
  return FrameBody.parse(JSON.parse(inflateRawSync(frame.subarray(FRAME_HEADER_BYTES)).toString()));
}

describe("packFrames()", () => {
  it("writes layout, outbox id and number in front of the deflated body", async () => {
    const [draft] = await packFrames([sampleEntry(1)], 123);
    const frame = draft.build(ID, 258);
    expect(frame.subarray(0, FRAME_HEADER_BYTES).toString("hex")).toBe("01" + "0f8fad5bd9cb469fa16570867728950e" + "0000000000000102");
    expect(read(frame)).toEqual({ sentAtMs: 123, entries: [sampleEntry(1)] });
  });

  it("makes no frame of nothing", async () => {
    expect(await packFrames([], 0)).toEqual([]);
  });

  it("splits so that every frame holds to the contract's limits and nothing is lost or moved", async () => {
    const entries: FrameEntry[] = Array.from({ length: 12_000 }, (_, i) => sampleEntry(i));
    const drafts = await packFrames(entries, 0);
    const frames = drafts.map((draft, i) => draft.build(ID, i));
    expect(frames.length).toBeGreaterThan(2);
    for (const frame of frames) {
      expect(frame.length).toBeLessThanOrEqual(FRAME_MAX_BYTES);
      expect(read(frame).entries.length).toBeLessThanOrEqual(FRAME_MAX_ENTRIES);
    }
    expect(frames.flatMap((frame) => read(frame).entries)).toEqual(entries);
    expect(drafts.reduce((sum, { sampleCount }) => sum + sampleCount, 0)).toBe(12_000);
  });

  it("holds to them for entries that do not compress", async () => {
    const entries: FrameEntry[] = Array.from({ length: 100 }, (_, i) => ({
      kind: "malformedReply",
      address: "10.0.0.1",
      port: 4028,
      agentAtMs: i,
      command: "stats",
      failure: "undecodable",
      base64: randomBytes(64 << 10).toString("base64"),
    }));
    for (const draft of await packFrames(entries, 0)) {
      expect(draft.build(ID, 0).length).toBeLessThanOrEqual(FRAME_MAX_BYTES);
      expect(JSON.stringify(read(draft.build(ID, 0))).length).toBeLessThanOrEqual(FRAME_MAX_INFLATED_BYTES);
    }
  });
});

import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import { FRAME_MAX_ENTRIES, type FrameEntry } from "../../server/contract/agentLink.ts";
import { encodeFrameHeader } from "./frameHeader.ts";
import type { FrameDraft } from "./outbox.ts";

const deflate = promisify(deflateRaw);

/** JSON of one frame, in characters of at most 3 UTF-8 bytes each: with that, no frame passes the contract's limits, even one that does not compress. */
const FRAME_MAX_TEXT = 1_200_000;

/** Packs entries into as many frames as the contract's limits ask for; none for no entries. `sentAtMs` is the agent's clock. */
export async function packFrames(entries: readonly FrameEntry[], sentAtMs: number): Promise<FrameDraft[]> {
  return await Promise.all(groupEntries(entries).map((group) => packGroup(group, sentAtMs)));
}

interface Group {
  texts: string[];
  sampleCount: number;
}

function groupEntries(entries: readonly FrameEntry[]): Group[] {
  const groups: Group[] = [];
  let group: Group = { texts: [], sampleCount: 0 };
  let textLength = 0;
  for (const entry of entries) {
    const text = JSON.stringify(entry);
    if (group.texts.length > 0 && (group.texts.length >= FRAME_MAX_ENTRIES || textLength + text.length > FRAME_MAX_TEXT)) {
      groups.push(group);
      group = { texts: [], sampleCount: 0 };
      textLength = 0;
    }
    group.texts.push(text);
    textLength += text.length + 1;
    if (entry.kind === "sample") group.sampleCount++;
  }
  return group.texts.length === 0 ? groups : [...groups, group];
}

async function packGroup({ texts, sampleCount }: Group, sentAtMs: number): Promise<FrameDraft> {
  const body = await deflate(`{"sentAtMs":${sentAtMs},"entries":[${texts.join(",")}]}`, { level: 1 });
  return { sampleCount, build: (outboxId, seq) => Buffer.concat([encodeFrameHeader(outboxId, seq), body]) };
}

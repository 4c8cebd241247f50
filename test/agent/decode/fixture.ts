import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { frameReply, type RawObject } from "../../../agent/cgminer/framing.ts";
import { decodeSample } from "../../../agent/decode/decode.ts";
import { identify, type Identified } from "../../../agent/decode/identity.ts";
import { decodePools } from "../../../agent/decode/pools.ts";
import type { Replies } from "../../../agent/decode/replies.ts";
import type { AgentSample } from "../../../server/contract/sample.ts";

const root = fileURLToPath(new URL("../../fixtures", import.meta.url));

/** Bytes of one written reply. */
export function fixtureBytes(path: string): Buffer {
  return readFileSync(join(root, path));
}

/** All replies of one fixture folder, framed, by command. */
export function repliesOf(folder: string): Replies {
  const replies: Record<string, RawObject> = {};
  for (const file of readdirSync(join(root, folder))) {
    if (file === "about.txt") continue;
    const framed = frameReply(fixtureBytes(join(folder, file)).toString());
    if (!framed.ok) throw new Error(`${folder}/${file}: ${framed.detail}`);
    replies[file.replace(".txt", "")] = framed.value;
  }
  return replies;
}

export function identifyFixture(folder: string): Identified {
  return identify(repliesOf(folder), 1000);
}

export function decodeReplies(replies: Replies): AgentSample {
  const { machine } = identify(replies, 1000);
  return decodeSample({ replies, machine, pools: decodePools(replies.pools), agentAtMs: 1000, durationMs: 5 });
}

export function decodeFixture(folder: string): AgentSample {
  return decodeReplies(repliesOf(folder));
}

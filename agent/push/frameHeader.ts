import { FRAME_HEADER_BYTES, FRAME_LAYOUT } from "../../server/contract/agentLink.ts";

/** Layout version, outbox id and sequence number: readable even where the body is not. */
export function encodeFrameHeader(outboxId: string, seq: number): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt8(FRAME_LAYOUT, 0);
  header.write(outboxId.replaceAll("-", ""), 1, "hex");
  header.writeBigUInt64BE(BigInt(seq), 17);
  return header;
}

/** The outbox id in the header of a frame. */
export function outboxIdOf(frame: Buffer): string {
  const hex = frame.toString("hex", 1, 17);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

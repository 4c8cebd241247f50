import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { FRAME_HEADER_BYTES, FRAME_LAYOUT, FRAME_MAX_INFLATED_BYTES, FrameBody } from "../contract/agentLink.ts";
import { ContractError } from "../errors.ts";

const inflate = promisify(inflateRaw);

export interface FrameHeader {
  readonly outboxId: string;
  readonly seq: number;
}

/** Reads layout, outbox and number, which are there even when the body is not whole. Throws ContractError on what is no frame at all. */
export function readFrameHeader(bytes: Buffer): FrameHeader {
  if (bytes.length < FRAME_HEADER_BYTES)
    throw new ContractError(`Cannot read a frame of ${bytes.length} bytes: its header alone has ${FRAME_HEADER_BYTES}`);
  if (bytes[0] !== FRAME_LAYOUT) throw new ContractError(`Cannot read a frame of layout ${bytes[0]}: expected ${FRAME_LAYOUT}`);
  const seq = bytes.readBigUInt64BE(17);
  if (seq > BigInt(Number.MAX_SAFE_INTEGER)) throw new ContractError(`Cannot read a frame with the number ${seq.toString()}`);
  const hex = bytes.toString("hex", 1, 17);
  const outboxId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  return { outboxId, seq: Number(seq) };
}

/** Inflates off the event loop, within the limit, and validates. Throws ContractError with a sentence for the agent's log. */
export async function readFrameBody(bytes: Buffer): Promise<FrameBody> {
  const read = FrameBody.safeParse(await readJson(bytes));
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new ContractError(`Frame does not fit the contract at ${issue.path.join(".") || "its top"}: ${issue.message}`);
}

/** How many samples a frame holds that nobody will store; 0 where it cannot be read. */
export async function countSamples(bytes: Buffer): Promise<number> {
  const body: unknown = await readJson(bytes).catch(() => null);
  if (typeof body !== "object" || body === null || !("entries" in body) || !Array.isArray(body.entries)) return 0;
  return body.entries.filter((entry: unknown) => typeof entry === "object" && entry !== null && "kind" in entry && entry.kind === "sample")
    .length;
}

async function readJson(bytes: Buffer): Promise<unknown> {
  const text = await inflateText(bytes.subarray(FRAME_HEADER_BYTES));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ContractError("Frame holds no JSON", { cause: error });
  }
}

async function inflateText(body: Buffer): Promise<string> {
  try {
    return (await inflate(body, { maxOutputLength: FRAME_MAX_INFLATED_BYTES })).toString();
  } catch (error) {
    throw new ContractError(`Frame does not inflate to at most ${FRAME_MAX_INFLATED_BYTES} bytes`, { cause: error });
  }
}

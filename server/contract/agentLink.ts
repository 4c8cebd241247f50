import { z } from "zod";
import { ReportedIdentity } from "./identity.ts";
import { AgentSample, POLL_FAILURES, PollFailure } from "./sample.ts";

/**
 * What passes between agent and server over `ws` at /agent/v1.
 *
 * Text messages are JSON, a union on `type`, validated by `AgentMessage` and `ServerMessage`. Binary messages, agent → server only, are frames: a
 * header of FRAME_HEADER_BYTES (1 byte layout version = 1, 16 bytes outbox id, 8 bytes sequence number as big-endian unsigned integer), then the
 * `FrameBody` as JSON in raw deflate. The header can be read even where the body cannot, so a malformed frame is refused by its number.
 */
export const FRAME_LAYOUT = 1;
export const FRAME_HEADER_BYTES = 25;
/** Limits of one frame: bytes on the wire, bytes after inflating, entries. */
export const FRAME_MAX_BYTES = 4 << 20;
export const FRAME_MAX_INFLATED_BYTES = 32 << 20;
export const FRAME_MAX_ENTRIES = 5000;
/** Limit of one text message. */
export const MESSAGE_MAX_BYTES = 2 << 20;
/** A malformed reply travels once, cut to this. */
export const RAW_REPLY_MAX_BYTES = 64 << 10;

const endpoint = { address: z.string().max(45), port: z.number().int().min(1).max(65535) };
const instant = z.number().int().nonnegative();

export const FrameEntry = z.discriminatedUnion("kind", [
  /** spacingMs: how often this miner is polled now, the interval or its back-off. */
  z.object({ kind: z.literal("sample"), ...endpoint, spacingMs: z.number().positive(), sample: AgentSample }),
  z.object({
    kind: z.literal("failure"),
    ...endpoint,
    spacingMs: z.number().positive(),
    agentAtMs: instant,
    durationMs: z.number().nonnegative(),
    failure: PollFailure,
    detail: z.string().max(500),
    apiDown: z.boolean(),
    answered: z.boolean(), // something came back from 4028, if only a refusal
  }),
  /** Sent when first known, when it changes, and once per connection for each miner. */
  z.object({ kind: z.literal("identity"), ...endpoint, agentAtMs: instant, identity: ReportedIdentity }),
  /** The bytes of a reply that could not be read, base64, at most RAW_REPLY_MAX_BYTES before encoding; once per miner, command and failure in an hour. */
  z.object({
    kind: z.literal("malformedReply"),
    ...endpoint,
    agentAtMs: instant,
    command: z.string().max(60),
    failure: PollFailure,
    base64: z.string().max(RAW_REPLY_MAX_BYTES * 1.4),
  }),
]);
export type FrameEntry = z.infer<typeof FrameEntry>;

export const FrameBody = z.object({
  sentAtMs: instant, // the agent's clock when the frame was closed
  entries: z.array(FrameEntry).max(FRAME_MAX_ENTRIES),
});
export type FrameBody = z.infer<typeof FrameBody>;

export const AgentStats = z.object({
  agentNowMs: instant,
  minerCount: z.number().int(),
  pollIntervalMs: z.number(),
  /** Since the agent started. */
  pollCount: z.number().int(),
  failureCounts: z.record(z.enum(POLL_FAILURES), z.number().int()),
  /** Polls that started more than 1 s after they were due. */
  latePollCount: z.number().int(),
  lateMsMax: z.number(), // in the last minute
  outboxSampleCount: z.number().int(), // not yet acknowledged
  droppedSampleCount: z.number().int(), // lost to the outbox's bounds since the outbox was made
  refusalCount: z.number().int(), // asked for something outside its allow-lists
  lastRefusal: z.string().max(300).nullable(),
});
export type AgentStats = z.infer<typeof AgentStats>;

export const ScanItem = z.object({
  ...endpoint,
  outcome: z.enum(["found", ...POLL_FAILURES]),
  model: z.string().max(200).nullable(),
  firmware: z.string().max(60).nullable(),
  detail: z.string().max(300),
});
export type ScanItem = z.infer<typeof ScanItem>;

export const RawReply = z.object({ command: z.string(), atMs: instant, text: z.string().max(300_000), failure: PollFailure.nullable() });
export type RawReply = z.infer<typeof RawReply>;

const hello = { contract: z.number().int(), program: z.string().max(40), hostname: z.string().max(200) };

/** Agent → server. The first is `enrol` or `hello`; both carry the contract version. */
export const AgentMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("enrol"), ...hello, code: z.string().max(100) }),
  z.object({
    type: z.literal("hello"),
    ...hello,
    agentId: z.string().max(60),
    key: z.string().max(200),
    outboxId: z.uuid(),
    agentNowMs: instant,
    pollIntervalMs: z.number().positive(),
    allowControl: z.boolean(),
    /** The networks that the agent stands in and may look at, as CIDR: a suggestion where to look for miners. */
    networks: z.array(z.string().max(20)).max(16).default([]),
  }),
  /** Every 2.5 s; counts as a sign of life. */
  z.object({ type: z.literal("stats"), stats: AgentStats }),
  /** Outside the agent's allow-lists: reported, counted, not done. */
  z.object({ type: z.literal("refusal"), what: z.string().max(60), target: z.string().max(200), reason: z.string().max(300) }),
  z.object({
    type: z.literal("scanProgress"),
    scanId: z.string().max(60),
    totalCount: z.number().int(), // addresses to probe
    probedCount: z.number().int(),
    foundCount: z.number().int(),
    failureCounts: z.record(z.string(), z.number().int()),
    items: z.array(ScanItem).max(2000), // new since the last progress message; silent addresses are counted, not listed
    state: z.enum(["running", "done", "failed", "stopped"]),
    detail: z.string().max(300).nullable(),
  }),
  z.object({ type: z.literal("replies"), requestId: z.string().max(60), found: z.boolean(), replies: z.array(RawReply).max(20) }),
]);
export type AgentMessage = z.infer<typeof AgentMessage>;

export const AgentSettings = z.object({
  /** null: the agent's own flag holds. */
  pollIntervalMs: z.number().min(1000).max(3_600_000).nullable(),
});
export type AgentSettings = z.infer<typeof AgentSettings>;

/** Server → agent. */
export const ServerMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("enrolled"), agentId: z.string(), key: z.string() }),
  /** lastSeq: the last sequence number of this outbox that is on disk, -1 for none. agentNowMs echoes the hello so that the agent can tell the round trip. */
  z.object({
    type: z.literal("welcome"),
    contract: z.number().int(),
    program: z.string(),
    agentName: z.string(),
    serverNowMs: instant,
    agentNowMs: instant,
    lastSeq: z.number().int(),
    ranges: z.array(z.string()).max(10_000),
    settings: AgentSettings,
  }),
  z.object({ type: z.literal("ranges"), ranges: z.array(z.string()).max(10_000) }),
  z.object({ type: z.literal("settings"), settings: AgentSettings }),
  /** Everything up to and including seq is on the server's disk. */
  z.object({ type: z.literal("ack"), outboxId: z.uuid(), seq: z.number().int() }),
  /** This frame will never be taken; keep it aside and go on. */
  z.object({ type: z.literal("refused"), outboxId: z.uuid(), seq: z.number().int(), reason: z.string() }),
  /** ranges null: all ranges of the agent. */
  z.object({ type: z.literal("scan"), scanId: z.string(), ranges: z.array(z.string()).max(10_000).nullable() }),
  /** Ends a scan before it is done; what it found until then is told as its last progress. */
  z.object({ type: z.literal("stopScan"), scanId: z.string() }),
  /** About 2 s polling until unwatch, or for 60 s unless repeated. */
  z.object({ type: z.literal("watch"), ...endpoint }),
  z.object({ type: z.literal("unwatch"), ...endpoint }),
  z.object({ type: z.literal("replies"), requestId: z.string(), ...endpoint }),
  /** Sent before the server closes the connection. */
  z.object({
    type: z.literal("error"),
    code: z.enum(["unauthorized", "contract", "malformed", "tooMuch", "replaced"]),
    message: z.string(),
  }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;

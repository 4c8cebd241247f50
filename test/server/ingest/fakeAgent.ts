import { deflateRawSync } from "node:zlib";
import { WebSocket } from "ws";
import {
  FRAME_LAYOUT,
  type AgentMessage,
  type AgentStats,
  type FrameEntry,
  type ServerMessage,
} from "../../../server/contract/agentLink.ts";
import { CONTRACT_VERSION } from "../../../server/contract/version.ts";
import { until } from "../fleet/fakes.ts";

export const OUTBOX = "11111111-2222-4333-8444-555555555555";

export function frameOf(seq: number, body: unknown, outboxId = OUTBOX): Buffer {
  const header = Buffer.alloc(25);
  header.writeUInt8(FRAME_LAYOUT, 0);
  header.write(outboxId.replaceAll("-", ""), 1, "hex");
  header.writeBigUInt64BE(BigInt(seq), 17);
  return Buffer.concat([header, deflateRawSync(typeof body === "string" ? body : JSON.stringify(body))]);
}

/** The agent's half of the link, without an agent: says what it is told to, keeps what it hears. */
export class FakeAgent {
  readonly heard: ServerMessage[] = [];
  readonly socket: WebSocket;
  closeCode: number | null = null;
  refusedStatus: number | null = null;

  constructor(port: number, options: { headers?: Record<string, string> } = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/agent/v1`, { perMessageDeflate: false, ...options });
    this.socket.on("message", (data: Buffer) => this.heard.push(JSON.parse(data.toString()) as ServerMessage));
    this.socket.on("close", (code) => (this.closeCode = code));
    this.socket.on("unexpected-response", (_, response) => (this.refusedStatus = response.statusCode ?? 0));
    this.socket.on("error", () => undefined);
  }

  async open(): Promise<this> {
    await until(() => this.socket.readyState === WebSocket.OPEN, "open connection");
    return this;
  }

  say(message: AgentMessage | { type: string }): void {
    this.socket.send(JSON.stringify(message));
  }

  async hello(fields: Partial<Extract<AgentMessage, { type: "hello" }>> = {}): Promise<Extract<ServerMessage, { type: "welcome" }>> {
    await this.open();
    this.say({
      type: "hello",
      contract: CONTRACT_VERSION,
      program: "hashwatch 0.1.0",
      hostname: "host",
      agentId: "a1",
      key: "key-a1",
      outboxId: OUTBOX,
      agentNowMs: Date.now(),
      pollIntervalMs: 10_000,
      allowControl: false,
      networks: [],
      ...fields,
    });
    return this.next("welcome");
  }

  frame(seq: number, entries: FrameEntry[]): void {
    this.socket.send(frameOf(seq, { sentAtMs: Date.now(), entries }));
  }

  /** The first message of a type, removed from what was heard. */
  async next<T extends ServerMessage["type"]>(type: T): Promise<Extract<ServerMessage, { type: T }>> {
    const message = await until(() => this.heard.find((one) => one.type === type), `message ${type}`);
    this.heard.splice(this.heard.indexOf(message), 1);
    return message as Extract<ServerMessage, { type: T }>;
  }

  close(): void {
    this.socket.terminate();
  }
}

export const stats = (fields: Partial<AgentStats> = {}): AgentStats => ({
  agentNowMs: Date.now(),
  minerCount: 1,
  pollIntervalMs: 10_000,
  pollCount: 1,
  failureCounts: { timeout: 0, refused: 0, noRoute: 0, closed: 0, truncated: 0, undecodable: 0, notMiner: 0 },
  latePollCount: 0,
  lateMsMax: 0,
  outboxSampleCount: 0,
  droppedSampleCount: 0,
  refusalCount: 0,
  lastRefusal: null,
  ...fields,
});

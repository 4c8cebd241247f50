import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { inflateRawSync } from "node:zlib";
import { WebSocketServer, type WebSocket } from "ws";
import {
  AgentMessage,
  FrameBody,
  FRAME_HEADER_BYTES,
  FRAME_LAYOUT,
  type FrameEntry,
  type ServerMessage,
} from "../../../server/contract/agentLink.ts";

export interface ReceivedFrame {
  readonly outboxId: string;
  readonly seq: number;
  readonly entries: FrameEntry[];
}
export interface LinkServerOptions {
  readonly port?: number;
  readonly ranges?: string[];
  readonly pollIntervalMs?: number | null;
  /** false: the test acknowledges itself. */
  readonly acknowledge?: boolean;
  readonly lastSeq?: (outboxId: string) => number;
  readonly code?: string;
}

/** The server's end of the agent link, over real sockets, checking every message against the contract. */
export interface LinkServer {
  readonly url: string;
  readonly port: number;
  readonly messages: AgentMessage[];
  readonly frames: ReceivedFrame[];
  readonly helloCount: () => number;
  readonly entries: () => FrameEntry[];
  send(message: ServerMessage): void;
  /** Cuts every connection. */
  drop(): void;
  /** Reads nothing more from the sockets and writes nothing, without closing them: a dead line. */
  freeze(): void;
  close(): Promise<void>;
}

export async function startLinkServer(options: LinkServerOptions = {}): Promise<LinkServer> {
  const http = createServer();
  const wss = new WebSocketServer({ server: http, path: "/agent/v1" });
  const messages: AgentMessage[] = [];
  const frames: ReceivedFrame[] = [];
  const raw = new Set<Socket>();
  http.on("connection", (socket) => {
    raw.add(socket);
    socket.on("close", () => raw.delete(socket));
  });
  const send = (message: ServerMessage): void => wss.clients.forEach((client) => client.send(JSON.stringify(message)));
  wss.on("connection", (client) => serve(client, options, { messages, frames }));
  await new Promise<void>((resolve) => http.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    messages,
    frames,
    helloCount: () => messages.filter(({ type }) => type === "hello").length,
    entries: () => frames.flatMap(({ entries }) => entries),
    send,
    drop: () => wss.clients.forEach((client) => client.terminate()),
    freeze: () => {
      for (const socket of raw) socket.pause().removeAllListeners("data");
      wss.clients.forEach((client) => client.pause());
    },
    close: () =>
      new Promise((resolve) => {
        wss.clients.forEach((client) => client.terminate());
        for (const socket of raw) socket.destroy();
        wss.close(() => http.close(() => resolve()));
      }),
  };
}

function serve(client: WebSocket, options: LinkServerOptions, seen: { messages: AgentMessage[]; frames: ReceivedFrame[] }): void {
  const reply = (message: ServerMessage): void => client.send(JSON.stringify(message));
  client.on("message", (data, isBinary) => {
    const bytes = data as Buffer;
    if (isBinary) {
      const frame = readFrame(bytes);
      seen.frames.push(frame);
      if (options.acknowledge !== false) reply({ type: "ack", outboxId: frame.outboxId, seq: frame.seq });
      return;
    }
    const message = AgentMessage.parse(JSON.parse(bytes.toString()));
    seen.messages.push(message);
    if (message.type === "enrol") enrol(message.code, options, reply);
    if (message.type === "hello") welcome(message, options, seen.frames, reply);
  });
}

function enrol(code: string, options: LinkServerOptions, reply: (message: ServerMessage) => void): void {
  if (code === (options.code ?? "good-code")) reply({ type: "enrolled", agentId: "a7", key: "secret-key" });
  else reply({ type: "error", code: "unauthorized", message: "the code is unknown, used or expired" });
}

function welcome(
  hello: Extract<AgentMessage, { type: "hello" }>,
  options: LinkServerOptions,
  frames: readonly ReceivedFrame[],
  reply: (message: ServerMessage) => void,
): void {
  const known = Math.max(-1, ...frames.filter(({ outboxId }) => outboxId === hello.outboxId).map(({ seq }) => seq));
  reply({
    type: "welcome",
    contract: 1,
    program: "test server",
    agentName: "test agent",
    serverNowMs: Date.now(),
    agentNowMs: hello.agentNowMs,
    lastSeq: options.lastSeq?.(hello.outboxId) ?? (options.acknowledge === false ? -1 : known),
    ranges: options.ranges ?? [],
    settings: { pollIntervalMs: options.pollIntervalMs ?? null },
  });
}

function readFrame(bytes: Buffer): ReceivedFrame {
  if (bytes.readUInt8(0) !== FRAME_LAYOUT) throw new Error("frame of another layout");
  const hex = bytes.toString("hex", 1, 17);
  const outboxId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  const seq = Number(bytes.readBigUInt64BE(17));
  const body = FrameBody.parse(JSON.parse(inflateRawSync(bytes.subarray(FRAME_HEADER_BYTES)).toString()));
  return { outboxId, seq, entries: body.entries };
}

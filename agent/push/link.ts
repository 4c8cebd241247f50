import { WebSocket, type RawData } from "ws";
import { MESSAGE_MAX_BYTES, ServerMessage, type AgentMessage } from "../../server/contract/agentLink.ts";
import type { Clock } from "../clock.ts";
import { ContractError } from "../errors.ts";

const PING_EVERY_MS = 3000;
const SILENT_AFTER_MS = 9000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 1000;

type LinkClock = Omit<Clock, "nowMs">;

export interface LinkHandlers {
  onOpen(): void;
  onMessage(message: ServerMessage): void;
  /** Once, whatever ended the link; also when it never opened. */
  onClose(reason: string): void;
  /** What was handed to the socket has left it. */
  onDrain(): void;
}

/** One ws connection to a server. A line that is dead without a FIN is noticed within about 10 s: pings go out every 3 s, and 9 s without a byte end it. */
export class Link {
  private readonly socket: WebSocket;
  private readonly handlers: LinkHandlers;
  private readonly clock: LinkClock;
  private readonly endPings: () => void;
  private heardAtMs: number;
  private closeReason: string | null = null;
  private closed = false;

  constructor(url: string, handlers: LinkHandlers, clock: LinkClock) {
    this.handlers = handlers;
    this.clock = clock;
    this.heardAtMs = clock.monotonicMs();
    this.socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: MESSAGE_MAX_BYTES, handshakeTimeout: HANDSHAKE_TIMEOUT_MS });
    this.endPings = clock.every(PING_EVERY_MS, () => this.checkPulse());
    this.socket.on("open", () => this.opened());
    this.socket.on("message", (data, isBinary) => this.received(data, isBinary));
    this.socket.on("pong", () => this.heard());
    this.socket.on("ping", () => this.heard());
    this.socket.on("error", (error) => (this.closeReason ??= error.message));
    this.socket.on("close", (code, reason) => this.ended(reason.toString() || `closed with code ${code}`));
  }

  /** Bytes handed over that have not left yet. */
  get bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }

  send(message: AgentMessage): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  sendFrame(payload: Buffer): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(payload, () => this.handlers.onDrain());
  }

  /** Says goodbye; a partner that does not answer within a second is left. */
  async close(): Promise<void> {
    if (this.closed) return;
    const gone = new Promise<void>((resolve) => this.socket.once("close", () => resolve()));
    const cancel = this.clock.after(CLOSE_TIMEOUT_MS, () => this.socket.terminate());
    this.socket.close(1000);
    await gone;
    cancel();
  }

  private opened(): void {
    this.heard();
    this.handlers.onOpen();
  }

  private heard(): void {
    this.heardAtMs = this.clock.monotonicMs();
  }

  private received(data: RawData, isBinary: boolean): void {
    this.heard();
    try {
      this.handlers.onMessage(readMessage(data, isBinary));
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      this.closeReason = error.message;
      this.socket.terminate();
    }
  }

  private checkPulse(): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (this.clock.monotonicMs() - this.heardAtMs > SILENT_AFTER_MS) {
      this.closeReason = "the server has been silent for 9 s";
      this.socket.terminate();
    } else this.socket.ping();
  }

  private ended(reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.endPings();
    this.handlers.onClose(this.closeReason ?? reason);
  }
}

function readMessage(data: RawData, isBinary: boolean): ServerMessage {
  if (isBinary || !Buffer.isBuffer(data)) throw new ContractError("The server sent a binary message, which the contract does not know");
  try {
    return ServerMessage.parse(JSON.parse(data.toString()));
  } catch (error) {
    throw new ContractError(`Cannot read a message of the server: ${data.toString("utf8", 0, 80)}`, { cause: error });
  }
}

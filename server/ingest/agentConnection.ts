import type { RawData, WebSocket } from "ws";
import type { Timers } from "../clock.ts";
import { AgentMessage, MESSAGE_MAX_BYTES, type AgentStats, type ServerMessage } from "../contract/agentLink.ts";
import { CONTRACT_VERSION } from "../contract/version.ts";
import { ContractError } from "../errors.ts";
import type { AgentRecord } from "../fleet/ports.ts";
import { RateLimit } from "../rateLimit.ts";
import { ClockSkew } from "./skew.ts";

/** Frames received and not yet applied, beyond which the socket is paused. */
const FRAMES_WAITING_MAX = 8;
const MESSAGES = { perS: 50, burst: 500 };

export type Hello = Extract<AgentMessage, { type: "hello" }>;
export type Enrol = Extract<AgentMessage, { type: "enrol" }>;
type ErrorCode = Extract<ServerMessage, { type: "error" }>["code"];
type LaterMessage = Exclude<AgentMessage, Hello | Enrol>;

export interface ConnectionTimes {
  readonly helloMs: number;
  readonly pingMs: number;
  readonly silentMs: number;
}
export interface ConnectionHandlers {
  readonly clock: () => number;
  readonly timers: Timers;
  enrol(message: Enrol, connection: AgentConnection): Promise<void>;
  /** The agent's record when its key is right; the connection is welcomed by the handler. */
  hello(message: Hello, connection: AgentConnection): Promise<AgentRecord | null>;
  message(message: LaterMessage, connection: AgentConnection): void;
  frame(bytes: Buffer, connection: AgentConnection): Promise<void>;
  closed(connection: AgentConnection): void;
  /** The server ended the connection, or the agent was silent. */
  cutOff(code: ErrorCode | "silent", connection: AgentConnection, detail: string): void;
  /** Something else failed while a message was dealt with. */
  failed(error: unknown, connection: AgentConnection): void;
}

/** One ws connection of an agent, from the upgrade to its end: who it is, in what order its messages are dealt with, and when it is cut off. */
export class AgentConnection {
  readonly remoteAddress: string;
  readonly connectedAtMs: number;
  readonly skew = new ClockSkew();
  agent: AgentRecord | null = null;
  outboxId: string | null = null;
  networks: readonly string[] = [];
  stats: AgentStats | null = null;
  readonly #socket: WebSocket;
  readonly #handlers: ConnectionHandlers;
  readonly #messages: RateLimit;
  readonly #cancelHello: () => void;
  readonly #endPings: () => void;
  #work: Promise<void> = Promise.resolve();
  #framesWaiting = 0;
  #storeFull = false;
  #greeted = false;
  #heardAtMs: number;
  #ended = false;

  constructor(socket: WebSocket, remoteAddress: string, { times, handlers }: { times: ConnectionTimes; handlers: ConnectionHandlers }) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.remoteAddress = remoteAddress;
    this.connectedAtMs = this.#heardAtMs = handlers.clock();
    this.#messages = new RateLimit({ ...MESSAGES, nowMs: this.connectedAtMs });
    this.#cancelHello = handlers.timers.after(times.helloMs, () => this.end("unauthorized", "No hello came in time"));
    this.#endPings = handlers.timers.every(times.pingMs, () => this.#checkPulse(times.silentMs));
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    for (const sign of ["ping", "pong"] as const) socket.on(sign, () => this.#hear());
    socket.on("error", (error) => this.#socketFailed(error));
    socket.on("close", () => this.#closed());
  }

  get isOpen(): boolean {
    return !this.#ended && this.#socket.readyState === this.#socket.OPEN;
  }

  send(message: ServerMessage): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(message));
  }

  /** Says why and closes; the close handler runs at once. */
  end(code: ErrorCode, detail: string): void {
    if (this.#ended) return;
    this.send({ type: "error", code, message: detail });
    this.#handlers.cutOff(code, this, detail);
    this.#finish(() => this.#socket.close(1008, code));
  }

  /** Goes away without blame: the server stops. */
  close(): void {
    this.#finish(() => this.#socket.close(1001));
  }

  terminate(): void {
    this.#finish(() => this.#socket.terminate());
  }

  /** Reads nothing while the store is behind. */
  setPressure(full: boolean): void {
    this.#storeFull = full;
    this.#throttle();
  }

  #throttle(): void {
    if (this.#storeFull || this.#framesWaiting > FRAMES_WAITING_MAX) this.#socket.pause();
    else this.#socket.resume();
  }

  #hear(): void {
    this.#heardAtMs = this.#handlers.clock();
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#hear();
    if (this.#ended) return;
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
    if (isBinary) {
      this.#receiveFrame(bytes);
      return;
    }
    if (bytes.length > MESSAGE_MAX_BYTES) {
      this.end("tooMuch", `A message has ${bytes.length} bytes, at most ${MESSAGE_MAX_BYTES} are taken`);
      return;
    }
    if (!this.#messages.take(this.#heardAtMs)) {
      this.end("tooMuch", `More than ${MESSAGES.perS} messages a second`);
      return;
    }
    const message = readMessage(bytes);
    if (message === null) {
      this.end("malformed", "A message does not fit the contract");
      return;
    }
    this.#dispatch(message);
  }

  #receiveFrame(bytes: Buffer): void {
    if (!this.#greeted) {
      this.end("unauthorized", "A frame came before the hello");
      return;
    }
    this.#framesWaiting++;
    this.#throttle();
    this.#inOrder(async () => {
      try {
        await this.#handlers.frame(bytes, this);
      } finally {
        this.#framesWaiting--;
        this.#throttle();
      }
    });
  }

  #dispatch(message: AgentMessage): void {
    switch (message.type) {
      case "enrol":
        if (this.#greeted) {
          this.end("malformed", "Enrolment comes first");
          return;
        }
        {
          this.#greet(message, () => this.#handlers.enrol(message, this));
          return;
        }
      case "hello":
        if (this.#greeted) {
          this.end("malformed", "A second hello came");
          return;
        }
        this.#greeted = true;
        this.outboxId = message.outboxId;
        this.networks = message.networks;
        {
          this.#greet(message, () => this.#hello(message));
          return;
        }
      case "stats":
        if (this.agent) this.stats = message.stats;
        {
          this.#later(message);
          return;
        }
      case "refusal":
      case "scanProgress":
      case "replies": {
        this.#later(message);
        return;
      }
    }
  }

  #greet({ contract, program }: { contract: number; program: string }, greeting: () => Promise<void>): void {
    if (contract === CONTRACT_VERSION) {
      this.#inOrder(greeting);
      return;
    }
    this.end("contract", `${program} speaks contract ${contract}, this server ${CONTRACT_VERSION}: update the older one`);
  }

  async #hello(message: Hello): Promise<void> {
    this.skew.measure(message.agentNowMs, this.#handlers.clock());
    const agent = await this.#handlers.hello(message, this);
    if (agent === null) {
      this.end("unauthorized", "The agent's key is not known or was revoked");
      return;
    }
    this.#cancelHello();
  }

  #later(message: LaterMessage): void {
    if (!this.#greeted) {
      this.end("unauthorized", "A message came before the hello");
      return;
    }
    this.#inOrder(() => {
      if (this.agent) this.#handlers.message(message, this);
      return Promise.resolve();
    });
  }

  /** One after the other, in the order of arrival; what is left when the connection has ended is not done. */
  #inOrder(work: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#ended) return;
      try {
        await work();
      } catch (error) {
        if (error instanceof ContractError) this.end("malformed", error.message);
        else this.#handlers.failed(error, this);
      }
    });
  }

  #checkPulse(silentMs: number): void {
    if (this.#handlers.clock() - this.#heardAtMs <= silentMs || this.#socket.isPaused) {
      this.#socket.ping();
      return;
    }
    this.#handlers.cutOff("silent", this, `Nothing heard for ${silentMs} ms`);
    this.terminate();
  }

  #socketFailed(error: Error & { code?: string }): void {
    if (error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") this.#handlers.cutOff("tooMuch", this, error.message);
    else if (error.code?.startsWith("WS_ERR")) this.#handlers.cutOff("malformed", this, error.message);
  }

  #finish(leave: () => void): void {
    this.#closed();
    leave();
  }

  #closed(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelHello();
    this.#endPings();
    this.#handlers.closed(this);
  }
}

function readMessage(bytes: Buffer): AgentMessage | null {
  try {
    return AgentMessage.parse(JSON.parse(bytes.toString()));
  } catch {
    return null; // the caller ends the connection with the reason
  }
}

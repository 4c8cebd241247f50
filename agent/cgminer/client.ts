import { isAscii } from "node:buffer";
import { connect, type Socket } from "node:net";
import type { PollFailure } from "../../server/contract/sample.ts";
import { Deadlines, type Waiting } from "./deadlines.ts";
import { looksWhole } from "./framing.ts";
import { ReplyReader } from "./replyReader.ts";
import { failureOfError } from "./socketErrors.ts";

/** Where to ask, what (the whole request text), and how long to wait. `address` is a literal IP. */
export interface Question {
  readonly address: string;
  readonly port: number;
  readonly request: string;
  readonly connectTimeoutMs: number;
  readonly replyTimeoutMs: number; // from the connection to the whole reply
}

/** The text of a whole reply (up to the NUL, the end of the stream, or silence after text that parses), or why there is none. */
export type Answer =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly failure: PollFailure;
      readonly detail: string; // one sentence for the operator, without the address
      readonly answered: boolean; // something came back, if only a refusal
      readonly bytes: Uint8Array | null; // what came, where something came
    };

/** A question under way. */
export interface Asking {
  /** Ends it; its callback is not called any more, also when the answer is there already. */
  abort(): void;
}

export interface Client {
  /** Asks one question on a connection of its own and calls `done` once, never before `ask` returns, together with the other answers of a turn. */
  ask(question: Question, done: (answer: Answer) => void): Asking;
  /** Layouts of replies, shared by all who ask through this client. */
  readonly reader: ReplyReader;
  /** Questions under way. */
  readonly askingCount: number;
  /** Aborts every question under way. */
  close(): void;
}

export interface ClientOptions {
  readonly monotonicMs: () => number;
}

const READ_BUFFER_BYTES = 64 << 10;
export const REPLY_MAX_BYTES = 256 << 10;
/** Some firmware gives neither NUL nor end of stream: text that parses is taken for whole after this silence. */
const IDLE_MS = 500;

const CONNECTING = 1;
const READING = 2;
const DONE = 3;
const HANDED_OVER = 4;
/** Tokens of an exchange's deadlines. */
const CONNECT_DEADLINE = 1;
const REPLY_DEADLINE = 2;
const IDLE_DEADLINE = 3;

/**
 * The only way to TCP 4028. One request per connection, written whole and at once (a miner reads once), nothing half-closed before the answer.
 * Lean on purpose: callbacks, one read buffer for all sockets, done at the NUL rather than at the end of the stream, deadlines in queues.
 *
 * The answers of one turn of the event loop are handed over together once all sockets of that turn have been served. Decoding in between the sockets
 * took 125 µs a poll where this takes 88: each drives the other's code out of the processor's caches, and the miners' side falls asleep meanwhile.
 */
export function createClient({ monotonicMs }: ClientOptions): Client {
  const deadlines = new Deadlines(monotonicMs);
  const underWay = new Set<Exchange>();
  const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  let answered: Exchange[] = [];
  const handOver = (): void => {
    const turn = answered;
    answered = [];
    for (const exchange of turn) exchange.handOver();
  };
  const tools: Tools = {
    deadlines,
    buffer,
    monotonicMs,
    answered(exchange) {
      if (answered.push(exchange) === 1) setImmediate(handOver);
    },
    ended(exchange) {
      underWay.delete(exchange);
      if (underWay.size === 0) deadlines.stop();
    },
  };
  return {
    ask(question, done) {
      const exchange = new Exchange(question, done, tools);
      underWay.add(exchange);
      exchange.start();
      return exchange;
    },
    reader: new ReplyReader(),
    get askingCount() {
      return underWay.size;
    },
    close() {
      for (const exchange of underWay) exchange.abort();
    },
  };
}

/** What all exchanges of one client share. */
interface Tools {
  readonly answered: (exchange: Exchange) => void; // its answer waits to be handed over
  readonly ended: (exchange: Exchange) => void;
  readonly deadlines: Deadlines;
  readonly buffer: Buffer; // what is to last longer than the callback is copied
  readonly monotonicMs: () => number;
}

const NOBODY = (): void => undefined;

class Exchange implements Asking, Waiting {
  private readonly question: Question;
  private readonly tools: Tools;
  private done: (answer: Answer) => void;
  private socket: Socket | null = null;
  private state: number = CONNECTING;
  private answer: Answer | null = null;
  private chunks: Buffer[] | null = null;
  private byteCount = 0;
  private dataAtMs = 0;

  constructor(question: Question, done: (answer: Answer) => void, tools: Tools) {
    this.question = question;
    this.done = done;
    this.tools = tools;
  }

  start(): void {
    const { question, tools } = this;
    const socket = connect({
      host: question.address,
      port: question.port,
      autoSelectFamily: false,
      onread: { buffer: tools.buffer, callback: (byteCount, data) => this.read(byteCount, data) },
    });
    this.socket = socket;
    const streamEnded = (): void => this.streamEnded();
    socket.on("connect", () => this.connected());
    socket.on("error", (error: NodeJS.ErrnoException) => this.broke(error));
    socket.on("end", streamEnded);
    socket.on("close", streamEnded);
    tools.deadlines.add(question.connectTimeoutMs, this, CONNECT_DEADLINE);
  }

  abort(): void {
    if (this.state < DONE) this.leave();
    this.handOver(NOBODY);
  }

  /** Ends what is left of it: the callback gets the answer. */
  handOver(done = this.done): void {
    const { answer } = this;
    if (this.state === HANDED_OVER) return;
    this.state = HANDED_OVER;
    this.answer = null;
    this.done = NOBODY;
    this.tools.ended(this);
    if (answer !== null) done(answer);
  }

  isWaiting(token: number): boolean {
    return this.state === (token === CONNECT_DEADLINE ? CONNECTING : READING);
  }

  expired(token: number): void {
    const { connectTimeoutMs, replyTimeoutMs } = this.question;
    if (token === CONNECT_DEADLINE) this.fail("timeout", `no connection within ${connectTimeoutMs} ms`);
    else if (token === IDLE_DEADLINE) this.idle();
    else if (this.byteCount === 0) this.fail("timeout", `took the connection and sent nothing within ${replyTimeoutMs} ms`);
    else this.finishPartial("timeout", `sent ${this.byteCount} bytes and no end of the reply within ${replyTimeoutMs} ms`);
  }

  private connected(): void {
    if (this.state !== CONNECTING) return;
    this.state = READING;
    this.socket?.write(this.question.request, "latin1"); // not before: a write that waits for the connection costs Node two listeners more
    this.tools.deadlines.add(this.question.replyTimeoutMs, this, REPLY_DEADLINE);
  }

  private read(byteCount: number, data: Uint8Array): boolean {
    if (this.state >= DONE) return true;
    const end = data.indexOf(0);
    const isWhole = end >= 0 && end < byteCount;
    const length = isWhole ? end : byteCount;
    if (isWhole && this.byteCount === 0 && length > 0) this.succeed(decode(this.tools.buffer, length));
    else this.keep(length, isWhole);
    return true;
  }

  private keep(length: number, isWhole: boolean): void {
    if (this.byteCount === 0 && !isWhole) this.tools.deadlines.add(IDLE_MS, this, IDLE_DEADLINE);
    if (length > 0) (this.chunks ??= []).push(Buffer.from(this.tools.buffer.subarray(0, length)));
    this.byteCount += length;
    this.dataAtMs = this.tools.monotonicMs();
    if (this.byteCount > REPLY_MAX_BYTES) this.fail("undecodable", `reply is longer than ${REPLY_MAX_BYTES} bytes`);
    else if (isWhole) this.finish();
  }

  private idle(): void {
    const silentMs = this.tools.monotonicMs() - this.dataAtMs;
    if (silentMs >= IDLE_MS && looksWhole(this.text())) this.succeed(this.text());
    else this.tools.deadlines.add(Math.max(IDLE_MS - silentMs, IDLE_MS / 5), this, IDLE_DEADLINE);
  }

  private broke(error: NodeJS.ErrnoException): void {
    if (this.state >= DONE) return;
    if (this.byteCount > 0) {
      this.finishPartial("truncated", `connection broke after ${this.byteCount} bytes`);
      return;
    }
    const { failure, detail, answered } = failureOfError(error, this.state === READING);
    this.fail(failure, detail, answered);
  }

  private streamEnded(): void {
    if (this.state < DONE) this.finish();
  }

  /** The miner has sent all that it will send. */
  private finish(): void {
    if (this.byteCount > 0) this.succeed(this.text());
    else this.fail("closed", "took the connection and ended it without an answer: not allowed for this address, busy, or restarting", true);
  }

  private finishPartial(failure: PollFailure, detail: string): void {
    const text = this.text();
    if (looksWhole(text)) this.succeed(text);
    else this.fail(failure, detail);
  }

  private succeed(text: string): void {
    this.answerWith({ ok: true, text });
  }

  private fail(failure: PollFailure, detail: string, answered = this.byteCount > 0): void {
    const bytes = this.chunks === null ? null : Buffer.concat(this.chunks);
    this.answerWith({ ok: false, failure, detail, answered, bytes });
  }

  private answerWith(answer: Answer): void {
    this.leave();
    this.answer = answer;
    this.tools.answered(this);
  }

  /** A deadline may hold the exchange long after it has ended, so it lets go of all that hangs on it: the socket, the bytes, then the callback. */
  private leave(): void {
    this.state = DONE;
    this.socket?.destroy();
    this.socket = null;
    this.chunks = null;
  }

  private text(): string {
    const bytes = this.chunks === null ? Buffer.alloc(0) : Buffer.concat(this.chunks);
    return decode(bytes, bytes.length);
  }
}

/** Text of the first `length` bytes; what is no UTF-8 becomes U+FFFD (malformation 9). The ASCII path is the common and the cheap one. */
function decode(buffer: Buffer, length: number): string {
  const bytes = buffer.subarray(0, length);
  return isAscii(bytes) ? buffer.toString("latin1", 0, length) : buffer.toString("utf8", 0, length);
}

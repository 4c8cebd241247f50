import type { PollFailure } from "../../server/contract/sample.ts";
import { Deadlines, type DeadlineClock } from "./deadlines.ts";
import { looksWhole, textOfReply } from "./framing.ts";
import { Lines, type Line, type LineHolder } from "./line.ts";
import { ReplyReader } from "./replyReader.ts";
import { ReplySlab } from "./replySlab.ts";
import { failureOfError } from "./socketErrors.ts";

/** Where to ask, what (the whole request text), and how long to wait. `address` is a literal IP. */
export interface Question {
  readonly address: string;
  readonly port: number;
  readonly request: string;
  readonly connectTimeoutMs: number;
  readonly replyTimeoutMs: number; // from the connection to the whole reply
}

/** A whole reply (up to the NUL, the end of the stream, or silence after text that parses), or why there is none. */
export type Answer =
  | {
      readonly ok: true;
      readonly text: string;
      readonly bytes?: Buffer; // of the text, where they are at hand; they are used again once the callback has returned
    }
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

const READ_BUFFER_BYTES = 64 << 10;
export const REPLY_MAX_BYTES = 256 << 10;
/** Some firmware gives neither NUL nor end of stream: text that parses is taken for whole after this silence. */
const IDLE_MS = 500;

const CONNECTING = 1;
const READING = 2;
const DONE = 3;
const HANDED_OVER = 4;

/**
 * The only way to TCP 4028. One request per connection, written whole and at once (a miner reads once), nothing half-closed before the answer.
 * Lean on purpose: callbacks, sockets that are used again, one read buffer for all, done at the NUL rather than at the end of the stream, deadlines
 * in queues.
 *
 * The answers of one turn of the event loop are handed over together once all sockets of that turn have closed. Decoding in between the sockets
 * took 125 µs a poll where this takes 88: each drives the other's code out of the processor's caches, and the miners' side falls asleep meanwhile.
 */
export function createClient(clock: DeadlineClock): Client {
  const deadlines = new Deadlines(clock);
  const underWay = new Set<Exchange>();
  const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  const slab = new ReplySlab();
  let answered: Exchange[] = [];
  let closingCount = 0;
  const closed = (): void => {
    if (--closingCount > 0) return;
    const turn = answered;
    answered = [];
    for (const exchange of turn) exchange.handOver();
    slab.clear();
  };
  const tools: Tools = {
    deadlines,
    lines: new Lines(buffer),
    buffer,
    slab,
    monotonicMs: () => clock.monotonicMs(),
    closed,
    answered(exchange) {
      closingCount++;
      answered.push(exchange);
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
  readonly answered: (exchange: Exchange) => void; // its answer waits to be handed over, until its line and those of the same turn have closed
  readonly closed: () => void; // the line of one that was answered
  readonly ended: (exchange: Exchange) => void;
  readonly deadlines: Deadlines;
  readonly lines: Lines;
  readonly buffer: Buffer; // what is to last longer than the callback is copied
  readonly slab: ReplySlab;
  readonly monotonicMs: () => number;
}

/** A whole reply; its text is made when it is asked for, which for most is never. */
class Reply {
  readonly ok = true;
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get text(): string {
    return textOfReply(this.bytes);
  }
}

const NOTHING = (): void => undefined;

class Exchange implements Asking, LineHolder {
  private readonly question: Question;
  private readonly tools: Tools;
  private readonly line: Line;
  private done: (answer: Answer) => void;
  private state: number = CONNECTING;
  private answer: Answer | null = null;
  private chunks: Buffer[] | null = null;
  private byteCount = 0;
  private dataAtMs = 0;

  constructor(question: Question, done: (answer: Answer) => void, tools: Tools) {
    this.question = question;
    this.done = done;
    this.tools = tools;
    this.line = tools.lines.take();
  }

  start(): void {
    this.line.connect(this.question, this);
    this.tools.deadlines.start(this.line.deadline, this.question.connectTimeoutMs);
  }

  abort(): void {
    if (this.state < DONE) this.leave({ isReusable: false, closed: NOTHING });
    this.handOver(NOTHING);
  }

  /** Ends what is left of it: the callback gets the answer. */
  handOver(done = this.done): void {
    const { answer } = this;
    if (this.state === HANDED_OVER) return;
    this.state = HANDED_OVER;
    this.answer = null;
    this.tools.ended(this);
    if (answer !== null) done(answer);
  }

  late(): void {
    const { connectTimeoutMs, replyTimeoutMs } = this.question;
    if (this.state === CONNECTING) this.fail("timeout", `no connection within ${connectTimeoutMs} ms`);
    else if (this.byteCount === 0) this.fail("timeout", `took the connection and sent nothing within ${replyTimeoutMs} ms`);
    else this.finishPartial("timeout", `sent ${this.byteCount} bytes and no end of the reply within ${replyTimeoutMs} ms`);
  }

  connected(): void {
    this.state = READING;
    this.line.write(this.question.request); // not before: a write that waits for the connection costs Node two listeners more
    this.tools.deadlines.start(this.line.deadline, this.question.replyTimeoutMs);
  }

  read(byteCount: number): void {
    const end = this.tools.buffer.indexOf(0);
    const isWhole = end >= 0 && end < byteCount;
    const length = isWhole ? end : byteCount;
    if (isWhole && this.byteCount === 0 && length > 0) this.succeed(this.tools.slab.copy(this.tools.buffer, length));
    else this.keep(length, isWhole);
  }

  private keep(length: number, isWhole: boolean): void {
    if (this.byteCount === 0 && !isWhole) this.tools.deadlines.start(this.line.idleness, IDLE_MS);
    if (length > 0) (this.chunks ??= []).push(Buffer.from(this.tools.buffer.subarray(0, length)));
    this.byteCount += length;
    this.dataAtMs = this.tools.monotonicMs();
    if (this.byteCount > REPLY_MAX_BYTES) this.fail("undecodable", `reply is longer than ${REPLY_MAX_BYTES} bytes`);
    else if (isWhole) this.finish();
  }

  idle(): void {
    const silentMs = this.tools.monotonicMs() - this.dataAtMs;
    if (silentMs >= IDLE_MS && looksWhole(textOfReply(this.bytes()))) this.succeed(this.bytes());
    else this.tools.deadlines.start(this.line.idleness, Math.max(IDLE_MS - silentMs, IDLE_MS / 5));
  }

  broke(error: NodeJS.ErrnoException): void {
    if (this.byteCount > 0) {
      this.finishPartial("truncated", `connection broke after ${this.byteCount} bytes`);
      return;
    }
    const { failure, detail, answered } = failureOfError(error, this.state === READING);
    this.fail(failure, detail, answered);
  }

  ended(): void {
    this.finish();
  }

  /** The miner has sent all that it will send. */
  private finish(): void {
    if (this.byteCount > 0) this.succeed(this.bytes());
    else this.fail("closed", "took the connection and ended it without an answer: not allowed for this address, busy, or restarting", true);
  }

  private finishPartial(failure: PollFailure, detail: string): void {
    const bytes = this.bytes();
    if (looksWhole(textOfReply(bytes))) this.succeed(bytes);
    else this.fail(failure, detail);
  }

  private succeed(bytes: Buffer): void {
    this.answerWith(new Reply(bytes));
  }

  private fail(failure: PollFailure, detail: string, answered = this.byteCount > 0): void {
    const bytes = this.chunks === null ? null : Buffer.concat(this.chunks);
    this.answerWith({ ok: false, failure, detail, answered, bytes });
  }

  private answerWith(answer: Answer): void {
    this.answer = answer;
    this.tools.answered(this);
    this.leave({ isReusable: answer.ok, closed: this.tools.closed });
  }

  private leave(how: { readonly isReusable: boolean; readonly closed: () => void }): void {
    this.state = DONE;
    this.chunks = null;
    this.line.leave(how);
  }

  private bytes(): Buffer {
    return Buffer.concat(this.chunks ?? []);
  }
}

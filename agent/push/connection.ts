import type { Logger } from "pino";
import { MESSAGE_MAX_BYTES, type AgentMessage, type AgentStats, type ServerMessage } from "../../server/contract/agentLink.ts";
import { CONTRACT_VERSION } from "../../server/contract/version.ts";
import type { Clock } from "../clock.ts";
import type { AgentKey } from "./agentKey.ts";
import { reconnectDelayMs } from "./backoff.ts";
import { Link, type LinkHandlers } from "./link.ts";
import type { Outbox } from "./outbox.ts";

const STATS_EVERY_MS = 2500;
const WELCOME_TIMEOUT_MS = 10_000;
/** Frames under way without an acknowledgement: enough for the store's second, few enough that a backlog fills neither memory nor the line. */
const WINDOW_FRAMES = 128;
const WINDOW_BYTES = 8 << 20;
/** Handed to the line and not yet gone: little, so that a ping behind it is answered in time on a slow uplink too. */
const LINE_MAX_BYTES = 256 << 10;
const FLUSH_POLL_MS = 20;
/** A connection that ends sooner counts as a failed attempt, so that two agents with one key do not drive each other out without end. */
const STABLE_AFTER_MS = 30_000;

/** What the server asks of the agent; the link itself (acknowledgements and the like) is dealt with here. */
export type ServerRequest = Extract<ServerMessage, { type: "ranges" | "settings" | "scan" | "stopScan" | "watch" | "unwatch" | "replies" }>;
export type Welcome = Extract<ServerMessage, { type: "welcome" }>;

export interface ConnectionOptions {
  readonly url: string;
  /** null: not enrolled yet; the code is used first. */
  readonly key: Pick<AgentKey, "agentId" | "key"> | null;
  readonly code: string | null;
  readonly program: string;
  readonly hostname: string;
  readonly allowControl: boolean;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  pollIntervalMs(): number;
  /** Networks that the machine stands in now. */
  networks(): string[];
  stats(): AgentStats;
  /** Keeps the key for the next start; the agent says hello once this has resolved. */
  onEnrolled(key: Pick<AgentKey, "agentId" | "key">): Promise<void>;
  /** The server does not take the code: only an operator can go on from here. */
  onCodeRefused(reason: string): void;
  onWelcome(welcome: Welcome): void;
  onRequest(request: ServerRequest): void;
}

/**
 * The agent's one way to its server: connects, enrols where needed, says hello, sends the outbox in order from the last acknowledged frame on, and
 * comes back by itself, for as long as it is not closed.
 */
export class Connection {
  private readonly options: ConnectionOptions;
  private key: Pick<AgentKey, "agentId" | "key"> | null;
  private link: Link | null = null;
  private welcomed = false;
  private failureCount = 0;
  private welcomedAtMs = Infinity; // monotonic
  private readonly underWay = new Map<number, number>(); // sequence number → bytes
  private underWayBytes = 0;
  private pumping = false;
  private pumpAgain = false;
  private closed = false;
  private cancelRetry: () => void = () => undefined;
  private cancelWelcome: () => void = () => undefined;
  private readonly endStats: () => void;

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.key = options.key;
    this.endStats = options.clock.every(STATS_EVERY_MS, () => this.send({ type: "stats", stats: options.stats() }));
    this.connect();
  }

  get connected(): boolean {
    return this.welcomed;
  }

  /** Sends a message; false when there is no connection or it is beyond the contract's limit: it is lost then. */
  send(message: AgentMessage): boolean {
    if (!this.welcomed || this.link === null) return false;
    if (message.type === "replies" && Buffer.byteLength(JSON.stringify(message)) > MESSAGE_MAX_BYTES) return false;
    this.link.send(message);
    return true;
  }

  /** Sends what is in the outbox, as far as the window allows. */
  pump(): void {
    this.pumpAgain = true;
    if (!this.pumping) void this.pumpOutbox();
  }

  /** Waits until everything is acknowledged, at most `flushMs`, then says goodbye. */
  async close(flushMs: number): Promise<void> {
    const { clock } = this.options;
    const deadlineMs = clock.monotonicMs() + flushMs;
    while (this.welcomed && !(await this.isFlushed()) && clock.monotonicMs() < deadlineMs) {
      await new Promise<void>((resolve) => clock.after(FLUSH_POLL_MS, resolve));
    }
    this.closed = true;
    this.endStats();
    this.cancelRetry();
    this.cancelWelcome();
    await this.link?.close();
  }

  private async isFlushed(): Promise<boolean> {
    return !this.pumping && this.underWay.size === 0 && (await this.options.outbox.isHandedOut());
  }

  private connect(): void {
    const { url, clock } = this.options;
    this.cancelWelcome = clock.after(WELCOME_TIMEOUT_MS, () => void this.link?.close());
    const handlers: LinkHandlers = {
      onOpen: () => this.introduce(link),
      onMessage: (message) => this.receive(message, link),
      onClose: (reason) => this.lost(reason),
      onDrain: () => this.pump(),
    };
    const link = new Link(url, handlers, clock);
    this.link = link;
  }

  private introduce(link: Link): void {
    const { program, hostname, code, outbox, allowControl } = this.options;
    const greeting = { contract: CONTRACT_VERSION, program, hostname };
    if (this.key === null) {
      link.send({ type: "enrol", ...greeting, code: code ?? "" });
      return;
    }
    const { agentId, key } = this.key;
    const pollIntervalMs = this.options.pollIntervalMs();
    const agentNowMs = this.options.clock.nowMs();
    const networks = this.options.networks();
    link.send({ type: "hello", ...greeting, agentId, key, outboxId: outbox.id, agentNowMs, pollIntervalMs, allowControl, networks });
  }

  private receive(message: ServerMessage, link: Link): void {
    switch (message.type) {
      case "enrolled":
        this.run(this.enrolled(message, link));
        break;
      case "welcome":
        this.run(this.welcome(message, link));
        break;
      case "ack":
        this.run(this.acknowledged(message));
        break;
      case "refused":
        this.run(this.refused(message));
        break;
      case "error":
        this.failed(message);
        break;
      case "ranges":
      case "settings":
      case "scan":
      case "stopScan":
      case "watch":
      case "unwatch":
      case "replies":
        this.options.onRequest(message);
    }
  }

  /** A disk that fails in the middle is a reason to begin again with a new connection, not to stop polling. */
  private run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.options.log.error({ err: error }, "message of the server could not be dealt with");
      void this.link?.close();
    });
  }

  /** The key is on disk before it is used: a crash in between costs a new code, not an agent that nobody can reach. */
  private async enrolled({ agentId, key }: { agentId: string; key: string }, link: Link): Promise<void> {
    this.key = { agentId, key };
    try {
      await this.options.onEnrolled(this.key);
    } catch (error) {
      this.options.log.error({ err: error }, "the agent's key cannot be stored");
    }
    this.options.log.info({ agentId }, "enrolled");
    this.failureCount = -1; // comes back at once to say hello
    await link.close();
  }

  private async welcome(message: Welcome, link: Link): Promise<void> {
    this.cancelWelcome();
    await this.options.outbox.rewind(message.lastSeq);
    if (this.link !== link) return;
    this.underWay.clear();
    this.underWayBytes = 0;
    this.welcomed = true;
    this.welcomedAtMs = this.options.clock.monotonicMs();
    this.options.log.info({ agentName: message.agentName, server: message.program, lastSeq: message.lastSeq }, "connected");
    this.options.onWelcome(message);
    this.send({ type: "stats", stats: this.options.stats() });
    this.pump();
  }

  private async acknowledged({ outboxId, seq }: { outboxId: string; seq: number }): Promise<void> {
    if (outboxId !== this.options.outbox.id) return;
    await this.options.outbox.acknowledge(seq);
    for (const sentSeq of [...this.underWay.keys()]) if (sentSeq <= seq) this.arrived(sentSeq);
    this.pump();
  }

  private async refused({ outboxId, seq, reason }: { outboxId: string; seq: number; reason: string }): Promise<void> {
    if (outboxId !== this.options.outbox.id) return;
    this.options.log.error({ seq, reason }, "server refused a frame: it is kept aside");
    await this.options.outbox.refuse(seq, reason);
    this.arrived(seq);
    this.pump();
  }

  private failed({ code, message }: { code: string; message: string }): void {
    this.options.log.error({ code, detail: message }, "server ends the connection");
    if (this.key === null && code === "unauthorized") this.options.onCodeRefused(message);
  }

  private arrived(seq: number): void {
    this.underWayBytes -= this.underWay.get(seq) ?? 0;
    this.underWay.delete(seq);
  }

  private async pumpOutbox(): Promise<void> {
    this.pumping = true;
    try {
      while (this.pumpAgain) {
        this.pumpAgain = false;
        while (this.hasRoom() && (await this.sendNext()));
      }
    } catch (error) {
      this.options.log.error({ err: error }, "outbox cannot be read");
    } finally {
      this.pumping = false;
    }
  }

  private hasRoom(): boolean {
    if (!this.welcomed || this.link === null || this.link.bufferedBytes > LINE_MAX_BYTES) return false;
    return this.underWay.size < WINDOW_FRAMES && this.underWayBytes < WINDOW_BYTES;
  }

  private async sendNext(): Promise<boolean> {
    const link = this.link;
    const record = await this.options.outbox.next();
    // A connection lost meanwhile means a rewind before the next one: the record comes again.
    if (record === null || link !== this.link || !this.welcomed) return false;
    this.underWay.set(record.seq, record.payload.length);
    this.underWayBytes += record.payload.length;
    link?.sendFrame(record.payload);
    return true;
  }

  private lost(reason: string): void {
    this.cancelWelcome();
    this.link = null;
    this.welcomed = false;
    if (this.closed) return;
    const delayMs = this.nextDelayMs();
    if (delayMs > 0) this.options.log.warn({ reason, delayMs }, "not connected to the server");
    this.cancelRetry = this.options.clock.after(delayMs, () => this.connect());
  }

  private nextDelayMs(): number {
    if (this.options.clock.monotonicMs() - this.welcomedAtMs > STABLE_AFTER_MS) this.failureCount = 0;
    this.welcomedAtMs = Infinity;
    const delayMs = this.failureCount < 0 ? 0 : reconnectDelayMs(this.failureCount, this.options.random);
    this.failureCount++;
    return delayMs;
  }
}

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import { systemClock, type Timers } from "../clock.ts";
import { FRAME_MAX_BYTES, type AgentMessage, type FrameBody } from "../contract/agentLink.ts";
import type { Agent, Replies, Scan } from "../contract/api.ts";
import { CONTRACT_VERSION } from "../contract/version.ts";
import { ContractError } from "../errors.ts";
import type { Backfill } from "../fleet/backfill.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { AgentLinkPort, AgentRecord, DirectoryPort } from "../fleet/ports.ts";
import type { AppendBatch, Store } from "../store/store.ts";
import { AgentConnection, type ConnectionHandlers, type ConnectionTimes, type Enrol, type Hello } from "./agentConnection.ts";
import { Appender, type MalformedReply } from "./appender.ts";
import { countPoll, createCounters, type IngestCounters } from "./counters.ts";
import { countSamples, readFrameBody, readFrameHeader, type FrameHeader } from "./frame.ts";
import { Gate } from "./gate.ts";
import { ReplyRequests } from "./replyRequests.ts";
import { Scans } from "./scans.ts";
import { Watches } from "./watches.ts";

export interface IngestParts {
  readonly fleet: Pick<
    Fleet,
    "agentAlive" | "agentFacts" | "takeSample" | "takeFailure" | "takeIdentity" | "minerKeyAt" | "whereIs" | "flush"
  >;
  readonly directory: DirectoryPort;
  readonly backfill: Pick<Backfill, "note" | "flush" | "stored">;
  readonly store: Pick<Store, "append" | "saveMalformed" | "lastSeq">;
  readonly clock: () => number; // epoch ms
  readonly timers?: Timers; // the system's where nothing else is said
  readonly log: Logger;
  readonly program: string; // name and version, as agents log it
  readonly times?: Partial<ConnectionTimes & { repliesMs: number; appendMs: number }>;
}

const TIMES = { helloMs: 5000, pingMs: 5000, silentMs: 15_000, repliesMs: 10_000, appendMs: 1000 };
/** How long an agent may take to answer the goodbye of a server that stops. */
const GOODBYE_MS = 2000;

/** What one outbox has sent: taken into the live state, and on disk. */
interface OutboxState {
  takenSeq: number;
  diskSeq: number;
}
/** The server side of the agent link. Give `handleUpgrade` the upgrades of the http server for /agent/v1. */
export function createIngest(parts: IngestParts): Ingest {
  return new Ingest(parts);
}

export class Ingest implements AgentLinkPort {
  readonly counters: IngestCounters = createCounters();
  readonly #parts: IngestParts;
  readonly #times: typeof TIMES;
  readonly #timers: Timers;
  readonly #wss = new WebSocketServer({ noServer: true, maxPayload: FRAME_MAX_BYTES, perMessageDeflate: false });
  readonly #connections = new Set<AgentConnection>();
  readonly #byAgent = new Map<string, AgentConnection>();
  readonly #lastOf = new Map<string, AgentConnection>();
  readonly #outboxes = new Map<string, OutboxState>();
  readonly #appender: Appender;
  readonly #scans = new Scans();
  readonly #watches: Watches;
  readonly #requests: ReplyRequests;
  readonly #gate = new Gate();
  readonly #droppedByAgent = new Map<string, number>();
  readonly #unlisten: () => void;
  #closing = false;

  constructor(parts: IngestParts) {
    this.#parts = parts;
    this.#times = { ...TIMES, ...parts.times };
    this.#timers = parts.timers ?? systemClock;
    this.#requests = new ReplyRequests(this.#times.repliesMs, this.#timers);
    this.#appender = new Appender({
      ...parts,
      timers: this.#timers,
      counters: this.counters,
      appendMs: this.#times.appendMs,
      before: () => Promise.all([parts.fleet.flush(), parts.backfill.flush()]),
      onStored: (ack) => this.#stored(ack),
      after: () => parts.backfill.stored(),
      onPressure: (full) => this.#byAgent.forEach((connection) => connection.setPressure(full)),
    });
    this.#watches = new Watches((id, type) => this.#sendWatch(id, type), this.#timers);
    this.#unlisten = parts.directory.onChange((change) => {
      if (change.kind === "range") this.#byAgent.get(change.agentId)?.send({ type: "ranges", ranges: this.#rangesOf(change.agentId) });
      else if (change.kind === "settings")
        this.#byAgent.forEach((connection) => connection.send({ type: "settings", settings: this.#settings() }));
      else if (change.kind === "agent" && this.#isGone(change.id)) this.disconnect(change.id);
    });
  }

  /** Takes over an upgrade of the http server, or turns it away with a status. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = request.socket.remoteAddress ?? "";
    const refusal = this.#refusalOf(request, address);
    if (refusal !== null) {
      turnAway(socket, refusal);
      return;
    }
    this.#wss.handleUpgrade(request, socket, head, (ws) => {
      const connection = new AgentConnection(ws, address, { times: this.#times, handlers: { ...this.#handlers, timers: this.#timers } });
      this.#connections.add(connection);
      connection.setPressure(this.#appender.full);
    });
  }

  /** False while samples cannot be stored, or are far behind. */
  healthy(): boolean {
    return this.#appender.healthy(this.#parts.clock());
  }

  /** Ends every connection after what they sent is on disk and acknowledged. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#unlisten();
    this.#watches.close();
    await this.#appender.close();
    for (const connection of [...this.#connections]) connection.close();
    const gone = this.#everyoneGone();
    this.#requests.cancel();
    this.#wss.close();
    await gone;
  }

  /** An agent that hangs does not answer the goodbye, and must not keep the server from stopping. */
  async #everyoneGone(): Promise<void> {
    const clients = [...this.#wss.clients];
    const limit = setTimeout(() => clients.forEach((client) => client.terminate()), GOODBYE_MS);
    await Promise.all(clients.map((client) => new Promise((resolve) => client.once("close", resolve))));
    clearTimeout(limit);
  }

  /* AgentLinkPort */

  describe(agent: AgentRecord, nowMs: number): Agent {
    const online = this.#byAgent.get(agent.id);
    const last = online ?? this.#lastOf.get(agent.id);
    const { newestSampleAtMs, minerCount, lastFrameAtMs } = this.#parts.fleet.agentFacts(agent.id);
    const waiting = agent.enrolledAtMs === null && !agent.embedded;
    const { id, siteId, name, embedded, program, hostname, codeExpiresAtMs } = agent;
    return {
      ...{ id, siteId, name, embedded, program, hostname, newestSampleAtMs, minerCount, lastFrameAtMs },
      state: agent.revoked ? "revoked" : online ? "online" : waiting ? "waiting" : "offline",
      connectedSinceMs: online?.connectedAtMs ?? null,
      skewMs: last?.skew.skewMs ?? null,
      remoteAddress: last?.remoteAddress ?? null,
      stats: last?.stats ?? null,
      networks: [...(last?.networks ?? [])],
      codeExpiresAtMs: codeExpiresAtMs !== null && codeExpiresAtMs > nowMs ? codeExpiresAtMs : null,
    };
  }

  startScan(agentId: string, ranges: string[] | null): Promise<Scan | null> {
    const connection = this.#byAgent.get(agentId);
    if (!connection) return Promise.resolve(null);
    const scan = this.#scans.start(agentId, this.#parts.clock());
    connection.send({ type: "scan", scanId: scan.id, ranges });
    return Promise.resolve(scan);
  }

  stopScan(scanId: string): Scan | null {
    const scan = this.#scans.stop(scanId, this.#parts.clock());
    if (scan?.state === "stopped") this.#byAgent.get(scan.agentId)?.send({ type: "stopScan", scanId });
    return scan;
  }

  scan(scanId: string): Scan | null {
    return this.#scans.get(scanId);
  }

  scans(): readonly Scan[] {
    return this.#scans.all();
  }

  async fetchReplies(minerId: string): Promise<Replies | null> {
    const where = this.#parts.fleet.whereIs(minerId);
    const connection = where && this.#byAgent.get(where.agentId);
    if (!where || !connection) return null;
    const { agentId, address, port } = where;
    const message = await this.#requests.ask(agentId, (requestId) => connection.send({ type: "replies", requestId, address, port }));
    return message && { fetchedAtMs: this.#parts.clock(), replies: message.replies };
  }

  watch(minerId: string): () => void {
    return this.#watches.add(minerId);
  }

  disconnect(agentId: string): void {
    this.#byAgent.get(agentId)?.end("unauthorized", "The agent was revoked or removed");
  }

  /* Connections */

  readonly #handlers: Omit<ConnectionHandlers, "timers"> = {
    clock: () => this.#parts.clock(),
    enrol: (message, connection) => this.#enrol(message, connection),
    hello: (message, connection) => this.#hello(message, connection),
    message: (message, connection) => this.#message(message, connection),
    frame: (bytes, connection) => this.#frame(bytes, connection),
    closed: (connection) => this.#closed(connection),
    cutOff: (code, connection, detail) => {
      this.counters.cutOff[code]++;
      const { remoteAddress, agent } = connection;
      this.#parts.log.warn({ code, detail, remoteAddress, agentId: agent?.id ?? null }, "agent connection is cut off");
    },
    failed: (error, { agent }) =>
      this.#parts.log.error({ err: error, agentId: agent?.id ?? null }, "agent message could not be dealt with"),
  };

  #refusalOf(request: IncomingMessage, address: string): string | null {
    if (this.#closing) return "503 Service Unavailable";
    if (request.headers.origin !== undefined) return "403 Forbidden"; // browsers have no business here
    const strangers = [...this.#connections].filter((connection) => connection.agent === null);
    if (this.#gate.admits(address, strangers, this.#parts.clock())) return null;
    this.counters.cutOff.tooMuch++;
    return "429 Too Many Requests";
  }

  async #enrol({ code, hostname, program }: Enrol, connection: AgentConnection): Promise<void> {
    const enrolled = await this.#parts.directory.enrol(code, { hostname, program });
    if (enrolled !== null) {
      connection.send({ type: "enrolled", ...enrolled });
      return;
    }
    this.#gate.countWrongKey(connection.remoteAddress, this.#parts.clock());
    connection.end("unauthorized", "The code is not known, was used before or has expired");
  }

  async #hello(message: Hello, connection: AgentConnection): Promise<AgentRecord | null> {
    const { directory, store, clock, program, fleet } = this.#parts;
    const agent = (await directory.checkAgentKey(message.agentId, message.key)) ? directory.agent(message.agentId) : null;
    if (agent === null) {
      this.#gate.countWrongKey(connection.remoteAddress, this.#parts.clock());
      return null;
    }
    const outbox = await this.#outboxOf(agent.id, message.outboxId, store);
    if (!connection.isOpen || this.#isGone(agent.id)) return null;
    this.#byAgent.get(agent.id)?.end("replaced", "The agent connected anew");
    connection.agent = agent;
    this.#byAgent.set(agent.id, connection);
    this.#lastOf.set(agent.id, connection);
    fleet.agentAlive(agent.id, clock(), message.pollIntervalMs);
    directory
      .noteAgent(agent.id, { hostname: message.hostname, program: message.program })
      .catch((err: unknown) => this.#parts.log.error({ err, agentId: agent.id }, "what an agent said of itself could not be stored"));
    const settings = this.#settings();
    const ranges = this.#rangesOf(agent.id);
    const { agentNowMs } = message;
    connection.send({
      ...{ type: "welcome", contract: CONTRACT_VERSION, program, agentName: agent.name, serverNowMs: clock(), agentNowMs },
      ...{ lastSeq: outbox.diskSeq, ranges, settings },
    });
    this.#watches.renew();
    this.#parts.log.info({ agentId: agent.id, agentProgram: message.program, remoteAddress: connection.remoteAddress }, "agent connected");
    return agent;
  }

  async #outboxOf(agentId: string, outboxId: string, store: IngestParts["store"]): Promise<OutboxState> {
    const key = `${agentId} ${outboxId}`;
    const known = this.#outboxes.get(key);
    if (known) return known;
    const seq = await store.lastSeq(agentId, outboxId);
    const state = this.#outboxes.get(key) ?? { takenSeq: seq, diskSeq: seq };
    this.#outboxes.set(key, state);
    return state;
  }

  #closed(connection: AgentConnection): void {
    this.#connections.delete(connection);
    const { agent } = connection;
    if (agent === null || this.#byAgent.get(agent.id) !== connection) return;
    this.#byAgent.delete(agent.id);
    this.#scans.agentLeft(agent.id, this.#parts.clock());
    this.#requests.cancel(agent.id);
    this.#parts.log.info({ agentId: agent.id }, "agent disconnected");
  }

  #isGone(agentId: string): boolean {
    const agent = this.#parts.directory.agent(agentId);
    return agent === null || agent.revoked;
  }

  #rangesOf(agentId: string): string[] {
    return this.#parts.directory.ranges(agentId).map(({ range }) => range);
  }

  #settings(): { pollIntervalMs: number | null } {
    return { pollIntervalMs: this.#parts.directory.settings().pollIntervalMs };
  }

  #message(message: Exclude<AgentMessage, Hello | Enrol>, connection: AgentConnection): void {
    const { agent } = connection;
    if (agent === null) return;
    const nowMs = this.#parts.clock();
    switch (message.type) {
      case "stats":
        connection.skew.measure(message.stats.agentNowMs, nowMs);
        this.#countDropped(agent.id, message.stats.droppedSampleCount);
        {
          this.#parts.fleet.agentAlive(agent.id, nowMs, message.stats.pollIntervalMs);
          return;
        }
      case "refusal": {
        this.#parts.log.warn({ agentId: agent.id, what: message.what, target: message.target, reason: message.reason }, "agent refused");
        return;
      }
      case "scanProgress": {
        this.#scans.progress(agent.id, message, nowMs);
        return;
      }
      case "replies":
        this.#requests.answer(agent.id, message);
        return;
    }
  }

  /** The agent counts since its outbox was made; a smaller count is a new outbox. */
  #countDropped(agentId: string, droppedSampleCount: number): void {
    const before = this.#droppedByAgent.get(agentId) ?? droppedSampleCount;
    this.counters.samples.dropped += droppedSampleCount >= before ? droppedSampleCount - before : droppedSampleCount;
    this.#droppedByAgent.set(agentId, droppedSampleCount);
  }

  #sendWatch(minerId: string, type: "watch" | "unwatch"): void {
    const where = this.#parts.fleet.whereIs(minerId);
    if (where) this.#byAgent.get(where.agentId)?.send({ type, address: where.address, port: where.port });
  }

  /* Frames */

  async #frame(bytes: Buffer, connection: AgentConnection): Promise<void> {
    const header = readFrameHeader(bytes);
    const { agent } = connection;
    if (agent === null || header.outboxId !== connection.outboxId) throw new ContractError("Frame of another outbox than the hello named");
    this.#parts.fleet.agentAlive(agent.id, this.#parts.clock());
    const outbox = await this.#outboxOf(agent.id, header.outboxId, this.#parts.store);
    if (header.seq <= outbox.takenSeq) return this.#repeated(bytes, { header, outbox, connection });
    const body = await this.#bodyOf(bytes, { header, outbox, connection });
    if (body === null) return;
    outbox.takenSeq = header.seq;
    this.#take(body, { header, agent, connection });
  }

  /** It is in already: acknowledged as far as the disk has it, stored no second time. */
  async #repeated(
    bytes: Buffer,
    { header, outbox, connection }: { header: FrameHeader; outbox: OutboxState; connection: AgentConnection },
  ): Promise<void> {
    this.counters.samples.duplicate += await countSamples(bytes);
    if (header.seq <= outbox.diskSeq) connection.send({ type: "ack", outboxId: header.outboxId, seq: outbox.diskSeq });
  }

  async #bodyOf(
    bytes: Buffer,
    { header, outbox, connection }: { header: FrameHeader; outbox: OutboxState; connection: AgentConnection },
  ): Promise<FrameBody | null> {
    try {
      return await readFrameBody(bytes);
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      outbox.takenSeq = header.seq;
      this.counters.samples.refused += await countSamples(bytes);
      const { seq, outboxId } = header;
      this.#parts.log.warn({ agentId: connection.agent?.id, seq, reason: error.message }, "frame refused");
      connection.send({ type: "refused", outboxId, seq, reason: error.message });
      return null;
    }
  }

  /** Feeds the live state at once; the store gets it within a second, and only then the agent hears that it is safe. */
  #take(body: FrameBody, { header, agent, connection }: { header: FrameHeader; agent: AgentRecord; connection: AgentConnection }): void {
    const samples: AppendBatch["samples"] = [];
    const malformed: MalformedReply[] = [];
    for (const entry of body.entries) {
      try {
        this.#takeEntry(entry, { agent, connection, samples, malformed });
      } catch (error) {
        if (entry.kind === "sample") this.counters.samples.refused++;
        this.#parts.log.error({ err: error, agentId: agent.id, address: entry.address }, "entry could not be taken in");
      }
    }
    this.#appender.add(samples, malformed, { agentId: agent.id, ...header });
  }

  #takeEntry(
    entry: FrameBody["entries"][number],
    to: { agent: AgentRecord; connection: AgentConnection; samples: AppendBatch["samples"]; malformed: MalformedReply[] },
  ): void {
    const { fleet } = this.#parts;
    const at = (agentAtMs: number): { agentId: string; siteId: string; atMs: number } => ({
      agentId: to.agent.id,
      siteId: to.agent.siteId,
      atMs: to.connection.skew.toServerMs(agentAtMs),
    });
    switch (entry.kind) {
      case "sample":
        countPoll(this.counters, "ok", entry.sample.durationMs);
        {
          const { atMs, ...origin } = at(entry.sample.agentAtMs);
          this.#parts.backfill.note(origin, { polledAtMs: atMs, spacingMs: entry.spacingMs, nowMs: this.#parts.clock() });
          to.samples.push(fleet.takeSample(entry, { ...origin, atMs }));
          return;
        }
      case "failure":
        countPoll(this.counters, entry.failure, entry.durationMs);
        {
          fleet.takeFailure(entry, at(entry.agentAtMs));
          return;
        }
      case "identity": {
        fleet.takeIdentity(entry, at(entry.agentAtMs));
        return;
      }
      case "malformedReply": {
        const { atMs, ...agent } = at(entry.agentAtMs);
        const { command, failure, base64 } = entry;
        to.malformed.push({ minerKey: fleet.minerKeyAt(entry, agent), atMs, command, failure, bytes: Buffer.from(base64, "base64") });
      }
    }
  }

  #stored({ agentId, outboxId, seq }: { agentId: string; outboxId: string; seq: number }): void {
    const outbox = this.#outboxes.get(`${agentId} ${outboxId}`);
    if (outbox) outbox.diskSeq = Math.max(outbox.diskSeq, seq);
    const connection = this.#byAgent.get(agentId);
    if (connection?.outboxId === outboxId) connection.send({ type: "ack", outboxId, seq });
  }
}

function turnAway(socket: Duplex, status: string): void {
  socket.on("error", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

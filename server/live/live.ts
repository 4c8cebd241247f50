import type { IncomingMessage, Server as HttpServer } from "node:http";
import type { Logger } from "pino";
import { Server, type Namespace, type Socket } from "socket.io";
import { systemClock, type Timers } from "../clock.ts";
import { LiveSubscribe, LiveWatch, type LiveMiner, type WatchPace } from "../contract/live.ts";
import type { FleetIdentity, LiveIdentity } from "../contract/api.ts";
import type { LiveIncident } from "../contract/incidents.ts";
import type { Backfill } from "../fleet/backfill.ts";
import type { AgentLinkPort, DirectoryPort, FleetPort } from "../fleet/ports.ts";
import type { Incidents } from "../incidents/incidents.ts";
import { RateLimit } from "../rateLimit.ts";
import { AgentNews } from "./agentNews.ts";
import { BackfillDesk } from "./backfillDesk.ts";
import { Channel } from "./channel.ts";
import { IncidentStream } from "./incidentStream.ts";
import { Mirror, type ColumnMask } from "./mirror.ts";
import { resolveScope, type Viewer } from "./scope.ts";

/** Nothing a browser has to say is longer. */
const MESSAGE_MAX_BYTES = 16 << 10;
const SOCKETS_MAX = 2000;
const SUBSCRIBES = { perS: 2, burst: 20 };
const WATCHED_MAX = 5;
/** Ticks a second; the fleet goes out on every fourth. */
const TICK_MS = 250;
const TICKS_PER_BATCH = 4;
const RECHECK_MS = 15_000;
const ALL_COLUMNS: ColumnMask = -1;

export interface LiveHandshake {
  readonly headers: IncomingMessage["headers"];
  readonly auth: unknown; // what the client gave: `{token}` for programs
  readonly address: string;
}
export interface LiveParts {
  readonly server: HttpServer;
  readonly fleet: FleetPort & { identityOfRows(rows: readonly number[]): FleetIdentity };
  readonly directory: DirectoryPort;
  readonly incidents: Pick<Incidents, "onCommitted">;
  readonly backfill: Pick<Backfill, "onNews">;
  readonly links: Pick<AgentLinkPort, "watch" | "describe" | "scans">;
  /** null: not signed in. Asked at the start, again every 15 s and on `recheck`. */
  readonly authorize: (handshake: LiveHandshake) => Promise<Viewer | null>;
  /** Host and Origin, as for HTTP: false turns the request away. */
  readonly allowRequest: (request: IncomingMessage) => boolean;
  readonly clock: () => number; // epoch ms
  readonly timers?: Timers; // the system's where nothing else is said
  readonly log: Logger;
  /** false: nothing ticks by itself; tests call `tick`. */
  readonly timer?: boolean;
}

interface Client {
  readonly socket: Socket;
  readonly viewer: Viewer;
  readonly subscribes: RateLimit;
  readonly watched: Map<string, { readonly pace: WatchPace; readonly end: () => void }>;
  channel: Channel | null;
  /** What was sent before the tick has left the process. */
  writable: boolean;
  /** Its deltas are dropped; it gets one snapshot when it can take it, and the identity that it missed. */
  lagging: boolean;
  readonly missedRows: Set<number>;
  readonly missedRemovals: Set<string>;
  /** Miners that it looks at and that have changed. */
  readonly minersDue: Set<string>;
}

/** The live stream at /live of an http server. `close` ends every connection; the http server is the caller's. */
export function createLive(parts: LiveParts): Live {
  return new Live(parts);
}

export class Live {
  readonly #parts: LiveParts;
  readonly #io: Server;
  readonly #namespace: Namespace;
  readonly #clients = new Map<string, Client>();
  readonly #channels = new Map<string, { channel: Channel; release: () => void; users: number }>();
  readonly #mirror: Mirror;
  readonly #agentNews: AgentNews;
  readonly #incidents = new IncidentStream();
  readonly #unlisten: () => void;
  readonly #unlistenIncidents: () => void;
  readonly #backfill = new BackfillDesk();
  readonly #unlistenBackfill: () => void;
  /** Rows that changed: since they were compared, since the last tick, in who they are, and those that are gone with their ids. */
  readonly #dirty = new Set<number>();
  readonly #touched = new Set<number>();
  readonly #dirtyIdentity = new Set<number>();
  readonly #removed = new Map<number, string>();
  /** Changed columns since the last batch of the fleet, and since the last tick. */
  #sinceBatch = new Map<number, ColumnMask>();
  #sinceTick = new Map<number, ColumnMask>();
  readonly #timers: (() => void)[] = [];
  #tickCount = 0;

  constructor(parts: LiveParts) {
    this.#parts = parts;
    this.#mirror = new Mirror(parts.fleet.columns);
    this.#agentNews = new AgentNews(parts);
    this.#unlisten = parts.fleet.columns.onRowChange((row, what) => {
      this.#dirty.add(row);
      this.#touched.add(row);
      if (what === "removed") this.#removed.set(row, `m${parts.fleet.columns.key(row)}`);
      else if (what !== "values") this.#dirtyIdentity.add(row);
    });
    this.#unlistenIncidents = parts.incidents.onCommitted((news) => this.#incidents.tell(news));
    this.#unlistenBackfill = parts.backfill.onNews((news) => this.#backfill.add(news));
    this.#io = new Server(parts.server, {
      serveClient: false,
      perMessageDeflate: false,
      httpCompression: false,
      maxHttpBufferSize: MESSAGE_MAX_BYTES,
      destroyUpgrade: false,
      allowRequest: (request, answer) => answer(null, parts.allowRequest(request) && this.#clients.size < SOCKETS_MAX),
    });
    this.#io.use((_, next) => next(new Error("There is nothing here but /live")));
    this.#namespace = this.#io.of("/live");
    this.#namespace.use((socket, next) => void this.#admit(socket).then(next, next));
    this.#namespace.on("connection", (socket) => this.#connected(socket));
    if (parts.timer === false) return;
    const { timers = systemClock } = parts;
    this.#timers.push(
      timers.every(TICK_MS, () => this.tick()),
      timers.every(RECHECK_MS, () => void this.recheck()),
    );
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** Asks again who may look, and ends the connections of those who may no longer, or may see other sites now. */
  async recheck(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => this.#recheckOne(client)));
  }

  async close(): Promise<void> {
    for (const end of this.#timers) end();
    this.#unlisten();
    this.#unlistenIncidents();
    this.#unlistenBackfill();
    for (const client of [...this.#clients.values()]) this.#left(client);
    this.#io.disconnectSockets(true);
    this.#io.engine.close();
    await Promise.resolve();
  }

  /** Four times a second: a watched miner goes out each time, the fleet every fourth. */
  tick(): void {
    this.#tickCount++;
    if (this.#clients.size === 0) {
      this.#forget();
      return;
    }
    const isBatch = this.#tickCount % TICKS_PER_BATCH === 0;
    const nowMs = this.#parts.clock();
    for (const client of this.#clients.values()) this.#look(client, isBatch);
    this.#incidents.tick();
    this.#touched.clear();
    this.#collect();
    if (isBatch) this.#sendIdentity();
    for (const { channel } of this.#channels.values()) if (isBatch || channel.scope.minerId !== null) this.#sendDelta(channel, nowMs);
    if (isBatch) this.#sinceBatch = new Map();
    this.#sinceTick = new Map();
    for (const client of this.#clients.values()) this.#sendOwn(client, { isBatch, nowMs });
    if (isBatch) this.#sendBackfill(nowMs);
    this.#agentNews.tick(nowMs);
  }

  /** Before anything is sent: can this client take more, and which of its miners have changed? */
  #look(client: Client, isBatch: boolean): void {
    client.writable = canTake(client.socket);
    if (isBatch && !client.writable) this.#markLagging(client);
    for (const minerId of minersOf(client)) {
      const row = this.#parts.fleet.columns.rowOf(minerId);
      if (row !== null && this.#touched.has(row)) client.minersDue.add(minerId);
    }
  }

  /** What goes to one client alone. */
  #sendOwn(client: Client, { isBatch, nowMs }: { isBatch: boolean; nowMs: number }): void {
    if (!client.writable) return;
    if (isBatch && client.lagging) this.#catchUp(client, nowMs);
    for (const minerId of client.minersDue) this.#sendMinerTo(client, minerId);
    client.minersDue.clear();
  }

  /** Nobody looks: what changed meanwhile stands in the snapshot of whoever comes. */
  #forget(): void {
    for (const set of [this.#dirty, this.#touched, this.#dirtyIdentity, this.#removed, this.#sinceBatch, this.#sinceTick]) set.clear();
    this.#backfill.clear();
  }

  /** Compares what changed with what browsers were told last. */
  #collect(): void {
    for (const row of this.#dirty) this.#note(row, this.#mirror.update(row));
    this.#dirty.clear();
  }

  #note(row: number, mask: ColumnMask): void {
    if (mask === 0) return;
    for (const changed of [this.#sinceBatch, this.#sinceTick]) changed.set(row, (changed.get(row) ?? 0) | mask);
  }

  /** Who is new, known better or gone: rows come into a channel's numbering here, and leave it with a fresh snapshot. */
  #sendIdentity(): void {
    const rows = [...this.#dirtyIdentity].filter((row) => this.#parts.fleet.columns.key(row) !== 0);
    for (const { channel } of this.#channels.values()) this.#placeRows(channel, rows);
    this.#dirtyIdentity.clear();
    this.#removed.clear();
  }

  #placeRows(channel: Channel, rows: readonly number[]): void {
    const gone = [...this.#removed].filter(([row]) => channel.has(row));
    if (gone.length > 0) channel.outdated = true;
    for (const row of rows) if (channel.place(row)) this.#note(row, ALL_COLUMNS);
    const mine = rows.filter((row) => channel.has(row));
    if (mine.length === 0 && gone.length === 0) return;
    const identity: LiveIdentity = { changed: this.#parts.fleet.identityOfRows(mine), removedIds: gone.map(([, id]) => id) };
    this.#namespace.to(channelRoom(channel)).emit("identity", identity);
    for (const client of this.#clients.values()) {
      if (client.channel !== channel || !client.lagging) continue;
      for (const row of mine) client.missedRows.add(row);
      for (const id of identity.removedIds) client.missedRemovals.add(id);
    }
  }

  /** Few and small: also to who reads slowly, as nothing tells of it again. */
  #sendBackfill(nowMs: number): void {
    for (const news of this.#backfill.take(nowMs))
      for (const { viewer, socket } of this.#clients.values())
        if (viewer.siteIds?.includes(news.siteId) ?? true) socket.emit("backfill", news);
  }

  #sendDelta(channel: Channel, nowMs: number): void {
    if (channel.outdated) {
      this.#renew(channel, nowMs);
      return;
    }
    const bytes = channel.delta(channel.scope.minerId === null ? this.#sinceBatch : this.#sinceTick, nowMs);
    if (bytes) this.#namespace.to(channelRoom(channel)).emit("delta", bytes);
  }

  #renew(channel: Channel, nowMs: number): void {
    channel.renumber();
    this.#namespace.to(channelRoom(channel)).emit("snapshot", channel.snapshot(nowMs));
  }

  /** It does not read as fast as it is written to. */
  #markLagging(client: Client): void {
    if (client.lagging || !client.channel) return;
    client.lagging = true;
    void client.socket.leave(channelRoom(client.channel));
  }

  #catchUp(client: Client, nowMs: number): void {
    const { missedRows, missedRemovals } = client;
    if (missedRows.size > 0 || missedRemovals.size > 0) {
      const identity: LiveIdentity = { changed: this.#parts.fleet.identityOfRows([...missedRows]), removedIds: [...missedRemovals] };
      client.socket.emit("identity", identity);
      missedRows.clear();
      missedRemovals.clear();
    }
    this.#sendSnapshot(client, nowMs);
  }

  #sendSnapshot(client: Client, nowMs: number): void {
    const { channel } = client;
    if (!channel) return;
    this.#collect();
    if (this.#removed.size > 0) this.#sendIdentity();
    if (channel.outdated) this.#renew(channel, nowMs);
    else if (channel.hasAdditions) this.#sendDelta(channel, nowMs);
    client.lagging = false;
    client.socket.emit("snapshot", channel.snapshot(nowMs));
    void client.socket.join(channelRoom(channel));
  }

  /* Clients */

  async #admit(socket: Socket): Promise<undefined> {
    const viewer = await this.#parts.authorize(handshakeOf(socket));
    if (viewer === null) throw new Error("Sign in first");
    (socket.data as { viewer?: Viewer }).viewer = viewer;
  }

  #connected(socket: Socket): void {
    const { viewer } = socket.data as { viewer?: Viewer };
    if (!viewer) {
      socket.disconnect(true);
      return;
    }
    const subscribes = new RateLimit({ ...SUBSCRIBES, nowMs: this.#parts.clock() });
    const client: Client = {
      ...{ socket, viewer, subscribes, watched: new Map(), channel: null, writable: true, lagging: false },
      ...{ missedRows: new Set(), missedRemovals: new Set(), minersDue: new Set() },
    };
    this.#clients.set(socket.id, client);
    this.#incidents.join(socket.id, {
      ...{ viewer, canTake: () => canTake(socket), drop: () => socket.conn.close(true) },
      emit: (incident) => socket.emit("incident", { incident } satisfies LiveIncident),
    });
    socket.on("subscribe", (message: unknown, answer: unknown) => reply(answer, this.#subscribe(client, message)));
    socket.on("watch", (message: unknown, answer: unknown) => reply(answer, this.#watch(client, message)));
    socket.on("unwatch", (message: unknown, answer: unknown) => reply(answer, this.#unwatch(client, message)));
    socket.on("followAgents", (answer: unknown) => reply(answer, this.#followAgents(client)));
    socket.on("unfollowAgents", () => this.#agentNews.unfollow(socket.id));
    socket.on("disconnect", () => this.#left(client));
  }

  #subscribe(client: Client, message: unknown): string | null {
    const nowMs = this.#parts.clock();
    if (!client.subscribes.take(nowMs)) return `More than ${SUBSCRIBES.perS} subscriptions a second: wait a moment`;
    const read = LiveSubscribe.safeParse(message);
    if (!read.success) return `The subscription does not fit the contract: ${read.error.issues[0].message}`;
    const scope = resolveScope(read.data.scope, client.viewer, { directory: this.#parts.directory, columns: this.#parts.fleet.columns });
    if (scope === null) return "There is no such site, rack or miner among those that you may see";
    this.#leaveChannel(client);
    client.channel = this.#join(scope, read.data.columns);
    client.lagging = true;
    client.missedRows.clear();
    client.missedRemovals.clear();
    if (canTake(client.socket)) this.#sendSnapshot(client, nowMs);
    if (scope.minerId !== null) this.#sendMinerTo(client, scope.minerId);
    return null;
  }

  #sendMinerTo({ socket }: Client, minerId: string): void {
    const miner: LiveMiner | null = this.#parts.fleet.detail(minerId, this.#parts.clock());
    if (miner) socket.emit("miner", miner);
  }

  #join(scope: Channel["scope"], columns: LiveSubscribe["columns"]): Channel {
    const extraColumns = [...new Set(columns)].sort();
    const key = channelRoom({ scope, extraColumns });
    const known = this.#channels.get(key);
    if (known) {
      known.users++;
      return known.channel;
    }
    const channel = new Channel({ fleet: this.#parts.fleet, scope, extraColumns });
    this.#channels.set(key, { channel, release: this.#mirror.use(channel.columns), users: 1 });
    return channel;
  }

  #leaveChannel(client: Client): void {
    const { channel } = client;
    if (!channel) return;
    client.channel = null;
    void client.socket.leave(channelRoom(channel));
    const key = channelRoom(channel);
    const entry = this.#channels.get(key);
    if (!entry || --entry.users > 0) return;
    entry.release();
    this.#channels.delete(key);
  }

  #watch(client: Client, message: unknown): string | null {
    const read = LiveWatch.safeParse(message);
    const { fleet, directory, links } = this.#parts;
    if (!read.success) return "The message does not fit the contract";
    const { minerId, pace } = read.data;
    if (resolveScope({ minerId }, client.viewer, { directory, columns: fleet.columns }) === null)
      return "There is no such miner among those that you may see";
    const before = client.watched.get(minerId);
    if (before?.pace === pace) return null;
    if (before === undefined && client.watched.size >= WATCHED_MAX) return `At most ${WATCHED_MAX} miners can be watched at once`;
    before?.end();
    client.watched.set(minerId, { pace, end: pace === "fast" ? links.watch(minerId) : () => undefined });
    this.#sendMinerTo(client, minerId);
    return null;
  }

  #unwatch(client: Client, message: unknown): string | null {
    const read = LiveWatch.safeParse(message);
    if (!read.success) return "The message does not fit the contract";
    const { minerId } = read.data;
    client.watched.get(minerId)?.end();
    client.watched.delete(minerId);
    return null;
  }

  /** Counts as a subscription: it is answered with as much. */
  #followAgents(client: Client): string | null {
    const { socket, viewer, subscribes } = client;
    const nowMs = this.#parts.clock();
    if (!subscribes.take(nowMs)) return `More than ${SUBSCRIBES.perS} subscriptions a second: wait a moment`;
    if (viewer.kind === "wall") return "A wall link shows the fleet and its map, and nothing else";
    this.#agentNews.follow(socket.id, { viewer, canTake: () => client.writable, emit: (news) => socket.emit("agents", news) }, nowMs);
    return null;
  }

  #left(client: Client): void {
    if (!this.#clients.delete(client.socket.id)) return;
    this.#agentNews.unfollow(client.socket.id);
    this.#incidents.leave(client.socket.id);
    this.#leaveChannel(client);
    for (const { end } of client.watched.values()) end();
    client.watched.clear();
  }

  async #recheckOne({ socket, viewer }: Client): Promise<void> {
    try {
      const now = await this.#parts.authorize(handshakeOf(socket));
      if (now === null || now.kind !== viewer.kind || JSON.stringify(now.siteIds) !== JSON.stringify(viewer.siteIds))
        socket.disconnect(true);
    } catch (error) {
      this.#parts.log.error({ err: error }, "sign-in of a live connection could not be checked");
    }
  }
}

function minersOf({ channel, watched }: Client): string[] {
  const own = channel?.scope.minerId ?? null;
  return own === null || watched.has(own) ? [...watched.keys()] : [own, ...watched.keys()];
}

/** Also the channel's key. */
const channelRoom = ({ scope, extraColumns }: Pick<Channel, "scope" | "extraColumns">): string => `${scope.key} | ${extraColumns.join()}`;

/** What was sent before has left the process. */
function canTake({ conn }: Socket): boolean {
  return conn.readyState === "open" && conn.transport.writable;
}

function handshakeOf({ handshake }: Socket): LiveHandshake {
  return { headers: handshake.headers, auth: handshake.auth, address: handshake.address };
}

/** Clients may leave the acknowledgement out. */
function reply(answer: unknown, problem: string | null): void {
  if (typeof answer !== "function") return;
  (answer as (result: { ok: boolean; problem?: string }) => void)(problem === null ? { ok: true } : { ok: false, problem });
}

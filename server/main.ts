import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { openAccounts, type Accounts } from "./accounts/accounts.ts";
import { openAlerts, type Alerts } from "./alerts/alerts.ts";
import { systemClock, type Clock, type Timers } from "./clock.ts";
import type { ServerConfig } from "./config.ts";
import { ConfigError } from "./errors.ts";
import { openBackfill, type Backfill } from "./fleet/backfill.ts";
import { openDirectory, type Directory } from "./fleet/directory.ts";
import { createFleet, type Fleet } from "./fleet/fleet.ts";
import { createApp, limitServer } from "./http/app.ts";
import { openAuditLog } from "./http/auditLog.ts";
import { createAuthorize } from "./http/caller.ts";
import { createGuard } from "./http/guard.ts";
import { openMetrics } from "./http/metrics.ts";
import { createIngest, type Ingest } from "./ingest/ingest.ts";
import { serverJobs, startJobs } from "./jobs/jobs.ts";
import { createLive } from "./live/live.ts";
import { partsBefore } from "./notify/liveness.ts";
import { openNotifications, type Notifications } from "./notify/notifications.ts";
import { openVault } from "./notify/vault.ts";
import { openStore, type SqliteStore } from "./store/sqlite/open.ts";
import { PROGRAM_VERSION } from "./version.ts";

/** How the embedded agent reaches its server: a loopback address of its own, whatever TLS and host people use. */
export interface EmbeddedLink {
  readonly server: string;
  readonly agentId: string;
  readonly key: string;
}
export interface ServerDeps {
  readonly log: Logger;
  /** Starts the agent inside this process; resolves with what stops it in order. Left out with --no-embedded-agent. */
  readonly startEmbeddedAgent?: (link: EmbeddedLink) => Promise<() => Promise<void>>;
  /** Folder of the built page; null serves none. */
  readonly webDir: string | null;
  /** False in a demo: whoever calls from loopback acts as admin. */
  readonly signInRequired?: boolean;
  readonly clock?: Clock;
}

export interface RunningServer {
  /** Address that people use, without a slash at the end. */
  readonly url: string;
  /** Address of the one-time set-up page; null when a user exists or nobody needs to sign in. */
  readonly setupUrl: string | null;
  readonly store: SqliteStore;
  readonly fleet: Fleet;
  readonly directory: Directory;
  /** No new polls, flush, acknowledge, close: within 10 s. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the server: store, fleet, HTTP, live stream, agent link, timetable, and then the embedded agent. Rejects with ConfigError or StoreError
 * when something must be set right first; nothing is left running then.
 */
export async function startServer(config: ServerConfig, deps: ServerDeps): Promise<RunningServer> {
  const stops: (() => Promise<unknown>)[] = []; // in the order of starting; run backwards
  const stopAll = async () => {
    for (const stop of stops.splice(0).reverse())
      await stop().catch((err: unknown) => deps.log.error({ err }, "a part did not stop in order"));
  };
  try {
    return await assemble(config, deps, stops, once(stopAll));
  } catch (error) {
    await stopAll();
    throw error;
  }
}

type Stops = (() => Promise<unknown>)[];

async function assemble(config: ServerConfig, deps: ServerDeps, stops: Stops, close: () => Promise<void>): Promise<RunningServer> {
  const { log } = deps;
  const timers = deps.clock ?? systemClock;
  const clock = () => timers.nowMs();
  const signInRequired = deps.signInRequired ?? true;
  const store = await openStore({
    dataDir: config.dataDir,
    onFailure: (err) => log.error({ err }, "a thread of the store died and is started again"),
  });
  stops.push(() => store.close());
  const directory = await openDirectory({ records: store.records, clock });
  const accounts = await openAccounts({ records: store.records, clock });
  stops.push(() => accounts.close());
  if (config.adminPassword !== null) await accounts.ensureAdmin(config.adminPassword);
  const embedded = config.embeddedAgent ? await directory.ensureEmbedded({ ranges: config.ranges }) : null;

  const fleet = await createFleet({ store, directory, clock, timers, log });
  stops.push(() => fleet.close());
  const backfill = await openBackfill({ records: store.records });
  const ingest = createIngest({ fleet, directory, backfill, store, clock, timers, log, program: `hashwatch ${PROGRAM_VERSION}` });
  const alerts = await openAlerts({ fleet: fleet.watched, directory, agentLink: ingest, store, clock, log });
  stops.push(() => alerts.close());
  const http = listenable(config);
  const notifications = await openNotifications({
    ...{ records: store.records, vault: openVault(config.dataDir), feed: alerts.incidents, directory, clock, log },
    publicUrl: () => publicAddress(config, http),
    alive: (nowMs) => partsBefore({ fleet: fleet.watched, directory, ingest, alerts }, nowMs),
  });
  stops.push(() => notifications.close());
  const jobs = serverJobs({ fleet, alerts, notifications, backfill, store, settings: () => directory.settings() });
  stops.push(startJobs(jobs, { clock: timers, log }));

  const parts = { config, deps, store, directory, accounts, fleet, backfill, alerts, notifications, ingest, clock, timers, signInRequired };
  stops.push(serveHttp(http, parts));
  await listen(http, config);
  fleet.start();
  if (embedded !== null && deps.startEmbeddedAgent !== undefined) {
    stops.push(await runEmbedded(embedded, ingest, deps.startEmbeddedAgent));
  }
  const url = publicAddress(config, http);
  const setupToken = signInRequired ? accounts.setupToken() : null;
  return { url, setupUrl: setupToken === null ? null : `${url}/#setup=${setupToken}`, store, fleet, directory, close };
}

interface Parts {
  readonly config: ServerConfig;
  readonly deps: ServerDeps;
  readonly store: SqliteStore;
  readonly directory: Directory;
  readonly accounts: Accounts;
  readonly fleet: Fleet;
  readonly backfill: Backfill;
  readonly alerts: Alerts;
  readonly notifications: Notifications;
  readonly ingest: Ingest;
  readonly clock: () => number;
  readonly timers: Timers;
  readonly signInRequired: boolean;
}

function listenable({ tls }: ServerConfig): Server {
  const server = tls === null ? createServer() : createTlsServer({ cert: tls.cert, key: tls.key, minVersion: "TLSv1.2" });
  limitServer(server);
  return server;
}

/** Puts the app, the live stream and the agent link on one HTTP server; returns what takes them off again. */
function serveHttp(http: Server, parts: Parts): () => Promise<void> {
  const { config, deps, store, directory, accounts, fleet, backfill, alerts, notifications, ingest, clock, timers, signInRequired } = parts;
  const { log } = deps;
  const secure = config.tls !== null || config.publicUrl?.protocol === "https:";
  const audit = openAuditLog({
    append: (entries) => store.appendAudit(entries),
    clock,
    onLost: (count, err) => log.error({ count, err }, "audit entries could not be written"),
  });
  const metrics = openMetrics({ fleet, directory, alerts, notifications, agentLink: ingest, counters: ingest.counters, clock });
  const { host, publicUrl } = config;
  http.on(
    "request",
    createApp({
      ...{
        accounts,
        directory,
        fleet,
        backfill,
        alerts,
        notifications,
        store,
        audit,
        clock,
        signInRequired,
        secure,
        host,
        publicUrl,
        metrics,
        log,
      },
      agentLink: ingest,
      program: PROGRAM_VERSION,
      webDir: deps.webDir,
      ready: () => (ingest.healthy() ? { ok: true, detail: "" } : { ok: false, detail: "Samples cannot be stored; see the log" }),
    }),
  );
  const guard = createGuard({ host, publicUrl });
  const authorize = createAuthorize({ accounts, signInRequired });
  const live = createLive({
    ...{ server: http, fleet, backfill, incidents: alerts.incidents, directory, links: ingest, clock, timers, log },
    authorize: ({ headers, auth, address }) => authorize({ headers, token: tokenOf(auth), peerAddress: address }),
    allowRequest: (request) => guard.isAllowedHost(request) && guard.isAllowedOrigin(request),
  });
  const unlisten = accounts.onChange(() => void live.recheck());
  http.on("upgrade", (request, socket, head) => {
    if (pathOf(request) === "/agent/v1") ingest.handleUpgrade(request, socket, head);
    else if (!pathOf(request).startsWith("/socket.io/")) turnAway(socket);
  });
  return async () => {
    unlisten();
    await live.close();
    const closed = new Promise((resolve) => http.close(resolve)); // when the last connection has ended, those of agents included
    http.closeAllConnections();
    await ingest.close();
    await closed;
    await audit.close();
    metrics.close();
  };
}

/** What a program gives in `auth.token` of its handshake. */
function tokenOf(auth: unknown): unknown {
  return typeof auth === "object" && auth !== null && "token" in auth ? auth.token : undefined;
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?")[0] ?? "";
}

function turnAway(socket: Duplex): void {
  socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

/** The embedded agent speaks the same link as the others, over a loopback port that takes nothing else. */
async function runEmbedded(
  { agentId, key }: { agentId: string; key: string },
  ingest: Ingest,
  start: NonNullable<ServerDeps["startEmbeddedAgent"]>,
): Promise<() => Promise<void>> {
  const link = createServer((_request, response) => response.writeHead(404).end());
  limitServer(link);
  link.on("upgrade", (request, socket, head) =>
    pathOf(request) === "/agent/v1" ? ingest.handleUpgrade(request, socket, head) : turnAway(socket),
  );
  await new Promise<void>((resolve, reject) => link.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = link.address() as AddressInfo;
  const stopAgent = await start({ server: `ws://127.0.0.1:${port}`, agentId, key });
  return async () => {
    await stopAgent();
    link.closeAllConnections();
    await new Promise((resolve) => link.close(resolve));
  };
}

async function listen(http: Server, { host, port }: ServerConfig): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    http.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(cause, { host, port })));
    http.listen(port, host, resolve);
  });
}

function listenError(cause: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  if (cause.code === "EADDRINUSE")
    return new ConfigError(`--port ${port} is taken on ${host}: stop what listens there or choose another`, { cause });
  if (cause.code === "EADDRNOTAVAIL" || cause.code === "ENOTFOUND")
    return new ConfigError(`--host ${host} is no address of this machine`, { cause });
  if (cause.code === "EACCES") return new ConfigError(`--port ${port} needs more rights: choose one above 1023`, { cause });
  return cause;
}

function publicAddress(config: ServerConfig, http: Server): string {
  if (config.publicUrl !== null) return config.publicUrl.origin;
  const port = (http.address() as AddressInfo | null)?.port ?? config.port; // before it listens: where it will
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  return `${config.tls === null ? "http" : "https"}://${host}:${port}`;
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => (running ??= run());
}

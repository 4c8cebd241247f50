import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { Server as SocketServer } from "socket.io";
import type { SessionInfo, Site } from "../../server/contract/api.ts";
import { LIVE_BASE_COLUMNS, type LiveDelta, type LiveBackfill, LiveSubscribe } from "../../server/contract/live.ts";
import { encodeDelta, encodeSnapshot } from "../../server/contract/packed.ts";
import { ok, refused, type Answer } from "./fakeAnswer.ts";
import { FakeAlerting } from "./fakeAlerting.ts";
import { FakeChannels } from "./fakeChannels.ts";
import { FakeHeartbeat } from "./fakeHeartbeat.ts";
import { FakeIncidents } from "./fakeIncidents.ts";
import { FakeMap } from "./fakeMap.ts";
import { FakeMiners } from "./fakeMiners.ts";
import { FakePlaces } from "./fakePlaces.ts";
import { FakeSettings } from "./fakeSettings.ts";
import { FakeViews } from "./fakeViews.ts";
import { FakeWall } from "./fakeWall.ts";
import { identityOf, snapshotOf, totalsOf, valueAt } from "./fakeFleet.ts";
import { fleetSeriesOf } from "./fakeSeries.ts";

const BUILT = fileURLToPath(new URL("../../dist/web", import.meta.url));
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
/** As strict as the real one is to be: a page that needs more fails here. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'";

/**
 * Serves the built page to a browser, with as much of the API and the live stream behind it as the page needs, over a fleet made of numbers.
 * The fleet stands in for the real server where a test is about the page alone.
 */
export class FakeServer {
  /** Every request, as `METHOD path`. */
  readonly requests: string[] = [];
  session: SessionInfo = { user: null, wall: null, setupRequired: false, signInRequired: false, program: "test" };
  readonly places = new FakePlaces();
  readonly map: FakeMap;
  readonly incidents = new FakeIncidents();
  readonly alerting = new FakeAlerting();
  readonly channels = new FakeChannels();
  readonly heartbeat = new FakeHeartbeat();
  readonly settings = new FakeSettings();
  readonly views = new FakeViews();
  readonly wall = new FakeWall();
  readonly miners: FakeMiners;
  /** What came late, in every series. */
  backfilled: [number, number][] = [];
  /** Lets nobody connect to the live stream, as if it were not there. */
  isAway = false;
  /** Scope and columns of each subscription, in order. */
  readonly subscriptions: LiveSubscribe[] = [];
  url = "";
  readonly #minerCount: number;
  readonly #http: Server;
  readonly #io: SocketServer;
  #version = 0;
  #tick = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(minerCount: number) {
    this.#minerCount = minerCount;
    this.miners = new FakeMiners(minerCount, () => this.#now());
    this.map = new FakeMap(this.places, identityOf(minerCount));
    this.map.onMove = (changed) => void this.#io.of("/live").to("fleet").emit("identity", { changed, removedIds: [] });
    this.#http = createServer((request, response) => void this.#answer(request, response));
    this.#io = new SocketServer(this.#http, { serveClient: false });
    this.#io.of("/live").use((_socket, next) => next(this.#isLetIn() ? undefined : new Error("Sign in first")));
    this.incidents.onNews = (incident) => void this.#io.of("/live").emit("incident", { incident });
    this.places.onNews = (news) => void this.#io.of("/live").to("agents").emit("agents", news);
    this.#io.of("/live").on("connection", (socket) => {
      socket.on("subscribe", (message: LiveSubscribe, acknowledge: (answer: { ok: boolean }) => void) => {
        this.subscriptions.push(message);
        acknowledge({ ok: true });
        socket.emit("snapshot", Buffer.from(encodeSnapshot(snapshotOf(this.#minerCount, this.#version, this.#now(), message.columns))));
        void socket.join("fleet");
      });
      socket.on("followAgents", (acknowledge: (answer: { ok: boolean }) => void) => {
        acknowledge({ ok: true });
        socket.emit("agents", this.places.whole());
        void socket.join("agents");
      });
      socket.on("unfollowAgents", () => void socket.leave("agents"));
      socket.on("watch", (watch: { minerId: string; pace?: string }) => {
        this.miners.watches.push(watch);
        void socket.join(watch.minerId);
      });
      socket.on("unwatch", ({ minerId }: { minerId: string }) => void socket.leave(minerId));
    });
  }

  get sites(): Site[] {
    return this.places.sites;
  }

  set sites(sites: Site[]) {
    this.places.sites = sites;
  }

  /** Listens on a free port of loopback and moves the fleet on once a second. */
  async open(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#http.listen(port, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
    this.#timer = setInterval(() => this.#step(), 1000);
    return this.url;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const closed = this.#io.close();
    this.#http.closeAllConnections(); // a browser opens some ahead of need, and one that never asks anything is waited for a minute and more
    await closed;
  }

  /** Tells that history of this time came late, and can be read now. */
  tellBackfill(what: LiveBackfill["what"], [fromMs, toMs]: readonly [number, number], siteId = "site1"): void {
    this.#io.of("/live").emit("backfill", { siteId, what, fromMs, toMs } satisfies LiveBackfill);
  }

  /** Leaves out a version, as a server does that dropped a delta. */
  skipVersion(): void {
    this.#version += 1;
  }

  /** Ends all connections; the page finds the way back by itself. */
  dropConnections(): void {
    this.#io.of("/live").disconnectSockets(true);
  }

  /** Nobody is signed in any more; open connections end, and are refused until somebody is. */
  endSession(): void {
    this.session = { ...this.session, user: null, wall: null };
    this.dropConnections();
  }

  #now(): { tick: number; nowMs: number } {
    return { tick: this.#tick, nowMs: Date.now() };
  }

  #isLetIn(): boolean {
    if (this.isAway) return false;
    return !this.session.signInRequired || this.session.user !== null || this.session.wall !== null;
  }

  #step(): void {
    this.#tick += 1;
    this.#version += 1;
    this.places.step();
    this.#io
      .of("/live")
      .to("fleet")
      .emit("delta", Buffer.from(encodeDelta(this.#delta())));
    for (const room of this.#io.of("/live").adapter.rooms.keys())
      if (/^m\d+$/.test(room)) this.#io.of("/live").to(room).emit("miner", this.miners.detail(room));
  }

  /** A tenth of the fleet is polled each second. */
  #delta(): LiveDelta {
    const at = this.#now();
    const rows = Uint32Array.from({ length: this.#minerCount }, (_, n) => n).filter((n) => (n + this.#tick) % 10 === 0);
    const changes = LIVE_BASE_COLUMNS.map((column) => ({ column, rows, values: Float64Array.from(rows, (n) => valueAt(column, n, at)) }));
    const totals = totalsOf(this.#minerCount, at);
    const { oldestSampleAtMs, oldestAgentAtMs } = totals;
    return { version: this.#version, atMs: at.nowMs, addedKeys: new Uint32Array(0), changes, oldestSampleAtMs, oldestAgentAtMs, totals };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fake.invalid");
    this.requests.push(`${request.method ?? ""} ${url.pathname}`);
    const text = await readBody(request);
    const isJson = request.headers["content-type"] === "application/json";
    const body = isJson ? (JSON.parse(text) as Record<string, string>) : {};
    if (!url.pathname.startsWith("/api/v1/")) {
      this.#file(url.pathname, response);
      return;
    }
    const answer = this.#api(`${request.method ?? ""} ${url.pathname.slice(7)}`, { url, body, text });
    response
      .writeHead(answer.status, { "content-type": "application/json" })
      .end(answer.status === 204 ? undefined : JSON.stringify(answer.body));
  }

  #file(pathname: string, response: ServerResponse): void {
    const asked = normalize(pathname);
    const path = extname(asked) in TYPES ? asked : "/index.html"; // an address may have points, too
    response.setHeader("content-security-policy", POLICY);
    try {
      const bytes = readFileSync(join(BUILT, path));
      response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream").end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }

  /** Who has signed in stays that person. */
  #openWall(wall: SessionInfo["wall"]): SessionInfo {
    if (this.session.user === null && this.session.signInRequired) this.session = { ...this.session, wall };
    return this.session;
  }

  #api(call: string, { url, body, text }: { url: URL; body: Record<string, string>; text: string }): Answer {
    switch (call) {
      case "GET /session":
        return ok(this.session);
      case "POST /session":
        if (body["password"] !== "right-password") return refused(401, "Name or password is wrong.");
        return ok((this.session = { ...this.session, user: { username: body["username"], role: "admin", siteIds: null } }));
      case "DELETE /session":
        this.session = { ...this.session, user: null };
        return ok(null, 204);
      case "POST /setup":
        if (body["token"] !== "SECRET") return refused(403, "This set-up link was used already or is not whole");
        return ok(
          (this.session = { ...this.session, setupRequired: false, user: { username: "admin", role: "admin", siteIds: null } }),
          201,
        );
      case "GET /fleet/identity":
        return ok(this.map.identity());
    }
    if (/^GET \/(fleet|sites\/[^/]+)\/series$/.test(call))
      return ok({ ...fleetSeriesOf(totalsOf(this.#minerCount, this.#now()), url.searchParams), backfilled: this.backfilled });
    return (
      this.wall.answer(call, body, (wall) => this.#openWall(wall)) ??
      this.map.answer(call, { url, csv: text }) ??
      this.incidents.answer(call, url, body) ??
      this.alerting.answer(call, body) ??
      this.channels.answer(call, url, body) ??
      this.places.answer(call, body) ??
      this.heartbeat.answer(call, body) ??
      this.settings.answer(call, url, body) ??
      this.views.answer(call, body, this.session.user?.username ?? "") ??
      this.miners.answer(call, url, body) ??
      refused(404, `There is nothing at ${url.pathname}.`)
    );
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

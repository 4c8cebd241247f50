import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { io, type Socket } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LiveIdentity } from "../../../server/contract/api.ts";
import {
  LIVE_BASE_COLUMNS,
  type LiveAgents,
  type LiveBackfill,
  type LiveColumn,
  type LiveDelta,
  type LiveMiner,
  type LiveSnapshot,
} from "../../../server/contract/live.ts";
import { decodeDelta, decodeSnapshot, quantised } from "../../../server/contract/packed.ts";
import { createFleet, type Fleet } from "../../../server/fleet/fleet.ts";
import type { LiveIncident } from "../../../server/contract/incidents.ts";
import type { IncidentNews } from "../../../server/incidents/news.ts";
import { createLive, type Live, type LiveParts } from "../../../server/live/live.ts";
import type { Viewer } from "../../../server/live/scope.ts";
import { FakeAgentLink } from "../fakes/fakeAgentLink.ts";
import { asStore, FakeDirectory, identityEntry, MemoryStore, NOW_MS, quiet, sampleEntry, until } from "../fleet/fakes.ts";

let server: Server;
let port: number;
let nowMs: number;
let fleet: Fleet;
let live: Live;
let viewers: Record<string, Viewer | null>;
let watched: string[];
let links: FakeAgentLink;
let sockets: Socket[];
let rawBytes: () => number;
let paused: Set<Socket>;

const S1 = { agentId: "a1", siteId: "s1" };
const S2 = { agentId: "a2", siteId: "s2" };

/** A browser's view, kept as the contract says. */
class Browser {
  readonly socket: Socket;
  snapshots: LiveSnapshot[] = [];
  deltas: LiveDelta[] = [];
  identities: LiveIdentity[] = [];
  miners: LiveMiner[] = [];
  incidents: string[] = []; // "i1 open"
  agents: LiveAgents[] = [];
  version = 0;
  keys: number[] = [];
  values = new Map<LiveColumn, number[]>();
  gap = false;

  constructor(token: string, options: { transports?: string[] } = {}) {
    this.socket = io(`http://127.0.0.1:${port}/live`, {
      auth: { token },
      reconnection: false,
      transports: ["websocket"],
      forceNew: true,
      ...options,
    });
    sockets.push(this.socket);
    this.socket.on("snapshot", (bytes: ArrayBuffer) => this.#take(decodeSnapshot(new Uint8Array(bytes))));
    this.socket.on("delta", (bytes: ArrayBuffer) => this.#apply(decodeDelta(new Uint8Array(bytes))));
    this.socket.on("identity", (identity: LiveIdentity) => this.identities.push(identity));
    this.socket.on("agents", (news: LiveAgents) => this.agents.push(news));
    this.socket.on("incident", ({ incident: { id, state } }: LiveIncident) => this.incidents.push(`${id} ${state}`));
    this.socket.on("miner", (miner: LiveMiner) => this.miners.push(miner));
  }

  #take(snapshot: LiveSnapshot): void {
    this.snapshots.push(snapshot);
    this.version = snapshot.version;
    this.keys = [...snapshot.keys];
    this.values = new Map(Object.entries(snapshot.values).map(([column, values]) => [column as LiveColumn, [...values]]));
  }

  #apply(delta: LiveDelta): void {
    this.deltas.push(delta);
    if (delta.version !== this.version + 1) this.gap = true;
    this.version = delta.version;
    this.keys.push(...delta.addedKeys);
    for (const values of this.values.values()) while (values.length < this.keys.length) values.push(NaN);
    for (const { column, rows, values } of delta.changes) rows.forEach((row, i) => (this.values.get(column)![row] = values[i]!));
  }

  async subscribe(scope: object = {}, columns: string[] = []): Promise<{ ok: boolean; problem?: string }> {
    const before = this.snapshots.length;
    const answer = (await this.socket.emitWithAck("subscribe", { scope, columns })) as { ok: boolean; problem?: string };
    if (answer.ok) await until(() => this.snapshots.length > before, "snapshot");
    return answer;
  }

  value(minerKey: number, column: LiveColumn): number {
    return this.values.get(column)![this.keys.indexOf(minerKey)];
  }
}

/** Everything sent so far has arrived: messages are answered in order. */
async function arrived(): Promise<void> {
  const connected = sockets.filter((socket) => socket.connected && !paused.has(socket));
  await Promise.all(connected.map((socket) => socket.emitWithAck("unwatch", { minerId: "m999999" })));
}

/** The browser reads no more until its connection is told to resume. */
function pause({ socket }: Browser): { resume(): void } {
  paused.add(socket);
  const connection = (socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws._socket;
  connection.pause();
  return connection;
}

function incidentNews(id: string, state: string, siteId: string | null = "s1", explanation = ""): IncidentNews {
  return { incident: { id, state, siteId, explanation } } as IncidentNews;
}

/** One second of the stream. */
async function second(): Promise<void> {
  nowMs += 1000;
  fleet.agentAlive("a1", nowMs);
  fleet.agentAlive("a2", nowMs);
  fleet.sweep(nowMs);
  for (let i = 0; i < 4; i++) live.tick();
  await arrived();
}

function poll(address: string, fields: Parameters<typeof sampleEntry>[1] = {}, agent = S1): void {
  fleet.takeSample(sampleEntry(address, { ...fields, agentAtMs: nowMs }), { ...agent, atMs: nowMs });
}

/** What a browser should hold: the fleet's values to their quantum. */
function expectSame(browser: Browser): void {
  for (const [column, values] of browser.values)
    browser.keys.forEach((key, i) => {
      const expected = quantised(column, fleet.columns.value(fleet.columns.rowOf(`m${key}`)!, column));
      expect(`${key} ${column} ${values[i]}`).toBe(`${key} ${column} ${expected}`);
    });
}

let tellBackfill: (news: LiveBackfill) => void = () => undefined;
let tellIncidents: (news: readonly IncidentNews[]) => void = () => undefined;

async function start(overrides: Partial<LiveParts> = {}): Promise<void> {
  live = createLive({
    server,
    fleet,
    directory: new FakeDirectory(),
    incidents: { onCommitted: (listener) => ((tellIncidents = listener), () => undefined) },
    backfill: { onNews: (listener) => ((tellBackfill = listener), () => undefined) },
    links: {
      watch: (id) => (watched.push(`watch ${id}`), () => void watched.push(`unwatch ${id}`)),
      describe: (agent) => links.describe(agent),
      scans: () => links.scans(),
    },
    authorize: ({ auth }) => Promise.resolve(viewers[(auth as { token?: string }).token ?? ""] ?? null),
    allowRequest: (request) => request.headers.origin !== "http://evil.example",
    clock: () => nowMs,
    log: quiet,
    timer: false,
    ...overrides,
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
}

beforeEach(async () => {
  nowMs = NOW_MS;
  sockets = [];
  watched = [];
  links = new FakeAgentLink();
  paused = new Set();
  viewers = { all: { role: "viewer", siteIds: null, kind: "session" }, one: { role: "viewer", siteIds: ["s1"], kind: "session" } };
  fleet = await createFleet({ store: asStore(new MemoryStore()), directory: new FakeDirectory(), clock: () => nowMs, log: quiet });
  server = createServer();
  const open: { bytesWritten: number }[] = [];
  server.on("connection", (socket) => open.push(socket));
  rawBytes = () => open.reduce((sum, socket) => sum + socket.bytesWritten, 0);
  await start();
});
afterEach(async () => {
  for (const socket of sockets) socket.disconnect();
  await live.close();
  await new Promise((resolve) => server.close(resolve));
  await fleet.close();
});

describe("live stream", () => {
  it("gives a snapshot of the scope, then deltas that keep it equal to the fleet", async () => {
    poll("10.0.0.1");
    poll("10.0.0.2", { powerW: null, chipTempCMax: 71.3 });
    poll("10.9.0.1", {}, S2);
    await second();
    const all = new Browser("all");
    await all.subscribe({}, ["uptimeMs", "fanRpm1"]);
    expect(all.keys).toEqual([1, 2, 3]);
    expect([...all.values.keys()]).toEqual([...LIVE_BASE_COLUMNS, "uptimeMs", "fanRpm1"]);
    expect(all.snapshots[0].totals).toMatchObject({ minerCount: 3, reportingCount: 3, hashrateHs: 3.3e14 });
    expectSame(all);
    for (let i = 0; i < 5; i++) {
      poll("10.0.0.1", { hashrateHs: 1e14 + i * 1e12, uptimeMs: 3_700_000 + i * 1000, fansRpm: [i * 1000, 6000, 6000, 6000] });
      if (i === 2) poll("10.0.0.9");
      await second();
      await until(() => all.deltas.length === i + 1, "delta");
      expectSame(all);
    }
    expect(all.keys).toEqual([1, 2, 3, 4]);
    expect(all.gap).toBe(false);
    expect(all.deltas.at(-1)!.totals).toMatchObject({ minerCount: 4, hashrateHs: 4.34e14 });
  });

  it("sends only what changed, and nothing when nothing did", async () => {
    poll("10.0.0.1");
    poll("10.0.0.2");
    await second();
    const all = new Browser("all");
    await all.subscribe();
    await second(); // the totals' first delta
    poll("10.0.0.2", { chipTempCMax: 72 });
    await second();
    await until(() => all.deltas.some((delta) => delta.changes.length > 0), "delta");
    const change = all.deltas.at(-1)!.changes.map(({ column, rows, values }) => [column, [...rows], [...values]]);
    expect(change).toEqual([
      ["chipTempCMax", [1], [72]],
      ["polledAtMs", [1], [nowMs - 1000]],
    ]);
    const before = all.deltas.length;
    await second();
    poll("10.0.0.1");
    await second();
    await until(() => all.deltas.length > before, "next delta");
    expect(all.deltas).toHaveLength(before + 1);
  });

  it("limits a caller to its sites, in the scope, in the totals and in what it may name", async () => {
    poll("10.0.0.1");
    poll("10.9.0.1", {}, S2);
    const one = new Browser("one");
    await one.subscribe();
    expect(one.keys).toEqual([1]);
    expect(one.snapshots[0].totals.minerCount).toBe(1);
    expect(await one.subscribe({ siteId: "s2" })).toMatchObject({ ok: false });
    expect(await one.subscribe({ minerId: "m2" })).toMatchObject({ ok: false });
    expect(await one.socket.emitWithAck("watch", { minerId: "m2" })).toMatchObject({ ok: false });
    const all = new Browser("all");
    await all.subscribe({ siteId: "s2" });
    expect(all.keys).toEqual([2]);
  });

  it("lets nobody in without a sign-in, nor from another origin, and drops who is signed out", async () => {
    const stranger = new Browser("nobody");
    const refused = await new Promise<string>((resolve) => stranger.socket.on("connect_error", (error) => resolve(error.message)));
    expect(refused).toBe("Sign in first");
    const evil = io(`http://127.0.0.1:${port}/live`, {
      auth: { token: "all" },
      reconnection: false,
      forceNew: true,
      transports: ["websocket"],
      extraHeaders: { Origin: "http://evil.example" },
    });
    sockets.push(evil);
    await new Promise((resolve) => evil.on("connect_error", resolve));
    const all = new Browser("all");
    await all.subscribe();
    viewers["all"] = null;
    await live.recheck();
    await until(() => !all.socket.connected, "dropped");
    expect(live.clientCount).toBe(0);
  });

  it("shows a wall its sites and racks, but no single machine and no agents, and closes it when its link is gone", async () => {
    viewers["wall"] = { role: "viewer", siteIds: ["s1"], kind: "wall" };
    poll("10.0.0.1");
    const wall = new Browser("wall");
    expect(await wall.subscribe()).toMatchObject({ ok: true });
    expect(wall.keys).toEqual([1]);
    expect(await wall.subscribe({ siteId: "s2" })).toMatchObject({ ok: false });
    expect(await wall.subscribe({ minerId: "m1" })).toMatchObject({ ok: false });
    expect(await wall.socket.emitWithAck("watch", { minerId: "m1" })).toMatchObject({ ok: false });
    expect(await wall.socket.emitWithAck("followAgents")).toMatchObject({ ok: false });
    expect([watched, wall.miners, wall.agents]).toEqual([[], [], []]);
    viewers["wall"] = null;
    await live.recheck();
    await until(() => !wall.socket.connected, "closed");
  });

  it("drops a socket whose holder is another now: signed out, with a wall's cookie left", async () => {
    const page = new Browser("all");
    await page.subscribe();
    viewers["all"] = { role: "viewer", siteIds: null, kind: "wall" };
    await live.recheck();
    await until(() => !page.socket.connected, "dropped");
  });

  it("brings a miner into a rack's scope with its values, and out with a fresh snapshot", async () => {
    poll("10.0.0.1");
    const all = new Browser("all");
    await all.subscribe({ rackId: "r1" });
    expect(all.keys).toEqual([]);
    await fleet.patch("m1", { rackId: "r1", slot: 3 });
    await second();
    await until(() => all.keys.length === 1, "in");
    expectSame(all);
    expect(all.identities.at(-1)!.changed).toMatchObject({ id: ["m1"], rackId: ["r1"], slot: [3] });
    await fleet.patch("m1", { rackId: null });
    await second();
    await until(() => all.snapshots.length === 2, "out");
    expect(all.keys).toEqual([]);
  });

  it("tells identity by delta, and a forgotten miner by id and snapshot", async () => {
    poll("10.0.0.1");
    poll("10.0.0.2");
    const all = new Browser("all");
    await all.subscribe();
    await second();
    fleet.takeIdentity(identityEntry("10.0.0.2", { mac: "aa:bb:cc:dd:ee:02" }), { ...S1, atMs: nowMs });
    await second();
    await until(() => all.identities.some(({ changed }) => changed.mac.includes("aa:bb:cc:dd:ee:02")), "identity");
    expect(all.identities.at(-1)!.changed.id).toEqual(["m2"]);
    await fleet.forget("m1");
    await second();
    await until(() => all.identities.at(-1)!.removedIds.includes("m1") && all.keys.length === 1, "gone");
    expect(all.keys).toEqual([2]);
    poll("10.0.0.2", { powerW: 3000 });
    await second();
    await until(() => all.value(2, "powerW") === 3000, "delta after the renumbering");
    expect(all.gap).toBe(false);
  });

  it("sends a watched miner four times a second, whole, and asks its agent once", async () => {
    poll("10.0.0.1");
    poll("10.0.0.2");
    const page = new Browser("all");
    await page.subscribe({ minerId: "m1" });
    await until(() => page.miners.length === 1, "whole miner");
    expect(await page.socket.emitWithAck("watch", { minerId: "m1" })).toEqual({ ok: true });
    await page.socket.emitWithAck("watch", { minerId: "m1" });
    expect(watched).toEqual(["watch m1"]);
    const dashboard = new Browser("all");
    await dashboard.subscribe();
    const fleetDeltas = dashboard.deltas.length;
    live.tick();
    await arrived();
    nowMs += 250;
    poll("10.0.0.1", { chipTempCMax: 80 });
    live.tick();
    await until(() => page.value(1, "chipTempCMax") === 80 && page.miners.at(-1)!.sample?.chipTempCMax === 80, "at once");
    expect(dashboard.deltas.length).toBe(fleetDeltas);
    page.socket.disconnect();
    await until(() => watched.length === 2, "unwatched");
    expect(watched[1]).toBe("unwatch m1");
  });

  it("sends a miner that is watched at its usual pace as it is polled, and asks its agent for nothing more", async () => {
    poll("10.0.0.1");
    const page = new Browser("all");
    await page.subscribe();
    expect(await page.socket.emitWithAck("watch", { minerId: "m1", pace: "usual" })).toEqual({ ok: true });
    await until(() => page.miners.length === 1, "whole miner");
    expect(watched).toEqual([]);
    await page.socket.emitWithAck("watch", { minerId: "m1", pace: "fast" });
    expect(watched).toEqual(["watch m1"]);
    await page.socket.emitWithAck("watch", { minerId: "m1", pace: "usual" });
    expect(watched).toEqual(["watch m1", "unwatch m1"]);
    nowMs += 10_000;
    poll("10.0.0.1", { chipTempCMax: 81 });
    live.tick();
    await until(() => page.miners.at(-1)!.sample?.chipTempCMax === 81, "polled");
  });

  it("drops the deltas of a browser that does not read and gives it one fresh snapshot when it does", async () => {
    const addresses = Array.from({ length: 300 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    for (const address of addresses) poll(address);
    const slow = new Browser("all");
    const quick = new Browser("all");
    await slow.subscribe();
    await quick.subscribe();
    const connection = pause(slow);
    for (let round = 1; round <= 60; round++) {
      // Identities make about 200 KB a second: after a while more than the sockets' buffers hold.
      const firmware = { family: "stock" as const, version: `${"x".repeat(190)} ${round}` };
      for (const address of addresses) fleet.takeIdentity(identityEntry(address, { firmware }), { ...S1, atMs: nowMs });
      for (const address of addresses) poll(address, { powerW: 3000 + round });
      await second();
    }
    expect(quick.value(1, "powerW")).toBe(3060);
    expect(quick.snapshots).toHaveLength(1);
    expect(quick.deltas).toHaveLength(60);
    connection.resume();
    paused.clear();
    await arrived();
    const { length: deltaCount } = slow.deltas;
    expect(deltaCount).toBeLessThan(55);
    await second();
    await until(() => slow.snapshots.length === 2, "fresh snapshot");
    expectSame(slow);
    expect(slow.identities.at(-1)!.changed.firmwareVersion.at(-1)).toMatch(/ 60$/);
    poll("10.0.0.0", { powerW: 1 });
    await second();
    expect(slow.value(1, "powerW")).toBe(1);
    expect(slow.snapshots).toHaveLength(2);
    expect(slow.deltas).toHaveLength(deltaCount + 1);
  });

  it("lets a browser that saw a gap subscribe again, and refuses one that does nothing else", async () => {
    poll("10.0.0.1");
    const all = new Browser("all");
    await all.subscribe();
    await all.subscribe();
    expect(all.snapshots).toHaveLength(2);
    for (let i = 0; i < 18; i++) await all.subscribe();
    expect(await all.subscribe()).toMatchObject({ ok: false, problem: expect.stringContaining("wait") as string });
    expect(await all.socket.emitWithAck("subscribe", { scope: { planet: 1 } })).toMatchObject({ ok: false });
    all.socket.emit("subscribe", { scope: {}, junk: "x".repeat(20_000) });
    await until(() => !all.socket.connected, "cut off for its size");
  });

  it("tells who follows the agents how they and their scans are, then what changed, each of the sites that may be seen", async () => {
    const [all, one, quietOne] = [new Browser("all"), new Browser("one"), new Browser("all")];
    await quietOne.subscribe();
    for (const browser of [all, one]) expect(await browser.socket.emitWithAck("followAgents")).toEqual({ ok: true });
    await arrived();
    expect(all.agents).toMatchObject([{ whole: true, agents: [{ id: "a1" }, { id: "a2" }], removedIds: [], scans: [] }]);
    expect(one.agents).toMatchObject([{ whole: true, agents: [{ id: "a1", state: "offline" }] }]);
    await second();
    expect([all.agents.length, one.agents.length]).toEqual([1, 1]);

    links.connected.add("a2");
    const scan = await links.startScan("a2", null);
    const item = (address: string) => ({ address, port: 4028, outcome: "found" as const, model: null, firmware: null, detail: "" });
    links.scansById.set("scan1", { ...scan!, foundCount: 1, items: [item("10.0.1.1")] });
    await second();
    links.scansById.set("scan1", { ...scan!, foundCount: 2, items: [item("10.0.1.1"), item("10.0.1.2")] });
    await second();
    const news = all.agents.slice(1);
    expect(news[0]).toMatchObject({ whole: false, agents: [{ id: "a2", state: "online" }], scans: [{ itemsFrom: 0, items: [{}] }] });
    expect(news[1]).toMatchObject({ agents: [], scans: [{ itemsFrom: 1, foundCount: 2, items: [{ address: "10.0.1.2" }] }] });
    expect(one.agents).toHaveLength(1);
    expect(quietOne.agents).toEqual([]);

    all.socket.emit("unfollowAgents");
    await arrived();
    links.connected.clear();
    await second();
    expect(all.agents).toHaveLength(3);
  });

  it("tells of history that came late to whoever may see its site, gathered and at most every five seconds", async () => {
    const [all, one] = [new Browser("all"), new Browser("one")];
    for (const browser of [all, one]) await browser.subscribe({});
    const heard = [all, one].map((browser) => {
      const news: LiveBackfill[] = [];
      browser.socket.on("backfill", (each: LiveBackfill) => news.push(each));
      return news;
    });
    const late = { siteId: "s1", what: "samples", fromMs: 1000, toMs: 2000 } as const;
    tellBackfill(late);
    tellBackfill({ ...late, fromMs: 500, toMs: 1500 });
    tellBackfill({ ...late, siteId: "s2" });
    await second();
    expect(heard[0].map(({ siteId }) => siteId)).toEqual(["s1", "s2"]);
    expect(heard[1]).toEqual([{ ...late, fromMs: 500 }]);
    tellBackfill({ ...late, fromMs: 9000, toMs: 9500 });
    await second();
    expect(heard[1]).toHaveLength(1);
    nowMs += 5000;
    await second();
    expect(heard[1][1]).toMatchObject({ fromMs: 9000, toMs: 9500 });
    expect(heard[0]).toHaveLength(3);
  });

  it("tells incidents to whoever may see their site, and none to a wall", async () => {
    viewers.wall = { role: "viewer", siteIds: null, kind: "wall" };
    const [all, one, wall] = [new Browser("all"), new Browser("one"), new Browser("wall")];
    await Promise.all([all, one, wall].map((browser) => browser.subscribe()));
    tellIncidents([incidentNews("i1", "open"), incidentNews("i2", "open", "s2"), incidentNews("i3", "open", null)]);
    while (all.incidents.length < 3 || one.incidents.length < 1) await second();
    await second();
    expect([all.incidents, one.incidents, wall.incidents]).toEqual([["i1 open", "i2 open", "i3 open"], ["i1 open"], []]);
  });

  it("tells a browser that does not read how each incident is when it does, once, over the same connection", async () => {
    const [slow, quick] = [new Browser("all"), new Browser("all")];
    await Promise.all([slow.subscribe(), quick.subscribe()]);
    const connection = pause(slow);
    const text = "x".repeat(200_000); // after a while more than the sockets' buffers hold
    for (let n = 1; n <= 60; n++) {
      tellIncidents([incidentNews(`i${n}`, "open", "s1", text)]);
      while (quick.incidents.length < n) await second();
    }
    for (let n = 1; n <= 59; n++) tellIncidents([incidentNews(`i${n}`, "closed")]);
    tellIncidents([incidentNews("i60", "acknowledged")]);
    while (quick.incidents.length < 120) await second();
    connection.resume();
    paused.clear();
    while (!slow.incidents.includes("i60 acknowledged")) await second();
    const last = new Map(slow.incidents.map((told) => told.split(" ") as [string, string]));
    expect([...last].filter(([, state]) => state !== "closed")).toEqual([["i60", "acknowledged"]]);
    expect(last.size).toBe(60);
    expect(slow.incidents.length).toBeLessThan(120); // of most only how they are now
    expect(new Set(slow.incidents).size).toBe(slow.incidents.length);
    expect(slow.socket.connected).toBe(true);
  });

  it("ends the connection of a browser that misses more incidents than are kept for it, so that it loads them anew", async () => {
    const slow = new Browser("all");
    await slow.subscribe();
    const ended = new Promise<string>((resolve) => slow.socket.on("disconnect", resolve));
    tellIncidents([incidentNews("i0", "open")]);
    for (let n = 1; n <= 1001; n++) tellIncidents([incidentNews(`i${n}`, "open")]); // all before the first has left
    expect(await ended).toBe("transport close"); // a client comes back after it by itself
  });

  it("works over long polling too", async () => {
    poll("10.0.0.1");
    const all = new Browser("all", { transports: ["polling"] });
    await until(() => all.socket.connected, "connected");
    const answer = all.socket.emitWithAck("subscribe", { scope: {}, columns: [] });
    await until(() => (live.tick(), all.snapshots.length > 0), "snapshot");
    expect(await answer).toEqual({ ok: true });
  });

  it("costs at most 1 KB a second for 500 miners whose readings do not change, framing, ages and totals included", async () => {
    const address = (i: number): string => `10.0.${i >> 8}.${i & 255}`;
    const pollDue = (tenth: number): void => {
      for (let i = 0; i < 500; i++) if ((i * 7919) % 100 === tenth % 100) poll(address(i));
    };
    for (let i = 0; i < 500; i++) poll(address(i));
    const all = new Browser("all");
    await all.subscribe();
    let tenth = 0;
    const oneSecond = async (): Promise<void> => {
      for (let i = 0; i < 10; i++) {
        nowMs += 100;
        pollDue(tenth++);
      }
      fleet.agentAlive("a1", nowMs);
      fleet.sweep(nowMs);
      for (let i = 0; i < 4; i++) live.tick();
      await until(() => all.version === last + 1, "delta");
      last = all.version;
    };
    let last = all.version;
    for (let s = 0; s < 12; s++) await oneSecond();
    const bytes = rawBytes();
    for (let s = 0; s < 30; s++) await oneSecond();
    const perSecond = (rawBytes() - bytes) / 30;
    console.log(JSON.stringify({ idleBytesPerS: perSecond }));
    expect(perSecond).toBeLessThan(1000);
    expectSame(all);
    expect(all.gap).toBe(false);
  });
});

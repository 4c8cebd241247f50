import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import type { RunningAgent } from "../../../agent/main.ts";
import type { FleetTotals } from "../../../server/contract/api.ts";
import type { Incident } from "../../../server/contract/incidents.ts";
import type { RunningServer } from "../../../server/main.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { ScenarioEventInput } from "../../emulator/scenario.ts";
import { HookEnd, MailEnd } from "./farEnds.ts";
import { Line } from "./line.ts";
import { program } from "./programParts.ts";
import { atRest } from "./rest.ts";
import { VirtualClock } from "./virtualClock.ts";

const { agentConfig, placeInRacks, serverConfig, startAgent, startEmulator, startServer, writeKnownMiners } = program;

/** A Sunday noon; by the local time of wherever the test runs it is some other hour. */
const START_MS = Date.UTC(2026, 0, 4, 12);
const quiet = pino({ level: "silent" });

export interface SiteOptions {
  readonly address: string; // of the first miner; each test file has a /16 of its own
  readonly minerCount: number;
  /** How many of them each agent polls, one range after the other; one agent polls all unless told. */
  readonly shares?: readonly number[];
  readonly models?: readonly string[];
  readonly pollIntervalMs?: number;
}

/** An agent, and the line to its server, which can be cut. */
export interface SiteAgent {
  readonly id: string;
  readonly running: RunningAgent;
  readonly line: Line;
  /** As SIGKILL does: nothing of it goes on, and its connection ends. */
  kill(): void;
}

/** Miners, agents, server and delivery in this process, on one clock, with real sockets and a database of their own; and far ends that people would read. */
export class Site {
  readonly clock = new VirtualClock(START_MS, atRest);
  readonly agents: SiteAgent[] = [];
  emulator!: Emulator;
  server!: RunningServer;
  hook!: HookEnd;
  mail!: MailEnd;

  /** Starts it all and waits until every miner is known, stands in its rack, and has been polled twice. */
  static async open(options: SiteOptions): Promise<Site> {
    const site = new Site();
    await site.#start(options);
    while ((await site.fleet()).reportingCount < options.minerCount) await site.advance(1000);
    await placeInRacks(site.emulator, site.server, new AbortController().signal);
    await site.advance(options.pollIntervalMs ?? 10_000);
    return site;
  }

  async #start({ address, minerCount, shares = [minerCount], models, pollIntervalMs = 10_000 }: SiteOptions): Promise<void> {
    const { clock } = this;
    const folder = swiftDirectory();
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    this.emulator = await startEmulator({ count: minerCount, address, port: 0, clock, ...(models ? { models } : {}) });
    onTestFinished(() => this.emulator.close());
    [this.hook, this.mail] = await Promise.all([HookEnd.open(clock.nowMs), MailEnd.open(clock.nowMs)]);
    onTestFinished(async () => {
      await Promise.all([this.hook.close(), this.mail.close()]);
    });
    const settings = { "data-dir": folder, port: "0", "no-embedded-agent": true } as const;
    this.server = await startServer(serverConfig(settings), { log: quiet, webDir: null, signInRequired: false, clock });
    onTestFinished(() => this.server.close());
    await this.#tell();
    let first = 0;
    for (const share of shares) {
      const endpoints = this.emulator.endpoints.slice(first, (first += share));
      await this.#addAgent(join(folder, `agent-${this.agents.length}`), { endpoints, pollIntervalMs });
    }
  }

  /** Both far ends hear of everything. */
  async #tell(): Promise<void> {
    const hook = { kind: "webhook", url: this.hook.url, signingKey: HookEnd.SIGNING_KEY };
    const mail = {
      kind: "email",
      host: "127.0.0.1",
      port: this.mail.port,
      security: "none",
      from: "watch@site.example",
      to: ["ops@site.example"],
    };
    for (const target of [hook, mail]) await this.send("POST", "/channels", { name: target.kind, target, allowPrivate: true });
  }

  async #addAgent(
    dataDir: string,
    { endpoints, pollIntervalMs }: { endpoints: Emulator["endpoints"]; pollIntervalMs: number },
  ): Promise<void> {
    const name = `shed-${this.agents.length + 1}`;
    const { id, code } = await this.send<{ id: string; code: string }>("POST", "/agents", { siteId: this.siteId, name });
    const line = await Line.open(() => Number(new URL(this.server.url).port));
    const branch = this.clock.branch();
    const [first, last] = [endpoints[0], endpoints[endpoints.length - 1]];
    const config = agentConfig({
      ...{ server: `http://127.0.0.1:${line.port}`, code, "data-dir": dataDir, "allow-ranges": "127.0.0.0/8", "witness-port": "0" },
      ...{ ranges: `${first.address}-${last.address}:${first.port}`, "poll-interval-ms": String(pollIntervalMs) },
    });
    await mkdir(config.dataDir, { recursive: true });
    await writeKnownMiners(config.dataDir, endpoints); // as if it had found them before: looking for thousands takes longer than all that follows
    const running = await startAgent(config, { log: quiet, clock: branch.clock });
    const kill = (): void => {
      branch.stop();
      line.setOpen(false);
    };
    onTestFinished(async () => {
      line.setOpen(false);
      await atRest(); // it has noticed, and waits for no acknowledgement
      branch.stop();
      await running.close();
      await line.close();
    });
    this.agents.push({ id, running, line, kill });
  }

  get siteId(): string {
    return this.server.directory.sites()[0].id;
  }

  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  /** Lets time pass, a second at a time at least, until it holds; rejects when it does not within `withinMs`. Resolves with how long it took. */
  async until(holds: () => boolean | Promise<boolean>, withinMs: number): Promise<number> {
    const fromMs = this.clock.nowMs();
    while (!(await holds())) {
      if (this.clock.nowMs() - fromMs >= withinMs) throw new Error(`Not so within ${withinMs} ms: ${holds.toString()}`);
      await this.advance(1000);
    }
    return this.clock.nowMs() - fromMs;
  }

  async fault(event: ScenarioEventInput): Promise<void> {
    await this.emulator.inject(event);
  }

  fleet(): Promise<FleetTotals> {
    return this.get("/fleet");
  }

  async incidents(): Promise<Incident[]> {
    const { items } = await this.get<{ items: { id: string }[] }>("/incidents?limit=1000");
    return await Promise.all(items.map(({ id }) => this.get<Incident>(`/incidents/${id}`)));
  }

  get<T>(path: string): Promise<T> {
    return this.send("GET", path);
  }

  async send<T>(method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.server.url}/api/v1${path}`, {
      method,
      headers: { connection: "close", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? null : JSON.parse(text)) as T;
  }
}

/** In memory where there is room: each second that passes waits for a disk, and hours are many seconds. */
function swiftDirectory(): string {
  return mkdtempSync(join(hasRoom("/dev/shm") ? "/dev/shm" : tmpdir(), "hashwatch-test-"));
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 1 << 29;
  } catch {
    return false; // not there
  }
}

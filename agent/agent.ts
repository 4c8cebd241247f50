import { hostname, networkInterfaces } from "node:os";
import type { Logger } from "pino";
import type { AgentMessage, AgentStats } from "../server/contract/agentLink.ts";
import type { Clock } from "./clock.ts";
import type { AgentConfig } from "./config.ts";
import { AllowList, type Refusal } from "./discover/allowList.ts";
import { Discovery } from "./discover/discovery.ts";
import { readKnownMiners, writeKnownMiners } from "./discover/knownMiners.ts";
import { ownNetworks } from "./discover/ownNetworks.ts";
import type { EndpointSet } from "./discover/rangeSet.ts";
import { parseRange } from "./discover/ranges.ts";
import { probeTcp } from "./discover/tcpProbe.ts";
import { ConfigError } from "./errors.ts";
import type { MinerCredentials } from "./identity/credentials.ts";
import { Learner } from "./identity/learner.ts";
import { readNeighbours } from "./identity/neighbours.ts";
import type { Endpoint, MinerPoller, PollOutcome } from "./poll/ports.ts";
import { Scheduler } from "./poll/scheduler.ts";
import { Witness } from "./poll/witness.ts";
import { programName } from "./program.ts";
import { writeAgentKey } from "./push/agentKey.ts";
import { Connection } from "./push/connection.ts";
import { Frames } from "./push/frames.ts";
import type { Outbox } from "./push/outbox.ts";
import { Report } from "./push/report.ts";
import { answerRequest } from "./push/requests.ts";
import { ScanRequests } from "./push/scanRequests.ts";
import { linkUrl } from "./push/serverUrl.ts";

const SYNC_EVERY_MS = 1000;
const SETTLE_IN_EVERY_MS = 2000;
const FLUSH_MS = 4000;

/** What has to be read before an agent can be put together. */
export interface AgentParts {
  readonly config: AgentConfig;
  readonly server: string;
  readonly key: { readonly agentId: string; readonly key: string } | null; // null: to be enrolled with the code
  readonly credentials: MinerCredentials;
  readonly outbox: Outbox;
  readonly log: Logger;
  readonly clock: Clock;
  createPoller(endpoint: Endpoint): MinerPoller;
}

/** The parts of a running agent and how they hang together. */
export class Agent {
  /** Rejects with ConfigError when only an operator can help: the enrolment code is not taken. Never resolves. */
  readonly failed: Promise<never>;
  private readonly parts: AgentParts;
  private readonly stop = new AbortController();
  private readonly allowList: AllowList;
  private readonly scheduler: Scheduler;
  private readonly discovery: Discovery;
  private readonly scans: ScanRequests;
  private readonly learner: Learner;
  private readonly report: Report;
  private readonly frames: Frames;
  private readonly connection: Connection;
  private readonly timers: (() => void)[];
  private fail: (error: ConfigError) => void = () => undefined;
  private minersChanged = false;
  private minersFound = false;
  private settling = false;
  private closing: Promise<void> | null = null;

  constructor(parts: AgentParts) {
    this.parts = parts;
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => undefined); // whoever cares awaits it
    const { config, outbox, log, clock } = parts;
    this.allowList = this.createAllowList();
    this.frames = new Frames({ outbox, onAppended: () => this.connection.pump(), clock, log });
    this.report = this.createReport();
    this.scheduler = new Scheduler({
      clock,
      intervalMs: config.pollIntervalMs,
      concurrency: config.pollConcurrency,
      connectTimeoutMs: config.connectTimeoutMs,
      replyTimeoutMs: config.replyTimeoutMs,
      onOutcome: (poller, outcome, spacingMs) => this.polled(poller, outcome, spacingMs),
    });
    this.learner = this.createLearner();
    this.discovery = this.createDiscovery();
    this.scans = new ScanRequests({ discovery: this.discovery, send: (message) => this.send(message), log });
    this.connection = this.createConnection();
    this.timers = [clock.every(SYNC_EVERY_MS, () => void outbox.sync()), clock.every(SETTLE_IN_EVERY_MS, () => void this.settleIn())];
  }

  /** Polls the miners known from before at once, and looks for others. */
  async begin(): Promise<void> {
    for (const endpoint of await readKnownMiners(this.parts.config.dataDir)) {
      if (this.allowList.permits(endpoint)) this.scheduler.add(this.parts.createPoller(endpoint));
    }
    this.discovery.scanOwnRanges();
    await this.learner.learnNeighbours();
  }

  isConnected(): boolean {
    return this.connection.connected;
  }

  stats(): AgentStats {
    const { minerCount, pollCount, failureCounts, latePollCount, lateMsMax } = this.scheduler.stats();
    return {
      agentNowMs: this.parts.clock.nowMs(),
      minerCount,
      pollIntervalMs: this.scheduler.pollIntervalMs,
      pollCount,
      failureCounts,
      latePollCount,
      lateMsMax: Math.round(lateMsMax),
      outboxSampleCount: this.parts.outbox.sampleCount,
      droppedSampleCount: this.parts.outbox.droppedSampleCount + this.frames.droppedSampleCount,
      refusalCount: this.allowList.refusalCount,
      lastRefusal: this.allowList.lastRefusal,
    };
  }

  /** No new polls; then flush, wait a few seconds for the acknowledgements, and close. Idempotent. */
  close(): Promise<void> {
    this.closing ??= this.closeInOrder();
    return this.closing;
  }

  private async closeInOrder(): Promise<void> {
    for (const end of this.timers) end();
    this.scheduler.close();
    this.learner.close();
    this.stop.abort();
    await this.discovery.close();
    await this.report.settled();
    await this.frames.close();
    await this.saveMiners();
    await this.connection.close(FLUSH_MS);
    await this.parts.outbox.close();
  }

  private createAllowList(): AllowList {
    const { allowRanges, allowPorts } = this.parts.config;
    return new AllowList({ ranges: allowRanges.map(parseRange), ports: allowPorts, onRefusal: (refusal) => this.refused(refusal) });
  }

  private createReport(): Report {
    const { witnessPort, connectTimeoutMs } = this.parts.config;
    const witness = new Witness({
      port: witnessPort,
      timeoutMs: connectTimeoutMs,
      signal: this.stop.signal,
      permits: (endpoint) => this.allowList.permits(endpoint),
      probe: (endpoint, options) => probeTcp(endpoint, { ...options, clock: this.parts.clock }),
    });
    return new Report({
      add: (entry) => this.frames.add(entry),
      isApiDown: (endpoint, outcome) => witness.isApiDown(endpoint, outcome),
      nowMs: () => this.parts.clock.nowMs(),
    });
  }

  private createLearner(): Learner {
    return new Learner({
      credentials: this.parts.credentials,
      webPort: this.parts.config.webPort,
      permits: (endpoint) => this.allowList.permits(endpoint),
      readNeighbours,
      pollers: () => this.scheduler.pollers(),
      clock: this.parts.clock,
      log: this.parts.log,
    });
  }

  private createDiscovery(): Discovery {
    const { ranges, connectTimeoutMs, replyTimeoutMs } = this.parts.config;
    return new Discovery(ranges, {
      allowList: this.allowList,
      connectTimeoutMs,
      replyTimeoutMs,
      probe: (endpoint, options) => probeTcp(endpoint, { ...options, clock: this.parts.clock }),
      createPoller: (endpoint) => this.parts.createPoller(endpoint),
      isPolled: (endpoint) => this.scheduler.has(endpoint),
      onFound: (poller) => this.found(poller),
      onScope: (scope) => this.keepWithin(scope),
      clock: this.parts.clock,
      log: this.parts.log,
    });
  }

  private createConnection(): Connection {
    const { config, server, key, outbox, log } = this.parts;
    return new Connection({
      url: linkUrl(server, config),
      key,
      code: config.code,
      program: programName(),
      hostname: hostname().slice(0, 200),
      allowControl: config.allowControl,
      outbox,
      clock: this.parts.clock,
      random: Math.random,
      log,
      pollIntervalMs: () => this.scheduler.pollIntervalMs,
      networks: () => ownNetworks(networkInterfaces(), this.allowList),
      stats: () => this.stats(),
      onEnrolled: (enrolled) => writeAgentKey(config.dataDir, { server, ...enrolled }),
      onCodeRefused: (reason) => this.fail(new ConfigError(`--code is not taken by ${server}: ${reason}`)),
      onWelcome: (welcome) => this.welcomed(welcome.ranges, welcome.settings.pollIntervalMs),
      onRequest: (request) =>
        answerRequest(request, {
          scheduler: this.scheduler,
          discovery: this.discovery,
          scans: this.scans,
          allowList: this.allowList,
          setPollInterval: (pollIntervalMs) => this.setPollInterval(pollIntervalMs),
          send: (message) => this.send(message),
        }),
    });
  }

  private send(message: AgentMessage): void {
    this.connection.send(message);
  }

  private polled(poller: MinerPoller, outcome: PollOutcome, spacingMs: number): void {
    this.report.polled(poller, outcome, spacingMs);
    this.discovery.remember(poller.endpoint, outcome);
    if (outcome.ok) this.learner.answered(poller);
    else this.learner.missed(poller);
  }

  private found(poller: MinerPoller): void {
    this.scheduler.add(poller);
    this.minersChanged = true;
    this.minersFound = true;
  }

  private welcomed(ranges: readonly string[], pollIntervalMs: number | null): void {
    this.report.connected();
    this.setPollInterval(pollIntervalMs);
    this.discovery.setRanges(ranges);
  }

  private setPollInterval(pollIntervalMs: number | null): void {
    this.scheduler.setIntervalMs(pollIntervalMs ?? this.parts.config.pollIntervalMs);
  }

  private keepWithin(scope: EndpointSet): void {
    for (const { endpoint } of this.scheduler.pollers()) {
      if (scope.has(endpoint)) continue;
      this.scheduler.remove(endpoint);
      this.report.forget(endpoint);
      this.learner.forget(endpoint);
      this.discovery.forget(endpoint);
      this.minersChanged = true;
    }
  }

  private refused(refusal: Refusal): void {
    this.parts.log.warn({ ...refusal }, "refused: outside the allow-lists");
    this.send({ type: "refusal", what: refusal.what, target: refusal.target.slice(0, 200), reason: refusal.reason.slice(0, 300) });
  }

  /** What follows when miners came or went, for all of them at once: their place in the file, and their MACs in the neighbour table. */
  private async settleIn(): Promise<void> {
    if (this.settling) return;
    this.settling = true;
    await this.saveMiners();
    if (this.minersFound) {
      this.minersFound = false;
      await this.learner.learnNeighbours();
    }
    this.settling = false;
  }

  private async saveMiners(): Promise<void> {
    if (!this.minersChanged) return;
    this.minersChanged = false;
    const endpoints = this.scheduler.pollers().map(({ endpoint }) => endpoint);
    await writeKnownMiners(this.parts.config.dataDir, endpoints).catch((error: unknown) => {
      this.minersChanged = true;
      this.parts.log.error({ err: error }, "known miners cannot be stored");
    });
  }
}

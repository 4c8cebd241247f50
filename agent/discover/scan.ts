import { setMaxListeners } from "node:events";
import type { ScanItem } from "../../server/contract/agentLink.ts";
import { createLimit } from "../limit.ts";
import type { Endpoint, MinerPoller, PollOutcome } from "../poll/ports.ts";
import type { EndpointSet } from "./rangeSet.ts";
import type { ProbeResult } from "./tcpProbe.ts";

const PROBES_AT_ONCE = 512;
const IDENTIFICATIONS_AT_ONCE = 128;
const PROGRESS_EVERY_MS = 500;
const PASSES = 2; // a first packet may go astray while the network looks for many addresses at once

export interface ScanDeps {
  probe(endpoint: Endpoint, options: { timeoutMs: number; signal: AbortSignal }): Promise<ProbeResult>;
  createPoller(endpoint: Endpoint): MinerPoller;
  /** A miner that is polled already is not asked again: never two connections to one miner. */
  known(endpoint: Endpoint): ScanItem | null;
  /** Each machine that is a miner, with the poller that identified it. */
  onFound?(poller: MinerPoller, outcome: PollOutcome): void;
  nowMs(): number;
}
export interface ScanOptions {
  readonly connectTimeoutMs: number;
  readonly replyTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
}
/** Counts since the start; `items` those that are new since the progress before. Silent addresses are counted, not listed. */
export interface ScanProgress {
  readonly totalCount: number;
  readonly probedCount: number;
  readonly foundCount: number;
  readonly failureCounts: Record<string, number>;
  readonly items: ScanItem[];
}

/**
 * Finds miners: a TCP probe of every endpoint, then an identification of those that take a connection, and a second round for those that were silent
 * or did not identify. Resolves with the last progress, also after an abort; `items` in it are those not told before.
 */
export async function scanEndpoints(endpoints: EndpointSet, deps: ScanDeps, options: ScanOptions): Promise<ScanProgress> {
  setMaxListeners(0, options.signal); // each probe listens for as long as it lasts
  return new Scan(endpoints, deps, options).run();
}

/** A machine is a miner when it said so, or when what it said on the miners' port could not be read. */
export function isMiner(outcome: PollOutcome): boolean {
  if (outcome.ok) return true;
  return (
    outcome.failure !== "notMiner" && (outcome.identity !== null || outcome.failure === "undecodable" || outcome.failure === "truncated")
  );
}

export function scanItemOf(endpoint: Endpoint, outcome: PollOutcome): ScanItem {
  const identity = outcome.identity;
  return {
    address: endpoint.address,
    port: endpoint.port,
    outcome: outcome.ok || isMiner(outcome) ? "found" : outcome.failure,
    model: identity?.model ?? identity?.modelReported ?? null,
    firmware: identity === null ? null : [identity.firmware.family, identity.firmware.version ?? ""].join(" ").trim().slice(0, 60),
    detail: outcome.ok ? "" : outcome.detail.slice(0, 300),
  };
}

class Scan {
  private readonly endpoints: EndpointSet;
  private readonly deps: ScanDeps;
  private readonly options: ScanOptions;
  private readonly settled: Uint8Array;
  private readonly identify = createLimit(IDENTIFICATIONS_AT_ONCE);
  private readonly failureCounts: Record<string, number> = {};
  private items: ScanItem[] = [];
  private probedCount = 0;
  private foundCount = 0;
  private reportedAtMs: number;

  constructor(endpoints: EndpointSet, deps: ScanDeps, options: ScanOptions) {
    this.endpoints = endpoints;
    this.deps = deps;
    this.options = options;
    this.settled = new Uint8Array(endpoints.count);
    this.reportedAtMs = deps.nowMs();
  }

  async run(): Promise<ScanProgress> {
    for (let pass = 1; pass <= PASSES && !this.options.signal.aborted; pass++) await this.runPass(pass === PASSES);
    return this.takeProgress();
  }

  private async runPass(isLast: boolean): Promise<void> {
    const entries = this.unsettled();
    const identifications = new Set<Promise<void>>();
    const work = async (): Promise<void> => {
      for (let next = entries.next(); !next.done && !this.options.signal.aborted; next = entries.next()) {
        const { index, endpoint } = next.value;
        if (!(await this.probeOne(index, endpoint, isLast))) continue;
        const identification = this.identify(() => this.identifyOne(index, endpoint, isLast)).finally(() =>
          identifications.delete(identification),
        );
        identifications.add(identification);
      }
    };
    await Promise.all(Array.from({ length: PROBES_AT_ONCE }, work));
    await Promise.all(identifications);
  }

  private *unsettled(): Generator<{ index: number; endpoint: Endpoint }> {
    let index = 0;
    for (const endpoint of this.endpoints.endpoints()) {
      if (this.settled[index] === 0) yield { index, endpoint };
      index++;
    }
  }

  /** True: the port is open and the machine behind it not yet identified. */
  private async probeOne(index: number, endpoint: Endpoint, isLast: boolean): Promise<boolean> {
    const known = this.deps.known(endpoint);
    if (known !== null) this.settle(index, known);
    if (known !== null) return false;
    const { connectTimeoutMs: timeoutMs, signal } = this.options;
    const result = await this.deps.probe(endpoint, { timeoutMs, signal });
    if (result === "open" || signal.aborted) return result === "open";
    if (result !== "silent" || isLast) this.settleSilent(index, result);
    return false;
  }

  private async identifyOne(index: number, endpoint: Endpoint, isLast: boolean): Promise<void> {
    if (this.options.signal.aborted) return;
    const poller = this.deps.createPoller(endpoint);
    const outcome = await pollOnce(poller, this.options);
    if (outcome === null) return;
    if (isMiner(outcome)) this.deps.onFound?.(poller, outcome);
    else if (!isLast && !outcome.ok && outcome.failure !== "notMiner") return;
    this.settle(index, scanItemOf(endpoint, outcome));
  }

  private settle(index: number, item: ScanItem): void {
    this.items.push(item);
    if (item.outcome === "found") this.foundCount++;
    else this.countFailure(item.outcome);
    this.markProbed(index);
  }

  private settleSilent(index: number, result: ProbeResult): void {
    this.countFailure(result === "silent" ? "timeout" : result);
    this.markProbed(index);
  }

  private countFailure(failure: string): void {
    this.failureCounts[failure] = (this.failureCounts[failure] ?? 0) + 1;
  }

  private markProbed(index: number): void {
    this.settled[index] = 1;
    this.probedCount++;
    const nowMs = this.deps.nowMs();
    if (this.options.onProgress === undefined || nowMs - this.reportedAtMs < PROGRESS_EVERY_MS) return;
    this.reportedAtMs = nowMs;
    this.options.onProgress(this.takeProgress());
  }

  private takeProgress(): ScanProgress {
    const { probedCount, foundCount, items } = this;
    this.items = [];
    return { totalCount: this.endpoints.count, probedCount, foundCount, failureCounts: { ...this.failureCounts }, items };
  }
}

/** One poll as a promise; null when aborted. */
function pollOnce(poller: MinerPoller, options: ScanOptions): Promise<PollOutcome | null> {
  return new Promise((resolve) => {
    const onAbort = (): void => {
      poller.abort();
      resolve(null);
    };
    options.signal.addEventListener("abort", onAbort, { once: true });
    poller.poll({ connectTimeoutMs: options.connectTimeoutMs, replyTimeoutMs: options.replyTimeoutMs }, (outcome) => {
      options.signal.removeEventListener("abort", onAbort);
      resolve(outcome);
    });
  });
}

import type { Logger } from "pino";
import type { ScanItem } from "../../server/contract/agentLink.ts";
import type { Clock } from "../clock.ts";
import { ConfigError } from "../errors.ts";
import { endpointKey } from "../poll/endpoint.ts";
import type { Endpoint, MinerPoller, PollOutcome } from "../poll/ports.ts";
import type { AllowList } from "./allowList.ts";
import { EndpointSet } from "./rangeSet.ts";
import { parseScanRange, type AddressRange } from "./ranges.ts";
import { scanEndpoints, scanItemOf, type ScanProgress } from "./scan.ts";
import type { ProbeResult } from "./tcpProbe.ts";

export const MINER_PORT = 4028;
/** Machines that start, or that a busy network hid, show up soon after; so the first looks follow each other closely, each twice as far apart. */
const FIRST_RESCAN_MS = 60_000;
const RESCAN_EVERY_MS = 15 * 60_000;

export interface DiscoveryDeps {
  readonly allowList: AllowList;
  readonly connectTimeoutMs: number;
  readonly replyTimeoutMs: number;
  probe(endpoint: Endpoint, options: { timeoutMs: number; signal: AbortSignal }): Promise<ProbeResult>;
  createPoller(endpoint: Endpoint): MinerPoller;
  isPolled(endpoint: Endpoint): boolean;
  onFound(poller: MinerPoller): void;
  /** The endpoints that may be polled from now on; miners outside are to be dropped. */
  onScope(scope: EndpointSet): void;
  readonly clock: Pick<Clock, "nowMs" | "after">;
  readonly log: Logger;
}

/** Hears how a scan goes on, and ends it. */
interface ScanWatch {
  readonly onProgress: (progress: ScanProgress) => void;
  readonly signal: AbortSignal;
}

/** Keeps an eye on the agent's ranges: scans new ones at once and all of them again after 1, 2, 4 … minutes, at last every 15. One scan at a time, the next waits its turn. */
export class Discovery {
  private readonly deps: DiscoveryDeps;
  private readonly ownRanges: readonly string[];
  private rangeTexts: readonly string[] | null = null;
  private readonly lastItems = new Map<string, ScanItem>();
  private readonly abort = new AbortController();
  /** Ends the scan in the background, for one that covers the same and that somebody waits for. */
  private background = new AbortController();
  private turn: Promise<unknown> = Promise.resolve();
  private rescanCount = 0;
  private cancelRescan: () => void = () => undefined;

  constructor(ownRanges: readonly string[], deps: DiscoveryDeps) {
    this.ownRanges = ownRanges;
    this.deps = deps;
    this.planRescan();
  }

  /** Looks at the agent's own ranges at once, without a server. */
  scanOwnRanges(): void {
    void this.scanInBackground(this.ownRanges);
  }

  /** The ranges that the server wants, beside the agent's own. New ones are scanned at once. */
  setRanges(serverRanges: readonly string[]): void {
    const before = new Set(this.rangeTexts ?? this.ownRanges);
    const texts = [...new Set([...this.ownRanges, ...serverRanges])];
    if (this.rangeTexts !== null && texts.length === before.size && texts.every((text) => before.has(text))) return;
    this.rangeTexts = texts;
    this.deps.onScope(this.permitted(texts));
    void this.scanInBackground(texts.filter((text) => !before.has(text)));
    this.rescanCount = 0;
    this.planRescan();
  }

  /**
   * Scans the given ranges, or all of the agent's, which takes the place of what is looked at in the background.
   * Rejects with ConfigError for a range that cannot be read.
   */
  scan(ranges: readonly string[] | null, { onProgress, signal }: ScanWatch): Promise<ScanProgress> {
    if (ranges === null) this.background.abort();
    return this.scanInTurn(ranges, { onProgress, signal: AbortSignal.any([this.abort.signal, signal]) });
  }

  private scanInTurn(ranges: readonly string[] | null, how: ScanWatch): Promise<ScanProgress> {
    const texts = ranges ?? this.rangeTexts ?? this.ownRanges;
    const unreadable = texts.map(rangeError).find((error) => error !== null);
    if (unreadable !== undefined) return Promise.reject(unreadable);
    const result = this.turn.then(() => this.scanNow(this.permitted(texts), how));
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Remembers what a poll told, for scans that meet the same miner. */
  remember(endpoint: Endpoint, outcome: PollOutcome): void {
    this.lastItems.set(endpointKey(endpoint), scanItemOf(endpoint, outcome));
  }

  forget(endpoint: Endpoint): void {
    this.lastItems.delete(endpointKey(endpoint));
  }

  async close(): Promise<void> {
    this.abort.abort();
    this.cancelRescan();
    await this.turn;
  }

  private planRescan(): void {
    this.cancelRescan();
    if (this.abort.signal.aborted) return;
    const delayMs = Math.min(FIRST_RESCAN_MS * 2 ** this.rescanCount++, RESCAN_EVERY_MS);
    this.cancelRescan = this.deps.clock.after(
      delayMs,
      () => void this.scanInBackground(this.rangeTexts ?? this.ownRanges).then(() => this.planRescan()),
    );
  }

  private async scanInBackground(texts: readonly string[]): Promise<void> {
    if (texts.length === 0) return;
    const startedAtMs = this.deps.clock.nowMs();
    if (this.background.signal.aborted) this.background = new AbortController();
    try {
      const { probedCount, foundCount } = await this.scanInTurn(
        texts.filter((text) => rangeError(text) === null),
        { onProgress: () => undefined, signal: AbortSignal.any([this.abort.signal, this.background.signal]) },
      );
      this.deps.log.info({ probedCount, foundCount, durationMs: Math.round(this.deps.clock.nowMs() - startedAtMs) }, "ranges scanned");
    } catch (error) {
      this.deps.log.error({ err: error }, "scan failed");
    }
  }

  private scanNow(endpoints: EndpointSet, { onProgress, signal }: ScanWatch): Promise<ScanProgress> {
    const { connectTimeoutMs, replyTimeoutMs } = this.deps;
    return scanEndpoints(
      endpoints,
      {
        probe: (endpoint, options) => this.deps.probe(endpoint, options),
        createPoller: (endpoint) => this.deps.createPoller(endpoint),
        known: (endpoint) => this.knownItem(endpoint),
        onFound: (poller, outcome) => {
          this.remember(poller.endpoint, outcome);
          this.deps.onFound(poller);
        },
        nowMs: () => this.deps.clock.nowMs(),
      },
      { connectTimeoutMs, replyTimeoutMs, signal, onProgress },
    );
  }

  private knownItem(endpoint: Endpoint): ScanItem | null {
    if (!this.deps.isPolled(endpoint)) return null;
    const { address, port } = endpoint;
    return this.lastItems.get(endpointKey(endpoint)) ?? { address, port, outcome: "found", model: null, firmware: null, detail: "" };
  }

  private permitted(texts: readonly string[]): EndpointSet {
    return new EndpointSet(
      texts.flatMap((text) => this.permittedPart(text)),
      MINER_PORT,
    );
  }

  private permittedPart(text: string): AddressRange[] {
    const error = rangeError(text);
    if (error === null) return this.deps.allowList.permittedPart(parseScanRange(text), { defaultPort: MINER_PORT, target: text });
    this.deps.allowList.refuse({ what: "range", target: text.slice(0, 200), reason: error.message });
    return [];
  }
}

function rangeError(text: string): ConfigError | null {
  try {
    parseScanRange(text);
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

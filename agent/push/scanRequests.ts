import type { Logger } from "pino";
import type { AgentMessage, ScanItem } from "../../server/contract/agentLink.ts";
import type { Discovery } from "../discover/discovery.ts";
import type { ScanProgress } from "../discover/scan.ts";

const ITEMS_PER_MESSAGE = 2000;

interface ScanRequestDeps {
  readonly discovery: Pick<Discovery, "scan">;
  readonly send: (message: AgentMessage) => void;
  readonly log: Logger;
}
type ScanState = Extract<AgentMessage, { type: "scanProgress" }>["state"];

/** Scans that the server asked for: each tells its progress until it is done, fails or is stopped. */
export class ScanRequests {
  readonly #deps: ScanRequestDeps;
  readonly #running = new Map<string, AbortController>();

  constructor(deps: ScanRequestDeps) {
    this.#deps = deps;
  }

  async start({ scanId, ranges }: { scanId: string; ranges: string[] | null }): Promise<void> {
    const { discovery, send, log } = this.#deps;
    const abort = new AbortController();
    this.#running.set(scanId, abort);
    const tell = (progress: ScanProgress, state: ScanState): void => {
      for (const message of scanMessages(scanId, progress, state)) send(message);
    };
    try {
      const last = await discovery.scan(ranges, { onProgress: (progress) => tell(progress, "running"), signal: abort.signal });
      tell(last, abort.signal.aborted ? "stopped" : "done");
    } catch (error) {
      log.error({ err: error, scanId }, "scan failed");
      const detail = (error as Error).message.slice(0, 300);
      const counts = { totalCount: 0, probedCount: 0, foundCount: 0, failureCounts: {}, items: [] };
      send({ type: "scanProgress", scanId, ...counts, state: "failed", detail });
    } finally {
      this.#running.delete(scanId);
    }
  }

  /** What was found until then stays found. Nothing to do for a scan that has ended. */
  stop(scanId: string): void {
    this.#running.get(scanId)?.abort();
  }
}

/** One message, or several when there are more new items than one may carry; only the last of them ends the scan. */
function scanMessages(scanId: string, progress: ScanProgress, state: ScanState): AgentMessage[] {
  const parts: ScanItem[][] = [];
  for (let i = 0; i < progress.items.length; i += ITEMS_PER_MESSAGE) parts.push(progress.items.slice(i, i + ITEMS_PER_MESSAGE));
  if (parts.length === 0) parts.push([]);
  return parts.map((items, i) => ({
    type: "scanProgress",
    scanId,
    ...progress,
    items,
    state: i === parts.length - 1 ? state : "running",
    detail: null,
  }));
}

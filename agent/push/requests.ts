import type { Logger } from "pino";
import { MESSAGE_MAX_BYTES, type AgentMessage, type RawReply, type ScanItem } from "../../server/contract/agentLink.ts";
import type { AllowList } from "../discover/allowList.ts";
import type { Discovery } from "../discover/discovery.ts";
import type { ScanProgress } from "../discover/scan.ts";
import { endpointKey } from "../poll/endpoint.ts";
import type { Endpoint } from "../poll/ports.ts";
import type { Scheduler } from "../poll/scheduler.ts";
import type { ServerRequest } from "./connection.ts";

const ITEMS_PER_MESSAGE = 2000;
const REPLIES_MAX = 20;
const REPLY_TEXT_MAX = 300_000;

export interface RequestDeps {
  readonly scheduler: Scheduler;
  readonly discovery: Discovery;
  readonly allowList: AllowList;
  /** null: the agent's own setting. */
  readonly setPollInterval: (pollIntervalMs: number | null) => void;
  readonly send: (message: AgentMessage) => void;
  readonly log: Logger;
}

/** Does what the server asks, within the allow-lists. */
export function answerRequest(request: ServerRequest, deps: RequestDeps): void {
  switch (request.type) {
    case "ranges":
      deps.discovery.setRanges(request.ranges);
      break;
    case "settings":
      deps.setPollInterval(request.settings.pollIntervalMs);
      break;
    case "scan":
      void scan(request, deps);
      break;
    case "watch":
      watch(request, deps);
      break;
    case "unwatch":
      deps.scheduler.unwatch(request);
      break;
    case "replies":
      replies(request, deps);
      break;
  }
}

async function scan({ scanId, ranges }: { scanId: string; ranges: string[] | null }, { discovery, send, log }: RequestDeps): Promise<void> {
  const tell = (progress: ScanProgress, state: "running" | "done"): void => {
    for (const message of scanMessages(scanId, progress, state)) send(message);
  };
  try {
    tell(await discovery.scan(ranges, (progress) => tell(progress, "running")), "done");
  } catch (error) {
    log.error({ err: error, scanId }, "scan failed");
    const detail = (error as Error).message.slice(0, 300);
    const counts = { totalCount: 0, probedCount: 0, foundCount: 0, failureCounts: {}, items: [] };
    send({ type: "scanProgress", scanId, ...counts, state: "failed", detail });
  }
}

/** One message, or several when there are more new items than one may carry; only the last of them ends the scan. */
function scanMessages(scanId: string, progress: ScanProgress, state: "running" | "done"): AgentMessage[] {
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

function watch(endpoint: Endpoint, { scheduler, allowList }: RequestDeps): void {
  if (scheduler.watch(endpoint) || allowList.permits(endpoint)) return;
  allowList.refuse({ what: "watch", target: endpointKey(endpoint), reason: "not in --allow-ranges or --allow-ports" });
}

function replies(request: Endpoint & { requestId: string }, { scheduler, send }: RequestDeps): void {
  const poller = scheduler.poller(request);
  send({ type: "replies", requestId: request.requestId, found: poller !== null, replies: fitting(poller?.replies() ?? []) });
}

/** What fits into one message, the rest cut or left out. */
function fitting(all: readonly RawReply[]): RawReply[] {
  let roomBytes = MESSAGE_MAX_BYTES - 4096;
  const kept: RawReply[] = [];
  for (const reply of all.slice(0, REPLIES_MAX)) {
    const cut = { ...reply, text: reply.text.slice(0, REPLY_TEXT_MAX) };
    roomBytes -= Buffer.byteLength(JSON.stringify(cut));
    if (roomBytes < 0) break;
    kept.push(cut);
  }
  return kept;
}

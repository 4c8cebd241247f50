import { MESSAGE_MAX_BYTES, type AgentMessage, type RawReply } from "../../server/contract/agentLink.ts";
import type { AllowList } from "../discover/allowList.ts";
import type { Discovery } from "../discover/discovery.ts";
import { endpointKey } from "../poll/endpoint.ts";
import type { Endpoint } from "../poll/ports.ts";
import type { Scheduler } from "../poll/scheduler.ts";
import type { ServerRequest } from "./connection.ts";
import type { ScanRequests } from "./scanRequests.ts";

const REPLIES_MAX = 20;
const REPLY_TEXT_MAX = 300_000;

export interface RequestDeps {
  readonly scheduler: Scheduler;
  readonly discovery: Pick<Discovery, "setRanges">;
  readonly scans: ScanRequests;
  readonly allowList: AllowList;
  /** null: the agent's own setting. */
  readonly setPollInterval: (pollIntervalMs: number | null) => void;
  readonly send: (message: AgentMessage) => void;
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
      void deps.scans.start(request);
      break;
    case "stopScan":
      deps.scans.stop(request.scanId);
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

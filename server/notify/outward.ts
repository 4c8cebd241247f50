import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { certificateProblem } from "./certificate.ts";
import { guardedLookup, requireListed, requireReachable, TargetError, type TargetPolicy } from "./targets.ts";

export type OutwardReply =
  | { readonly ok: true; readonly status: number; readonly body: string; readonly retryAfterMs: number | null }
  /** `uncertain`: it was handed over whole, and nobody knows what became of it. */
  | { readonly ok: false; readonly detail: string; readonly retry: boolean; readonly uncertain: boolean };

export interface OutwardRequest {
  readonly method: "GET" | "POST" | "PATCH";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly policy: TargetPolicy;
  readonly nowMs: number; // for a Retry-After that names an instant
}

const TIMEOUT_MS = 10_000;
const REPLY_MAX_BYTES = 16 << 10;

/**
 * One request to a far end, whole within 10 s; redirects are not followed, and of the answer 16 KB are read. What the policy forbids is refused
 * before a byte is sent. Never rejects.
 */
export async function requestOutward(request: OutwardRequest): Promise<OutwardReply> {
  const sent = { whole: false };
  try {
    const url = new URL(request.url);
    requireAllowed(url, request.policy);
    return await exchange(url, request, sent);
  } catch (error) {
    const detail = error instanceof Error ? describe(error) : String(error);
    return { ok: false, detail, retry: !(error instanceof TargetError), uncertain: sent.whole };
  }
}

function requireAllowed(url: URL, policy: TargetPolicy): void {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  requireListed({ host, port: Number(url.port) || (url.protocol === "https:" ? 443 : 80) }, policy);
  if (isIP(host) !== 0) requireReachable(host, policy);
}

async function exchange(
  url: URL,
  { method, headers, body, policy, nowMs }: OutwardRequest,
  sent: { whole: boolean },
): Promise<OutwardReply> {
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return new Promise((resolve, reject) => {
    const outgoing = send(url, {
      method,
      headers: { "user-agent": "hashwatch", ...headers, ...length },
      lookup: guardedLookup(policy),
      agent: false,
      signal,
    });
    outgoing.on("error", reject);
    outgoing.on("finish", () => (sent.whole = outgoing.socket?.connecting === false));
    outgoing.on("response", (incoming) => {
      readCapped(incoming).then((text) => {
        const status = incoming.statusCode ?? 0;
        resolve({ ok: true, status, body: text, retryAfterMs: retryAfterOf(incoming.headers["retry-after"], nowMs) });
      }, reject);
    });
    outgoing.end(body);
  });
}

async function readCapped(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= REPLY_MAX_BYTES) break; // leaving the loop destroys the connection
  }
  return Buffer.concat(chunks).subarray(0, REPLY_MAX_BYTES).toString("utf8");
}

function retryAfterOf(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const seconds = Number(header);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : null;
}

function describe(error: Error): string {
  if (error.name === "TimeoutError" || error.name === "AbortError") return `no answer within ${TIMEOUT_MS / 1000} s`;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : null; // every address of a name failed
  const untrusted = certificateProblem(error);
  if (untrusted !== null) return untrusted;
  const message = error.message === "" && first instanceof Error ? first.message : error.message;
  return message === "" ? error.name : message;
}

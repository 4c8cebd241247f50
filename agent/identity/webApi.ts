import { randomBytes } from "node:crypto";
import { get, type IncomingMessage } from "node:http";
import type { Endpoint } from "../poll/ports.ts";
import type { Credential } from "./credentials.ts";
import { digestAuthorization, parseDigestChallenge } from "./digest.ts";

const BODY_MAX_BYTES = 64 << 10;

export type WebFailure = "denied" | "noAnswer" | "unreadable";
export type WebAnswer = { ok: true; fields: Readonly<Record<string, unknown>> } | { ok: false; failure: WebFailure; detail: string };

/**
 * Reads one CGI page of a miner's web API, with digest sign-in where it is asked for. Read only: nothing but GET is ever sent.
 *
 * The body is parsed as text: on stock firmware it starts with one or two blank lines and its Content-Type is not JSON.
 */
export async function readCgi(
  endpoint: Endpoint,
  page: "get_system_info.cgi" | "miner_type.cgi",
  { credential, timeoutMs, signal }: { credential: Credential; timeoutMs: number; signal: AbortSignal },
): Promise<WebAnswer> {
  const path = `/cgi-bin/${page}`;
  const limits = { timeoutMs, signal };
  try {
    const first = await request(endpoint, path, null, limits);
    if (first.status !== 401) return readAnswer(first);
    const challenge = parseDigestChallenge(first.challenge);
    if (challenge === null) return { ok: false, failure: "denied", detail: "the web API asks for a sign-in other than digest" };
    const authorization = digestAuthorization(challenge, credential, { method: "GET", path, cnonce: randomBytes(8).toString("hex") });
    return readAnswer(await request(endpoint, path, authorization, limits));
  } catch (error) {
    return { ok: false, failure: "noAnswer", detail: (error as Error).message };
  }
}

interface HttpAnswer {
  readonly status: number;
  readonly challenge: string;
  readonly body: string;
}

function readAnswer({ status, body }: HttpAnswer): WebAnswer {
  if (status === 401 || status === 403)
    return { ok: false, failure: "denied", detail: "the web API does not take the user name and password" };
  if (status !== 200) return { ok: false, failure: "unreadable", detail: `the web API answers with status ${status}` };
  try {
    const fields: unknown = JSON.parse(body.trim());
    if (typeof fields === "object" && fields !== null && !Array.isArray(fields)) return { ok: true, fields: { ...fields } };
  } catch {
    // said below, together with other things that are no object
  }
  return { ok: false, failure: "unreadable", detail: "the web API answers with something that is no JSON object" };
}

function request(
  { address, port }: Endpoint,
  path: string,
  authorization: string | null,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const headers = authorization === null ? {} : { authorization };
    const limits = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const options = { host: address, port, path, headers, agent: false, autoSelectFamily: false, signal: limits };
    get(options, (response) => void readBody(response).then(resolve, reject)).on("error", reject);
  });
}

async function readBody(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) throw new Error(`the web API answers with more than ${BODY_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  const challenge = response.headers["www-authenticate"] ?? "";
  return { status: response.statusCode ?? 0, challenge, body: Buffer.concat(chunks).toString("utf8") };
}

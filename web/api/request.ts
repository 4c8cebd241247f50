import type { Problem } from "../../server/contract/api.ts";

const TIMEOUT_MS = 20_000;

/** A request that did not succeed. `message` is a sentence for the reader; `field` names the input at fault, where it is one. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number;
  readonly field: string | null;

  constructor(message: string, { status, field = null, cause }: { status: number; field?: string | null; cause?: unknown }) {
    super(message, { cause });
    this.name = "ApiError";
    this.status = status;
    this.field = field;
  }
}

export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  /** Sent as it is, in place of a body. */
  readonly csv?: string;
  readonly signal?: AbortSignal;
}

const sessionLost = new Set<() => void>();

/** Called whenever an answer says that nobody is signed in. Returns the function that unsubscribes. */
export function onSessionLost(listener: () => void): () => void {
  sessionLost.add(listener);
  return () => void sessionLost.delete(listener);
}

/**
 * One request below /api/v1. The answer is taken for what the contract says: page and server are built and served together, and a schema
 * library before the first paint would cost more than it could find. Throws ApiError.
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options);
  if (!response.ok) throw await errorOf(response);
  return (response.status === 204 ? null : await response.json()) as T;
}

async function send(path: string, { method = "GET", body, csv, signal }: RequestOptions): Promise<Response> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(`/api/v1${path}`, {
      method,
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      ...(csv === undefined ? {} : { headers: { "content-type": "text/csv" }, body: csv }),
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new ApiError("The server does not answer. Check that it runs and that this computer reaches it.", { status: 0, cause });
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const problem = await readProblem(response);
  if (response.status === 401) sessionLost.forEach((listener) => listener());
  const message = problem?.detail ?? problem?.title ?? `The server answered ${response.status} ${response.statusText}`;
  return new ApiError(message, { status: response.status, field: problem?.field ?? null });
}

/** A proxy in between may answer with something that is no problem document. */
async function readProblem(response: Response): Promise<Partial<Problem> | null> {
  try {
    return (await response.json()) as Partial<Problem>;
  } catch {
    return null;
  }
}

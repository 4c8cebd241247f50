import { STATUS_CODES } from "node:http";
import type { Problem } from "../contract/api.ts";
import { ChangeError } from "../fleet/changeError.ts";
import { BusyError } from "../accounts/semaphore.ts";

/** A request that is answered with an RFC 9457 problem. `detail` says what to change, `field` the part of the request that is at fault. */
export class ProblemError extends Error {
  override name = "ProblemError";
  readonly status: number;
  readonly field: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** What the request was about, for the audit log, where the path does not tell. */
  readonly target: string | null;
  constructor(status: number, detail: string, options: { field?: string | null; headers?: Record<string, string>; target?: string } = {}) {
    super(detail);
    this.status = status;
    this.field = options.field ?? null;
    this.headers = options.headers ?? {};
    this.target = options.target ?? null;
  }
}

/** The problem for something that is not there, or that the caller may not know of. */
export function notFound(what: string, id: string): ProblemError {
  return new ProblemError(404, `There is no ${what} ${id}`);
}

/** The value, or a 404 that names what is missing. */
export function found<T>(what: string, id: string, value: T | null): T {
  if (value === null) throw notFound(what, id);
  return value;
}

const CHANGE_STATUS = { invalid: 400, conflict: 409, missing: 404 } as const;
/** What Express's body parsers throw. */
const BODY_DETAIL: Readonly<Record<string, string>> = {
  "entity.too.large": "The body is too large",
  "entity.parse.failed": "The body is not valid JSON",
  "encoding.unsupported": "Send the body without this Content-Encoding",
  "charset.unsupported": "Send the body as UTF-8",
};

/** Turns whatever a handler threw into the problem to answer with; null for a fault of ours, which is logged and not shown. */
export function problemOf(error: unknown): ProblemError | null {
  if (error instanceof ProblemError) return error;
  if (error instanceof ChangeError) return new ProblemError(CHANGE_STATUS[error.kind], error.message, { field: error.field });
  if (error instanceof BusyError)
    return new ProblemError(503, "Too many sign-ins at once; try again in a few seconds", { headers: { "retry-after": "5" } });
  return problemOfParser(error);
}

function problemOfParser(error: unknown): ProblemError | null {
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number" || error.status >= 500) return null;
  const type = "type" in error && typeof error.type === "string" ? error.type : "";
  return new ProblemError(error.status, BODY_DETAIL[type] ?? "The request cannot be read");
}

/** The document as it is sent. */
export function problemDocument({ status, message, field }: ProblemError): Problem {
  const document = { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail: message };
  return field === null ? document : { ...document, field };
}

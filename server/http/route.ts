import type { z } from "zod";
import type { Principal } from "../accounts/principal.ts";
import type { Role } from "../contract/api.ts";

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** A request that passed sign-in, role and validation. */
export interface RouteInput<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly nowMs: number;
  /** Of the client, for the audit log. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

interface ReplyOptions {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly bytes?: Buffer;
  readonly target?: string;
}

/** An answer with more than a body: another status, headers, or bytes that are encoded already. */
export class Reply<A> {
  readonly body: A;
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as they are in place of `body`. */
  readonly bytes: Buffer | null;
  /** What was changed, for the audit log, where neither path nor body tells. */
  readonly target: string | null;
  constructor(body: A, { status, headers, bytes, target }: ReplyOptions = {}) {
    this.body = body;
    this.status = status ?? null;
    this.headers = headers ?? {};
    this.bytes = bytes ?? null;
    this.target = target ?? null;
  }
}

interface RouteShape<P, Q, B, A> {
  readonly method: Method;
  /** Below /api/v1, parameters as `:id`. */
  readonly path: string;
  /** One line for the documentation. */
  readonly summary: string;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** `csv`: the body is text/csv, and the schema reads a string. */
  readonly bodyType?: "json" | "csv";
  readonly bodyLimitBytes?: number;
  /** `csv`: the answer is text/csv, to be saved as a file, and the schema reads a string. */
  readonly answerType?: "json" | "csv";
  /** Schema of a 2xx body; null for none (204). */
  readonly answer: z.ZodType<A> | null;
  /** Status of success; 200, or 204 without a body, unless told. */
  readonly status?: number;
  /** Name of the change in the audit log, `rack.create`; null for a request that changes nothing. */
  readonly action: string | null;
}

interface SignedInRoute<P, Q, B, A> extends RouteShape<P, Q, B, A> {
  readonly role: Role;
  /** Only for callers who are not limited to sites. */
  readonly allSites?: boolean;
  /** Also for the holder of a wall link, who may read the live fleet and nothing else. */
  readonly wall?: boolean;
  handler(input: RouteInput<P, Q, B> & { readonly principal: Principal }): Promise<A | Reply<A>> | A | Reply<A>;
}

interface OpenRoute<P, Q, B, A> extends RouteShape<P, Q, B, A> {
  handler(input: RouteInput<P, Q, B> & { readonly principal: Principal | null }): Promise<A | Reply<A>> | A | Reply<A>;
}

/** A route with its types taken off: what validates, documents, checks and audits it. */
export interface Route extends RouteShape<unknown, unknown, unknown, unknown> {
  /** null: no sign-in. */
  readonly role: Role | null;
  readonly allSites: boolean;
  readonly wall: boolean;
  handler(input: RouteInput<never, never, never> & { readonly principal: Principal | null }): unknown;
}

/** An endpoint for who has signed in and has at least `role`. The one declaration serves validation, checks, audit and documentation. */
export function route<P, Q, B, A>(spec: SignedInRoute<P, Q, B, A>): Route {
  return { ...spec, allSites: spec.allSites ?? false, wall: spec.wall ?? false, handler: (input) => spec.handler(input as never) };
}

/** An endpoint that needs no sign-in. */
export function openRoute<P, Q, B, A>(spec: OpenRoute<P, Q, B, A>): Route {
  return { ...spec, role: null, allSites: false, wall: true, handler: (input) => spec.handler(input) };
}

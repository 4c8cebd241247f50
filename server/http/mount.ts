import { Router, type Request, type RequestHandler, type Response } from "express";
import { hasRole, type Principal } from "../accounts/principal.ts";
import type { AuditLog } from "./auditLog.ts";
import { plainAddress, type Authorize } from "./caller.ts";
import { problemDocument, ProblemError, problemOf } from "./problem.ts";
import { readBody } from "./requestBody.ts";
import { Reply, type Route } from "./route.ts";
import { sendReply } from "./send.ts";
import { validate } from "./validate.ts";

/** Where structured lines go; pino fits. */
export interface HttpLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface MountOptions {
  readonly authorize: Authorize;
  readonly audit: AuditLog;
  readonly clock: () => number;
  readonly log: HttpLog;
  /** Reads every answer by the schema that documents it, and fails where they differ; for tests, it costs as much as the answer. */
  readonly checkAnswers: boolean;
}

const HANDLER_TIMEOUT_MS = 20_000;

/** Binds routes to a router; a method that a path does not have is answered with 405 and what it has. */
export function mountRoutes(routes: readonly Route[], options: MountOptions): Router {
  const router = Router({ caseSensitive: true });
  for (const path of new Set(routes.map((each) => each.path))) {
    const ofPath = routes.filter((each) => each.path === path);
    for (const route of ofPath) router[route.method](path, handlerOf(route, options));
    router.all(path, methodNotAllowed(ofPath));
  }
  return router;
}

function methodNotAllowed(routes: readonly Route[]): RequestHandler {
  const methods = routes.map((route) => route.method.toUpperCase());
  const allow = (methods.includes("GET") ? [...methods, "HEAD"] : methods).join(", ");
  return (req) => {
    throw new ProblemError(405, `${req.method} is not possible here; try ${allow}`, { headers: { allow } });
  };
}

function handlerOf(route: Route, options: MountOptions): RequestHandler {
  return async (req, res) => {
    const call: Call = { route, req, res, options, principal: null };
    try {
      await answer(call);
    } catch (error) {
      await refuse(call, error);
    }
  };
}

interface Call {
  readonly route: Route;
  readonly req: Request;
  readonly res: Response;
  readonly options: MountOptions;
  principal: Principal | null;
}

async function answer(call: Call): Promise<void> {
  const { route, req, res, options } = call;
  call.principal = await options.authorize({ headers: req.headers, peerAddress: req.socket.remoteAddress });
  requireRole(route, call.principal);
  const input = {
    params: validate(route.params, req.params) as never,
    query: validate(route.query, req.query) as never,
    body: validate(route.body, await readBody(route, req, res)) as never,
    principal: call.principal,
    nowMs: options.clock(),
    address: clientAddress(req),
    headers: req.headers as Record<string, string | undefined>,
  };
  const result = await withTimeout(Promise.resolve(route.handler(input)));
  const reply = result instanceof Reply ? result : new Reply(result);
  if (options.checkAnswers && reply.bytes === null) route.answer?.parse(reply.body);
  await recordDone(call, input, reply);
  await sendReply(route, reply, req, res);
}

function requireRole(route: Route, principal: Principal | null): void {
  if (route.role === null) return;
  if (principal === null)
    throw new ProblemError(401, "Sign in, or send a valid token as Authorization: Bearer TOKEN", {
      headers: { "www-authenticate": 'Bearer realm="hashwatch"' },
    });
  if (principal.kind === "wall" && !route.wall) throw new ProblemError(403, "A wall link shows the fleet and its map, and nothing else");
  if (!hasRole(principal, route.role)) throw new ProblemError(403, `This needs the role ${route.role}; yours is ${principal.role}`);
  if (route.allSites && principal.siteIds !== null) throw new ProblemError(403, "This needs an account that is not limited to sites");
}

async function withTimeout<T>(task: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ProblemError(503, "The answer took too long; ask for less, or try again")), HANDLER_TIMEOUT_MS);
  });
  return Promise.race([task, timeout]).finally(() => clearTimeout(timer));
}

/** Address of the client, behind a proxy that is trusted the one it names. */
export function clientAddress(req: Request): string {
  return plainAddress(req.ip ?? req.socket.remoteAddress);
}

async function recordDone(call: Call, input: { params: unknown; body: unknown; address: string }, reply: Reply<unknown>): Promise<void> {
  if (call.route.action === null) return;
  await call.options.audit.record({
    actor: call.principal?.name ?? "anonymous",
    from: input.address,
    action: call.route.action,
    target: reply.target ?? idIn(input.params) ?? idIn(reply.body) ?? "",
    result: "done",
    detail: summaryOf(input.body),
  });
}

/** Answers with the problem and records it where a change or an access was refused. */
async function refuse(call: Call, error: unknown): Promise<void> {
  const { route, req, res, options } = call;
  const known = problemOf(error);
  const problem = known ?? new ProblemError(500, "Something went wrong on the server; its log tells more");
  if (known === null) options.log.error({ err: error, method: req.method, path: req.path }, "Request failed");
  if (route.action !== null || problem.status === 401 || problem.status === 403) {
    await options.audit.record({
      actor: call.principal?.name ?? "anonymous",
      from: clientAddress(req),
      action: route.action ?? "read",
      target: problem.target ?? idIn(req.params) ?? req.path,
      result: problem.status < 500 ? "refused" : "failed",
      detail: `${problem.status}: ${problem.message}`.slice(0, 300),
    });
  }
  sendProblem(problem, res);
}

/** Sends a problem document; ends the connection when an answer has begun already. */
export function sendProblem(problem: ProblemError, res: Response): void {
  if (res.headersSent) return void res.destroy();
  res.status(problem.status).set("cache-control", "no-store").set(problem.headers);
  res.type("application/problem+json").end(JSON.stringify(problemDocument(problem)));
}

function idIn(value: unknown): string | null {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string" ? value.id : null;
}

const SECRET_FIELDS = new Set(["password", "token", "code", "key", "signingKey", "botToken", "webhookUrl", "routingKey"]);

/** What was asked for, in short and without secrets. */
function summaryOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  return JSON.stringify(body, (key, value: unknown) => (SECRET_FIELDS.has(key) ? "(not recorded)" : value)).slice(0, 300);
}

import type { IncomingMessage, Server } from "node:http";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { rateLimit, ipKeyGenerator } from "express-rate-limit";
import helmet from "helmet";
import { hasRole } from "../accounts/principal.ts";
import { agentRoutes, rangeRoutes } from "./agents.ts";
import { alertRuleRoutes } from "./alertRules.ts";
import { createAuthorize, isFromLoopback } from "./caller.ts";
import { channelRoutes } from "./channels.ts";
import { deliveryRoutes } from "./deliveries.ts";
import type { ApiDeps, AppDeps } from "./deps.ts";
import { fleetRoutes } from "./fleet.ts";
import { createGuard, type Guard } from "./guard.ts";
import { incidentRoutes } from "./incidents.ts";
import { minerRoutes } from "./miners.ts";
import { clientAddress, mountRoutes, sendProblem } from "./mount.ts";
import { nodeRoutes } from "./nodes.ts";
import { notifySettingRoutes } from "./notifySettings.ts";
import { openApiDocument } from "./openApi.ts";
import { ProblemError, problemOf } from "./problem.ts";
import { rackRoutes } from "./racks.ts";
import type { Route } from "./route.ts";
import { notificationRoutes } from "./routes.ts";
import { sessionRoutes } from "./session.ts";
import { auditRoutes, settingRoutes } from "./settings.ts";
import { silenceRoutes } from "./silences.ts";
import { siteRoutes } from "./sites.ts";
import { staticFiles } from "./static.ts";
import { tokenRoutes, userRoutes } from "./users.ts";
import { wallRoutes } from "./wallLinks.ts";
import { viewRoutes } from "./views.ts";

/** Every endpoint below /api/v1. */
export function apiRoutes(deps: ApiDeps): Route[] {
  return [
    ...sessionRoutes(deps),
    ...userRoutes(deps),
    ...tokenRoutes(deps),
    ...wallRoutes(deps),
    ...fleetRoutes(deps),
    ...minerRoutes(deps),
    ...siteRoutes(deps),
    ...rackRoutes(deps),
    ...rangeRoutes(deps),
    ...agentRoutes(deps),
    ...nodeRoutes(deps),
    ...alertRuleRoutes(deps),
    ...incidentRoutes(deps),
    ...silenceRoutes(deps),
    ...channelRoutes(deps),
    ...notificationRoutes(deps),
    ...deliveryRoutes(deps),
    ...notifySettingRoutes(deps),
    ...settingRoutes(deps),
    ...viewRoutes(deps),
    ...auditRoutes(deps),
  ];
}

/** The HTTP side of the server: health, metrics, the API, its documentation, and the built page. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  const guard = createGuard(deps);
  const routes = apiRoutes(deps);
  const authorize = createAuthorize(deps);
  app.disable("x-powered-by").disable("etag");
  // Only who sets --public-url has a proxy in front, and then it runs on this machine or is not believed.
  app.set("trust proxy", deps.publicUrl === null ? false : "loopback");

  app.use(securityHeaders(deps.secure));
  app.get("/healthz", (_req, res) => void res.json({ alive: true }));
  app.get("/readyz", (_req, res) => {
    const { ok, detail } = deps.ready();
    const { parts } = deps.notifications.heartbeat.shown();
    res.status(ok ? 200 : 503).json({ ready: ok, detail, parts });
  });
  app.use(checkOrigin(guard, deps), ...rateLimits());
  app.get("/metrics", metricsHandler(deps));
  const document = JSON.stringify(openApiDocument(routes, deps));
  app.get("/api/openapi.json", (_req, res) => void res.type("json").end(document));
  app.use("/api/v1", mountRoutes(routes, { ...deps, authorize, checkAnswers: deps.checkAnswers ?? false }));
  app.use("/api", (req) => {
    throw new ProblemError(404, `There is no ${req.originalUrl.split("?")[0] ?? ""}; /api/openapi.json lists what there is`);
  });
  if (deps.webDir !== null) app.use(staticFiles(deps.webDir));
  app.use((req) => {
    throw new ProblemError(404, `There is no ${req.path}`);
  });
  app.use(problemHandler(deps));
  return app;
}

/** Bounds on how long a client may take and how much it may send before a request is read. For the http or https server under the app. */
export function limitServer(server: Server): void {
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000; // longer than the minute of common load balancers, which then never meet a closed connection
  server.maxHeadersCount = 100;
  server.maxRequestsPerSocket = 0;
}

function securityHeaders(secure: boolean): RequestHandler {
  // Some browsers do not take 'self' in connect-src for WebSockets; the Host header was checked before anything is served under it.
  const sockets = (req: IncomingMessage): string => `${secure ? "wss" : "ws"}://${req.headers.host ?? "localhost"}`;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", sockets],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
      },
    },
    strictTransportSecurity: secure,
    crossOriginOpenerPolicy: secure, // browsers ignore it over http, and say so on the console of every page
    originAgentCluster: false,
    referrerPolicy: { policy: "same-origin" },
  });
}

/** Refuses requests under a name that is not ours, and changes that a page of another origin asks for. */
function checkOrigin(guard: Guard, { audit }: AppDeps): RequestHandler {
  return async (req, _res, next) => {
    const refusal = refusalOf(guard, req);
    if (refusal === null) {
      next();
      return;
    }
    await audit.record({
      actor: "anonymous",
      from: clientAddress(req),
      action: refusal.action,
      target: req.path.slice(0, 200),
      result: "refused",
      detail: `403: ${refusal.detail}`.slice(0, 300),
    });
    next(new ProblemError(403, refusal.detail));
  };
}

function refusalOf(guard: Guard, req: express.Request): { action: "host" | "origin"; detail: string } | null {
  if (!guard.isAllowedHost(req)) {
    const detail = `"${req.headers.host ?? ""}" is not an address of this server; set --public-url to the one people use`;
    return { action: "host", detail };
  }
  if (["GET", "HEAD", "OPTIONS"].includes(req.method) || guard.isAllowedOrigin(req)) return null;
  return { action: "origin", detail: `Changes from pages of ${req.headers.origin ?? "another site"} are refused` };
}

/** Per address and minute: requests, changes, and refused sign-ins and tokens. */
function rateLimits(): RequestHandler[] {
  const common = {
    windowMs: 60_000,
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
    keyGenerator: (req: express.Request) => ipKeyGenerator(clientAddress(req)),
    handler: (): never => {
      throw new ProblemError(429, "Too many requests; try again in a minute", { headers: { "retry-after": "60" } });
    },
  };
  return [
    rateLimit({ ...common, limit: 60_000 }),
    rateLimit({ ...common, limit: 6000, skip: (req) => req.method === "GET" || req.method === "HEAD" }),
    rateLimit({
      ...common,
      limit: 1000,
      skipSuccessfulRequests: true,
      requestWasSuccessful: (_req, res) => ![401, 403, 429].includes(res.statusCode),
    }),
  ];
}

function metricsHandler({ accounts, metrics }: AppDeps): RequestHandler {
  const authorize = createAuthorize({ accounts, signInRequired: true });
  return async (req, res) => {
    const caller = { headers: req.headers, peerAddress: req.socket.remoteAddress };
    const principal = isFromLoopback(caller) ? null : await authorize(caller);
    const mayRead =
      isFromLoopback(caller) ||
      (principal !== null && principal.kind !== "wall" && hasRole(principal, "viewer") && principal.siteIds === null);
    if (!mayRead) throw new ProblemError(401, "Metrics are for loopback, or for a token of role viewer that is not limited to sites");
    const { contentType, text } = await metrics.read();
    res.set("content-type", contentType).set("cache-control", "no-store").end(text);
  };
}

function problemHandler({ log }: AppDeps): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const known = problemOf(error);
    if (known === null) log.error({ err: error, method: req.method, path: req.path }, "Request failed");
    sendProblem(known ?? new ProblemError(500, "Something went wrong on the server; its log tells more"), res);
  };
}

import type { SignIn } from "../accounts/accounts.ts";
import type { Principal } from "../accounts/principal.ts";
import { SESSION_MAX_MS } from "../accounts/sessions.ts";
import { SessionInfo, SessionRequest, SetupRequest, WallRequest } from "../contract/api.ts";
import { SESSION_COOKIE, setCookie, WALL_COOKIE } from "./caller.ts";
import type { ApiDeps } from "./deps.ts";
import { ProblemError } from "./problem.ts";
import { openRoute, Reply, type Route } from "./route.ts";

/** Sign-in, sign-out, who is signed in, and the one-time set-up. */
export function sessionRoutes(deps: ApiDeps): Route[] {
  const { accounts, program, signInRequired, secure } = deps;
  const infoOf = (principal: Principal | null): SessionInfo => ({
    user: userOf(principal),
    wall: wallOf(principal, deps),
    setupRequired: accounts.setupRequired(),
    signInRequired,
    program,
  });

  function signedIn(
    result: SignIn,
    { status, wrong, target }: { status: number; wrong: ProblemError; target: string },
  ): Reply<SessionInfo> {
    if (result.outcome === "slowDown") throw slowedDown(result, target);
    if (result.outcome !== "signedIn") throw wrong;
    const cookie = setCookie(SESSION_COOKIE, result.cookie, { secure, maxAgeMs: SESSION_MAX_MS });
    return new Reply(infoOf(result.principal), { status, headers: { "set-cookie": cookie } });
  }

  return [
    openRoute({
      method: "get",
      path: "/session",
      summary: "Who is signed in, and whether a sign-in or the set-up is needed",
      answer: SessionInfo,
      action: null,
      handler: ({ principal }) => infoOf(principal),
    }),
    openRoute({
      method: "post",
      path: "/session",
      summary: "Sign in; the answer sets an HttpOnly cookie",
      body: SessionRequest,
      answer: SessionInfo,
      action: "session.create",
      async handler({ body, address }) {
        // What was typed as a name may be a password: only names that exist go into the audit log.
        const target = accounts.users.byName(body.username)?.username ?? "unknown user";
        const result = await accounts.signIn({ ...body, address });
        return signedIn(result, {
          status: 200,
          wrong: new ProblemError(401, "The user name or the password is wrong", { target }),
          target,
        });
      },
    }),
    openRoute({
      method: "delete",
      path: "/session",
      summary: "Sign out",
      answer: null,
      action: "session.end",
      async handler({ principal }) {
        if (principal?.kind === "session" && principal.credentialId !== null) await accounts.sessions.end(principal.credentialId);
        return new Reply(undefined, { headers: { "set-cookie": setCookie(SESSION_COOKIE, null, { secure, maxAgeMs: 0 }) } });
      },
    }),
    openRoute({
      method: "post",
      path: "/session/wall",
      summary:
        "Open a wall link; the answer sets an HttpOnly cookie that reads the live fleet, unless the caller has signed in and sees it anyway",
      body: WallRequest,
      answer: SessionInfo,
      action: "wall.open",
      async handler({ body, address, principal, nowMs }) {
        const result = await accounts.openWall({ ...body, address });
        if (result.outcome === "slowDown") throw slowedDown(result, "wall link");
        if (result.outcome !== "signedIn") throw wallRefusal(result.outcome);
        const target = result.principal.credentialId ?? "";
        // A cookie left with somebody who signed in would outlive the session: who signs out would still be let in.
        if (principal !== null && principal.kind !== "wall") return new Reply(infoOf(principal), { target });
        const info = infoOf(result.principal);
        const cookie = setCookie(WALL_COOKIE, result.cookie, { secure, maxAgeMs: (info.wall?.expiresAtMs ?? nowMs) - nowMs });
        return new Reply(info, { headers: { "set-cookie": cookie }, target });
      },
    }),
    openRoute({
      method: "post",
      path: "/setup",
      summary: "Create the user admin with the one-time token of the set-up link, and sign in",
      body: SetupRequest,
      answer: SessionInfo,
      status: 201,
      action: "setup",
      async handler({ body, address }) {
        const result = await accounts.setUp({ ...body, address });
        const wrong = new ProblemError(403, "The set-up token is wrong; the server's console shows the current link", { field: "token" });
        return signedIn(result, { status: 201, wrong, target: "admin" });
      },
    }),
  ];
}

function userOf(principal: Principal | null): SessionInfo["user"] {
  if (principal === null || principal.kind === "wall") return null;
  return { username: principal.name, role: principal.role, siteIds: principal.siteIds?.slice() ?? null };
}

function wallOf(principal: Principal | null, { accounts }: ApiDeps): SessionInfo["wall"] {
  const link = principal?.kind === "wall" && principal.credentialId !== null ? accounts.wallLinks.get(principal.credentialId) : null;
  return link === null ? null : { name: link.name, siteIds: link.siteIds, expiresAtMs: link.expiresAtMs };
}

function slowedDown({ retryAfterMs }: { retryAfterMs: number }, target: string): ProblemError {
  const seconds = Math.ceil(retryAfterMs / 1000);
  return new ProblemError(429, `Too many attempts; try again in ${seconds} s`, { headers: { "retry-after": String(seconds) }, target });
}

function wallRefusal(outcome: "wrong" | "expired"): ProblemError {
  const detail = outcome === "expired" ? "This wall link has expired" : "This wall link was revoked, or is not copied whole";
  return new ProblemError(403, detail, { field: "token", target: "wall link" });
}

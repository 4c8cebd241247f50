import type { SignIn } from "../accounts/accounts.ts";
import type { Principal } from "../accounts/principal.ts";
import { SESSION_MAX_MS } from "../accounts/sessions.ts";
import { SessionInfo, SessionRequest, SetupRequest } from "../contract/api.ts";
import { setSessionCookie } from "./caller.ts";
import type { ApiDeps } from "./deps.ts";
import { ProblemError } from "./problem.ts";
import { openRoute, Reply, type Route } from "./route.ts";

/** Sign-in, sign-out, who is signed in, and the one-time set-up. */
export function sessionRoutes({ accounts, program, signInRequired, secure }: ApiDeps): Route[] {
  const infoOf = (principal: Principal | null): SessionInfo => ({
    user: principal === null ? null : { username: principal.name, role: principal.role, siteIds: principal.siteIds?.slice() ?? null },
    setupRequired: accounts.setupRequired(),
    signInRequired,
    program,
  });

  function signedIn(
    result: SignIn,
    { status, wrong, target }: { status: number; wrong: ProblemError; target: string },
  ): Reply<SessionInfo> {
    if (result.outcome === "wrong") throw wrong;
    if (result.outcome === "slowDown") {
      const seconds = Math.ceil(result.retryAfterMs / 1000);
      throw new ProblemError(429, `Too many attempts; try again in ${seconds} s`, { headers: { "retry-after": String(seconds) }, target });
    }
    const cookie = setSessionCookie(result.cookie, { secure, maxAgeMs: SESSION_MAX_MS });
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
        return new Reply(undefined, { headers: { "set-cookie": setSessionCookie(null, { secure, maxAgeMs: 0 }) } });
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

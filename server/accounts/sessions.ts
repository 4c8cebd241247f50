import { mirrorChange } from "../fleet/recordMirror.ts";
import type { AccountState, StoredSession, StoredUser } from "./accountState.ts";
import type { Principal } from "./principal.ts";
import { hashSecret, matchesHash, newId, newSecret } from "../fleet/secrets.ts";

/** A session ends a day after its last use, and in any case a fortnight after the sign-in. */
export const SESSION_IDLE_MS = 24 * 3_600_000;
export const SESSION_MAX_MS = 14 * SESSION_IDLE_MS;
const SESSIONS_PER_USER = 50;
const SESSION_TEXT = /^([0-9a-z]{10})\.([\w-]{43})$/;

/** Signed-in browsers: the cookie holds `<id>.<secret>`, the store the digest of the secret. */
export interface Sessions {
  /** Starts a session; the answer is the value of the cookie. Drops the user's oldest beyond 50, and whichever have expired. */
  start(user: StoredUser): Promise<string>;
  end(id: string): Promise<void>;
  /** Who a cookie is; null for one that is unknown or expired, or whose user is gone. */
  authenticate(cookie: string): Principal | null;
}

export function createSessions(state: AccountState): Sessions {
  const isOver = (session: StoredSession): boolean => {
    const idleSinceMs = Math.max(session.createdAtMs, state.lastUseMs(session.id) ?? 0);
    return session.expiresAtMs <= state.clock() || idleSinceMs + SESSION_IDLE_MS <= state.clock();
  };

  function superfluous(userId: string): StoredSession[] {
    const all = state.sessions.values();
    const current = all.filter((session) => session.userId === userId && !isOver(session));
    const oldest = current.toSorted((a, b) => b.createdAtMs - a.createdAtMs).slice(SESSIONS_PER_USER - 1);
    return [...all.filter(isOver), ...oldest];
  }

  return {
    start: (user) =>
      state.serial(async () => {
        const id = newId();
        const secret = newSecret();
        const createdAtMs = state.clock();
        const session = { id, userId: user.id, secretHash: hashSecret(secret), createdAtMs, expiresAtMs: createdAtMs + SESSION_MAX_MS };
        const dropped = superfluous(user.id).map((old) => mirrorChange(state.sessions, old.id, null));
        await state.write([...dropped, mirrorChange(state.sessions, id, session)]);
        state.touch(user.id);
        return `${id}.${secret}`;
      }),
    end: (id) =>
      state.serial(async () => {
        if (state.sessions.get(id) !== null) await state.write([mirrorChange(state.sessions, id, null)]);
      }),
    authenticate(cookie) {
      const [, id = "", secret = ""] = SESSION_TEXT.exec(cookie) ?? [];
      const session = state.sessions.get(id);
      if (session === null || !matchesHash(secret, session.secretHash) || isOver(session)) return null;
      const user = state.users.get(session.userId);
      if (user === null) return null;
      state.touch(id);
      return { kind: "session", name: user.username, credentialId: id, userId: user.id, role: user.role, siteIds: user.siteIds };
    },
  };
}

import type { RecordStore } from "../store/store.ts";
import { ChangeError } from "../fleet/changeError.ts";
import { openAccountState } from "./accountState.ts";
import { hashPassword, PASSWORD_COST, verifyPassword, type PasswordCost } from "./passwords.ts";
import type { Principal } from "./principal.ts";
import { hashSecret, matchesHash, newSecret } from "../fleet/secrets.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createSlowdown } from "./slowdown.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import { createUsers, type Users } from "./users.ts";
import { createWallLinks, type WallLinks } from "./wallLinks.ts";

export interface AccountsOptions {
  readonly records: RecordStore;
  /** Epoch ms. */
  readonly clock: () => number;
  /** Cost of new password hashes; PASSWORD_COST unless a test asks for less. */
  readonly passwordCost?: PasswordCost;
}

/** Not even looked at: too many attempts before it. */
interface SlowDown {
  readonly outcome: "slowDown";
  readonly retryAfterMs: number;
}
/** What came of an attempt to get in. */
type Attempt =
  { readonly outcome: "signedIn"; readonly cookie: string; readonly principal: Principal } | { readonly outcome: "wrong" | "expired" };
/** What came of a sign-in, a set-up or the opening of a wall link. `expired`: it was right once; wall links only. */
export type SignIn = Attempt | SlowDown;

export interface Accounts {
  readonly users: Users;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly wallLinks: WallLinks;
  /** True as long as no user exists. */
  setupRequired(): boolean;
  /** The one-time token of the set-up link, for the console of the server; null when a user exists. */
  setupToken(): string | null;
  /** Creates the user `admin` and signs it in. Rejects with ChangeError when a user exists already. */
  setUp(input: { token: string; password: string; address: string }): Promise<SignIn>;
  signIn(input: { username: string; password: string; address: string }): Promise<SignIn>;
  /** Exchanges the token of a wall link for the cookie that its holders are known by; slowed down as a sign-in is. */
  openWall(input: { token: string; address: string }): Promise<SignIn>;
  /** Creates `admin` with this password when no user exists; says whether it did. */
  ensureAdmin(password: string): Promise<boolean>;
  /** The same principal as it stands now; null once it was revoked, has expired or its user is gone. */
  refresh(principal: Principal): Principal | null;
  /** Called after any change of users, tokens, sessions or wall links, another process's too: whoever holds a connection refreshes its principal. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Opens users, tokens, sessions and wall links on the store's records. Rejects with StoreError when a record cannot be read. */
export async function openAccounts({ records, clock, passwordCost = PASSWORD_COST }: AccountsOptions): Promise<Accounts> {
  const state = await openAccountState(records, clock);
  const users = createUsers(state, passwordCost);
  const tokens = createTokens(state);
  const sessions = createSessions(state);
  const wallLinks = createWallLinks(state);
  const guard = createGuard(clock);
  const setupSecret = newSecret();
  // Checked where the user is unknown, so that the time an answer takes does not tell which names exist.
  let decoyHash: Promise<string> | null = null;
  const stopWatching = records.onForeignChange(() => {
    state.reload().catch(() => undefined); // the next change tries again; requests go on with what is known
  });

  async function start(username: string): Promise<Attempt> {
    const user = users.byName(username);
    if (user === null) return { outcome: "wrong" };
    const cookie = await sessions.start(user);
    const principal = sessions.authenticate(cookie);
    return principal === null ? { outcome: "wrong" } : { outcome: "signedIn", cookie, principal };
  }

  async function createAdmin(password: string): Promise<void> {
    await users.create({ username: "admin", password, role: "admin", siteIds: null });
  }

  return {
    users,
    tokens,
    sessions,
    wallLinks,
    setupRequired: () => state.users.size === 0,
    setupToken: () => (state.users.size === 0 ? setupSecret : null),
    async setUp({ token, password, address }) {
      if (state.users.size > 0) throw new ChangeError("conflict", "Set-up is done already; sign in instead");
      return guard([`address ${address}`], async () => {
        if (!matchesHash(token, hashSecret(setupSecret))) return { outcome: "wrong" };
        await createAdmin(password);
        return start("admin");
      });
    },
    signIn: ({ username, password, address }) =>
      guard([`account ${username.toLowerCase()}`, `address ${address}`], async () => {
        const user = users.byName(username);
        decoyHash ??= hashPassword(newSecret(), passwordCost);
        const right = await verifyPassword(password, user?.passwordHash ?? (await decoyHash));
        return right && user !== null ? start(username) : { outcome: "wrong" };
      }),
    openWall: ({ token, address }) => guard([`address ${address}`], () => Promise.resolve(wallLinks.open(token))),
    async ensureAdmin(password) {
      if (state.users.size > 0) return false;
      await createAdmin(password);
      return true;
    },
    refresh(principal) {
      if (principal.kind === "demo") return principal;
      if (principal.kind === "token") return refreshToken(principal, tokens, clock());
      if (principal.kind === "wall") return refreshWall(principal, wallLinks, clock());
      return principal.credentialId === null ? null : refreshSession(principal, state.sessions.get(principal.credentialId), users, clock());
    },
    onChange: (listener) => state.onChange(listener),
    async close() {
      stopWatching();
      await state.close();
    },
  };
}

function refreshToken(principal: Principal, tokens: Tokens, nowMs: number): Principal | null {
  const token = principal.credentialId === null ? null : tokens.get(principal.credentialId);
  if (token === null || (token.expiresAtMs !== null && token.expiresAtMs <= nowMs)) return null;
  return { ...principal, role: token.role, siteIds: token.siteIds };
}

function refreshWall(principal: Principal, wallLinks: WallLinks, nowMs: number): Principal | null {
  const link = principal.credentialId === null ? null : wallLinks.get(principal.credentialId);
  return link === null || link.expiresAtMs <= nowMs ? null : principal;
}

function refreshSession(principal: Principal, session: { expiresAtMs: number } | null, users: Users, nowMs: number): Principal | null {
  const user = principal.userId === null ? null : users.get(principal.userId);
  if (session === null || session.expiresAtMs <= nowMs || user === null) return null;
  return { ...principal, role: user.role, siteIds: user.siteIds };
}

/** An account waits at most a minute, so that a stranger's guesses cannot keep its owner out; an address waits up to a quarter of an hour. */
function createGuard(clock: () => number) {
  const byAccount = createSlowdown({ clock, freeCount: 5, baseMs: 1000, maxMs: 60_000, keyLimit: 10_000 });
  const byAddress = createSlowdown({ clock, freeCount: 10, baseMs: 1000, maxMs: 15 * 60_000, keyLimit: 10_000 });

  return async function guarded(keys: readonly string[], attempt: () => Promise<Attempt>): Promise<SignIn> {
    const slowed = keys.map((key) => ({ key, slowdown: key.startsWith("account ") ? byAccount : byAddress }));
    const retryAfterMs = Math.max(...slowed.map(({ key, slowdown }) => slowdown.waitMs(key)));
    if (retryAfterMs > 0) return { outcome: "slowDown", retryAfterMs };
    for (const { key, slowdown } of slowed) slowdown.begin(key);
    const result = await attempt();
    if (result.outcome === "signedIn") for (const { key, slowdown } of slowed) slowdown.succeed(key);
    return result;
  };
}

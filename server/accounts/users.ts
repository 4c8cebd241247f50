import type { z } from "zod";
import type { User, UserBody, UserPatch } from "../contract/api.ts";
import { mirrorChange } from "../fleet/recordMirror.ts";
import { ChangeError } from "../fleet/changeError.ts";
import type { AccountState, StoredUser } from "./accountState.ts";
import { hashPassword, type PasswordCost } from "./passwords.ts";
import { newId } from "../fleet/secrets.ts";

export type NewUser = z.infer<typeof UserBody>;
export type UserChange = z.infer<typeof UserPatch>;

/** Users by name; names differ in more than upper and lower case. */
export interface Users {
  list(): User[];
  get(id: string): User | null;
  byName(username: string): StoredUser | null;
  /** Rejects with ChangeError when the name is taken. */
  create(user: NewUser): Promise<User>;
  /** null: no such user. A new password ends the user's sessions. Rejects with ChangeError when no unlimited admin would be left. */
  change(id: string, change: UserChange): Promise<User | null>;
  /** false: no such user. Ends the user's sessions. Rejects with ChangeError when no unlimited admin would be left. */
  remove(id: string): Promise<boolean>;
}

/** The operations on users. `create` and `change` cost a password hash; the rest is in memory and one write. */
export function createUsers(state: AccountState, cost: PasswordCost): Users {
  const shown = ({ id, username, role, siteIds, createdAtMs }: StoredUser): User => {
    return { id, username, role, siteIds, createdAtMs, lastSignInAtMs: state.lastUseMs(id) };
  };
  const byName = (username: string): StoredUser | null =>
    state.users.values().find((user) => user.username.toLowerCase() === username.toLowerCase()) ?? null;
  const sessionsOf = (userId: string) =>
    state.sessions
      .values()
      .filter((session) => session.userId === userId)
      .map((session) => mirrorChange(state.sessions, session.id, null));

  return {
    list: () => state.users.values().map(shown),
    get(id) {
      const user = state.users.get(id);
      return user === null ? null : shown(user);
    },
    byName,
    async create({ password, ...body }) {
      const passwordHash = await hashPassword(password, cost);
      return state.serial(async () => {
        if (byName(body.username) !== null) throw new ChangeError("conflict", `There is a user ${body.username} already`, "username");
        const user = { id: newId(), ...body, passwordHash, createdAtMs: state.clock() };
        await state.write([mirrorChange(state.users, user.id, user)]);
        return shown(user);
      });
    },
    async change(id, change) {
      const passwordHash = change.password === undefined ? null : await hashPassword(change.password, cost);
      return state.serial(async () => {
        const user = state.users.get(id);
        if (user === null) return null;
        const changed = changedUser(user, change, passwordHash);
        requireAdmin(state, id, changed);
        await state.write([mirrorChange(state.users, id, changed), ...(passwordHash === null ? [] : sessionsOf(id))]);
        return shown(changed);
      });
    },
    remove: (id) =>
      state.serial(async () => {
        if (state.users.get(id) === null) return false;
        requireAdmin(state, id, null);
        await state.write([mirrorChange(state.users, id, null), ...sessionsOf(id)]);
        return true;
      }),
  };
}

function changedUser(user: StoredUser, change: UserChange, passwordHash: string | null): StoredUser {
  return {
    ...user,
    role: change.role ?? user.role,
    siteIds: change.siteIds === undefined ? user.siteIds : change.siteIds,
    passwordHash: passwordHash ?? user.passwordHash,
  };
}

/** Somebody must stay who can manage users: an admin of all sites. */
function requireAdmin(state: AccountState, changedId: string, changed: StoredUser | null): void {
  const manages = (user: StoredUser | null): boolean => user?.role === "admin" && user.siteIds === null;
  const before = state.users.get(changedId);
  const others = state.users.values().filter((user) => user.id !== changedId);
  if (manages(before) && !manages(changed) && !others.some(manages))
    throw new ChangeError("conflict", "This is the last admin of all sites; make another user one first", changed === null ? null : "role");
}

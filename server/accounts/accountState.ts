import { z } from "zod";
import { Role } from "../contract/api.ts";
import { createSerial, RecordMirror, writeThrough, type MirrorChange } from "../fleet/recordMirror.ts";
import type { RecordStore } from "../store/store.ts";

const instant = z.number().int();
const siteIds = z.array(z.string()).nullable();

const StoredUser = z.object({ id: z.string(), username: z.string(), role: Role, siteIds, passwordHash: z.string(), createdAtMs: instant });
export type StoredUser = z.infer<typeof StoredUser>;
const StoredToken = z.object({
  id: z.string(),
  name: z.string(),
  role: Role,
  siteIds,
  secretHash: z.string(),
  createdAtMs: instant,
  expiresAtMs: instant.nullable(),
});
export type StoredToken = z.infer<typeof StoredToken>;
const StoredSession = z.object({ id: z.string(), userId: z.string(), secretHash: z.string(), createdAtMs: instant, expiresAtMs: instant });
export type StoredSession = z.infer<typeof StoredSession>;
const StoredWallLink = z.object({
  id: z.string(),
  name: z.string(),
  siteIds,
  secretHash: z.string(),
  cookieHash: z.string(),
  createdAtMs: instant,
  expiresAtMs: instant,
});
export type StoredWallLink = z.infer<typeof StoredWallLink>;
const LastUse = z.record(z.string(), instant);

const LAST_USE_ID = "lastUse";
const LAST_USE_WRITE_MS = 60_000;

/** Users, tokens, sessions and wall links in memory, with what is needed to change them. Shared by the files of this folder only. */
export interface AccountState {
  readonly users: RecordMirror<StoredUser>;
  readonly tokens: RecordMirror<StoredToken>;
  readonly sessions: RecordMirror<StoredSession>;
  readonly wallLinks: RecordMirror<StoredWallLink>;
  readonly records: RecordStore;
  readonly clock: () => number;
  /** Runs a change that rests on what is in memory; changes and reloads wait for each other. */
  readonly serial: <T>(task: () => Promise<T>) => Promise<T>;
  write(changes: readonly MirrorChange[]): Promise<void>;
  /** Last use of a user, token, session or wall link, epoch ms. */
  lastUseMs(id: string): number | null;
  /** Notes a use; on disk within a minute of uses, and when closed. */
  touch(id: string): void;
  /** Reads everything again, after another process has changed it. */
  reload(): Promise<void>;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Loads the accounts. Rejects with StoreError when a record cannot be read. */
export async function openAccountState(records: RecordStore, clock: () => number): Promise<AccountState> {
  const users = new RecordMirror("user", StoredUser);
  const tokens = new RecordMirror("token", StoredToken);
  const sessions = new RecordMirror("session", StoredSession);
  const wallLinks = new RecordMirror("wallLink", StoredWallLink);
  const mirrors = [users, tokens, sessions, wallLinks];
  const serial = createSerial();
  const listeners = new Set<() => void>();
  // Uses stand in a record of their own: writing them can never bring back a token that another process has just revoked.
  const uses = new Map(Object.entries(LastUse.catch({}).parse(await records.get("meta", LAST_USE_ID))));
  let usesWrittenAtMs = clock();

  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  const load = async (): Promise<void> => {
    for (const mirror of mirrors) await mirror.reload(records);
  };
  const saveUses = async (): Promise<void> => {
    usesWrittenAtMs = clock();
    for (const id of uses.keys()) if (mirrors.every((mirror) => mirror.get(id) === null)) uses.delete(id);
    await records.apply([{ kind: "meta", id: LAST_USE_ID, document: Object.fromEntries(uses) }]);
  };
  await load();

  return {
    users,
    tokens,
    sessions,
    wallLinks,
    records,
    clock,
    serial,
    async write(changes) {
      await writeThrough(records, changes);
      notify();
    },
    lastUseMs: (id) => uses.get(id) ?? null,
    touch(id) {
      uses.set(id, clock());
      if (clock() - usesWrittenAtMs < LAST_USE_WRITE_MS) return;
      usesWrittenAtMs = clock();
      serial(saveUses).catch(() => undefined); // the next minute tries again; a lost time of use harms nobody
    },
    reload: () =>
      serial(async () => {
        await load();
        notify();
      }),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => serial(saveUses),
  };
}

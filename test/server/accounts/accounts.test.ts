import { describe, expect, it } from "vitest";
import { openAccounts } from "../../../server/accounts/accounts.ts";
import { hashPassword, verifyPassword } from "../../../server/accounts/passwords.ts";
import { BusyError, createSemaphore } from "../../../server/accounts/semaphore.ts";
import { createSlowdown } from "../../../server/accounts/slowdown.ts";
import { MemoryRecords } from "../fakes/memoryRecords.ts";

const CHEAP = { N: 2 ** 10, r: 8, p: 1 };
const PASSWORD = "correct horse battery";

async function open(records = new MemoryRecords()) {
  const time = { nowMs: 1_790_000_000_000 };
  const accounts = await openAccounts({ records, clock: () => time.nowMs, passwordCost: CHEAP });
  return { records, time, accounts };
}
const viewer = { name: "script", role: "viewer", siteIds: null, expiresAtMs: null } as const;

describe("hashPassword()", () => {
  it("keeps its parameters and a fresh salt in the text, and verifies by what the text says", async () => {
    const [first, second] = await Promise.all([hashPassword(PASSWORD, CHEAP), hashPassword(PASSWORD, CHEAP)]);
    expect(first).toMatch(/^scrypt\$1024\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(first).not.toBe(second);
    expect(await verifyPassword(PASSWORD, first)).toBe(true);
    expect(await verifyPassword(`${PASSWORD} `, first)).toBe(false);
    expect(await verifyPassword(PASSWORD, "plain text")).toBe(false);
  });

  it("costs 2^15 rounds and three lanes unless told", async () => {
    expect(await hashPassword(PASSWORD)).toMatch(/^scrypt\$32768\$8\$3\$/);
  });
});

describe("createSemaphore()", () => {
  it("runs no more than its number at once, in order, and turns away who finds the queue full", async () => {
    const run = createSemaphore({ concurrency: 2, queueLength: 1 });
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const task = (number: number) => run(() => new Promise<void>((resolve) => void (started.push(number), ends.push(resolve))));
    const all = [task(1), task(2), task(3)];
    await expect(task(4)).rejects.toThrow(BusyError);
    expect(started).toEqual([1, 2]);
    ends[0]();
    await all[0];
    await Promise.resolve();
    expect(started).toEqual([1, 2, 3]);
    for (const end of ends) end();
    await Promise.all(all);
  });
});

describe("createSlowdown()", () => {
  it("doubles the wait up to its limit, forgets, and remembers no more keys than it may", () => {
    let nowMs = 0;
    const slowdown = createSlowdown({ clock: () => nowMs, freeCount: 1, baseMs: 100, maxMs: 300, keyLimit: 2 });
    const waits = [1, 2, 3, 4, 5].map(() => {
      slowdown.begin("a");
      const waitMs = slowdown.waitMs("a");
      nowMs += waitMs;
      return waitMs;
    });
    expect(waits).toEqual([0, 100, 200, 300, 300]);
    nowMs += 300;
    slowdown.begin("a");
    expect(slowdown.waitMs("a")).toBe(0);
    slowdown.begin("a");
    slowdown.begin("b");
    slowdown.begin("c");
    expect(slowdown.waitMs("a")).toBe(0);
  });
});

describe("accounts", () => {
  it("are there again after a restart, with sessions, tokens and the times of their use", async () => {
    const { records, accounts, time } = await open();
    await accounts.ensureAdmin(PASSWORD);
    const { token } = await accounts.tokens.create(viewer);
    const signIn = await accounts.signIn({ username: "admin", password: PASSWORD, address: "::1" });
    if (signIn.outcome !== "signedIn") throw new Error(signIn.outcome);
    await accounts.tokens.authenticate(token);
    await accounts.close();
    const again = (await open(records)).accounts;
    expect(again.sessions.authenticate(signIn.cookie)?.name).toBe("admin");
    expect((await again.tokens.authenticate(token))?.role).toBe("viewer");
    expect(again.users.list()[0]?.lastSignInAtMs).toBe(time.nowMs);
    expect(again.tokens.list()[0]?.lastUsedAtMs).toBe(time.nowMs);
    expect(again.setupToken()).toBeNull();
    expect(await again.ensureAdmin("another password")).toBe(false);
  });

  it("know a token that another process made before they were told, and forget one it revoked once they are", async () => {
    const { records, accounts } = await open();
    const other = (await open(records)).accounts;
    const created = await other.tokens.create(viewer);
    const principal = (await accounts.tokens.authenticate(created.token))!;
    expect(principal).toMatchObject({ kind: "token", role: "viewer" });
    expect(accounts.refresh(principal)).toEqual(principal);
    await other.tokens.revoke(created.id);
    const changed = new Promise<void>((resolve) => accounts.onChange(resolve));
    records.tellForeignChange();
    await changed;
    expect(await accounts.tokens.authenticate(created.token)).toBeNull();
    expect(accounts.refresh(principal)).toBeNull();
  });

  it("do not bring a token back that another process revoked, by noting its use", async () => {
    const { records, accounts, time } = await open();
    const { id, token } = await accounts.tokens.create(viewer);
    const other = (await open(records)).accounts;
    await other.tokens.revoke(id);
    time.nowMs += 3_600_000;
    await accounts.tokens.authenticate(token);
    await accounts.close();
    expect((await open(records)).accounts.tokens.list()).toEqual([]);
  });

  it("ask the store about unknown tokens no more than 20 times a second", async () => {
    const { records, accounts, time } = await open();
    const guess = () => accounts.tokens.authenticate(`hwt_0000000000_${"A".repeat(43)}`);
    const before = records.getCount;
    for (let attempt = 0; attempt < 100; attempt++) expect(await guess()).toBeNull();
    expect(records.getCount - before).toBe(20);
    time.nowMs += 1000;
    await guess();
    expect(records.getCount - before).toBe(21);
  });

  it("take over a user that another process made, which ends the set-up", async () => {
    const { records, accounts } = await open();
    expect(accounts.setupRequired()).toBe(true);
    await (await open(records)).accounts.users.create({ username: "ann", password: PASSWORD, role: "admin", siteIds: null });
    const changed = new Promise<void>((resolve) => accounts.onChange(resolve));
    records.tellForeignChange();
    await changed;
    expect([accounts.setupRequired(), accounts.setupToken()]).toEqual([false, null]);
    expect((await accounts.signIn({ username: "ANN", password: PASSWORD, address: "::1" })).outcome).toBe("signedIn");
  });

  it("refresh a session's principal: a new role at once, null after sign-out", async () => {
    const { accounts } = await open();
    await accounts.ensureAdmin(PASSWORD);
    const user = await accounts.users.create({ username: "ann", password: PASSWORD, role: "operator", siteIds: null });
    const signIn = await accounts.signIn({ username: "ann", password: PASSWORD, address: "::1" });
    if (signIn.outcome !== "signedIn") throw new Error(signIn.outcome);
    await accounts.users.change(user.id, { role: "viewer", siteIds: ["s1"] });
    expect(accounts.refresh(signIn.principal)).toMatchObject({ role: "viewer", siteIds: ["s1"] });
    await accounts.sessions.end(signIn.principal.credentialId!);
    expect(accounts.refresh(signIn.principal)).toBeNull();
  });

  it("keep at most 50 sessions of a user: the oldest ends", async () => {
    const { accounts, time } = await open();
    await accounts.ensureAdmin(PASSWORD);
    const user = accounts.users.byName("admin")!;
    const cookies: string[] = [];
    for (let count = 0; count < 51; count++) {
      time.nowMs += 1;
      cookies.push(await accounts.sessions.start(user));
    }
    expect(cookies.map((cookie) => accounts.sessions.authenticate(cookie) !== null)).toEqual([false, ...Array<boolean>(50).fill(true)]);
  });

  it("hold no secret in their records", async () => {
    const { records, accounts } = await open();
    await accounts.ensureAdmin(PASSWORD);
    const { token } = await accounts.tokens.create(viewer);
    const cookie = await accounts.sessions.start(accounts.users.byName("admin")!);
    const stored = JSON.stringify([...records.documents]);
    for (const secret of [PASSWORD, token.slice("hwt_0000000000_".length), cookie.split(".")[1]]) expect(stored).not.toContain(secret);
  });
});

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { openAccounts, type Accounts } from "../../../server/accounts/accounts.ts";
import { openDirectory } from "../../../server/fleet/directory.ts";
import { openTestStore, temporaryDir } from "../store/storeHelp.ts";

const MAIN = fileURLToPath(new URL("../../../dist/server/cli/main.js", import.meta.url));

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(args: string[], input = ""): Promise<Outcome> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: "pipe" });
  onTestFinished(() => void child.kill());
  const outcome: Outcome = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (outcome.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (outcome.stderr += data.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => child.on("close", (code) => resolve({ ...outcome, code })));
}

/** The accounts of a server that is running on the directory. */
async function runningServer(): Promise<{ dataDir: string; accounts: Accounts; audit: () => Promise<string[]> }> {
  const dataDir = temporaryDir();
  const store = await openTestStore(dataDir);
  await openDirectory({ records: store.records, clock: Date.now });
  const accounts = await openAccounts({ records: store.records, clock: Date.now, passwordCost: { N: 1024, r: 8, p: 1 } });
  const audit = async () =>
    (await store.readAudit({ beforeId: null, limit: 10 })).items.map(({ action, from, result }) => `${action} ${from} ${result}`);
  return { dataDir, accounts, audit };
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (const endMs = Date.now() + 5000; !(await condition()); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > endMs) throw new Error("The server did not notice within 5 s");
}

describe("hashwatch token", () => {
  it("creates a token beside a running server, alone on stdout and good at once, and revokes it", async () => {
    expect(existsSync(MAIN)).toBe(true);
    const { dataDir, accounts, audit } = await runningServer();
    const created = await run([
      "token",
      "create",
      "--name",
      "script",
      "--role",
      "viewer",
      "--site",
      "s1",
      "--days",
      "3",
      "--data-dir",
      dataDir,
    ]);
    expect([created.code, created.stderr]).toEqual([0, ""]);
    expect(created.stdout).toMatch(/^hwt_[0-9a-z]{10}_[\w-]{43}\n$/);
    const token = created.stdout.trim();
    expect(await accounts.tokens.authenticate(token)).toMatchObject({ name: "token script", role: "viewer", siteIds: ["s1"] });
    const list = await run(["token", "list", "--data-dir", dataDir]);
    const id = token.split("_")[1];
    expect(list.stdout).toContain(id);
    expect(list.stdout).not.toContain(token);
    expect((await run(["token", "revoke", id, "--data-dir", dataDir])).code).toBe(0);
    await until(async () => (await accounts.tokens.authenticate(token)) === null);
    expect(await audit()).toEqual(["token.revoke local done", "token.create local done"]);
  });

  it.each([
    [["token", "create", "--role", "viewer"], "--name"],
    [["token", "create", "--name", "x", "--role", "god"], '"god"'],
    [["token", "create", "--name", "x", "--role", "viewer", "--days", "soon"], '"soon"'],
    [["token", "create", "--name", "x", "--role", "viewer", "--data-dir", "/nonexistent/place"], '"/nonexistent/place"'],
    [["token", "forget"], '"forget"'],
    [["token", "revoke"], '"revoke"'],
    [["token", "list", "--colour"], "--colour"],
    [["user", "add", "a b", "--role", "viewer"], '"a b"'],
    [["user", "list", "extra"], "extra"],
  ])("%j ends with 2 and one line that names what is wrong", async (args, named) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(stderr).toContain(named);
  });
});

describe("hashwatch user", () => {
  it("adds a user and changes its password beside a running server", async () => {
    const { dataDir, accounts } = await runningServer();
    const signsIn = async (password: string, address: string) =>
      (await accounts.signIn({ username: "ann", password, address })).outcome === "signedIn";
    const added = await run(
      ["user", "add", "ann", "--role", "operator", "--password-stdin", "--data-dir", dataDir],
      "correct horse battery\n",
    );
    expect(added).toEqual({ code: 0, stdout: "", stderr: "" });
    await until(() => accounts.users.byName("ann") !== null);
    expect(await signsIn("correct horse battery", "10.0.0.1")).toBe(true);
    const cookie = await accounts.sessions.start(accounts.users.byName("ann")!);
    expect((await run(["user", "passwd", "ann", "--password-stdin", "--data-dir", dataDir], "another password")).code).toBe(0);
    await until(() => accounts.sessions.authenticate(cookie) === null);
    expect([await signsIn("correct horse battery", "10.0.0.2"), await signsIn("another password", "10.0.0.3")]).toEqual([false, true]);
    expect((await run(["user", "list", "--data-dir", dataDir])).stdout).toMatch(/^NAME +ROLE +SITES +LAST SIGN-IN\nann +operator +all +/);
    const again = await run(
      ["user", "add", "Ann", "--role", "viewer", "--password-stdin", "--data-dir", dataDir],
      "correct horse battery\n",
    );
    expect([again.code, again.stderr]).toEqual([2, "There is a user Ann already\n"]);
    const short = await run(["user", "passwd", "ann", "--password-stdin", "--data-dir", dataDir], "short\n");
    expect([short.code, short.stderr]).toEqual([2, "The password must have 10 to 1000 characters\n"]);
    const asked = await run(["user", "passwd", "ann", "--data-dir", dataDir]);
    expect([asked.code, asked.stderr]).toEqual([2, "Standard input is no terminal; give the password there with --password-stdin\n"]);
  });
});

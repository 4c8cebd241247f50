import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { Password } from "../accounts/passwords.ts";
import { UserBody } from "../contract/api.ts";
import type { Command, CommandInput } from "./command.ts";
import { DATA_DIR_FLAG, instantText, roleFlag, sitesFlag, tableText, withDataDirectory } from "./dataDirectory.ts";
import { UsageError } from "./flags.ts";

export const userCommand: Command = {
  name: "user",
  usage: "user add NAME --role R [--site S] [--password-stdin] | passwd NAME [--password-stdin] | list",
  summary: "Users, on the data directory; beside a running server too, with effect at once",
  flags: [
    DATA_DIR_FLAG,
    { name: "role", value: "ROLE", help: "viewer, operator or admin" },
    { name: "site", value: "ID", help: "limits the user to these sites, separated by commas (default all)" },
    { name: "password-stdin", value: null, help: "reads the password from standard input instead of asking for it" },
  ],
  run(input) {
    const [verb, name] = [input.positionals.at(0), input.positionals.at(1)];
    const more = input.positionals.slice(2);
    if (more.length > 0) throw new UsageError(`Unexpected "${more.join(" ")}"; usage: hashwatch ${userCommand.usage}`);
    if (verb === "add" && name !== undefined) return addUser(input, name);
    if (verb === "passwd" && name !== undefined) return changePassword(input, name);
    if (verb === "list" && name === undefined) return listUsers(input);
    throw new UsageError(
      `Expected add NAME, passwd NAME or list, got "${input.positionals.join(" ")}"; usage: hashwatch ${userCommand.usage}`,
    );
  },
};

async function addUser(input: CommandInput, username: string): Promise<number> {
  if (!UserBody.shape.username.safeParse(username).success)
    throw new UsageError(`The name must be 1 to 64 of A-Z a-z 0-9 . _ @ -, got "${username}"`);
  const role = roleFlag(input.settings);
  return withDataDirectory(input.settings, async ({ accounts, siteIds, record }) => {
    const limit = sitesFlag(input.settings, siteIds);
    if (accounts.users.byName(username) !== null) throw new UsageError(`There is a user ${username} already`);
    const user = await accounts.users.create({ username, password: await readPassword(input), role, siteIds: limit });
    record("user.create", user.id, JSON.stringify({ username, role, siteIds: limit }));
    return 0;
  });
}

async function changePassword(input: CommandInput, username: string): Promise<number> {
  return withDataDirectory(input.settings, async ({ accounts, record }) => {
    const user = accounts.users.byName(username);
    if (user === null) throw new UsageError(`There is no user "${username}"; hashwatch user list shows them`);
    await accounts.users.change(user.id, { password: await readPassword(input) });
    record("user.change", user.id, JSON.stringify({ username, password: "(not recorded)" }));
    return 0;
  });
}

function listUsers({ settings }: CommandInput): Promise<number> {
  return withDataDirectory(settings, ({ accounts }) => {
    const rows = accounts.users
      .list()
      .map((user) => [user.username, user.role, user.siteIds?.join(",") ?? "all", instantText(user.lastSignInAtMs)]);
    process.stdout.write(tableText([["NAME", "ROLE", "SITES", "LAST SIGN-IN"], ...rows]));
    return Promise.resolve(0);
  });
}

/** Asks for the password, or reads the first line of standard input. Throws UsageError when it is too short or cannot be asked for. */
async function readPassword({ settings, signal }: CommandInput): Promise<string> {
  const isAsked = settings["password-stdin"] !== true;
  if (isAsked && !process.stdin.isTTY) throw new UsageError("Standard input is no terminal; give the password there with --password-stdin");
  const password = await readLine(isAsked ? "Password: " : null, signal);
  if (!Password.safeParse(password).success) throw new UsageError("The password must have 10 to 1000 characters");
  return password;
}

/** One line of standard input; with a prompt on stderr, what is typed is not shown. */
async function readLine(prompt: string | null, signal: AbortSignal): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: prompt !== null });
  if (prompt !== null) process.stderr.write(prompt);
  const stop = (): void => lines.close();
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const line of lines) return line;
    return "";
  } finally {
    signal.removeEventListener("abort", stop);
    lines.close();
    if (prompt !== null) process.stderr.write("\n");
  }
}

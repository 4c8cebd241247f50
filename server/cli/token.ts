import type { Command, CommandInput } from "./command.ts";
import { DATA_DIR_FLAG, instantText, roleFlag, sitesFlag, tableText, textFlag, withDataDirectory } from "./dataDirectory.ts";
import { UsageError } from "./flags.ts";

const DAY_MS = 86_400_000;
const DAYS_MAX = 36_500;

export const tokenCommand: Command = {
  name: "token",
  usage: "token create --name N --role R [--site S] [--days N] | list | revoke ID",
  summary: "API tokens, on the data directory; beside a running server too, with effect at once",
  flags: [
    DATA_DIR_FLAG,
    { name: "name", value: "NAME", help: "what the token is for" },
    { name: "role", value: "ROLE", help: "viewer, operator or admin" },
    { name: "site", value: "ID", help: "limits the token to these sites, separated by commas (default all)" },
    { name: "days", value: "N", help: "days until it expires (default never)" },
  ],
  run(input) {
    const [verb, id] = [input.positionals.at(0), input.positionals.at(1)];
    const more = input.positionals.slice(2);
    if (more.length > 0) throw new UsageError(`Unexpected "${more.join(" ")}"; usage: hashwatch ${tokenCommand.usage}`);
    if (verb === "create" && id === undefined) return createToken(input);
    if (verb === "list" && id === undefined) return listTokens(input);
    if (verb === "revoke" && id !== undefined) return revokeToken(input, id);
    throw new UsageError(
      `Expected create, list or revoke ID, got "${input.positionals.join(" ")}"; usage: hashwatch ${tokenCommand.usage}`,
    );
  },
};

async function createToken({ settings }: CommandInput): Promise<number> {
  const name = textFlag(settings, "name")?.trim() ?? "";
  if (name === "" || name.length > 100) throw new UsageError("--name must say in 1 to 100 letters what the token is for");
  const role = roleFlag(settings);
  const expiresAtMs = expiryOf(textFlag(settings, "days"));
  return withDataDirectory(settings, async ({ accounts, siteIds, record }) => {
    const created = await accounts.tokens.create({ name, role, siteIds: sitesFlag(settings, siteIds), expiresAtMs });
    record("token.create", created.id, JSON.stringify({ name, role, siteIds: created.siteIds, expiresAtMs }));
    process.stdout.write(`${created.token}\n`);
    return 0;
  });
}

function expiryOf(days: string | null): number | null {
  if (days === null) return null;
  if (!/^\d{1,5}$/.test(days) || Number(days) < 1 || Number(days) > DAYS_MAX)
    throw new UsageError(`--days must be a number from 1 to ${DAYS_MAX}, got "${days}"`);
  return Date.now() + Number(days) * DAY_MS;
}

function listTokens({ settings }: CommandInput): Promise<number> {
  return withDataDirectory(settings, ({ accounts }) => {
    const rows = accounts.tokens
      .list()
      .map((token) => [
        token.id,
        token.name,
        token.role,
        token.siteIds?.join(",") ?? "all",
        instantText(token.expiresAtMs),
        instantText(token.lastUsedAtMs),
      ]);
    process.stdout.write(tableText([["ID", "NAME", "ROLE", "SITES", "EXPIRES", "LAST USED"], ...rows]));
    return Promise.resolve(0);
  });
}

function revokeToken({ settings }: CommandInput, id: string): Promise<number> {
  return withDataDirectory(settings, async ({ accounts, record }) => {
    if (!(await accounts.tokens.revoke(id))) throw new UsageError(`There is no token "${id}"; hashwatch token list shows them`);
    record("token.revoke", id, "");
    return 0;
  });
}

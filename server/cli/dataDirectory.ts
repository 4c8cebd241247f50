import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { openAccounts, type Accounts } from "../accounts/accounts.ts";
import { Role, type AuditEntry } from "../contract/api.ts";
import { ConfigError } from "../errors.ts";
import { ChangeError } from "../fleet/changeError.ts";
import { databaseFile } from "../store/sqlite/database.ts";
import { openRecords, type CommandRecords } from "../store/sqlite/records.ts";
import type { RecordStore } from "../store/store.ts";
import type { FlagSpec, RawSettings } from "./command.ts";
import { UsageError } from "./flags.ts";

export const DATA_DIR_FLAG: FlagSpec = { name: "data-dir", value: "DIR", help: "data directory of the server (default ./data)" };

/** What a command that manages accounts works with. */
export interface DataDirectory {
  readonly accounts: Accounts;
  readonly siteIds: readonly string[];
  /** Notes a change in the audit log. */
  readonly record: (action: string, target: string, detail: string) => void;
}

/**
 * Opens the accounts of a data directory, a running server's too, for one task. What the task rejects with as a ChangeError becomes a
 * UsageError. Throws ConfigError when the directory holds no database.
 */
export async function withDataDirectory<T>(settings: RawSettings, task: (directory: DataDirectory) => Promise<T>): Promise<T> {
  const dataDir = textFlag(settings, "data-dir") ?? "./data";
  if (!existsSync(databaseFile(dataDir)))
    throw new ConfigError(`--data-dir "${dataDir}" holds no database; start the server once, or name its directory`);
  const records = openRecords({ dataDir });
  try {
    const accounts = await openAccounts({ records: asRecordStore(records), clock: Date.now });
    const siteIds = records.load("site").map(({ id }) => id);
    return await task({ accounts, siteIds, record: (action, target, detail) => records.appendAudit([entryOf(action, target, detail)]) });
  } catch (error) {
    throw error instanceof ChangeError ? new UsageError(error.message, { cause: error }) : error;
  } finally {
    records.close();
  }
}

/** The synchronous records of the command line behind the server's interface. Nobody else's changes matter to a command of one step. */
function asRecordStore(records: CommandRecords): RecordStore {
  return {
    load: (kind) => Promise.resolve(records.load(kind)),
    get: (kind, id) => Promise.resolve(records.get(kind, id)),
    apply(changes) {
      records.apply(changes);
      return Promise.resolve();
    },
    onForeignChange: () => () => undefined,
  };
}

function entryOf(action: string, target: string, detail: string): Omit<AuditEntry, "id"> {
  return { atMs: Date.now(), actor: `command line (${userInfo().username})`, from: "local", action, target, result: "done", detail };
}

/** Value of a flag; null when it was not given. */
export function textFlag(settings: RawSettings, name: string): string | null {
  const value = settings[name];
  return typeof value === "string" ? value : null;
}

/** The role that --role names. Throws UsageError when it is missing or none. */
export function roleFlag(settings: RawSettings): Role {
  const role = Role.safeParse(settings.role);
  if (!role.success) throw new UsageError(`--role must be one of ${Role.options.join(", ")}, got "${textFlag(settings, "role") ?? ""}"`);
  return role.data;
}

/** The sites that --site names, separated by commas; null for all. Throws UsageError on one that does not exist. */
export function sitesFlag(settings: RawSettings, known: readonly string[]): string[] | null {
  const text = textFlag(settings, "site");
  if (text === null) return null;
  const siteIds = text.split(",").map((siteId) => siteId.trim());
  const unknown = siteIds.find((siteId) => !known.includes(siteId));
  if (unknown !== undefined) throw new UsageError(`--site: there is no site "${unknown}"; there are ${known.join(", ")}`);
  return siteIds;
}

/** A table in columns for the terminal. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return `${rows.map((row) => line(row).trimEnd()).join("\n")}\n`;
}

/** An instant for the terminal, `-` for none. */
export function instantText(atMs: number | null): string {
  return atMs === null ? "-" : new Date(atMs).toISOString();
}

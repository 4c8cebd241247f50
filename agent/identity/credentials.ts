import { open } from "node:fs/promises";
import { z } from "zod";
import { parseAddress, parseRange, type AddressRange } from "../discover/ranges.ts";
import { ConfigError } from "../errors.ts";

const Line = z.strictObject({ range: z.string(), username: z.string().min(1), password: z.string() });

export interface Credential {
  readonly username: string;
  readonly password: string;
}

/** Passwords of the miners' web API, by range. They never leave the agent, and no message or log names one. */
export class MinerCredentials {
  private readonly entries: readonly { range: AddressRange; credential: Credential }[];

  constructor(entries: readonly { range: AddressRange; credential: Credential }[]) {
    this.entries = entries;
  }

  /** Of the first line whose range holds the address; null: none does. */
  find(address: string): Credential | null {
    const parsed = parseAddress(address);
    if (parsed === null) return null;
    const holds = ({ range: { family, first, last } }: { range: AddressRange }): boolean =>
      family === parsed.family && first <= parsed.value && parsed.value <= last;
    return this.entries.find(holds)?.credential ?? null;
  }
}

/**
 * Reads a file of JSON lines `{"range","username","password"}`; blank lines are left out. Throws ConfigError, with the line's number, for what cannot be
 * read, and for a file that others than its owner may read.
 */
export async function readMinerCredentials(path: string): Promise<MinerCredentials> {
  const text = await readPrivateFile(path);
  const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return new MinerCredentials(lines.filter(({ line }) => line !== "").map(({ line, number }) => parseLine(line, { path, number })));
}

async function readPrivateFile(path: string): Promise<string> {
  const file = await open(path).catch((error: unknown) => {
    throw new ConfigError(`Cannot read --miner-credentials ${path}: ${(error as NodeJS.ErrnoException).code ?? "unknown error"}`);
  });
  try {
    const { mode } = await file.stat();
    if ((mode & 0o077) !== 0) throw new ConfigError(`--miner-credentials ${path} can be read by others: run chmod 600 on it`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

function parseLine(line: string, where: { path: string; number: number }): { range: AddressRange; credential: Credential } {
  const place = `line ${where.number} of --miner-credentials ${where.path}`;
  const parsed = Line.safeParse(parseJson(line));
  // The line holds a password: the message names fields, never content.
  if (!parsed.success) throw new ConfigError(`Cannot read ${place}: expected {"range","username","password"}, all text`);
  const { range, username, password } = parsed.data;
  try {
    return { range: parseRange(range), credential: { username, password } };
  } catch (error) {
    throw new ConfigError(`Cannot read ${place}: ${(error as Error).message}`);
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

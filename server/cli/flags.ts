import type { Command, FlagSpec, RawSettings } from "./command.ts";

/** Wrong usage on the command line; `message` names the flag or value. */
export class UsageError extends Error {
  override name = "UsageError";
}

export interface ParsedArguments {
  readonly settings: RawSettings;
  readonly positionals: readonly string[];
  readonly help: boolean;
}

/** The environment variable of a flag: `poll-interval-ms` → `HASHWATCH_POLL_INTERVAL_MS`. */
export function variableOf(flag: string): string {
  return `HASHWATCH_${flag.toUpperCase().replaceAll("-", "_")}`;
}

/**
 * Reads the arguments behind a subcommand, then fills in what the environment sets. A flag wins over its variable.
 * Accepts `--flag value`, `--flag=value`, and switches; `--` ends the flags. Throws UsageError on an unknown flag or a missing value.
 */
export function parseArguments(
  command: Command,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ParsedArguments {
  const specs = new Map(command.flags.map((spec) => [spec.name, spec]));
  const settings: Record<string, string | true> = fromEnvironment(command.flags, env);
  const positionals: string[] = [];
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === "--") {
      positionals.push(...rest);
      break;
    }
    if (argument === "--help" || argument === "-h") return { settings, positionals, help: true };
    if (argument.startsWith("--")) takeFlag(command, specs, argument.slice(2), rest, settings);
    else positionals.push(argument);
  }
  return { settings, positionals, help: false };
}

function takeFlag(
  command: Command,
  specs: ReadonlyMap<string, FlagSpec>,
  text: string,
  rest: string[],
  settings: Record<string, string | true>,
): void {
  const equals = text.indexOf("=");
  const name = equals < 0 ? text : text.slice(0, equals);
  const spec = specs.get(name);
  if (spec === undefined) throw new UsageError(`Unknown flag --${name} for "${command.name}"; see hashwatch ${command.name} --help`);
  if (spec.value === null) {
    if (equals >= 0) throw new UsageError(`--${name} takes no value, got "${text.slice(equals + 1)}"`);
    settings[name] = true;
    return;
  }
  const value = equals >= 0 ? text.slice(equals + 1) : rest.shift();
  if (value === undefined || (equals < 0 && value.startsWith("--"))) throw new UsageError(`--${name} needs a value: ${spec.value}`);
  settings[name] = value;
}

function fromEnvironment(flags: readonly FlagSpec[], env: Readonly<Record<string, string | undefined>>): Record<string, string | true> {
  const settings: Record<string, string | true> = {};
  for (const spec of flags) {
    const value = env[variableOf(spec.name)];
    if (value === undefined || value === "") continue;
    if (spec.value !== null) settings[spec.name] = value;
    else if (value === "1" || value === "true") settings[spec.name] = true;
    else if (value !== "0" && value !== "false")
      throw new UsageError(`${variableOf(spec.name)} is a switch: expected 1 or 0, got "${value}"`);
  }
  return settings;
}

/** The help text of one command: usage, summary, and its flags in two columns. */
export function helpOf(command: Command): string {
  const rows = command.flags.map((spec) => [`  --${spec.name}${spec.value === null ? "" : ` ${spec.value}`}`, spec.help] as const);
  const width = Math.max(0, ...rows.map(([left]) => left.length)) + 2;
  const lines = rows.map(([left, right]) => left.padEnd(width) + right);
  return [`usage: hashwatch ${command.usage}`, "", command.summary, ...(lines.length > 0 ? ["", ...lines] : []), ""].join("\n");
}

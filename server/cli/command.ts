/** Raw settings of one run: flag (or its HASHWATCH_ variable) by name without dashes; `true` for a flag without a value. */
export type RawSettings = Readonly<Record<string, string | true | undefined>>;

export interface FlagSpec {
  readonly name: string; // without dashes
  readonly value: string | null; // what stands behind it in the help, null for a switch
  readonly help: string;
}

/** One subcommand of the executable. Loaded when called, so that `hashwatch agent` never loads the database or the web server. */
export interface Command {
  readonly name: string;
  readonly usage: string; // "scan RANGE…"
  readonly summary: string;
  readonly flags: readonly FlagSpec[];
  /**
   * Runs the command and resolves with the exit code: 0 done, 1 failed, 2 wrong usage. An error named `ConfigError` ends the program with one
   * line on stderr and exit code 2; a long-running command resolves after SIGINT or SIGTERM, both of which abort `signal`.
   */
  run(input: CommandInput): Promise<number>;
}
export interface CommandInput {
  readonly settings: RawSettings;
  readonly positionals: readonly string[];
  readonly signal: AbortSignal;
}

#!/usr/bin/env node
import type { Command } from "./command.ts";
import { helpOf, parseArguments, UsageError } from "./flags.ts";

/** Each command is loaded when called: an agent on a small box loads neither the database nor the web server. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  server: async () => (await import("./server.ts")).serverCommand,
  agent: async () => (await import("./agent.ts")).agentCommand,
  demo: async () => (await import("./demo.ts")).demoCommand,
  emulate: async () => (await import("./emulate.ts")).emulateCommand,
  scan: async () => (await import("./scan.ts")).scanCommand,
  probe: async () => (await import("./probe.ts")).probeCommand,
  user: async () => (await import("./user.ts")).userCommand,
  token: async () => (await import("./token.ts")).tokenCommand,
};

async function overview(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const rows = all.map((command) => `  ${command.name.padEnd(10)}${command.summary}`);
  return ["usage: hashwatch COMMAND [flags]", "", ...rows, "", "hashwatch COMMAND --help shows the flags of a command", ""].join("\n");
}

async function run([name, ...rest]: readonly [name?: string, ...rest: string[]]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(await overview());
    return name === undefined ? 2 : 0;
  }
  if (!Object.hasOwn(commands, name)) throw new UsageError(`Unknown command "${name}"; one of ${Object.keys(commands).join(", ")}`);
  const command = await commands[name]();
  const { settings, positionals, help } = parseArguments(command, rest, process.env);
  if (help) {
    process.stdout.write(helpOf(command));
    return 0;
  }
  return await command.run({ settings, positionals, signal: stopSignal() });
}

/** Aborts at the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort();
    });
  }
  return controller.signal;
}

/** One line for what the operator can mend; a stack for what only a developer can. */
function report(error: unknown): number {
  const expected = error instanceof Error && ["UsageError", "ConfigError", "StoreError", "AgentError", "FleetError"].includes(error.name);
  process.stderr.write(`${expected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return expected && (error.name === "UsageError" || error.name === "ConfigError") ? 2 : 1;
}

run(process.argv.slice(2) as [string?, ...string[]])
  .catch(report)
  .then(
    (code) => {
      process.exitCode = code;
      // Whatever a stopped part still holds must not keep the process: everything durable has been awaited by now.
      setTimeout(() => process.exit(code), 500).unref();
    },
    () => process.exit(1),
  );

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A script of `children/` in a process of its own. It tells results as JSON lines on stdout and takes words as lines on stdin. */
export interface Child {
  readonly pid: number;
  /** The next line that it tells, parsed; rejects when it ends first or the time is over. */
  next<T>(timeoutMs?: number): Promise<T>;
  say(word: string): void;
  /** SIGKILL: these hold nothing that must be put away. */
  end(): Promise<void>;
}

const NEXT_TIMEOUT_MS = 120_000;
const running = new Set<Child>();

export function startChild(script: string, args: readonly (string | number)[] = []): Child {
  const path = fileURLToPath(new URL(`children/${script}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", path, ...args.map(String)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  const wake = () => waiting.splice(0).forEach((resolve) => resolve());
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    wake();
  });
  child.stdin.on("error", () => undefined);
  const exited = once(child, "close").then(wake);
  const started: Child = {
    pid: child.pid ?? 0,
    async next<T>(timeoutMs = NEXT_TIMEOUT_MS): Promise<T> {
      const timer = setTimeout(wake, timeoutMs);
      const deadline = Date.now() + timeoutMs;
      while (lines.length === 0) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${script} ended early`);
        if (Date.now() >= deadline) throw new Error(`${script} told nothing for ${timeoutMs} ms`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      clearTimeout(timer);
      return JSON.parse(lines.shift() ?? "null") as T;
    },
    say: (word) => void child.stdin.write(`${word}\n`),
    async end() {
      child.kill("SIGKILL");
      await exited;
      running.delete(started);
    },
  };
  running.add(started);
  return started;
}

/** Ends what a figure that failed left behind. */
export async function endChildren(): Promise<void> {
  await Promise.all([...running].map((child) => child.end()));
}

/** In the child: one line to whoever started it. */
export function tell(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** In the child: each line that it is told; the process ends with its parent. */
export function onWord(take: (word: string) => void): void {
  createInterface({ input: process.stdin })
    .on("line", take)
    .on("close", () => process.exit(0));
}

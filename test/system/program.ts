import { spawn, type ChildProcessByStdio } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../dist/server/cli/main.js", import.meta.url));

type Maybe<T> = T | null | undefined;
interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** A started `hashwatch …`, its output, and the ways in which it may end. */
export interface Program {
  readonly pid: number;
  readonly stdin: Writable;
  stdout(): string;
  stderr(): string;
  /** Resolves with what `pick` finds in the output; rejects when the program ends first or the deadline passes. */
  until<T>(pick: (output: Output) => Maybe<T> | Promise<Maybe<T>>, timeoutMs?: number): Promise<T>;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL after 12 s. */
  stop(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const running = new Set<Program>();

/** Starts the built program with these arguments. Whatever a test leaves running is ended by `stopAll`. */
export function startProgram(args: readonly string[], env: Record<string, string> = {}): Program {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
  return watchChild(child);
}

function watchChild(child: ChildProcessByStdio<Writable, Readable, Readable>): Program {
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  const notify = () => listeners.forEach((listener) => listener());
  child.stdout.on("data", (data: Buffer) => {
    stdout = (stdout + data.toString()).slice(-2_000_000);
    notify();
  });
  child.stderr.on("data", (data: Buffer) => {
    stderr = (stderr + data.toString()).slice(-2_000_000);
    notify();
  });
  child.stdin.on("error", () => undefined);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.on("close", (code, signal) => {
      running.delete(program);
      resolve({ code, signal });
      notify();
    }),
  );
  const program: Program = {
    pid: child.pid ?? 0,
    stdin: child.stdin,
    stdout: () => stdout,
    stderr: () => stderr,
    exited,
    kill: (signal) => void child.kill(signal),
    until: (pick, timeoutMs = 30_000) =>
      waitFor(
        async () => {
          const found = await pick({ stdout, stderr });
          if (found !== null && found !== undefined) return found;
          if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The program ended early: ${stderr.slice(-2000)}`);
          return null;
        },
        timeoutMs,
        listeners,
      ),
    stop: async () => {
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 12_000);
      const result = await exited;
      clearTimeout(timer);
      return result;
    },
  };
  running.add(program);
  return program;
}

/** Ends everything that this test file started. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((program) => program.stop()));
}

/** Resolves with the first value of `probe` that is neither null, undefined nor false; asked at each event and every 50 ms. */
export async function waitFor<T>(
  probe: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  timeoutMs = 30_000,
  events?: Set<() => void>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${probe.toString().slice(0, 300)}`);
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        events?.delete(done);
        resolve();
      };
      const timer = setTimeout(done, 50);
      events?.add(done);
    });
  }
}

export async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** A fresh directory, and the function that removes it. */
export function temporaryDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "hashwatch-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** CPU seconds used so far and resident memory of a process, from /proc. */
export function processUse(pid: number): { cpuS: number; rssMb: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { cpuS: ticks / 100, rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024 };
}

export const ADMIN_PASSWORD = "correct horse battery";

/** A running server and signed-in access to its HTTP API. */
export interface TestServer {
  readonly program: Program;
  readonly base: string;
  readonly port: number;
  readonly cookie: string;
  get<T>(path: string): Promise<T>;
  send<T>(method: "POST" | "PATCH" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T>;
}

/** Starts `hashwatch server`, waits until it is ready, and signs in as admin. */
export async function startServer(
  dataDir: string,
  flags: readonly string[] = [],
  { port, env }: { port?: number; env?: Record<string, string> } = {},
): Promise<TestServer> {
  const at = port ?? (await freePort());
  const program = startProgram(["server", "--data-dir", dataDir, "--port", String(at), "--admin-password", ADMIN_PASSWORD, ...flags], env);
  const base = `http://127.0.0.1:${at}`;
  await program.until(async () => ((await isReady(base)) ? true : null), 30_000);
  const cookie = await signIn(base);
  const call = async (method: string, path: string, body?: unknown): Promise<Response> =>
    await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { cookie, origin: base, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const read = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await call(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? null : JSON.parse(text)) as T;
  };
  return { program, base, port: at, cookie, get: (path) => read("GET", path), send: (method, path, body) => read(method, path, body) };
}

async function isReady(base: string): Promise<boolean> {
  try {
    return (await fetch(`${base}/readyz`)).ok;
  } catch {
    return false; // not listening yet
  }
}

export async function signIn(base: string): Promise<string> {
  const response = await fetch(`${base}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: base },
    body: JSON.stringify({ username: "admin", password: ADMIN_PASSWORD }),
  });
  if (!response.ok) throw new Error(`Sign-in: ${response.status} ${await response.text()}`);
  return (response.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
}

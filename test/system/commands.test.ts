import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import Database from "better-sqlite3";
import { WebSocket } from "ws";
import { afterEach, describe, expect, it } from "vitest";
import { freePort, startProgram, startServer, stopAll, temporaryDirectory, waitFor } from "./program.ts";

const folders: { remove: () => void }[] = [];
function folder(): string {
  const made = temporaryDirectory();
  folders.push(made);
  return made.path;
}
afterEach(async () => {
  await stopAll();
  for (const made of folders.splice(0)) made.remove();
});

/** Runs a command to its end; what it says on stderr must be one line. */
async function refusal(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; line: string }> {
  const program = startProgram(args, env);
  const { code } = await program.exited;
  const lines = program.stderr().trimEnd().split("\n");
  expect(lines).toHaveLength(1);
  return { code, line: lines[0] ?? "" };
}

describe("hashwatch", () => {
  it.each([
    [["sever"], 'Unknown command "sever"'],
    [["server", "--prot", "1"], "Unknown flag --prot"],
    [["server", "--port", "x"], '--port must be a number from 0 to 65535, got "x"'],
    [["server", "--ranges", "10.0.0.0/33"], "10.0.0.0/33"],
    [["server", "--poll-interval-ms", "5"], '--poll-interval-ms must be a whole number from 1000 to 3600000, got "5"'],
    [["demo", "--miners", "none"], '--miners must be a whole number from 1 to 20000, got "none"'],
    [["agent", "--server", "ftp://x", "--code", "y"], "ftp://x"],
    [["agent", "--server", "http://hashwatch.example.com", "--code", "y"], "--insecure-transport"],
    [["scan"], "scan needs at least one range"],
    [["probe", "10.0.0"], "10.0.0"],
    [["token", "create", "--name", "n", "--role", "king"], "king"],
    [["emulate", "--miners", "-1"], "--miners"],
  ])("%j stops with one line that names what is wrong, and exit code 2", async (args, part) => {
    const { code, line } = await refusal([...args]);
    expect(line).toContain(part);
    expect(code).toBe(2);
  });

  it("names the variable's flag when a setting from the environment is wrong", async () => {
    const { code, line } = await refusal(["server"], { HASHWATCH_LOG_LEVEL: "loud" });
    expect(line).toContain('got "loud"');
    expect(code).toBe(2);
  });

  it("shows the flags of a command with --help", async () => {
    const program = startProgram(["server", "--help"]);
    expect((await program.exited).code).toBe(0);
    expect(program.stdout()).toContain("--poll-interval-ms");
  });
});

describe("hashwatch server", () => {
  it("prints a set-up link once when there is no user, and stops with exit code 0 at SIGTERM", async () => {
    const dataDir = folder();
    const program = startProgram(["server", "--data-dir", dataDir, "--port", "0", "--witness-port", "0"]);
    const link = await program.until(({ stdout }) => /http:\S+#setup=\S+/.exec(stdout)?.[0]);
    const [base = "", token = ""] = link.split("/#setup=");
    const body = JSON.stringify({ token, password: "a long enough one" });
    const setUp = () =>
      fetch(`${base}/api/v1/setup`, { method: "POST", headers: { "content-type": "application/json", origin: base }, body });
    expect((await setUp()).ok).toBe(true);
    expect((await setUp()).ok).toBe(false);
    expect(program.stderr()).not.toContain(token);
    program.kill("SIGTERM");
    expect(await program.exited).toEqual({ code: 0, signal: null });
  });

  it("keeps a second server out of the same data directory, and says who holds it", async () => {
    const dataDir = folder();
    const first = await startServer(dataDir, ["--no-embedded-agent"]);
    const second = startProgram(["server", "--data-dir", dataDir, "--port", "0", "--log-level", "silent"]);
    expect((await second.exited).code).not.toBe(0);
    expect(second.stderr()).toContain(String(first.program.pid));
    expect((await fetch(`${first.base}/healthz`)).ok).toBe(true);
  });

  it("refuses a database from a newer version and leaves it as it is", async () => {
    const dataDir = folder();
    const first = await startServer(dataDir, ["--no-embedded-agent"]);
    await first.program.stop();
    const file =
      execFileSync("ls", [dataDir])
        .toString()
        .split("\n")
        .find((name) => /\.(db|sqlite3?)$/.test(name) && !name.includes("lock")) ?? "";
    const database = new Database(join(dataDir, file));
    database.pragma("user_version = 9999");
    database.close();
    const before = readFileSync(join(dataDir, file));
    const program = startProgram(["server", "--data-dir", dataDir, "--port", "0", "--log-level", "silent"]);
    expect((await program.exited).code).not.toBe(0);
    expect(program.stderr()).toContain("9999");
    expect(readFileSync(join(dataDir, file)).equals(before)).toBe(true);
  });

  it("refuses a port that is taken with one line", async () => {
    const first = await startServer(folder(), ["--no-embedded-agent"]);
    const second = startProgram(["server", "--data-dir", folder(), "--port", String(first.port), "--log-level", "silent"]);
    expect((await second.exited).code).toBe(2);
    expect(second.stderr()).toContain(`--port ${first.port} is taken`);
  });

  it("takes a token that was created, and no longer one that was revoked, beside it", async () => {
    const dataDir = folder();
    const server = await startServer(dataDir, ["--no-embedded-agent"]);
    const created = startProgram(["token", "create", "--name", "graphs", "--role", "viewer", "--data-dir", dataDir]);
    expect((await created.exited).code).toBe(0);
    const token = created.stdout().trim();
    const fleet = () => fetch(`${server.base}/api/v1/fleet`, { headers: { authorization: `Bearer ${token}` } });
    expect((await fleet()).status).toBe(200);
    const [item] = (await server.get<{ items: { id: string }[] }>("/tokens")).items;
    const revoked = startProgram(["token", "revoke", item.id, "--data-dir", dataDir]);
    expect((await revoked.exited).code).toBe(0);
    await waitFor(async () => (await fleet()).status === 401, 2000);
  });

  it("serves https with --tls-cert and --tls-key, with the embedded agent on its own link", async () => {
    const dataDir = folder();
    const [cert, key] = [join(dataDir, "cert.pem"), join(dataDir, "key.pem")];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", cert],
      { stdio: "ignore" },
    );
    const port = await freePort();
    const flags = [
      "--data-dir",
      dataDir,
      "--port",
      String(port),
      "--tls-cert",
      cert,
      "--tls-key",
      key,
      "--admin-password",
      "a long enough one",
    ];
    const program = startProgram(["server", ...flags]);
    await program.until(({ stdout }) => (stdout.includes(`https://127.0.0.1:${port}`) ? true : null));
    const status = await new Promise((resolve, reject) => {
      request({ host: "127.0.0.1", port, path: "/healthz", rejectUnauthorized: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(200);
    await program.until(({ stderr }) => (/"part":"agent".*connected|agent connected/i.test(stderr) ? true : null));
  });

  it.each([
    ["answers", "SIGCONT"],
    ["hangs", "SIGSTOP"],
  ] as const)("stops within 10 s at SIGTERM while an agent that %s is connected", async (_, signal) => {
    const server = await startServer(folder(), ["--no-embedded-agent"]);
    const [site] = (await server.get<{ items: { id: string }[] }>("/sites")).items;
    const { id, code } = await server.send<{ id: string; code: string }>("POST", "/agents", { siteId: site.id, name: "shed" });
    const agent = startProgram(["agent", "--server", server.base, "--code", code, "--data-dir", folder()]);
    await waitFor(async () => (await server.get<{ state: string }>(`/agents/${id}`)).state === "online");
    agent.kill(signal);
    const startedMs = performance.now();
    server.program.kill("SIGTERM");
    expect(await server.program.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  it("refuses a client that sends junk to the agent link, and goes on", async () => {
    const server = await startServer(folder(), ["--no-embedded-agent"]);
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/agent/v1`);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.once("open", () => socket.send("{junk"));
    await closed;
    expect((await fetch(`${server.base}/readyz`)).status).toBe(200);
  });
});

describe("hashwatch probe and scan", () => {
  it("find and read an emulated miner, and record it masked", async () => {
    const record = folder();
    const emulator = startProgram(["emulate", "--miners", "3", "--address", "127.43.0.1", "--port", String(await freePort())]);
    const lines = await emulator.until(({ stdout }) => (stdout.includes('"ready":3') ? stdout.trim().split("\n") : null));
    const [first] = lines.map((line) => JSON.parse(line) as { address: string; port: number; model: string });
    const scan = startProgram(["scan", `127.43.0.1-127.43.0.3:${first.port}`, "--json"]);
    expect((await scan.exited).code).toBe(0);
    expect(scan.stdout().trim().split("\n")).toHaveLength(3);
    const probe = startProgram(["probe", `${first.address}:${first.port}`, "--record", record]);
    expect((await probe.exited).code).toBe(0);
    expect(probe.stdout()).toContain(first.model);
    const saved = execFileSync("grep", ["-rl", "STATUS", record]).toString().trim().split("\n");
    expect(saved.length).toBeGreaterThan(1);
    expect(saved.map((file) => readFileSync(file, "utf8")).join("")).not.toContain(first.address);
  });

  it("says what was wrong when nobody answers, with exit code 1", async () => {
    const probe = startProgram(["probe", `127.0.0.1:${await freePort()}`]);
    expect((await probe.exited).code).toBe(1);
    expect(probe.stdout() + probe.stderr()).toMatch(/refused/);
  });
});

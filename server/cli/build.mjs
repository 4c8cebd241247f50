// Builds what is missing or older than its sources: tsc → dist/, vite → dist/web/. Does nothing, quickly, when all is up to date.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = (name) => join(root, "node_modules", ".bin", name);

/** Newest change below the given files and folders, epoch ms. */
function newestMs(paths) {
  let newest = 0;
  for (const path of paths) {
    const full = join(root, path);
    if (!existsSync(full)) continue;
    const stat = statSync(full);
    newest = Math.max(newest, stat.mtimeMs);
    if (!stat.isDirectory()) continue;
    for (const entry of readdirSync(full, { withFileTypes: true, recursive: true })) {
      const parent = entry.parentPath ?? entry.path;
      if (!parent.includes("node_modules")) newest = Math.max(newest, statSync(join(parent, entry.name)).mtimeMs);
    }
  }
  return newest;
}

/** `result` is the file that is there once the build is whole, `memory` what the compiler remembers of the last one: gone with it, or it makes only what changed. */
function buildWhenOlder(name, { result, memory, sources, commands }) {
  const stamp = join(root, "dist", `.built-${name}`);
  const sourceMs = newestMs(sources);
  if (!existsSync(join(root, result))) rmSync(join(root, memory), { force: true });
  else if (existsSync(stamp) && statSync(stamp).mtimeMs >= sourceMs) return;
  const startedAt = new Date();
  for (const [command, args] of commands) execFileSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(stamp, startedAt.toISOString());
}

try {
  buildWhenOlder("node", {
    result: "dist/server/cli/main.js",
    memory: "dist/build.tsbuildinfo",
    sources: ["server", "agent", "test/emulator", "tsconfig.json", "package-lock.json"],
    commands: [[bin("tsc"), ["-p", "."]]],
  });
  buildWhenOlder("web", {
    result: "dist/web/index.html",
    memory: "dist/.built-web",
    sources: ["web", "server/contract", "tsconfig.json", "package-lock.json"],
    commands: [[bin("vite"), ["build", "--config", "web/vite.config.ts", "--logLevel", "warn"]]],
  });
} catch {
  console.error("The build failed; see the lines above");
  process.exit(1);
}

import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

const LIST_LOADED = `
  import { createRequire } from "node:module";
  for (const name of process.argv.slice(1)) await import(name);
  console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache)));
  process.exit(0);
`;

/** Every CommonJS file that is in memory once the built modules are loaded; the libraries in question are all of that kind. */
function loadedBy(...modules: string[]): string[] {
  const urls = modules.map((name) => new URL(`../../dist/${name}`, import.meta.url).href);
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", LIST_LOADED, ...urls], { encoding: "utf8" });
  return JSON.parse(output) as string[];
}

describe("hashwatch agent and hashwatch scan", () => {
  it("load neither the database nor the web server", () => {
    const files = loadedBy("server/cli/agent.js", "server/cli/scan.js");
    expect(files.some((file) => file.includes("/node_modules/ws/"))).toBe(true);
    expect(files.filter((file) => /node_modules\/(better-sqlite3|express|socket\.io)/.test(file))).toEqual([]);
  });
});

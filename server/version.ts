import { readFileSync } from "node:fs";

/** Version of the program, from its package.json: two folders up in the built tree, one in the sources. */
export const PROGRAM_VERSION = readVersion();

function readVersion(): string {
  for (const path of ["../package.json", "../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as { name?: string; version?: string };
      if (name === "hashwatch" && version !== undefined) return version;
    } catch {
      // not there: the other place
    }
  }
  return "0.0.0";
}

import { readFileSync } from "node:fs";
import { z } from "zod";

/** Sources and built files lie at different depths below the package. */
const PLACES = ["../package.json", "../../package.json"];
const Manifest = z.object({ name: z.literal("hashwatch"), version: z.string() });

/** Name and version of this program, for handshakes: `hashwatch 0.1.0`. */
export function programName(): string {
  for (const place of PLACES) {
    const manifest = Manifest.safeParse(readJson(new URL(place, import.meta.url)));
    if (manifest.success) return `${manifest.data.name} ${manifest.data.version}`.slice(0, 40);
  }
  return "hashwatch";
}

function readJson(url: URL): unknown {
  try {
    return JSON.parse(readFileSync(url, "utf8"));
  } catch {
    return null;
  }
}

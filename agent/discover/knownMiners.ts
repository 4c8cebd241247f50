import { join } from "node:path";
import { z } from "zod";
import { readFileOrNull, writeFileAtomically } from "../atomicFile.ts";
import type { Endpoint } from "../poll/ports.ts";

const FILE = "miners.json";
const Content = z.object({ miners: z.array(z.object({ address: z.string(), port: z.number().int().min(1).max(65_535) })) });

/** The miners found so far, so that a restart polls at once instead of scanning first. A file that cannot be read counts as empty: a scan finds them again. */
export async function readKnownMiners(dataDir: string): Promise<Endpoint[]> {
  const text = await readFileOrNull(join(dataDir, FILE));
  if (text === null) return [];
  try {
    return Content.parse(JSON.parse(text)).miners;
  } catch {
    return [];
  }
}

export async function writeKnownMiners(dataDir: string, endpoints: readonly Endpoint[]): Promise<void> {
  const miners = endpoints.map(({ address, port }) => ({ address, port }));
  await writeFileAtomically(join(dataDir, FILE), JSON.stringify({ miners }));
}

import { join } from "node:path";
import { z } from "zod";
import { readFileOrNull, writeFileAtomically } from "../atomicFile.ts";
import { ConfigError } from "../errors.ts";

const FILE = "key.json";

/** Who this agent is to its server. The key is a secret: the file is readable by its owner alone. */
export const AgentKey = z.object({ server: z.string(), agentId: z.string(), key: z.string() });
export type AgentKey = z.infer<typeof AgentKey>;

/** null before the first enrolment. Throws ConfigError for a file that cannot be read as a key. */
export async function readAgentKey(dataDir: string): Promise<AgentKey | null> {
  const path = join(dataDir, FILE);
  const text = await readFileOrNull(path);
  if (text === null) return null;
  try {
    return AgentKey.parse(JSON.parse(text));
  } catch (error) {
    throw new ConfigError(`Cannot read the agent's key in ${path}: remove it and enrol again with --code`, { cause: error });
  }
}

export async function writeAgentKey(dataDir: string, key: AgentKey): Promise<void> {
  await writeFileAtomically(join(dataDir, FILE), `${JSON.stringify(key)}\n`, 0o600);
}

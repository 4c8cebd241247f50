import type { Agent, Page } from "../../server/contract/api.ts";
import type { TestServer } from "../system/program.ts";

export interface PollStats {
  readonly pollCount: number;
  readonly latePollCount: number; // began more than 1 s after their time
}

/** What the one agent of a server says of its polls since it started. */
export async function pollStats(server: TestServer): Promise<PollStats> {
  const { items } = await server.get<Page<Agent>>("/agents");
  const stats = items.find((agent) => agent.stats !== null)?.stats ?? null;
  if (stats === null) throw new Error("The embedded agent has not told how it is");
  return stats;
}

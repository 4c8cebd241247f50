import { useEffect, useState, useSyncExternalStore } from "react";
import type { Agent, Scan } from "../../../server/contract/api.ts";
import { AgentBook } from "../../live/agentBook.ts";
import { useParts } from "../context.ts";

/** All agents (null: on their way) and the newest scan of each, followed on the live stream while the page is open. */
export function useAgentBook(): { agents: readonly Agent[] | null; scans: ReadonlyMap<string, Scan> } {
  const { link } = useParts();
  const [book] = useState(() => new AgentBook());
  useEffect(() => link.followAgents((news) => book.take(news)), [link, book]);
  const agents = useSyncExternalStore(book.subscribe, () => book.agents);
  const scans = useSyncExternalStore(book.subscribe, () => book.scans);
  return { agents, scans };
}

import type { Agent, Scan } from "../../server/contract/api.ts";
import type { LiveAgents } from "../../server/contract/live.ts";

/** Agents and their scans as the live stream tells them. */
export class AgentBook {
  /** null until the server has told. By name. */
  agents: readonly Agent[] | null = null;
  /** The newest scan of each agent, by the agent's id. */
  scans: ReadonlyMap<string, Scan> = new Map();
  #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  take({ whole, agents, removedIds, scans }: LiveAgents): void {
    const gone = new Set([...removedIds, ...agents.map(({ id }) => id)]);
    const kept = whole ? [] : (this.agents ?? []).filter(({ id }) => !gone.has(id));
    if (whole || gone.size > 0 || this.agents === null) this.agents = [...kept, ...agents].sort(byName);
    const next = new Map(whole ? [] : this.scans);
    for (const { itemsFrom, ...scan } of scans) {
      const before = next.get(scan.agentId);
      const items = before?.id === scan.id ? [...before.items.slice(0, itemsFrom), ...scan.items] : scan.items;
      next.set(scan.agentId, { ...scan, items });
    }
    this.scans = next;
    for (const listener of this.#listeners) listener();
  }
}

function byName(a: Agent, b: Agent): number {
  return a.name.localeCompare(b.name, "en", { numeric: true }) || (a.id < b.id ? -1 : 1);
}

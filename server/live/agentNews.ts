import type { Agent, Scan } from "../contract/api.ts";
import type { LiveAgents, LiveScan } from "../contract/live.ts";
import type { AgentLinkPort, DirectoryPort } from "../fleet/ports.ts";
import type { Viewer } from "./scope.ts";

export interface AgentNewsParts {
  readonly directory: Pick<DirectoryPort, "agents">;
  readonly links: Pick<AgentLinkPort, "describe" | "scans">;
}
/** A client that follows the agents. */
export interface Follower {
  readonly viewer: Viewer;
  /** False while it reads slower than it is written to: it is told everything anew when it has caught up. */
  readonly canTake: () => boolean;
  readonly emit: (news: LiveAgents) => void;
}

/** Tells those who follow them how agents and scans are, and what changes. Costs nothing while nobody follows. */
export class AgentNews {
  readonly #parts: AgentNewsParts;
  readonly #followers = new Map<string, Follower>();
  readonly #behind = new Set<Follower>();
  /** What everybody who follows was told last. */
  #told = new Map<string, { key: string; siteId: string }>();
  #toldScans = new Map<string, Scan>();

  constructor(parts: AgentNewsParts) {
    this.#parts = parts;
  }

  /** Tells everything at once. A second call of the same client tells it again. */
  follow(id: string, follower: Follower, nowMs: number): void {
    if (this.#followers.size > 0) this.tick(nowMs);
    const agents = this.#agents(nowMs);
    this.#told = new Map(agents.map((agent) => [agent.id, { key: keyOf(agent), siteId: agent.siteId }]));
    this.#toldScans = new Map(this.#parts.links.scans().map((scan) => [scan.id, scan]));
    this.unfollow(id);
    this.#followers.set(id, follower);
    this.#tellWhole(follower, agents);
  }

  unfollow(id: string): void {
    const follower = this.#followers.get(id);
    if (follower !== undefined) this.#behind.delete(follower);
    this.#followers.delete(id);
  }

  tick(nowMs: number): void {
    if (this.#followers.size === 0) return;
    this.#tellChanges(nowMs);
    for (const follower of [...this.#behind].filter(({ canTake }) => canTake())) {
      this.#behind.delete(follower);
      this.#tellWhole(follower, this.#agents(nowMs));
    }
  }

  #tellChanges(nowMs: number): void {
    const now = this.#agents(nowMs);
    const agents = now.filter((agent) => this.#told.get(agent.id)?.key !== keyOf(agent));
    const ids = new Set(now.map(({ id }) => id));
    const removed = [...this.#told].filter(([id]) => !ids.has(id)).map(([id, { siteId }]) => ({ id, siteId }));
    const scans = this.#changedScans();
    if (agents.length === 0 && removed.length === 0 && scans.length === 0) return;
    for (const agent of agents) this.#told.set(agent.id, { key: keyOf(agent), siteId: agent.siteId });
    for (const { id } of removed) this.#told.delete(id);
    for (const follower of this.#followers.values())
      if (this.#behind.has(follower) || !follower.canTake()) this.#behind.add(follower);
      else this.#tell(follower, { whole: false, agents, removed, scans });
  }

  #tellWhole(follower: Follower, agents: readonly Agent[]): void {
    const scans = this.#parts.links.scans().map((scan) => ({ ...scan, itemsFrom: 0 }));
    this.#tell(follower, { whole: true, agents, removed: [], scans });
  }

  #agents(nowMs: number): Agent[] {
    return this.#parts.directory.agents().map((agent) => this.#parts.links.describe(agent, nowMs));
  }

  /** Scans are replaced, not changed, so that the same object is the same state. */
  #changedScans(): LiveScan[] {
    const scans = this.#parts.links.scans();
    const changed = scans.filter((scan) => this.#toldScans.get(scan.id) !== scan).map((scan) => this.#since(scan));
    if (changed.length > 0) this.#toldScans = new Map(scans.map((scan) => [scan.id, scan]));
    return changed;
  }

  #since(scan: Scan): LiveScan {
    const itemsFrom = this.#toldScans.get(scan.id)?.items.length ?? 0;
    return { ...scan, itemsFrom, items: scan.items.slice(itemsFrom) };
  }

  /** As much of the news as is of the follower's sites; nothing where none is. */
  #tell({ viewer: { siteIds }, emit }: Follower, { whole, agents, removed, scans }: News): void {
    const sees = ({ siteId }: { siteId: string }): boolean => siteIds === null || siteIds.includes(siteId);
    const siteOf = (agentId: string): string => this.#told.get(agentId)?.siteId ?? "";
    const news: LiveAgents = {
      whole,
      agents: agents.filter(sees),
      removedIds: removed.filter(sees).map(({ id }) => id),
      scans: scans.filter(({ agentId }) => sees({ siteId: siteOf(agentId) })),
    };
    if (whole || news.agents.length + news.removedIds.length + news.scans.length > 0) emit(news);
  }
}

interface News {
  readonly whole: boolean;
  readonly agents: readonly Agent[];
  readonly removed: readonly { readonly id: string; readonly siteId: string }[];
  readonly scans: readonly LiveScan[];
}

/** Changes when the agent does; signs of life alone leave it as it is. */
function keyOf(agent: Agent): string {
  return JSON.stringify({ ...agent, lastFrameAtMs: null, newestSampleAtMs: null });
}

/** Before an agent has said how often it polls. */
const ASSUMED_INTERVAL_MS = 10_000;

export interface AgentHealth {
  readonly index: number;
  lastFrameAtMs: number | null; // any sign of life, server's clock
  pollIntervalMs: number;
  newestSampleAtMs: number | null;
  minerCount: number;
}

/** What the fleet knows of each agent, by id and by the number that stands in the table. Number 0 is "no agent": always down. */
export class AgentHealths {
  readonly #byId = new Map<string, AgentHealth>();
  readonly #byIndex: AgentHealth[] = [
    { index: 0, lastFrameAtMs: null, pollIntervalMs: ASSUMED_INTERVAL_MS, newestSampleAtMs: null, minerCount: 0 },
  ];

  of(agentId: string | null): AgentHealth {
    if (agentId === null) return this.#byIndex[0];
    const known = this.#byId.get(agentId);
    if (known) return known;
    const health = {
      index: this.#byIndex.length,
      lastFrameAtMs: null,
      pollIntervalMs: ASSUMED_INTERVAL_MS,
      newestSampleAtMs: null,
      minerCount: 0,
    };
    this.#byIndex.push(health);
    this.#byId.set(agentId, health);
    return health;
  }

  at(index: number): AgentHealth {
    return this.#byIndex[index];
  }
}

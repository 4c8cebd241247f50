import type { Agent, Replies, Scan } from "../../../server/contract/api.ts";
import type { AgentLinkPort, AgentRecord } from "../../../server/fleet/ports.ts";

/** Agents as a test wants them: `connected` holds the ids of those that are there. */
export class FakeAgentLink implements AgentLinkPort {
  readonly connected = new Set<string>();
  readonly disconnected: string[] = [];
  /** How far the clock of an agent is ahead, by id. */
  readonly skews = new Map<string, number>();
  readonly scansById = new Map<string, Scan>();
  readonly scanRanges: (string[] | null)[] = [];
  replies: Replies | null = null;

  describe(agent: AgentRecord): Agent {
    const { id, siteId, name, embedded, program, hostname, codeExpiresAtMs } = agent;
    const state = agent.revoked ? "revoked" : this.connected.has(id) ? "online" : agent.enrolledAtMs === null ? "waiting" : "offline";
    return {
      ...{ id, siteId, name, embedded, program, hostname, codeExpiresAtMs, state, minerCount: 0 },
      ...{
        connectedSinceMs: null,
        lastFrameAtMs: null,
        newestSampleAtMs: null,
        skewMs: this.skews.get(id) ?? null,
        remoteAddress: null,
        stats: null,
        networks: [],
      },
    };
  }

  startScan(agentId: string, ranges: string[] | null): Promise<Scan | null> {
    if (!this.connected.has(agentId)) return Promise.resolve(null);
    this.scanRanges.push(ranges);
    const scan: Scan = {
      ...{ id: `scan${this.scansById.size + 1}`, agentId, state: "running", detail: null, startedAtMs: 1, endedAtMs: null },
      ...{ totalCount: 256, probedCount: 0, foundCount: 0, failureCounts: {}, items: [] },
    };
    this.scansById.set(scan.id, scan);
    return Promise.resolve(scan);
  }

  stopScan(scanId: string): Scan | null {
    const scan = this.scansById.get(scanId);
    if (scan === undefined) return null;
    const stopped: Scan = { ...scan, state: "stopped", endedAtMs: 2 };
    this.scansById.set(scanId, stopped);
    return stopped;
  }

  scan = (scanId: string) => this.scansById.get(scanId) ?? null;
  scans = () => [...this.scansById.values()];
  fetchReplies = () => Promise.resolve(this.replies);
  watch = () => () => undefined;
  disconnect(agentId: string): void {
    this.disconnected.push(agentId);
  }
}

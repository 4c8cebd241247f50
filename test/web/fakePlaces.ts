import type { Agent, Node, Rack, Range, Scan, Site } from "../../server/contract/api.ts";
import type { LiveAgents } from "../../server/contract/live.ts";
import { list, ok, refused, type Answer } from "./fakeAnswer.ts";

type Body = Record<string, string>;

/** Sites, racks, ranges, agents and scans behind the page, changed by its requests. `onNews` gets what the live stream tells. */
export class FakePlaces {
  sites: Site[] = [{ id: "site1", name: "Pecos", createdAtMs: 0 }];
  agents: Agent[] = [agentOf("agent1", { embedded: true, name: "embedded" })];
  racks: Rack[] = [];
  nodes: Node[] = [];
  ranges: Range[] = [];
  scans: Scan[] = [];
  /** How long a code is good. */
  codeValidMs = 3_600_000;
  scansHoldStill = false;
  onNews: (news: LiveAgents) => void = () => undefined;
  #count = 0;

  whole(): LiveAgents {
    return { whole: true, agents: this.agents, removedIds: [], scans: this.scans.map((scan) => ({ ...scan, itemsFrom: 0 })) };
  }

  /** Changes an agent as the server would see it change. */
  setAgent(id: string, change: Partial<Agent>): void {
    this.agents = this.agents.map((agent) => (agent.id === id ? { ...agent, ...change } : agent));
    this.onNews({ whole: false, agents: this.agents.filter((agent) => agent.id === id), removedIds: [], scans: [] });
  }

  /** Scans under way go on, unless they hold still for a look. */
  step(): void {
    if (this.scansHoldStill) return;
    for (const scan of this.scans.filter(({ state }) => state === "running")) this.#tellScan(scanAt(scan, scan.probedCount + 127));
  }

  /** null: not about places. */
  answer(call: string, body: Body): Answer | null {
    const [, method = "", kind = "", id = "", deed = ""] = /^(\w+) \/(\w+)(?:\/([^/?]+))?(?:\/(\w+))?/.exec(call) ?? [];
    switch (kind) {
      case "sites":
        return this.#answerSites(method, id, body);
      case "racks":
        return this.#answerRacks(method, id, body);
      case "nodes":
        return list(this.nodes);
      case "ranges":
        return this.#answerRanges(method, id, body);
      case "scans":
        return method === "DELETE" ? this.#stopScan(id) : null;
      case "agents":
        return deed === "" ? this.#answerAgents(method, id, body) : this.#answerDeed(id, deed);
      default:
        return null;
    }
  }

  #answerSites(method: string, id: string, { name }: Body): Answer {
    if (method === "GET") return list(this.sites);
    if (method === "DELETE") {
      this.sites = this.sites.filter((site) => site.id !== id);
      return ok(null, 204);
    }
    if (this.sites.some((site) => site.name === name)) return refused(409, `There is a site ${name} already`, "name");
    if (method === "PATCH") {
      this.sites = this.sites.map((site) => (site.id === id ? { ...site, name } : site));
      return ok(this.sites.find((site) => site.id === id));
    }
    const site: Site = { id: this.#newId("site"), name, createdAtMs: 0 };
    this.sites = [...this.sites, site];
    return ok(site, 201);
  }

  #answerRacks(method: string, id: string, body: Body): Answer {
    if (method === "GET") return list(this.racks);
    if (method === "DELETE") {
      this.racks = this.racks.filter((rack) => rack.id !== id);
      return ok(null, 204);
    }
    if (this.racks.some((rack) => rack.name === body["name"] && rack.id !== id))
      return refused(409, `The site has a rack ${body["name"]} already`, "name");
    if (method === "PATCH") {
      this.racks = this.racks.map((rack) => (rack.id === id ? { ...rack, ...body } : rack));
      return ok(this.racks.find((rack) => rack.id === id));
    }
    const rack = { id: this.#newId("rack"), ...body } as unknown as Rack;
    this.racks = [...this.racks, rack];
    return ok(rack, 201);
  }

  #answerRanges(method: string, id: string, { agentId, range }: Body): Answer {
    if (method === "GET") return list(this.ranges);
    if (method === "DELETE") {
      this.ranges = this.ranges.filter((known) => known.id !== id);
      return ok(null, 204);
    }
    if (range.endsWith("/33")) return refused(400, `${range} is not a range. A prefix is at most 32.`, "range");
    const added: Range = { id: this.#newId("range"), siteId: "site1", agentId, range, source: "user" };
    this.ranges = [...this.ranges, added];
    return ok(added, 201);
  }

  #answerAgents(method: string, id: string, body: Body): Answer {
    if (method === "GET") return list(this.agents);
    if (method === "POST") {
      const agent = agentOf(this.#newId("agent"), {
        name: body["name"],
        siteId: body["siteId"],
        state: "waiting",
        program: null,
        hostname: null,
      });
      this.agents = [...this.agents, agent];
      return this.#code(agent.id);
    }
    if (method === "DELETE") {
      this.agents = this.agents.filter((agent) => agent.id !== id);
      this.onNews({ whole: false, agents: [], removedIds: [id], scans: [] });
      return ok(null, 204);
    }
    const { revoked, ...change } = body as { revoked?: unknown; name?: string };
    this.setAgent(id, { ...change, ...(revoked === undefined ? {} : { state: "revoked", connectedSinceMs: null }) });
    return ok(this.agents.find((agent) => agent.id === id));
  }

  #answerDeed(agentId: string, deed: string): Answer {
    if (deed === "code") return this.#code(agentId);
    const scan = scanAt({ id: this.#newId("scan"), agentId, startedAtMs: Date.now() }, 0);
    this.#tellScan(scan);
    return ok(scan, 202);
  }

  #stopScan(id: string): Answer {
    const scan = this.scans.find((each) => each.id === id);
    if (scan === undefined) return refused(404, `There is no scan ${id}`);
    this.#tellScan({ ...scan, state: "stopped", endedAtMs: Date.now() });
    return ok(scan);
  }

  #code(agentId: string): Answer {
    const expiresAtMs = Date.now() + this.codeValidMs;
    this.setAgent(agentId, { codeExpiresAtMs: expiresAtMs });
    return ok({ id: agentId, code: `code${++this.#count}-abcde`, expiresAtMs, serverUrl: null }, 201);
  }

  #tellScan(scan: Scan): void {
    this.scans = [...this.scans.filter(({ id }) => id !== scan.id), scan];
    this.onNews({ whole: false, agents: [], removedIds: [], scans: [{ ...scan, itemsFrom: 0 }] });
  }

  #newId(kind: string): string {
    return `${kind}${++this.#count + 1}`;
  }
}

export const STATS: NonNullable<Agent["stats"]> = {
  agentNowMs: 0,
  minerCount: 500,
  pollIntervalMs: 10_000,
  pollCount: 12_000,
  failureCounts: { timeout: 31, refused: 0, noRoute: 0, closed: 0, truncated: 2, undecodable: 0, notMiner: 0 },
  latePollCount: 6,
  lateMsMax: 41,
  outboxSampleCount: 120,
  droppedSampleCount: 0,
  refusalCount: 0,
  lastRefusal: null,
};

function agentOf(id: string, fields: Partial<Agent>): Agent {
  return {
    id,
    siteId: "site1",
    name: id,
    embedded: false,
    state: "online",
    program: "hashwatch 0.1.0",
    hostname: "fake",
    connectedSinceMs: Date.now() - 3_600_000,
    lastFrameAtMs: Date.now(),
    newestSampleAtMs: Date.now(),
    skewMs: 12,
    remoteAddress: null,
    minerCount: 0,
    stats: null,
    codeExpiresAtMs: null,
    networks: [],
    ...fields,
  };
}

const SCAN_ADDRESSES = 254;

/** A quarter of a /24 is miners, in the places of the fake fleet; one address answers and is none. */
function scanAt({ id, agentId, startedAtMs }: Pick<Scan, "id" | "agentId" | "startedAtMs">, probed: number): Scan {
  const probedCount = Math.min(SCAN_ADDRESSES, probed);
  const foundCount = Math.floor(probedCount / 4);
  const found = Array.from({ length: foundCount }, (_, n) => ({
    address: `10.20.0.${n + 2}`,
    port: 4028,
    outcome: "found" as const,
    model: "Antminer S21",
    firmware: "stock",
    detail: "",
  }));
  const isDone = probedCount === SCAN_ADDRESSES;
  return {
    id,
    agentId,
    state: isDone ? "done" : "running",
    detail: null,
    startedAtMs,
    endedAtMs: isDone ? Date.now() : null,
    totalCount: SCAN_ADDRESSES,
    probedCount,
    foundCount,
    failureCounts: { timeout: Math.max(0, probedCount - foundCount - 1), notMiner: Math.min(1, probedCount) },
    items: [
      ...found,
      { address: "10.20.0.1", port: 4028, outcome: "notMiner", model: null, firmware: null, detail: "HTTP <b>on</b> 4028" },
    ],
  };
}

import ipaddr from "ipaddr.js";
import type { Directory } from "../fleet/directory.ts";
import type { Miner } from "../fleet/miner.ts";
import type { FleetWatchPort } from "../fleet/ports.ts";
import type { Subject, TreeNode } from "../incidents/log.ts";
import type { AgentRecord } from "../fleet/ports.ts";

export interface TreeParts {
  readonly fleet: Pick<FleetWatchPort, "rowCount" | "minerAt" | "agentFacts">;
  readonly directory: Pick<Directory, "site" | "racks" | "nodes">;
}

/** The tree that incidents are placed in: site, subnet, rack, and what users have named, each with the number of its miners. Counted anew when it may have changed. */
export class Tree {
  readonly #parts: TreeParts;
  #counts: Map<string, number> | null = null;
  #rackNames = new Map<string, string>();
  /** Switches and power strips by miner. */
  #nodesOf = new Map<string, { kind: "switch" | "pdu"; id: string; name: string; minerCount: number }[]>();

  constructor(parts: TreeParts) {
    this.#parts = parts;
  }

  /** Miners came, went or moved, or somebody changed racks or nodes. */
  changed(): void {
    this.#counts = null;
  }

  /** From large to small. */
  nodesOf(miner: Readonly<Miner>): TreeNode[] {
    const counts = this.#count();
    const subnet = subnetOf(miner);
    const nodes: TreeNode[] = [this.#siteNode(miner.siteId), { kind: "subnet", id: `${miner.siteId}/${subnet}`, name: subnet, minerCount: counts.get(`subnet ${miner.siteId}/${subnet}`) ?? 1 }]; // prettier-ignore
    if (miner.rackId !== null)
      nodes.push({ kind: "rack", id: miner.rackId, name: this.#rackNames.get(miner.rackId) ?? miner.rackId, minerCount: counts.get(`rack ${miner.rackId}`) ?? 1 }); // prettier-ignore
    return [...nodes, ...(this.#nodesOf.get(miner.id) ?? [])];
  }

  nodesOfAgent({ id, name, siteId }: AgentRecord): TreeNode[] {
    return [this.#siteNode(siteId), { kind: "agent", id, name, minerCount: this.#parts.fleet.agentFacts(id).minerCount }];
  }

  #siteNode(siteId: string): TreeNode {
    return {
      kind: "site",
      id: siteId,
      name: this.#parts.directory.site(siteId)?.name ?? siteId,
      minerCount: this.#count().get(`site ${siteId}`) ?? 0,
    };
  }

  #count(): Map<string, number> {
    if (this.#counts !== null) return this.#counts;
    const { fleet, directory } = this.#parts;
    const counts = new Map<string, number>();
    const add = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
    for (let row = 0; row < fleet.rowCount; row++) {
      const miner = fleet.minerAt(row);
      if (miner === null) continue;
      add(`site ${miner.siteId}`);
      add(`subnet ${miner.siteId}/${subnetOf(miner)}`);
      if (miner.rackId !== null) add(`rack ${miner.rackId}`);
    }
    this.#rackNames = new Map(directory.racks().map(({ id, name }) => [id, name]));
    this.#nodesOf = new Map();
    for (const { id, kind, name, minerIds } of directory.nodes())
      for (const minerId of minerIds)
        this.#nodesOf.set(minerId, [...(this.#nodesOf.get(minerId) ?? []), { kind, id, name, minerCount: minerIds.length }]);
    this.#counts = counts;
    return counts;
  }
}

/** The /24 or /64 that an address is in. */
export function subnetOf({ address }: Pick<Miner, "address">): string {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(address)) return `${address.slice(0, address.lastIndexOf("."))}.0/24`;
  if (!ipaddr.IPv6.isValid(address)) return address;
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString()}/64`;
}

export function subjectOfMiner(miner: Readonly<Miner>): Subject {
  const { id, siteId, address, port, name } = miner;
  return { kind: "miner", id, name: name === "" ? address : name, address: `${address}:${port}`, siteId, minerCount: 1 };
}

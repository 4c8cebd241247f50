import { useMemo } from "react";
import type { Agent, FleetIdentity, Node, Rack } from "../../../../server/contract/api.ts";
import { getAllNodes } from "../../../api/nodes.ts";
import { getAllRacks } from "../../../api/racks.ts";
import { getAgents } from "../../../api/sites.ts";
import { useIdentity, useSites } from "../../context.ts";
import { useLoad } from "../../useLoad.ts";
import { SCOPE_LABELS } from "../incidentsQuery.ts";
import type { Choice } from "../rules/PickMany.tsx";

interface Nodes {
  readonly racks: readonly Rack[];
  readonly agents: readonly Agent[];
  readonly nodes: readonly Node[];
}

export interface NodeChoices {
  /** Racks, agents, switches, PDUs and subnets, each with what it is and its site. */
  readonly choices: readonly Choice[];
  /** Also of a site or a single machine; the id where it is none of them. */
  readonly nameOf: (id: string) => string;
}

/** The nodes of the tree that an incident may stand at, but for sites, which are picked apart. */
export function useNodeChoices(): NodeChoices {
  const { items: sites } = useSites();
  const identity = useIdentity();
  const { data } = useLoad("nodes to pick", loadNodes);
  return useMemo(() => {
    const siteNames = new Map((sites ?? []).map(({ id, name }) => [id, name]));
    const choices = choicesOf(data ?? NO_NODES, identity, (siteId) => siteNames.get(siteId) ?? siteId);
    const names = new Map(choices.map(({ id, name }) => [id, name]));
    const minerName = (id: string): string | null => {
      const index = identity.id.indexOf(id);
      return index === -1 ? null : `miner ${identity.name[index] || identity.address[index]}`;
    };
    const siteName = (id: string): string | null => (siteNames.has(id) ? `site ${siteNames.get(id) ?? ""}` : null);
    return { choices, nameOf: (id) => names.get(id) ?? siteName(id) ?? minerName(id) ?? id };
  }, [sites, identity, data]);
}

const NO_NODES: Nodes = { racks: [], agents: [], nodes: [] };

async function loadNodes(signal: AbortSignal): Promise<Nodes> {
  const [racks, agents, nodes] = await Promise.all([getAllRacks(null, signal), getAgents(signal), getAllNodes(signal)]);
  return { racks, agents: agents.items, nodes };
}

function choicesOf({ racks, agents, nodes }: Nodes, identity: FleetIdentity, siteName: (siteId: string) => string): Choice[] {
  const named = (word: string, each: { id: string; name: string; siteId: string }): Choice => ({
    id: each.id,
    name: `${word} ${each.name} (${siteName(each.siteId)})`,
  });
  return [
    ...sorted(racks.map((rack) => named("rack", rack))),
    ...sorted(agents.map((agent) => named("agent", agent))),
    ...sorted(nodes.map((node) => named(node.kind === "pdu" ? SCOPE_LABELS.pdu : node.kind, node))),
    ...sorted(subnetsOf(identity).map((subnet) => named("subnet", subnet))),
  ];
}

/** The /24 networks that miners with IPv4 addresses are in, under the ids that the server gives them. */
function subnetsOf({ address, siteId }: FleetIdentity): { id: string; name: string; siteId: string }[] {
  const found = new Map<string, { id: string; name: string; siteId: string }>();
  address.forEach((each, index) => {
    const name = /^(\d+\.\d+\.\d+)\.\d+$/.exec(each)?.[1];
    if (name === undefined) return;
    const id = `${siteId[index]}/${name}.0/24`;
    if (!found.has(id)) found.set(id, { id, name: `${name}.0/24`, siteId: siteId[index] });
  });
  return [...found.values()];
}

function sorted(choices: Choice[]): Choice[] {
  return choices.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

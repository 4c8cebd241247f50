import type { NetworkInterfaceInfo } from "node:os";
import type { AllowList } from "./allowList.ts";
import { MINER_PORT } from "./discovery.ts";
import { formatAddress, parseRange } from "./ranges.ts";

/** More than this many are no suggestion any more. */
const NETWORKS_MAX = 8;
/** A network with a shorter prefix is too large to be looked at as a whole: the /24 around the agent's address stands for it. */
const SHORTEST_PREFIX = 16;
const AROUND_PREFIX = 24;
/** A line between two machines, or a machine alone, has no room for miners. */
const LONGEST_PREFIX = 29;
/** Networks inside this machine alone, by how the usual programs name them. */
const VIRTUAL = /^(?:docker|br-|veth|virbr|cni|flannel|cali|lxc|lxd|vmnet|vboxnet|podman)/;
/** Given by the machine to itself where nobody gave it an address. */
const SELF_ASSIGNED = "169.254.";

/** The IPv4 networks that this machine stands in and may look at, as CIDR: where its miners may be. */
export function ownNetworks(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>, allowList: Pick<AllowList, "covers">): string[] {
  const networks = Object.entries(interfaces)
    .filter(([name]) => !VIRTUAL.test(name))
    .flatMap(([, addresses]) => addresses ?? [])
    .flatMap((address) => networkOf(address) ?? [])
    .filter((network) => allowList.covers(parseRange(network), { defaultPort: MINER_PORT }));
  return [...new Set(networks)].slice(0, NETWORKS_MAX);
}

function networkOf({ family, internal, address, cidr }: NetworkInterfaceInfo): string | null {
  const prefix = Number(cidr?.split("/")[1] ?? Number.NaN);
  if (family !== "IPv4" || internal || address.startsWith(SELF_ASSIGNED) || !(prefix <= LONGEST_PREFIX)) return null;
  const shown = prefix < SHORTEST_PREFIX ? AROUND_PREFIX : prefix;
  const { first } = parseRange(`${address}/${shown}`);
  return `${formatAddress(4, first)}/${shown}`;
}

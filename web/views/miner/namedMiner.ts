import type { FleetIdentity } from "../../../server/contract/api.ts";

/** The miner whose name, address, MAC or serial a text is, and which of them it is; null where there is none or more than one. */
export function namedMiner(columns: FleetIdentity, text: string): { id: string; name: string; fact: string } | null {
  const wanted = text.trim().toLowerCase();
  const facts: [string, readonly (string | null)[]][] = [
    ["name", columns.name],
    ["address", columns.address],
    ["MAC", columns.mac],
    ["serial", columns.serial],
  ];
  for (const [fact, values] of facts) {
    const found = values.flatMap((value, index) => (value !== null && value !== "" && value.toLowerCase() === wanted ? [index] : []));
    if (found.length !== 1) continue;
    const [index] = found;
    return { id: columns.id[index], name: columns.name[index] || columns.address[index], fact };
  }
  return null;
}

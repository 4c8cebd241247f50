import type { Rack } from "../../../server/contract/api.ts";
import type { Fleet } from "../../live/fleet.ts";

/** What the map puts together: the places of a rack, or a subnet where nobody said which rack. */
export type Grouping = "rack" | "subnet";

/** A rack or a subnet with its places, row by row. */
export interface Block {
  readonly kind: Grouping;
  /** Id of the rack, or the subnet as text. */
  readonly id: string;
  readonly siteId: string;
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  /** Slots that the rack has; a subnet has as many places as miners. */
  readonly capacity: number;
  /** Row of the fleet by place, -1 where nobody stands. A miner whose slot the rack does not have follows behind the last slot. */
  readonly rowAt: Int32Array;
}

export interface SiteBlocks {
  readonly siteId: string;
  readonly name: string;
  readonly minerCount: number;
  readonly blocks: readonly Block[];
}

export interface BlocksInput {
  readonly fleet: Fleet;
  readonly racks: readonly Rack[];
  /** In the order in which they are drawn. */
  readonly sites: readonly { readonly id: string; readonly name: string }[];
  readonly grouping: Grouping;
}

/** One row of a subnet holds this many miners, and of one address range as many as make it about as wide as high. */
const SUBNET_COLUMNS = 16;
const collator = new Intl.Collator("en", { numeric: true });

/** Who stands where: the racks of each site by name, then, by subnet in order of address, those whom nobody put into a rack. */
export function blocksOf({ fleet, racks, sites, grouping }: BlocksInput): SiteBlocks[] {
  const rowsBySite = rowsBy(allRows(fleet), (row) => siteOfRow(fleet, row));
  return sites.flatMap(({ id, name }) => {
    const rows = rowsBySite.get(id) ?? [];
    const own = grouping === "rack" ? racks.filter((rack) => rack.siteId === id) : [];
    const blocks = [...rackBlocks(fleet, own, rows), ...subnetBlocks(fleet, id, withoutRack(fleet, own, rows))];
    return blocks.length === 0 ? [] : [{ siteId: id, name, minerCount: rows.length, blocks }];
  });
}

function allRows(fleet: Fleet): number[] {
  const identityOfRow = fleet.identityOfRow();
  return Array.from({ length: fleet.rowCount }, (_, row) => row).filter((row) => identityOfRow[row] !== -1);
}

function siteOfRow(fleet: Fleet, row: number): string {
  return fleet.identity.columns.siteId[fleet.identityOfRow()[row]];
}

function rowsBy(rows: readonly number[], keyOf: (row: number) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function rackIdOfRow(fleet: Fleet, row: number): string | null {
  return fleet.identity.columns.rackId[fleet.identityOfRow()[row]];
}

function withoutRack(fleet: Fleet, racks: readonly Rack[], rows: readonly number[]): number[] {
  const known = new Set<string | null>(racks.map((rack) => rack.id));
  return rows.filter((row) => !known.has(rackIdOfRow(fleet, row)));
}

function rackBlocks(fleet: Fleet, racks: readonly Rack[], rows: readonly number[]): Block[] {
  const rowsByRack = rowsBy(rows, (row) => rackIdOfRow(fleet, row) ?? "");
  return racks
    .toSorted((a, b) => collator.compare(a.name, b.name))
    .map((rack) => {
      const rowAt = placesOf(fleet, rack.rows * rack.columns, rowsByRack.get(rack.id) ?? []);
      const capacity = rack.rows * rack.columns;
      const { id, siteId, name, columns } = rack;
      return { kind: "rack", id, siteId, name, columns, rows: Math.ceil(rowAt.length / columns), capacity, rowAt };
    });
}

/** Rows by slot; whoever has no slot of the rack, or one that is taken, stands behind the last. */
function placesOf(fleet: Fleet, capacity: number, rows: readonly number[]): Int32Array {
  const places = new Array<number>(capacity).fill(-1);
  const { slot } = fleet.identity.columns;
  for (const row of rows) {
    const place = (slot[fleet.identityOfRow()[row]] ?? 0) - 1;
    if (place >= 0 && place < capacity && places[place] === -1) places[place] = row;
    else places.push(row);
  }
  return Int32Array.from(places);
}

function subnetBlocks(fleet: Fleet, siteId: string, rows: readonly number[]): Block[] {
  const addressOf = (row: number): string => fleet.identity.columns.address[fleet.identityOfRow()[row]];
  return [...rowsBy(rows, (row) => subnetOf(addressOf(row)))]
    .toSorted(([a], [b]) => collator.compare(a, b))
    .map(([subnet, members]) => {
      const rowAt = Int32Array.from(sortedByAddress(fleet, members));
      const columns = Math.max(SUBNET_COLUMNS, Math.ceil(Math.sqrt(rowAt.length)));
      const capacity = rowAt.length;
      return { kind: "subnet", id: subnet, siteId, name: subnet, columns, rows: Math.ceil(capacity / columns), capacity, rowAt };
    });
}

/** Rows of the fleet in order of address, then port. */
export function sortedByAddress(fleet: Fleet, rows: readonly number[]): number[] {
  const { address, port } = fleet.identity.columns;
  const index = fleet.identityOfRow();
  const sorted = rows.map((row) => ({ row, key: addressKey(address[index[row]]), port: port[index[row]] }));
  return sorted.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.port - b.port)).map(({ row }) => row);
}

/** Text that sorts as addresses do: numbers of IPv4 padded, groups of IPv6 too. */
function addressKey(address: string): string {
  if (!address.includes(":"))
    return address
      .split(".")
      .map((part) => part.padStart(3, "0"))
      .join(".");
  return groupsOf(address)
    .map((group) => group.padStart(4, "0"))
    .join(":");
}

/** The /24 of an IPv4 address, the /64 of an IPv6 one. */
export function subnetOf(address: string): string {
  if (!address.includes(":")) return `${address.split(".").slice(0, 3).join(".")}.0/24`;
  return `${groupsOf(address).slice(0, 4).join(":")}::/64`;
}

/** The eight groups of an IPv6 address, with those that `::` leaves out. */
function groupsOf(address: string): string[] {
  const [head = "", tail = ""] = address.split("::", 2);
  const [front, back] = [head, tail].map((part) => part.split(":").filter(Boolean));
  const missing = Math.max(0, 8 - front.length - back.length);
  return [...front, ...new Array<string>(missing).fill("0"), ...back];
}

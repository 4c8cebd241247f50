import type { MinerRow, Rack, RackImport } from "../contract/api.ts";
import type { Directory } from "../fleet/directory.ts";
import type { FleetPort } from "../fleet/ports.ts";
import { CsvError, fromCsvCell, parseCsv, toCsv } from "./csv.ts";

type Change = RackImport["changes"][number];
type LineError = RackImport["errors"][number];

/** What a CSV file of places would do. `newRacks`: name → slots needed. */
export interface ImportPlan {
  readonly report: Omit<RackImport, "dryRun">;
  readonly errors: readonly LineError[];
  readonly newRacks: ReadonlyMap<string, number>;
}

interface Placement {
  readonly line: number;
  readonly miner: MinerRow;
  /** null: takes the miner out of its rack. */
  readonly rack: string | null;
  readonly slot: number | null;
}

const NEW_RACK_COLUMNS = 6;
const NEW_RACK_SLOTS = 48;
const SLOT_LIMIT = 10_000;
const ROW_LIMIT = 100_000;

/** Compares the places of a CSV file with those the miners of the site have. Changes nothing. */
export function planImport(input: { text: string; siteId: string; racks: readonly Rack[]; fleet: FleetPort; nowMs: number }): ImportPlan {
  const table = readTable(input.text);
  if (!Array.isArray(table)) return planOf([table], [], input.racks);
  const [header = [], ...rows] = table;
  const columns = readHeader(header);
  if (typeof columns === "string") return planOf([wholeLine(1, columns)], [], input.racks);
  if (rows.length > ROW_LIMIT) return planOf([wholeLine(ROW_LIMIT + 1, `At most ${ROW_LIMIT} lines at a time`)], [], input.racks);
  const miners = minersOf(input);
  const errors: LineError[] = [];
  const placements: Placement[] = [];
  for (const [index, cells] of rows.entries()) {
    if (cells.every((cell) => cell === "")) continue;
    const read = readLine(index + 2, cells, columns, miners);
    if ("detail" in read) errors.push(read);
    else placements.push(read);
  }
  const clashes = clashesOf(placements, { miners: [...new Set(miners.values())], racks: input.racks });
  return planOf([...errors, ...clashes], placements, input.racks);
}

function wholeLine(line: number, detail: string): LineError {
  return { line, column: null, value: null, detail };
}

function readTable(text: string): string[][] | LineError {
  try {
    return parseCsv(text);
  } catch (error) {
    if (error instanceof CsvError) return wholeLine(error.line, error.message);
    throw error;
  }
}

interface Columns {
  readonly address: number;
  readonly name: number;
  readonly rack: number;
  readonly slot: number;
}

function readHeader(header: readonly string[]): Columns | string {
  const names = header.map((cell) => cell.toLowerCase());
  const columns = {
    address: names.indexOf("address"),
    name: names.indexOf("name"),
    rack: names.indexOf("rack"),
    slot: names.indexOf("slot"),
  };
  if (columns.rack < 0 || (columns.address < 0 && columns.name < 0))
    return "The first line must name the columns: address or name, rack, and slot";
  return columns;
}

/** Miners of the site by `address`, `address:port` and `name …`; what two miners share is left out. */
function minersOf({ siteId, fleet, nowMs }: { siteId: string; fleet: FleetPort; nowMs: number }): Map<string, MinerRow> {
  const found = new Map<string, MinerRow>();
  const shared = new Set<string>();
  for (const miner of allMiners(fleet, siteId, nowMs)) {
    for (const key of new Set([miner.address, `${miner.address}:${miner.port}`, ...(miner.name === "" ? [] : [`name ${miner.name}`])])) {
      if (found.has(key)) shared.add(key);
      found.set(key, miner);
    }
  }
  for (const key of shared) found.delete(key);
  return found;
}

function allMiners(fleet: FleetPort, siteId: string, nowMs: number): MinerRow[] {
  const miners: MinerRow[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = fleet.list(
      { site: [siteId], sort: "id", limit: 1000, allowedSites: null, ...(cursor === undefined ? {} : { cursor }) },
      nowMs,
    );
    miners.push(...page.items);
    cursor = page.nextCursor;
  }
  return miners;
}

function readLine(line: number, cells: readonly string[], columns: Columns, miners: ReadonlyMap<string, MinerRow>): Placement | LineError {
  const cell = (index: number): string => (index < 0 ? "" : fromCsvCell(cells[index] ?? ""));
  const [address, name, rack, slotText] = [cell(columns.address), cell(columns.name), cell(columns.rack), cell(columns.slot)];
  const miner = address === "" ? miners.get(`name ${name}`) : miners.get(address);
  if (miner === undefined) {
    const value = address || name;
    return { line, column: address === "" ? "name" : "address", value, detail: `The site has no miner "${value}", or more than one` };
  }
  if (rack.length > 100) return { line, column: "rack", value: rack, detail: "The name of a rack has at most 100 letters" };
  if (rack === "" && slotText !== "") return { line, column: "slot", value: slotText, detail: "A slot needs a rack" };
  const slot = slotText === "" ? null : Number(slotText);
  if (slot !== null && !(Number.isInteger(slot) && slot >= 1 && slot <= SLOT_LIMIT))
    return { line, column: "slot", value: slotText, detail: `The slot must be a number from 1 to ${SLOT_LIMIT}, got "${slotText}"` };
  return { line, miner, rack: rack === "" ? null : rack, slot };
}

/** Lines that put a miner twice, two miners into one slot, or one outside its rack. */
function clashesOf(
  placements: readonly Placement[],
  { miners, racks }: { miners: readonly MinerRow[]; racks: readonly Rack[] },
): LineError[] {
  const errors: LineError[] = [];
  const byName = new Map(racks.map((rack) => [rack.name, rack]));
  const nameOf = new Map(racks.map((rack) => [rack.id, rack.name]));
  const moved = new Set(placements.map(({ miner }) => miner.id));
  const taken = new Map<string, string>();
  for (const { id, rackId, slot, address } of miners)
    if (!moved.has(id) && rackId !== null && slot !== null) taken.set(placeKey(nameOf.get(rackId) ?? "", slot), address);
  const seen = new Set<string>();
  for (const { line, miner, rack, slot } of placements) {
    if (seen.has(miner.id))
      errors.push({ line, column: "address", value: miner.address, detail: `${miner.address} stands in the file twice` });
    seen.add(miner.id);
    if (rack === null || slot === null) continue;
    const known = byName.get(rack);
    const atSlot = { line, column: "slot", value: String(slot) };
    const other = taken.get(placeKey(rack, slot));
    if (known !== undefined && slot > known.rows * known.columns)
      errors.push({ ...atSlot, detail: `Rack ${rack} has ${known.rows * known.columns} slots, not ${slot}` });
    if (other !== undefined) errors.push({ ...atSlot, detail: `Slot ${slot} of rack ${rack} is taken by ${other}` });
    taken.set(placeKey(rack, slot), miner.address);
  }
  return errors;
}

function placeKey(rack: string, slot: number): string {
  return `${slot}/${rack}`;
}

function planOf(errors: LineError[], placements: readonly Placement[], racks: readonly Rack[]): ImportPlan {
  const nameOf = new Map(racks.map((rack) => [rack.id, rack.name]));
  const known = new Set(nameOf.values());
  const newRacks = new Map<string, number>();
  for (const { rack, slot } of placements)
    if (rack !== null && !known.has(rack)) newRacks.set(rack, Math.max(newRacks.get(rack) ?? NEW_RACK_SLOTS, slot ?? 0));
  const all = placements.map((placement) => changeOf(placement, nameOf));
  const changes = all.filter((change) => change.fromRack !== change.rack || change.fromSlot !== change.slot);
  const sorted = errors.toSorted((a, b) => a.line - b.line);
  return {
    report: { racksCreated: [...newRacks.keys()], unchangedCount: all.length - changes.length, changes, errors: sorted },
    errors: sorted,
    newRacks,
  };
}

function changeOf({ line, miner, rack, slot }: Placement, nameOf: ReadonlyMap<string, string>): Change {
  const fromRack = miner.rackId === null ? null : (nameOf.get(miner.rackId) ?? null);
  return { line, minerId: miner.id, address: miner.address, fromRack, fromSlot: miner.slot, rack, slot };
}

/** Where the miners of a site stand, as CSV that an import takes back: by rack and slot, those without a place last. */
export function exportPlaces({
  siteId,
  racks,
  fleet,
  nowMs,
}: {
  siteId: string;
  racks: readonly Rack[];
  fleet: FleetPort;
  nowMs: number;
}): string {
  const nameOf = new Map(racks.map((rack) => [rack.id, rack.name]));
  const lines = allMiners(fleet, siteId, nowMs).map(({ address, port, name, rackId, slot }) => ({
    address: `${address}:${port}`,
    name,
    rack: rackId === null ? "" : (nameOf.get(rackId) ?? ""),
    slot,
  }));
  const order = new Intl.Collator("en", { numeric: true }).compare;
  lines.sort(
    (a, b) =>
      Number(a.rack === "") - Number(b.rack === "") ||
      order(a.rack, b.rack) ||
      (a.slot ?? 0) - (b.slot ?? 0) ||
      order(a.address, b.address),
  );
  return toCsv(["address", "name", "rack", "slot"], lines);
}

/** Creates the racks that are missing, then places the miners. */
export async function applyImport(
  plan: ImportPlan,
  { siteId, directory, fleet }: { siteId: string; directory: Directory; fleet: FleetPort },
): Promise<void> {
  for (const [name, slots] of plan.newRacks)
    await directory.createRack({ siteId, name, rows: Math.min(200, Math.ceil(slots / NEW_RACK_COLUMNS)), columns: columnsFor(slots) });
  const idOf = new Map(directory.racks(siteId).map((rack) => [rack.name, rack.id]));
  for (const { minerId, rack, slot } of plan.report.changes)
    await fleet.patch(minerId, { rackId: rack === null ? null : (idOf.get(rack) ?? null), slot });
}

function columnsFor(slots: number): number {
  return Math.max(NEW_RACK_COLUMNS, Math.ceil(slots / 200));
}

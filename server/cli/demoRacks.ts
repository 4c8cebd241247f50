import { RACK_SIZE, type Emulator } from "../../test/emulator/emulator.ts";
import type { RunningServer } from "../main.ts";

const ROWS = 4;
const COLUMNS = RACK_SIZE / ROWS;
const RACKS_PER_AISLE = 10;

/** Puts the demo's miners into racks, with names that say where they are: rack `B03`, slot 7 is `B03-07`. */
export async function placeInRacks(emulator: Emulator, { directory, fleet }: RunningServer, signal: AbortSignal): Promise<void> {
  const [site] = directory.sites();
  const rackIds: string[] = [];
  const rows = rowsByPlace(fleet);
  const patches: Promise<unknown>[] = [];
  for (const { index, address, port, rack } of emulator.endpoints) {
    if (signal.aborted) break;
    rackIds[rack] ??= (await directory.createRack({ siteId: site.id, name: rackName(rack), rows: ROWS, columns: COLUMNS })).id;
    const minerId = rows.get(`${address}:${port}`);
    const slot = (index % RACK_SIZE) + 1;
    const name = `${rackName(rack)}-${String(slot).padStart(2, "0")}`;
    if (minerId !== undefined) patches.push(fleet.patch(minerId, { name, rackId: rackIds[rack], slot })); // they are written together
  }
  await Promise.all(patches);
}

/** Miner id by `address:port`. */
export function rowsByPlace(fleet: RunningServer["fleet"]): Map<string, string> {
  const { identity } = fleet.identity(null);
  return new Map(identity.id.map((id, i) => [`${identity.address[i]}:${identity.port[i]}`, id]));
}

function rackName(rack: number): string {
  const aisle = String.fromCharCode(65 + (Math.floor(rack / RACKS_PER_AISLE) % 26));
  return `${aisle}${String((rack % RACKS_PER_AISLE) + 1).padStart(2, "0")}`;
}

import type { Fleet } from "../../live/fleet.ts";
import { sortedByAddress, type Block } from "./blocks.ts";

/** One miner and the slot that it is to stand in. */
export interface Placement {
  readonly row: number;
  readonly rack: string;
  readonly slot: number;
}

/** Rows into the free slots of a rack, one after the other from a slot on. Those that find none are left out. */
export function fillSlots(block: Block, rows: readonly number[], fromSlot = 1): Placement[] {
  const moved = new Set(rows);
  const free = Array.from({ length: block.capacity }, (_, place) => place + 1).filter((slot) => {
    const row = block.rowAt[slot - 1];
    return slot >= fromSlot && (row === -1 || moved.has(row));
  });
  return rows.slice(0, free.length).map((row, index) => ({ row, rack: block.name, slot: free[index] }));
}

/** Where a row stands now; null in no slot of a rack. */
export function slotOf(blocks: readonly Block[], row: number): { block: Block; slot: number } | null {
  for (const block of blocks) {
    const place = block.kind === "rack" ? block.rowAt.indexOf(row) : -1;
    if (place !== -1 && place < block.capacity) return { block, slot: place + 1 };
  }
  return null;
}

/**
 * What letting go of rows over a slot does: several fill the free slots from there on; a single one takes the slot, and who stands there takes
 * the place that it came from. Nothing where somebody would be left without a place.
 */
export function dropOn(blocks: readonly Block[], rows: readonly number[], target: { block: Block; slot: number }): Placement[] {
  const { block, slot } = target;
  if (block.kind !== "rack" || slot > block.capacity || rows.length === 0) return [];
  if (rows.length > 1) return fillSlots(block, rows, slot);
  const [row] = rows;
  const other = block.rowAt[slot - 1];
  if (other === row) return [];
  const taken = { row, rack: block.name, slot };
  if (other === -1) return [taken];
  const from = slotOf(blocks, row);
  return from === null || from.block.siteId !== block.siteId ? [] : [taken, { row: other, rack: from.block.name, slot: from.slot }];
}

/** Rows of a site that stand in no rack, in order of address. */
export function unplacedRows(fleet: Fleet, blocks: readonly Block[]): number[] {
  return sortedByAddress(
    fleet,
    blocks.filter(({ kind }) => kind === "subnet").flatMap(({ rowAt }) => [...rowAt]),
  );
}

/** The placements as the file that the import takes. */
export function placesCsv(fleet: Fleet, placements: readonly Placement[]): string {
  const { address, port } = fleet.identity.columns;
  const lines = placements.map(({ row, rack, slot }) => {
    const index = fleet.identityOfRow()[row];
    return `${address[index]}:${port[index]},"${rack.replaceAll('"', '""')}",${slot}`;
  });
  return ["address,rack,slot", ...lines, ""].join("\n");
}

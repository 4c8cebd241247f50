import type { Fleet } from "../../live/fleet.ts";
import type { Selection } from "../../live/selection.ts";
import { sortedByAddress } from "./blocks.ts";
import { blockAt, placeAt, type Point, type Rect } from "./geometry.ts";
import type { DragTool } from "./mapController.ts";
import type { MapModel } from "./mapModel.ts";
import { dropOn, type Placement } from "./placing.ts";

/** Dragging a miner, or all that are selected, to a slot. A drag that starts beside the cells still selects. */
export function createDragPlacing(
  { model, fleet, selection }: { model: MapModel; fleet: Fleet; selection: Selection },
  onPlace: (placements: readonly Placement[], siteId: string) => void,
): DragTool {
  const rowsOf = (cell: number): number[] => {
    const row = model.layout.rowOfCell[cell];
    if (!selection.ids.has(fleet.idOf(row))) return [row];
    return sortedByAddress(
      fleet,
      Array.from(selection.ids, (id) => fleet.rowOf(id)).filter((each) => each !== -1),
    );
  };
  const placed = (cell: number, point: Point): { placements: Placement[]; siteId: string } => {
    const target = blockAt(model.layout, point);
    const place = target === null ? -1 : placeAt(model.layout, target, point);
    if (target === null || place === -1) return { placements: [], siteId: "" };
    const blocks = model.layout.blocks.map(({ block }) => block);
    const { siteId } = target.block;
    const rows = rowsOf(cell).filter((row) => siteOfRow(model, row) === siteId);
    return { placements: dropOn(blocks, rows, { block: target.block, slot: place + 1 }), siteId };
  };
  return {
    takes: (cell) => cell !== -1,
    targetsOf: (cell, point) => placed(cell, point).placements.flatMap((placement) => rectOfSlot(model, placement)),
    drop: (cell, point) => {
      const { placements, siteId } = placed(cell, point);
      if (placements.length > 0) onPlace(placements, siteId);
    },
  };
}

function siteOfRow({ layout }: MapModel, row: number): string {
  return layout.blocks[layout.blockOfCell[layout.cellOfRow[row]]].block.siteId;
}

function rectOfSlot({ layout }: MapModel, { rack, slot }: Placement): Rect[] {
  const { cellWidth, cellHeight, blocks } = layout;
  return blocks
    .filter(({ block }) => block.kind === "rack" && block.name === rack)
    .map(({ x, y, block }) => ({
      x: x + ((slot - 1) % block.columns) * cellWidth,
      y: y + Math.floor((slot - 1) / block.columns) * cellHeight,
      width: cellWidth - 1,
      height: cellHeight - 1,
    }));
}

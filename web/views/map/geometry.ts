import type { PlacedBlock } from "./arrangement.ts";
import type { MapLayout } from "./layout.ts";

/** What of the map is in sight: screen = map × scale + offset. */
export interface MapView {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

export type Direction = "left" | "right" | "up" | "down";

const MOST_SCALE = 8;

export const WHOLE: MapView = { scale: 1, x: 0, y: 0 };

export function toMap({ scale, x, y }: MapView, point: Point): Point {
  return { x: (point.x - x) / scale, y: (point.y - y) / scale };
}

/** The view zoomed by a factor around a point of the screen, which stays where it is. */
export function zoomed(view: MapView, factor: number, around: Point): MapView {
  const scale = Math.min(MOST_SCALE, Math.max(1, view.scale * factor));
  const at = toMap(view, around);
  return { scale, x: around.x - at.x * scale, y: around.y - at.y * scale };
}

/** The view with the map's edges no further inside than the viewport's. */
export function withinBounds(
  { scale, x, y }: MapView,
  map: { width: number; height: number },
  port: { width: number; height: number },
): MapView {
  const bound = (offset: number, size: number, room: number): number => Math.min(0, Math.max(Math.min(0, room - size * scale), offset));
  return { scale, x: bound(x, map.width, port.width), y: bound(y, map.height, port.height) };
}

/** Moved as little as brings a rectangle of the map into sight. */
export function showing(view: MapView, rect: Rect, port: { width: number; height: number }): MapView {
  const margin = 24;
  const shift = (offset: number, from: number, size: number, room: number): number => {
    const [start, end] = [from * view.scale + offset, (from + size) * view.scale + offset];
    if (start < margin) return offset + margin - start;
    return end > room - margin ? offset - (end - room + margin) : offset;
  };
  return { scale: view.scale, x: shift(view.x, rect.x, rect.width, port.width), y: shift(view.y, rect.y, rect.height, port.height) };
}

export function blockAt({ blocks }: MapLayout, { x, y }: Point): PlacedBlock | null {
  return blocks.find((each) => x >= each.x && y >= each.y && x <= each.x + each.width && y <= each.y + each.height) ?? null;
}

/** Place within a block, from 0, that a point of the map lies on; -1 beside its slots. */
export function placeAt({ cellWidth, cellHeight }: MapLayout, { block, x, y }: PlacedBlock, point: Point): number {
  const column = Math.floor((point.x - x) / cellWidth);
  const line = Math.floor((point.y - y) / cellHeight);
  if (column < 0 || line < 0 || column >= block.columns || line >= block.rows) return -1;
  return line * block.columns + column;
}

/** The cell under a point of the map, -1 for none. */
export function cellAt(layout: MapLayout, point: Point): number {
  const placed = blockAt(layout, point);
  if (placed === null) return -1;
  const place = placeAt(layout, placed, point);
  const row = place === -1 ? -1 : (placed.block.rowAt[place] ?? -1);
  return row === -1 ? -1 : layout.cellOfRow[row];
}

/** Cells whose middle lies within a rectangle of the map. */
export function cellsWithin({ cellCount, x, y, cellWidth, cellHeight }: MapLayout, rect: Rect): number[] {
  const cells: number[] = [];
  for (let cell = 0; cell < cellCount; cell++) {
    const [middleX, middleY] = [x[cell] + cellWidth / 2, y[cell] + cellHeight / 2];
    if (middleX >= rect.x && middleX <= rect.x + rect.width && middleY >= rect.y && middleY <= rect.y + rect.height) cells.push(cell);
  }
  return cells;
}

export function rectOf(a: Point, b: Point): Rect {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

export function rectOfCell({ x, y, cellWidth, cellHeight }: MapLayout, cell: number): Rect {
  return { x: x[cell], y: y[cell], width: cellWidth - 1, height: cellHeight - 1 };
}

/** The nearest cell in a direction, staying in line where it can; the same cell where there is none. */
export function neighbourOf({ cellCount, x, y, cellWidth, cellHeight }: MapLayout, cell: number, direction: Direction): number {
  const along = direction === "left" || direction === "right" ? x : y;
  const across = along === x ? y : x;
  const [step, side] = along === x ? [cellWidth, cellHeight] : [cellHeight, cellWidth];
  const sign = direction === "left" || direction === "up" ? -1 : 1;
  let [best, bestCost] = [cell, Infinity];
  for (let other = 0; other < cellCount; other++) {
    const ahead = (along[other] - along[cell]) * sign;
    if (ahead < step * 0.5) continue;
    // Out of line counts far more than ahead: first to the end of the line, across the aisles, only then beside it.
    const cost = ahead + 8 * Math.max(0, Math.abs(across[other] - across[cell]) - side * 0.5);
    if (cost < bestCost) [best, bestCost] = [other, cost];
  }
  return best;
}

/** First cell of the block before or behind that of a cell; empty ones are passed over. */
export function blockNeighbour({ blocks, blockOfCell }: MapLayout, cell: number, step: 1 | -1): number {
  for (let number = blockOfCell[cell] + step; number >= 0 && number < blocks.length; number += step) {
    const { firstCell, cellCount } = blocks[number];
    if (cellCount > 0) return firstCell;
  }
  return cell;
}

/** First or last cell of the block that a cell is in. */
export function blockEnd({ blocks, blockOfCell }: MapLayout, cell: number, end: "first" | "last"): number {
  const { firstCell, cellCount } = blocks[blockOfCell[cell]];
  return end === "first" ? firstCell : firstCell + cellCount - 1;
}

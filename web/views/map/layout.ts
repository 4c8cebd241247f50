import {
  BLOCK_GAP,
  draw,
  hasAisles,
  placesOf,
  sizeOf,
  type Arrangement,
  type Drawing,
  type MapLabel,
  type Pitch,
  type PlacedBlock,
  type Plan,
} from "./arrangement.ts";
import type { SiteBlocks } from "./blocks.ts";
import { largestThatFits } from "./fit.ts";

/** Where every miner is drawn. One cell per miner, numbered site by site and block by block. */
export interface MapLayout {
  readonly width: number;
  readonly height: number;
  /** From one cell to the next; a pixel of it is the gap. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly blocks: readonly PlacedBlock[];
  readonly labels: readonly MapLabel[];
  readonly cellCount: number;
  /** By cell: row of the fleet, left and upper edge, number of the block. */
  readonly rowOfCell: Int32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly blockOfCell: Int32Array;
  /** By row of the fleet, -1 where a row has no cell. */
  readonly cellOfRow: Int32Array;
}

export interface Viewport {
  readonly width: number;
  readonly height: number;
  /** Smaller cells are not legible: the map grows beyond the viewport instead. */
  readonly minPitch: number;
  readonly maxPitch: number;
  /** CSS pixels to one of the screen's: cells begin and end on whole ones. */
  readonly grain: number;
}

/** What is left beside and below the last rack goes between racks, up to this. */
const WIDEST_GAP = 20;
const AISLE_COLUMNS_MAX = 4;
/** Cells that are this many times wider than high, or higher than wide, are as good as square ones of their area. */
const STRETCH = 1.7;
/** What is left over of the screen may make them longer still. */
const FILLING_STRETCH = 2.4;
const ROUNDING = 1e-6;
/** Aisles say more than a flow of racks: they may cost this share of the size of a cell. */
const AISLES_WORTH = 0.7;

/**
 * The largest cells with which all sites fit the viewport, side by side or in several strips; never smaller than legible, and then the map is
 * higher than the viewport, and still fills its width. Pure, and made once per change of who stands where.
 */
export function layoutMap(sites: readonly SiteBlocks[], viewport: Viewport): MapLayout {
  const best = bestPlan(sites, viewport);
  const pitch = withGaps(best, viewport, cellOf(best, viewport, FILLING_STRETCH));
  const drawing = draw(best, { width: viewport.width, pitch });
  return numbered(drawing, { pitch, width: viewport.width });
}

function bestPlan(sites: readonly SiteBlocks[], viewport: Viewport): Plan {
  let best: Plan & { score: number } = { strips: [sites], arrangement: "flow", score: -Infinity };
  const aisles = Array.from({ length: AISLE_COLUMNS_MAX }, (_, more) => ({ aisleColumns: more + 1 }));
  const arrangements: Arrangement[] = sites.every(hasAisles) ? ["flow", ...aisles] : ["flow"];
  for (const strips of stripChoices(sites)) {
    for (const arrangement of arrangements) {
      const score = scoreOf({ strips, arrangement }, viewport);
      if (score > best.score) best = { strips, arrangement, score };
    }
  }
  return best;
}

/** The side of a cell of the same area; below zero where the least cells do not fit, by how much higher than the viewport they get. */
function scoreOf(plan: Plan, viewport: Viewport): number {
  const least = draw(plan, { width: viewport.width, pitch: square(viewport.minPitch) });
  if (least.isTooWide) return -Infinity;
  if (sizeOf(least).height > viewport.height) return -sizeOf(least).height;
  const { cellWidth, cellHeight } = cellOf(plan, viewport, STRETCH);
  return Math.sqrt(cellWidth * cellHeight) * (plan.arrangement === "flow" ? AISLES_WORTH : 1);
}

const square = (side: number): Pitch => ({ cellWidth: side, cellHeight: side, gap: BLOCK_GAP, lineGap: BLOCK_GAP });

/** All sites beside each other, or in up to four strips of about the same count of miners. */
function stripChoices(sites: readonly SiteBlocks[]): SiteBlocks[][][] {
  return Array.from({ length: Math.min(4, Math.max(1, sites.length)) }, (_, more) => inStrips(sites, more + 1));
}

function inStrips(sites: readonly SiteBlocks[], count: number): SiteBlocks[][] {
  const total = sites.reduce((sum, site) => sum + placesOf(site), 0);
  const strips: SiteBlocks[][] = [[]];
  let before = 0;
  for (const site of sites) {
    const isFull = before >= (strips.length * total) / count && strips.length < count;
    if (isFull && (strips.at(-1)?.length ?? 0) > 0) strips.push([]);
    strips.at(-1)?.push(site);
    before += placesOf(site);
  }
  return strips;
}

/** The largest square cell that fits, then stretched along what is left over. */
function cellOf(plan: Plan, viewport: Viewport, stretch: number): Pitch {
  const largest = searchIn(plan, viewport);
  const side = largest(viewport.minPitch, viewport.maxPitch, square);
  const most = Math.min(viewport.maxPitch, side * stretch);
  const cellWidth = largest(side, most, (wide) => ({ ...square(side), cellWidth: wide }));
  const cellHeight = largest(side, most, (high) => ({ ...square(high), cellWidth }));
  return { ...square(side), cellWidth, cellHeight };
}

/** What is left over beside and below the racks, spread between them. */
function withGaps(plan: Plan, viewport: Viewport, cell: Pitch): Pitch {
  const largest = searchIn(plan, viewport);
  const gap = largest(BLOCK_GAP, WIDEST_GAP, (wide) => ({ ...cell, gap: wide }));
  const lineGap = largest(BLOCK_GAP, WIDEST_GAP, (high) => ({ ...cell, gap, lineGap: high }));
  return { ...cell, gap, lineGap };
}

type Search = (least: number, most: number, pitchFor: (length: number) => Pitch) => number;

/** Finds the greatest length, on whole pixels of the screen, with which a plan fits the viewport. */
function searchIn(plan: Plan, { width, height, minPitch, grain }: Viewport): Search {
  const drawn = (pitch: Pitch): Drawing => draw(plan, { width, pitch });
  // A map that is higher than the viewport anyhow may be as wide as it can be without becoming higher still.
  const room = Math.max(height, sizeOf(drawn(square(minPitch))).height);
  const fits = (pitch: Pitch): boolean => {
    const drawing = drawn(pitch);
    const size = sizeOf(drawing);
    return !drawing.isTooWide && size.width <= width && size.height <= room;
  };
  return (least, most, pitchFor) => {
    const steps = { least: Math.ceil(least / grain - ROUNDING), most: Math.floor(most / grain + ROUNDING) };
    return largestThatFits(steps, (count) => fits(pitchFor(count * grain))) * grain;
  };
}

/** Gives every miner of the drawing its cell. */
function numbered(drawing: Drawing, { pitch, width }: { pitch: Pitch; width: number }): MapLayout {
  const { cellWidth, cellHeight } = pitch;
  const rowOfCell: number[] = [];
  const [xs, ys, blockOfCell]: [number[], number[], number[]] = [[], [], []];
  const blocks = drawing.blocks.map((placed, number) => {
    const firstCell = rowOfCell.length;
    placed.block.rowAt.forEach((row, place) => {
      if (row === -1) return;
      rowOfCell.push(row);
      xs.push(placed.x + (place % placed.block.columns) * cellWidth);
      ys.push(placed.y + Math.floor(place / placed.block.columns) * cellHeight);
      blockOfCell.push(number);
    });
    return { ...placed, firstCell, cellCount: rowOfCell.length - firstCell };
  });
  const cellOfRow = new Int32Array(rowOfCell.reduce((most, row) => Math.max(most, row), -1) + 1).fill(-1);
  rowOfCell.forEach((row, cell) => (cellOfRow[row] = cell));
  const size = sizeOf(drawing);
  return {
    ...{ width: Math.max(width, size.width), height: size.height, cellWidth, cellHeight, blocks, labels: drawing.labels },
    cellCount: rowOfCell.length,
    rowOfCell: Int32Array.from(rowOfCell),
    x: Float32Array.from(xs),
    y: Float32Array.from(ys),
    blockOfCell: Int32Array.from(blockOfCell),
    cellOfRow,
  };
}
